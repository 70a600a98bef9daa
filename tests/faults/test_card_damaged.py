"""Cards that answer, but not as they should: each ends in its own code and leaves the reader usable."""

import pytest

from simulator.devices.card_reader.model import Card
from terminal.devices.card_reader.api import CardError, CardErrorCode
from tests.card_kit import card
from tests.card_stack import CardStack, read, wait_until

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


class _Garbled(Card):
    """A card that answers everything with the same few bytes."""

    answer = b""

    def transmit(self, apdu: bytes) -> bytes:
        """Answer ``answer``."""
        return self.answer


def _garbled(answer: bytes) -> Card:
    emulated = card()
    emulated.__class__ = _Garbled
    assert isinstance(emulated, _Garbled)
    emulated.answer = answer
    return emulated


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ("damaged-6f00", CardErrorCode.STATUS_WORD),
        ("damaged-short-reads", CardErrorCode.BAD_FILE),
        ("expired", CardErrorCode.CERT_EXPIRED),
    ],
)
def test_an_unusable_card_has_its_code(card_stack: CardStack, profile: str, code: CardErrorCode) -> None:
    card_stack.lay(profile)
    with pytest.raises(CardError) as error:
        read(card_stack.reader.open())
    assert error.value.code == code


def test_a_card_that_stumbles_at_its_first_command_after_power_up_is_read(card_stack: CardStack) -> None:
    card_stack.lay("first-command-6f00")
    assert read(card_stack.reader.open()).tries_left == 3


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"\x90", CardErrorCode.BAD_ANSWER),
        (b"\x6d\x00", CardErrorCode.STATUS_WORD),
        (b"\x6a\x82", CardErrorCode.NOT_MY_NUMBER_CARD),
        (b"\x90\x00", CardErrorCode.BAD_FILE),
        (b"\x00" * 258, CardErrorCode.STATUS_WORD),
        (b"\xff" * 32 + b"\x90\x00", CardErrorCode.BAD_FILE),
    ],
)
def test_garbage_has_its_code(card_stack: CardStack, answer: bytes, code: CardErrorCode) -> None:
    card_stack.lay(_garbled(answer))
    with pytest.raises(CardError) as error:
        read(card_stack.reader.open())
    assert error.value.code == code


def test_an_answer_beyond_what_a_short_command_asked_for_is_refused(card_stack: CardStack) -> None:
    card_stack.lay(_garbled(b"\x30" * 60000 + b"\x90\x00"))
    with pytest.raises(CardError) as error:
        read(card_stack.reader.open())
    assert error.value.code in (CardErrorCode.BAD_ANSWER, CardErrorCode.BAD_FILE)


def test_after_a_damaged_card_the_next_one_is_read(card_stack: CardStack) -> None:
    card_stack.lay(_garbled(b"\x90"))
    connection = card_stack.reader.open()
    with pytest.raises(CardError):
        read(connection)
    card_stack.lift()
    card_stack.reader.clear()
    wait_until(lambda: card_stack.reader.prove().proved, "an empty reader")
    card_stack.lay("head")
    assert read(card_stack.reader.open()).tries_left == 3
