"""A card is taken off and another put on around the moment its power is cut: pcscd 1.9.9 then overlooks the new one.

Measured: cutting the power of a card that has just left makes pcscd note "no card" without counting a removal; a card that
is put on before its next look (0.4 s) is then not seen as long as it lies there.
"""

import time
from typing import Final

import pytest

from terminal.clock import SystemClock
from terminal.devices.card_reader.api import CardInserted
from terminal.devices.card_reader.pcsc import PcscReader
from terminal.devices.card_reader.presence import event_count, is_present
from terminal.devices.card_reader.scard import Context
from tests.card_kit import card
from tests.card_stack import CardStack, read, wait_until

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)

_SEEN_S: Final = 3.0
"""pcscd looks every 0.4 s; what it has not seen by then it will not see."""


def _state(card_stack: CardStack) -> int:
    with Context() as context:
        return context.status(card_stack.name)


def _is_seen(card_stack: CardStack) -> bool:
    until_s = time.monotonic() + _SEEN_S
    while not is_present(_state(card_stack)):
        if time.monotonic() > until_s:
            return False
        time.sleep(0.01)
    return True


def _make_pcscd_overlook_a_card(card_stack: CardStack, customer: PcscReader) -> None:
    """Swap cards around a power-cut until pcscd says "no card, nothing removed" while a card lies there."""
    for _ in range(20):
        first, second = card("head"), card("adult")
        card_stack.slot.insert(first)
        if not _is_seen(card_stack):
            # Overlooked itself, which is no story yet: nobody has asked it anything.
            card_stack.slot.remove()
            continue
        connection = customer.open()
        read(connection)
        before = _state(card_stack)
        card_stack.slot.remove()
        connection.close()
        card_stack.slot.insert(second)
        assert card_stack.slot.wait_until_seen(5.0)
        after = _state(card_stack)
        if not is_present(after) and event_count(after) == event_count(before):
            return
        card_stack.slot.remove()
        wait_until(lambda: not is_present(_state(card_stack)), "pcscd sees that the cards are gone")
    pytest.skip("this pcscd overlooked no card in 20 swaps: a release in which that is mended")


@pytest.fixture
def unwatched_stack(card_stack: CardStack) -> CardStack:
    """The same slot with a reader that nobody watches yet, so that no look of ours comes in between."""
    card_stack.reader.close()
    card_stack.reader = PcscReader(card_stack.name, 5.0, SystemClock())
    return card_stack


def test_the_new_card_is_noticed_all_the_same(unwatched_stack: CardStack) -> None:
    _make_pcscd_overlook_a_card(unwatched_stack, unwatched_stack.reader)
    unwatched_stack.reader.watch(unwatched_stack.events.put)
    unwatched_stack.expect(CardInserted)
    assert read(unwatched_stack.reader.open()).tries_left == 3


def test_the_reset_does_not_take_an_overlooked_card_for_an_empty_reader(unwatched_stack: CardStack) -> None:
    _make_pcscd_overlook_a_card(unwatched_stack, unwatched_stack.reader)
    assert not unwatched_stack.reader.prove().proved
