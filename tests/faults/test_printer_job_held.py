"""The printer holds the job: reported, cancelled when the bound passes, printed when somebody releases it in time."""

from pathlib import Path

import pytest

from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintTimedOut
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_job_that_stays_held_is_cancelled_with_nothing_printed(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.JOB_HELD)
        outcome = rig.print()
        assert isinstance(outcome, PrintTimedOut)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.JOB_HELD, 0)
        assert rig.model.jobs(ended=False) == ()
        assert rig.sheets() == []


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_released_job_is_printed(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.JOB_HELD)
        rig.when(lambda it: it.waiting_for is PrinterCode.JOB_HELD, lambda: rig.model.release_job(1))
        assert rig.print(pages=2) == PrintCompleted(2)
