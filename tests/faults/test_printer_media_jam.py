"""Paper jams: the job waits until the jam is cleared, and a sheet stuck in the path is never called a clean printer."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintTimedOut
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_the_jam_is_cleared_and_the_job_ends_whole(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.PAPER_JAMMED, After(1))
        rig.when(lambda it: it.waiting_for is PrinterCode.PAPER_JAMMED, rig.clear_jam)
        assert rig.print(pages=4) == PrintCompleted(4)
        assert rig.waits == [PrinterCode.PAPER_JAMMED]


@pytest.mark.parametrize("rig_of", RIGS)
def test_the_jam_stays_so_the_job_is_cancelled_and_the_reset_is_not_proved(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.PAPER_JAMMED, After(1))
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintTimedOut)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.PAPER_JAMMED, 1)
        rig.printer.clear()
        line = rig.printer.prove()
        assert (line.proved, line.code) == (False, PrinterCode.PAPER_JAMMED)
        rig.clear_jam()
        assert rig.printer.prove().proved
