"""The end of a session: once, with everything said, and nothing of it left."""

from collections.abc import Callable

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import EndCustomer, ForgetPin, ReleaseCard, ResetTerminal, WatchCard
from terminal.fsm.notes import BundleSettled, CustomerEnded, CustomerStarted, RefundOwed
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import Delivery, EndReason, MachineCode
from tests.unit.fsm.story import Story


def test_one_customer_from_tap_to_the_next_ones_turn() -> None:
    story = Story().until_presenting()
    effects = story.tell(ev.SheetsTaken())
    assert {ForgetPin(), ReleaseCard(1)} <= set(effects)
    assert effects[-1] == EndCustomer(1, EndReason.COMPLETED, finding=False)
    assert ResetTerminal(2) in story.tell(ev.CustomerProcessEnded(clean=True))
    assert story.machine.session is None
    assert WatchCard() in story.tell(ev.ResetProved)
    assert len(story.all(CustomerStarted)) == len(story.all(CustomerEnded)) == 1
    story.until_pin()
    assert story.session.generation == 3


def test_the_next_card_waits_for_the_proof() -> None:
    story = Story().until_presenting()
    for event in (ev.SheetsTaken(), ev.CardInserted(), ev.CustomerProcessEnded(clean=True), ev.CardInserted()):
        story.tell(event)
    assert story.verdict is VerdictKind.DECLINED
    assert story.at(State.RESETTING)
    story.tell(ev.ResetProved, ev.CardInserted())
    assert story.at(State.READING_CARD)


def test_an_end_that_nobody_takes_up_resets_all_the_same() -> None:
    story = Story().until_presenting()
    story.tell(ev.SheetsTaken())
    story.time_out()
    assert story.at(State.RESETTING)


def test_the_reason_is_shown_before_the_end_and_any_key_goes_on() -> None:
    for key in (ev.ContinuePressed(), ev.BackPressed(), ev.CancelPressed()):
        story = Story().until_pin()
        story.tell(ev.CardRemoved())
        assert story.shown.reason == MachineCode.CARD_REMOVED
        story.tell(key)
        assert story.at(State.ENDING)


def test_a_locked_pin_is_explained_until_the_card_is_taken() -> None:
    story = Story().until_pin(tries_left=0)
    story.tell(ev.ContinuePressed())
    assert story.at(State.RETURNING_CARD)
    story.tell(ev.CardRemoved())
    assert story.at(State.APOLOGISING)
    story.tell(ev.ContinuePressed())
    assert [end.reason for end in story.all(CustomerEnded)] == [EndReason.PIN_LOCKED]


def test_a_session_that_crashes_has_one_end_with_what_is_known() -> None:
    story = Story().until_printing()
    story.tell(lambda g: ev.PrintProgressed(g, 1), ev.CustomerProcessEnded(clean=False))
    assert story.at(State.RESETTING)
    assert story.all(RefundOwed) == [RefundOwed(1, 200, MachineCode.PAYMENT_UNKNOWN)]
    assert [settled.outcome for settled in story.all(BundleSettled)] == [Delivery.UNKNOWN]
    assert story.all(CustomerEnded) == [CustomerEnded(1, EndReason.CRASHED, MachineCode.CRASHED, 0, 0, 200, 1)]


def test_a_crash_while_the_fee_is_collected_owes_the_whole_fee() -> None:
    story = Story().until_paying()
    story.tell(ev.CustomerProcessEnded(clean=False))
    assert story.all(RefundOwed) == [RefundOwed(1, 200, MachineCode.PAYMENT_UNKNOWN)]


def test_a_crash_owes_what_the_device_told_of_when_that_is_more_than_the_fee() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.MoneyInserted(g, 500), ev.CustomerProcessEnded(clean=False))
    assert story.all(RefundOwed) == [RefundOwed(1, 500, MachineCode.PAYMENT_UNKNOWN)]
    assert [settled.outcome for settled in story.all(BundleSettled)] == [Delivery.NOT_DELIVERED]


def test_a_crash_after_the_end_was_journalled_adds_none() -> None:
    story = Story().until_presenting()
    story.tell(ev.SheetsTaken(), ev.CustomerProcessEnded(clean=False))
    assert len(story.all(CustomerEnded)) == 1


@pytest.mark.parametrize(
    ("happened", "left"),
    [
        (lambda story: story.until_verifying(), False),
        (lambda story: story.until_starting_print(), True),
        (lambda story: story.until_printing(), True),
        (lambda story: story.until_presenting(), True),
        (lambda story: story.until_refunding(), False),
        (lambda story: story.until_printing().tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 1)), True),
    ],
)
def test_a_crash_with_sheets_in_the_tray_keeps_the_next_customer_away(
    happened: Callable[[Story], object], left: bool
) -> None:
    """The next customer found them; found by the explorer."""
    story = Story()
    happened(story)
    story.tell(ev.CustomerProcessEnded(clean=False), ev.ResetProved)
    assert story.at(State.OUT_OF_SERVICE if left else State.IDLE)
    story.tell(ev.SheetsTaken(), ev.ResetProved)
    assert story.at(State.IDLE)
