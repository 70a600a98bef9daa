"""The printer forgets the job in the middle of it."""

from pathlib import Path

import pytest

from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrinterCode, PrintFailed
from tests.printer_kit import RIGS, UNREACHABLE_S, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_vanished_job_is_lost_and_never_called_printed(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.JOB_VANISHED)
        begun_s = rig.clock.now_s()
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.JOB_LOST, None)
        assert rig.clock.now_s() - begun_s < UNREACHABLE_S, "what the printer says plainly needs no patience"
