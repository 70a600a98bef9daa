"""The printer aborts the job after a first page side."""

from pathlib import Path

import pytest

from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrinterCode, PrintFailed
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_an_aborted_job_has_failed_with_what_came_out(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.JOB_ABORTED)
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.JOB_ABORTED, 1)
        rig.printer.clear()
        assert rig.printer.prove().proved


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_job_cancelled_at_the_printer_has_failed_and_is_not_our_cancel(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.when(lambda it: it.impressions_completed == 1, lambda: rig.model.cancel_job(1))
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintFailed)
        assert outcome.code is PrinterCode.JOB_CANCELED
