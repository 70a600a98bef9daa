"""The configured reader is not there: its exact name is wanted, and those there are are told."""

import pytest

from terminal.clock import SystemClock
from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import CardError, CardErrorCode, ReaderLost
from terminal.devices.card_reader.pcsc import PcscReader
from tests.card_stack import CardStack

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


@pytest.mark.parametrize("wrong", ["No Such Reader", "{prefix}", "{lower}", ""])
def test_only_the_exact_name_is_the_reader(card_stack: CardStack, wrong: str) -> None:
    card_stack.lay()
    name = wrong.format(prefix=card_stack.name[:-1], lower=card_stack.name.lower())
    reader = PcscReader(name, 5.0, SystemClock())
    with pytest.raises(CardError) as error:
        reader.open()
    assert error.value.code == CardErrorCode.READER_NOT_FOUND
    assert all(there in error.value.failure.text for there in card_stack.pcscd.reader_names)
    readiness = reader.readiness()
    assert (readiness.status, readiness.ready) == (DeviceStatus.NO_DEVICE, False)
    assert readiness.faults[0].action == "connect the reader or correct its configured name"
    assert reader.prove().code == CardErrorCode.READER_NOT_FOUND


def test_the_poller_tells_that_the_reader_is_not_there(card_stack: CardStack) -> None:
    wrong = CardStack(card_stack.pcscd, card_stack.slot, "none", PcscReader("No Such Reader", 5.0, SystemClock()))
    wrong.reader.watch(wrong.events.put)
    assert wrong.expect(ReaderLost).code == CardErrorCode.READER_NOT_FOUND
    wrong.reader.close()


def test_a_dead_poller_makes_the_reader_not_ready(card_stack: CardStack) -> None:
    assert card_stack.reader.readiness().ready
    poller = card_stack.reader._poller
    assert poller is not None
    poller.stop(5.0)
    readiness = card_stack.reader.readiness()
    assert readiness.status is DeviceStatus.HARDWARE_ERROR
    assert readiness.faults[0].code == CardErrorCode.POLLER_DIED
    assert not readiness.ready


def test_a_reader_is_watched_once(card_stack: CardStack) -> None:
    with pytest.raises(RuntimeError, match="watched already"):
        card_stack.reader.watch(lambda event: None)
