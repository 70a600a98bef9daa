"""The printer accepts the job and never completes it: accepted is not printed."""

from pathlib import Path

import pytest

from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintTimedOut
from tests.printer_kit import BOUND_S, RIGS, SETTLE_S, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_the_bound_passes_and_the_job_is_cancelled(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.NEVER_COMPLETED)
        begun_s = rig.clock.now_s()
        outcome = rig.print()
        assert isinstance(outcome, PrintTimedOut)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.NOT_COMPLETED_IN_TIME, 0)
        assert BOUND_S <= rig.clock.now_s() - begun_s <= BOUND_S + SETTLE_S
        assert rig.model.jobs(ended=False) == ()
        rig.printer.clear()
        assert rig.printer.prove().proved


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_job_that_completes_at_the_last_moment_is_completed(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:

        def time_flies() -> bool:
            if rig.progress:
                rig.clock.advance(BOUND_S)
            return False

        assert rig.print(pages=2, cancelled=time_flies) == PrintCompleted(2)
