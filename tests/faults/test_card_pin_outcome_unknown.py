"""The line breaks while the card judges a PIN: the counter is asked again on a new connection, the try is not repeated."""

from collections.abc import Callable

import pytest

from simulator.devices.card_reader.wire import CardSlot
from terminal.devices.card_reader.api import CardErrorCode
from terminal.devices.card_reader.pin_entry import PinOutcomeUnknown, PinRefused
from terminal.devices.card_reader.reading import CardRead, open_with_pin, reconnect
from tests.card_kit import PIN, WRONG_PIN, card, clock, pin, trust
from tests.card_stack import CardStack, read

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def _verify_is_command(before: CardRead) -> int:
    """Which command of ``open_with_pin`` carries the PIN: selects and header, certificate, counter, VERIFY."""
    assert before.certificate is not None
    return 3 + -(-(len(before.certificate.der) - 4) // 256) + 2 + 1


def _taken_off_before_the_card_judged(slot: CardSlot, nth: int) -> None:
    slot.remove_at(nth, in_flight=True)


def _taken_off_after_the_card_judged(slot: CardSlot, nth: int) -> None:
    slot.remove_at(nth, in_flight=True, executed=True)


def _answer_cut_in_its_middle(slot: CardSlot, nth: int) -> None:
    slot.cut_answer_at(nth)


@pytest.mark.parametrize(
    ("fault", "digits", "tries_left"),
    [
        (_taken_off_before_the_card_judged, PIN, 3),
        (_taken_off_before_the_card_judged, WRONG_PIN, 3),
        (_taken_off_after_the_card_judged, PIN, 3),
        (_taken_off_after_the_card_judged, WRONG_PIN, 2),
        (_answer_cut_in_its_middle, WRONG_PIN, 2),
    ],
)
def test_the_outcome_is_unknown_until_the_counter_tells_and_the_try_is_sent_once(
    card_stack: CardStack, fault: Callable[[CardSlot, int], None], digits: str, tries_left: int
) -> None:
    emulated = card()
    card_stack.lay(emulated)
    connection = card_stack.reader.open()
    before = read(connection)
    card_stack.slot.apdu_log.clear()
    fault(card_stack.slot, _verify_is_command(before))
    outcome = open_with_pin(connection, pin(digits), before, trust(), clock())
    assert outcome == PinOutcomeUnknown(CardErrorCode.REMOVED)
    card_stack.lift()
    card_stack.lay(emulated)
    _, again = reconnect(card_stack.reader, before, trust(), clock())
    assert again.tries_left == tries_left
    offered = [entry for entry in card_stack.slot.apdu_log.entries() if entry.command_bytes == 9]
    assert len(offered) == 1


def test_after_an_unknown_outcome_the_customer_types_again_and_the_card_counts_on(card_stack: CardStack) -> None:
    emulated = card()
    card_stack.lay(emulated)
    connection = card_stack.reader.open()
    before = read(connection)
    card_stack.slot.remove_at(_verify_is_command(before), in_flight=True, executed=True)
    open_with_pin(connection, pin(WRONG_PIN), before, trust(), clock())
    card_stack.lift()
    card_stack.lay(emulated)
    other_connection, again = reconnect(card_stack.reader, before, trust(), clock())
    assert open_with_pin(other_connection, pin(WRONG_PIN), again, trust(), clock()) == PinRefused(1)
