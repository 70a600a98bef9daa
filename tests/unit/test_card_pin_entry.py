"""Offering a PIN: asked for first, sent once, never repeated, the last try never burnt unasked (design P3)."""

import pytest

from terminal.devices.card_reader.api import CardError, CardErrorCode
from terminal.devices.card_reader.files import StatusWordError
from terminal.devices.card_reader.pin_entry import (
    LastTryUnconfirmed,
    PinAccepted,
    PinBlocked,
    PinOutcome,
    PinOutcomeUnknown,
    PinRefused,
    ask_tries_left,
    offer_pin,
)
from tests.card_kit import Scripted, lost, pin

_FILE, _OK = 0x0018, 0x9000
_SELECT, _QUERY = bytes.fromhex("00A4020C020018"), bytes.fromhex("00200080")


@pytest.mark.parametrize(("sw", "left"), [(0x63C3, 3), (0x63C1, 1), (0x63C0, 0), (0x6984, 0), (0x6983, 0)])
def test_the_counter_is_asked_with_an_empty_verify(sw: int, left: int) -> None:
    card = Scripted(_OK, sw)
    assert ask_tries_left(card, _FILE) == left
    assert card.sent == [_SELECT, _QUERY]


@pytest.mark.parametrize("sw", [0x9000, 0x6300, 0x6700, 0x6F00, 0x6982])
def test_a_counter_is_never_guessed(sw: int) -> None:
    with pytest.raises(StatusWordError):
        ask_tries_left(Scripted(_OK, sw), _FILE)


@pytest.mark.parametrize(
    ("sw", "outcome"),
    [
        (0x9000, PinAccepted()),
        (0x63C2, PinRefused(2)),
        (0x63C1, PinRefused(1)),
        (0x63C0, PinBlocked()),
        (0x6983, PinBlocked()),
        (0x6984, PinBlocked()),
        (0x6300, PinOutcomeUnknown("CARD_STATUS_WORD")),
        (0x6F00, PinOutcomeUnknown("CARD_STATUS_WORD")),
        (0x6700, PinOutcomeUnknown("CARD_STATUS_WORD")),
        (0x6985, PinOutcomeUnknown("CARD_STATUS_WORD")),
    ],
)
def test_each_answer_to_a_pin_has_its_outcome(sw: int, outcome: PinOutcome) -> None:
    card = Scripted(_OK, 0x63C3, sw)
    assert offer_pin(card, _FILE, pin()) == outcome
    assert card.sent == [_SELECT, _QUERY, bytes.fromhex("002000800431323334")]


def test_a_blocked_pin_is_offered_nothing() -> None:
    card = Scripted(_OK, 0x63C0)
    assert offer_pin(card, _FILE, pin()) == PinBlocked()
    assert card.sent == [_SELECT, _QUERY]


def test_the_last_try_is_not_used_unasked() -> None:
    card = Scripted(_OK, 0x63C1)
    assert offer_pin(card, _FILE, pin()) == LastTryUnconfirmed()
    assert card.sent == [_SELECT, _QUERY]


def test_the_last_try_is_used_once_confirmed() -> None:
    assert offer_pin(Scripted(_OK, 0x63C1, _OK), _FILE, pin(), last_try_confirmed=True) == PinAccepted()


@pytest.mark.parametrize(
    "code",
    [
        CardErrorCode.REMOVED,
        CardErrorCode.SWAPPED,
        CardErrorCode.HANGS,
        CardErrorCode.READER_UNAVAILABLE,
        CardErrorCode.BAD_ANSWER,
    ],
)
def test_an_answer_that_does_not_come_leaves_the_outcome_unknown_and_the_try_unrepeated(code: CardErrorCode) -> None:
    card = Scripted(_OK, 0x63C3, CardError(code, "gone"))
    assert offer_pin(card, _FILE, pin()) == PinOutcomeUnknown(code)
    assert [len(apdu) for apdu in card.sent] == [7, 4, 9]


def test_a_loss_before_the_pin_was_sent_is_an_error_because_nothing_was_consumed() -> None:
    card = Scripted(_OK, lost())
    with pytest.raises(CardError):
        offer_pin(card, _FILE, pin())
    assert len(card.sent) == 2


@pytest.mark.parametrize("answer", [0x9000, 0x63C2, lost()])
def test_the_apdu_that_held_the_pin_is_wiped_whatever_was_answered(answer: int | CardError) -> None:
    card = Scripted(_OK, 0x63C3, answer)
    offer_pin(card, _FILE, pin())
    assert card.sent[-1].endswith(b"1234")
    assert card.buffers[-1] == bytearray(9)


def test_an_incomplete_pin_never_reaches_the_card() -> None:
    typed = pin()
    typed.erase()
    card = Scripted(_OK, 0x63C3)
    with pytest.raises(ValueError, match="burn a try"):
        offer_pin(card, _FILE, typed)
    assert len(card.sent) == 2
