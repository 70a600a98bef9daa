"""A card is taken off and another put on around the moment its power is cut: pcscd 1.9.9 then overlooks the new one."""

import pytest

from terminal.devices.card_reader.api import CardInserted
from tests.card_kit import card
from tests.card_stack import CardStack, read, wait_until

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def test_the_new_card_is_noticed_all_the_same(card_stack: CardStack) -> None:
    assert card_stack.lay("head") == 1
    connection = card_stack.reader.open()
    card_stack.slot.remove()
    connection.close()
    card_stack.slot.insert(card("adult"))
    assert card_stack.expect(CardInserted).insertion == 2
    assert read(card_stack.reader.open()).tries_left == 3


def test_the_reset_does_not_take_an_overlooked_card_for_an_empty_reader(card_stack: CardStack) -> None:
    card_stack.lay("head")
    connection = card_stack.reader.open()
    card_stack.slot.remove()
    connection.close()
    card_stack.slot.insert(card("adult"))
    assert card_stack.slot.wait_until_seen(5.0)
    wait_until(lambda: not card_stack.reader.prove().proved, "the reader itself is asked and sees the card")
    assert not card_stack.reader.prove().proved
