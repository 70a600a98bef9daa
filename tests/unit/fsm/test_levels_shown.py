"""What cannot be paid with is said before the first coin, and said anew when it changes."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import ForgetPin, ReleaseCard, Screen, Show
from terminal.fsm.states import State
from terminal.fsm.values import EndReason, Fault
from tests.unit.fsm.story import Story

CHANGE_LOW = Fault("coins", "COINS_CHANGE_LOW", "Fill the hoppers", blocks_service=False)
STACKER = Fault("notes", "NOTES_STACKER_FULL", "Empty the stacker", blocks_service=False)
TONER = Fault("printer", "PRINTER_TONER_LOW", "Order toner", blocks_service=False)
PIN_PAD = Fault("pin_pad", "PIN_PAD_UNPLUGGED", "Plug it in")


@pytest.mark.parametrize(
    ("until", "screen"),
    [(None, Screen.WELCOME), (Story.until_confirming, Screen.CONFIRM), (Story.until_paying, Screen.PAY)],
)
def test_levels_of_the_money_devices_are_shown_and_taken_back(until: type[Story] | None, screen: Screen) -> None:
    story = Story()
    if until is not None:
        until(story)  # type: ignore[arg-type]
    state = story.state
    story.tell(ev.FaultRaised(TONER))
    assert not [effect for effect in story.tell(ev.FaultRaised(TONER)) if isinstance(effect, Show)]
    story.tell(ev.FaultRaised(STACKER), ev.FaultRaised(CHANGE_LOW))
    assert (story.shown.screen, story.shown.levels) == (screen, ("COINS_CHANGE_LOW", "NOTES_STACKER_FULL"))
    story.tell(ev.FaultCleared("notes", STACKER.code))
    assert (story.shown.screen, story.shown.levels) == (screen, ("COINS_CHANGE_LOW",))
    assert story.at(state)


def test_a_level_that_was_up_before_is_told_on_the_way_to_paying() -> None:
    story = Story()
    story.tell(ev.FaultRaised(CHANGE_LOW))
    story.until_confirming()
    assert story.shown.levels == ("COINS_CHANGE_LOW",)
    story.tell(ev.ChoiceConfirmed())
    assert story.shown.screen is Screen.REQUESTING
    assert not story.shown.levels


def test_elsewhere_nobody_is_told_of_coins() -> None:
    story = Story().until_pin()
    assert story.tell(ev.FaultRaised(CHANGE_LOW)) == ()


def at_text_pin() -> Story:
    story = Story().until_subject()
    story.tell(lambda g: ev.TextPinNeeded(g, 3))
    return story


def at_last_text_try() -> Story:
    story = Story().until_subject()
    story.tell(lambda g: ev.TextPinNeeded(g, 1))
    return story


@pytest.mark.parametrize(
    "asking",
    [lambda: Story().until_pin(), lambda: Story().until_pin(tries_left=1), at_text_pin, at_last_text_try],
)
def test_without_a_pin_pad_the_card_goes_back_and_the_digits_are_forgotten(asking: type[Story]) -> None:
    story = asking()
    effects = story.tell(ev.FaultRaised(PIN_PAD))
    assert story.at(State.RETURNING_CARD)
    assert {ForgetPin(), ReleaseCard(1)} <= set(effects)
    assert (story.session.end, story.session.code) == (EndReason.OUT_OF_ORDER, PIN_PAD.code)
    assert story.machine.levels.has_fault("pin_pad", PIN_PAD.code)


@pytest.mark.parametrize(
    "fault", [Fault("pin_pad", "PIN_PAD_DIRTY", "Clean it", blocks_service=False), Fault("notes", "NOTES_JAM", "Open")]
)
def test_other_faults_leave_the_pin_alone(fault: Fault) -> None:
    story = Story().until_pin()
    story.tell(ev.FaultRaised(fault))
    assert story.at(State.AWAITING_PIN)
    assert story.machine.levels.has_fault(fault.device, fault.code)


def test_after_the_pin_its_pad_is_not_needed_any_more() -> None:
    story = Story().until_authenticating()
    story.tell(ev.FaultRaised(PIN_PAD))
    assert story.at(State.AUTHENTICATING)
