"""A customer steps back from paying, changes their mind, and pays after all: the first cancellation is not the second fee's."""

from pathlib import Path

from simulator.people.script import CANCEL, OK, Pause
from terminal.devices.screen.api import BackPressed
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, shopper, terminal, the_end


def test_paying_after_a_step_back_is_a_sheet(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.takes_s = 5.0
        step_back = (Pause(1.0), BackPressed())
        visit = inline.serve({**shopper(inline), "pay": (step_back, ()), "confirm": (OK, OK, CANCEL)})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(visit.of(e.FeeRequested)) == 2
        assert len(visit.of(e.FeeNotCollected)) == 1
        assert inline.payment.till.taken_yen == FEE_YEN


def test_stepping_back_twice_takes_nothing(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.takes_s = 5.0
        step_back = (Pause(1.0), BackPressed())
        visit = inline.serve({**shopper(inline), "pay": (step_back, step_back), "confirm": (OK, OK, CANCEL)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.payment.till.taken_yen == 0
