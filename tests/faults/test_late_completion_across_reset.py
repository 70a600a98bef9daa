"""A completion that comes after the reset, even into the next customer's session, touches nothing (models.md, finding 3)."""

from collections.abc import Callable

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import NoteLateCompletion
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from tests.unit.fsm.story import Story

LATE: dict[str, tuple[Callable[[Story], Story], ev.Event]] = {
    "a wrong PIN": (Story.until_authenticating, ev.PinRefused(1, 0)),
    "a right PIN": (Story.until_authenticating, ev.PinAccepted(1)),
    "somebody's basic four": (Story.until_subject, ev.SubjectRead(1)),
    "a fee": (Story.until_paying, ev.FeeCollected(1, 200)),
    "a bundle": (Story.until_requesting, ev.BundleReceived(1)),
    "a passed gate": (Story.until_verifying, ev.GatesPassed(1, 2)),
    "a first byte": (Story.until_starting_print, ev.PrintStarted(1)),
    "a completed print": (Story.until_printing, ev.PrintCompleted(1, 2)),
    "a refund": (Story.until_refunding, ev.RefundDone(1, 200)),
}


@pytest.mark.parametrize("what", LATE)
def test_what_was_asked_for_one_customer_never_reaches_the_next(what: str) -> None:
    until, late = LATE[what]
    story = until(Story())
    story.tell(ev.CustomerProcessEnded(clean=False), ev.ResetProved)
    if story.at(State.OUT_OF_SERVICE):
        # A job was at the printer: a clerk looks into the tray first.
        story.tell(ev.SheetsTaken(), ev.ResetProved)
    assert story.at(State.IDLE)
    until(story)
    before = story.machine.memory
    assert story.tell(late) == (NoteLateCompletion(type(late).__name__, 1),)
    assert story.verdict is VerdictKind.LATE
    assert story.machine.memory == before
