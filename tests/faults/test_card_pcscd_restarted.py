"""pcscd goes and comes back: a fault level that is raised and cleared, old connections dead, new ones good."""

import pytest

from terminal.clock import SystemClock
from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import CardError, CardErrorCode, CardInserted, ReaderFound, ReaderLost
from terminal.devices.card_reader.pcsc import PcscReader
from tests.card_stack import CardStack, read

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def test_the_poller_tells_that_pcscd_went_and_came_back(card_stack: CardStack) -> None:
    card_stack.expect(ReaderFound)
    card_stack.pcscd.halt()
    assert card_stack.expect(ReaderLost).code in (CardErrorCode.READER_UNAVAILABLE, CardErrorCode.READER_NOT_FOUND)
    card_stack.pcscd.restart()
    card_stack.expect(ReaderFound)
    assert card_stack.lay() == 1


def test_a_card_that_lay_there_through_a_restart_counts_as_another_insertion(card_stack: CardStack) -> None:
    assert card_stack.lay() == 1
    card_stack.pcscd.restart()
    card_stack.expect(ReaderLost)
    assert card_stack.expect(CardInserted).insertion == 2


def test_an_open_connection_is_dead_and_a_new_one_works(card_stack: CardStack) -> None:
    card_stack.lay()
    connection = card_stack.reader.open()
    read(connection)
    card_stack.pcscd.restart()
    with pytest.raises(CardError) as error:
        read(connection)
    assert error.value.code == CardErrorCode.READER_UNAVAILABLE
    card_stack.expect(ReaderLost)
    card_stack.expect(CardInserted)
    assert read(card_stack.reader.open()).tries_left == 3


def test_without_pcscd_nothing_is_ready_nothing_is_proved_and_the_clerk_is_told_what_to_do(
    card_stack: CardStack,
) -> None:
    card_stack.pcscd.halt()
    card_stack.expect(ReaderLost)
    readiness = card_stack.reader.readiness()
    assert readiness.status is DeviceStatus.OFFLINE
    assert not readiness.ready
    assert "pcscd" in readiness.faults[0].action
    card_stack.reader.clear()
    line = card_stack.reader.prove()
    assert (line.proved, line.code) == (False, CardErrorCode.READER_UNAVAILABLE)
    with pytest.raises(CardError) as error:
        card_stack.reader.open()
    assert error.value.code == CardErrorCode.READER_UNAVAILABLE
    card_stack.pcscd.restart()
    card_stack.expect(ReaderFound)
    assert card_stack.reader.readiness().ready
    assert card_stack.reader.prove().proved


def test_a_reader_made_while_pcscd_is_away_finds_it_later(card_stack: CardStack) -> None:
    card_stack.pcscd.halt()
    late = CardStack(
        card_stack.pcscd, card_stack.slot, card_stack.name, PcscReader(card_stack.name, 5.0, SystemClock())
    )
    late.reader.watch(late.events.put)
    late.expect(ReaderLost)
    card_stack.pcscd.restart()
    late.expect(ReaderFound)
    late.reader.close()
