"""The request: nothing is asked of the centre whose outcome is not waited for, and no money is inside meanwhile."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import CancelIssuance, CollectFee, Screen
from terminal.fsm.notes import CentreNotTold
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import MachineCode
from tests.unit.fsm.story import Story


def test_a_refused_issuance_is_told_and_not_paid_for() -> None:
    story = Story().until_requesting()
    story.tell(lambda g: ev.IssuanceRefused(g, "REFUSED_MOVING_OUT"))
    assert (story.shown.screen, story.shown.reason) == (Screen.SORRY, "REFUSED_MOVING_OUT")
    assert story.all(CollectFee) == []


@pytest.mark.parametrize(
    "happening",
    [ev.IssuanceTimedOut, lambda g: ev.IssuanceFailed(g, "CENTRE_UNREACHABLE"), lambda _g: ev.CancelPressed()],
)
def test_whatever_stops_a_request_cancels_the_whole_of_it_first(happening: type[ev.IssuanceTimedOut]) -> None:
    """Yokohama 2023-03-27: after a time-out only the place in the queue was given up, and the next file was printed."""
    story = Story().until_requesting()
    assert CancelIssuance(1) in story.tell(happening)
    story.tell(ev.BundleReceived)
    assert (story.verdict, story.state) == (VerdictKind.DECLINED, State.CANCELLING_REQUEST)
    story.tell(ev.RequestCancelled)
    assert (story.state, story.all(CollectFee)) == (State.APOLOGISING, [])


def test_a_centre_that_cannot_be_told_keeps_nobody_for_ever() -> None:
    story = Story().until_requesting()
    story.time_out()
    assert story.at(State.CANCELLING_REQUEST)
    story.time_out()
    assert story.at(State.APOLOGISING)
    assert story.all(CentreNotTold) == [CentreNotTold(1, "cancellation", MachineCode.CANCEL_TIMED_OUT)]
