"""We cancel: before the first byte nothing leaves, afterwards the printer says what came out."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import UntilCleared
from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrintCanceled, PrintCompleted, PrinterCode, PrintFailed
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_cancel_before_the_first_byte_leaves_nothing_behind(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        assert rig.print(cancelled=lambda: True) == PrintCanceled(0)
        assert rig.progress == []
        assert rig.model.jobs(ended=False) == ()
        assert rig.sheets() == []


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_cancel_mid_job_tells_how_much_came_out(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        outcome = rig.print(pages=8, cancelled=lambda: any(it.impressions_completed >= 3 for it in rig.progress))
        assert outcome == PrintCanceled(3)
        assert rig.sheets() == [("sheets-000001-partial.pdf", 3)]


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_cancel_that_comes_too_late_is_a_completed_job(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:

        def cancelled() -> bool:
            if rig.progress:
                rig.clock.advance(30)
            return bool(rig.progress)

        assert rig.print(pages=2, cancelled=cancelled) == PrintCompleted(2)


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_cancel_that_nobody_confirms_is_no_cancel(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:

        def cancelled() -> bool:
            mid_job = any(it.impressions_completed >= 1 for it in rig.progress)
            if mid_job and not rig.model.plan.waiting:
                rig.plan(FaultKind.GARBAGE_ANSWER, UntilCleared())
            return mid_job

        outcome = rig.print(pages=40, cancelled=cancelled)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.NOT_COMPLETED_IN_TIME, None)
