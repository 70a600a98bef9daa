"""The card is lifted and put back: the old connection is dead, a new one proves that it is the same card."""

import pytest

from terminal.devices.card_reader.api import CardError, CardErrorCode, CardInserted, CardRemoved
from terminal.devices.card_reader.reading import Authenticated, authenticate, reconnect
from tests.card_kit import card, clock, pin, trust
from tests.card_stack import CardStack, read, transcript

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def test_the_old_connection_does_not_come_back_to_life(card_stack: CardStack) -> None:
    emulated = card()
    card_stack.lay(emulated)
    connection = card_stack.reader.open()
    read(connection)
    card_stack.lift()
    card_stack.lay(emulated)
    for _ in range(2):
        with pytest.raises(CardError) as error:
            read(connection)
        assert error.value.code == CardErrorCode.SWAPPED, (
            "a card lies there again: which one, this connection cannot know"
        )


def test_a_new_connection_to_the_same_card_goes_on(card_stack: CardStack) -> None:
    emulated = card()
    card_stack.lay(emulated)
    before = read(card_stack.reader.open())
    card_stack.lift()
    card_stack.lay(emulated)
    connection, again = reconnect(card_stack.reader, before, trust(), clock())
    assert again == before
    outcome = authenticate(connection, pin(), again, trust(), clock(), transcript)
    assert isinstance(outcome, Authenticated)


def test_each_insertion_has_a_number_and_one_removal(card_stack: CardStack) -> None:
    emulated = card()
    assert card_stack.lay(emulated) == 1
    card_stack.slot.remove()
    assert card_stack.expect(CardRemoved) == CardRemoved(1)
    card_stack.slot.insert(emulated)
    assert card_stack.expect(CardInserted) == CardInserted(2)
