"""Another card is put in place of the one that was read: it is noticed, and it never gets the first one's PIN."""

import pytest

from terminal.devices.card_reader.api import CardError, CardErrorCode, CardInserted, CardRemoved
from terminal.devices.card_reader.reading import open_with_pin, reconnect
from tests.card_kit import card, certificate_of, clock, pin, trust
from tests.card_stack import CardStack, read

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def test_a_swap_faster_than_pcscd_looks_is_told_as_a_removal_and_an_insertion(card_stack: CardStack) -> None:
    card_stack.lay("head")
    read(card_stack.reader.open())
    card_stack.slot.swap(card("adult"))
    assert card_stack.expect(CardRemoved) == CardRemoved(1)
    assert card_stack.expect(CardInserted) == CardInserted(2)


def test_a_swap_before_anything_was_read_leaves_nothing_of_the_first_card(card_stack: CardStack) -> None:
    card_stack.lay("head")
    card_stack.slot.swap(card("adult"))
    assert card_stack.slot.wait_until_seen(5.0)
    assert read(card_stack.reader.open()).certificate == certificate_of("adult")


def test_the_old_connection_says_that_another_card_lies_there(card_stack: CardStack) -> None:
    card_stack.lay("head")
    connection = card_stack.reader.open()
    read(connection)
    card_stack.swap(card("adult"))
    with pytest.raises(CardError) as error:
        read(connection)
    assert error.value.code == CardErrorCode.SWAPPED


def test_a_new_connection_finds_that_it_is_another_persons_card(card_stack: CardStack) -> None:
    card_stack.lay("head")
    before = read(card_stack.reader.open())
    card_stack.swap(card("adult"))
    with pytest.raises(CardError) as error:
        reconnect(card_stack.reader, before, trust(), clock())
    assert error.value.code == CardErrorCode.OTHER_CARD


def test_another_persons_card_is_not_offered_the_pin(card_stack: CardStack) -> None:
    card_stack.lay("head")
    before = read(card_stack.reader.open())
    card_stack.swap(card("adult"))
    connection = card_stack.reader.open()
    with pytest.raises(CardError) as error:
        open_with_pin(connection, pin("0000"), before, trust(), clock())
    assert error.value.code == CardErrorCode.OTHER_CARD
    assert read(connection).tries_left == 3
