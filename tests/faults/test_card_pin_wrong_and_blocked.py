"""Wrong PINs down to the last try, the last try, and a blocked PIN, on the real stack."""

import pytest

from terminal.devices.card_reader.pin_entry import LastTryUnconfirmed, PinBlocked, PinRefused
from terminal.devices.card_reader.reading import Authenticated, TextPinBlocked, authenticate, read_basic_four
from tests.card_kit import WRONG_PIN, clock, pin, trust
from tests.card_stack import CardStack, read, transcript

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def _offer(card_stack: CardStack, digits: str, *, confirmed: bool = False) -> object:
    connection = card_stack.reader.open()
    found = read(connection)
    with pin(digits) as typed:
        return authenticate(connection, typed, found, trust(), clock(), transcript, last_try_confirmed=confirmed)


def test_wrong_pins_end_at_the_last_try_which_is_used_only_when_confirmed(card_stack: CardStack) -> None:
    card_stack.lay()
    assert _offer(card_stack, WRONG_PIN) == PinRefused(2)
    assert _offer(card_stack, WRONG_PIN) == PinRefused(1)
    assert _offer(card_stack, WRONG_PIN) == LastTryUnconfirmed()
    assert _offer(card_stack, "1234") == LastTryUnconfirmed()
    assert _offer(card_stack, WRONG_PIN, confirmed=True) == PinBlocked()
    assert _offer(card_stack, "1234", confirmed=True) == PinBlocked()


def test_the_right_pin_at_the_last_try_fills_the_counter_again(card_stack: CardStack) -> None:
    card_stack.lay("auth-last-try")
    assert isinstance(_offer(card_stack, "1234", confirmed=True), Authenticated)
    assert read(card_stack.reader.open()).tries_left == 3


def test_a_blocked_pin_is_seen_when_the_card_is_read_and_offered_nothing(card_stack: CardStack) -> None:
    card_stack.lay("auth-locked")
    assert read(card_stack.reader.open()).tries_left == 0
    card_stack.slot.apdu_log.clear()
    assert _offer(card_stack, "1234", confirmed=True) == PinBlocked()
    assert all(entry.command_bytes != 9 for entry in card_stack.slot.apdu_log.entries())


def test_a_blocked_text_pin_does_not_keep_the_card_from_signing(card_stack: CardStack) -> None:
    card_stack.lay("text-locked")
    assert isinstance(_offer(card_stack, "1234"), Authenticated)
    assert read_basic_four(card_stack.reader.open(), pin(), same_digits=True) == TextPinBlocked()
