"""Whatever a card answers, at whichever command: every procedure ends in a value or a typed error that tells nothing read."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from printer_templates.records import BasicFour
from terminal.devices.card_reader.api import CardConnection, CardError, CardErrorCode, ResponseApdu
from terminal.devices.card_reader.reading import (
    Authenticated,
    authenticate,
    read_basic_four,
    read_card,
    sign_message,
)
from tests.card_kit import PIN, Direct, Spoilt, card, certificate_of, clock, pin, trust

_CODES = set(CardErrorCode)
status_words = st.sampled_from([0x9000, 0x6282, 0x63C0, 0x63C1, 0x63C3, 0x6300, 0x6982, 0x6984, 0x6A82, 0x6F00, 0x6B00])
answers = st.builds(ResponseApdu, st.binary(max_size=260), status_words | st.integers(0, 0xFFFF))


def _read(connection: CardConnection) -> object:
    return read_card(connection, trust(), clock())


def _authenticate(connection: CardConnection) -> object:
    found = read_card(connection, trust(), clock())
    return authenticate(connection, pin(), found, trust(), clock(), lambda certificate: certificate.sha256)


def _sign(connection: CardConnection) -> object:
    return sign_message(connection, certificate_of(), b"message", accepted_pin=pin())


def _four(connection: CardConnection) -> object:
    return read_basic_four(connection, pin(), same_digits=True)


_PROCEDURES: tuple[Callable[[CardConnection], object], ...] = (_read, _authenticate, _sign, _four)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(_PROCEDURES), st.integers(0, 40), answers)
def test_one_wrong_answer_anywhere(procedure: Callable[[CardConnection], object], at: int, wrong: ResponseApdu) -> None:
    count = iter(range(10_000))
    connection = Direct(card())
    try:
        procedure(Spoilt(connection, lambda apdu, honest: wrong if next(count) == at else honest))
    except CardError as error:
        assert error.code in _CODES
        assert PIN not in error.failure.text
    assert len([apdu for apdu in connection.sent if len(apdu) == 9 and apdu[1] == 0x20]) <= 1, "no try is repeated"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(_PROCEDURES), st.lists(answers, min_size=1, max_size=40))
def test_nothing_but_wrong_answers(procedure: Callable[[CardConnection], object], wrong: list[ResponseApdu]) -> None:
    given_answers = iter(wrong * 40)
    try:
        outcome = procedure(Spoilt(Direct(card()), lambda apdu, honest: next(given_answers)))
    except CardError as error:
        assert error.code in _CODES
    else:
        assert not isinstance(outcome, Authenticated | BasicFour | bytes)
