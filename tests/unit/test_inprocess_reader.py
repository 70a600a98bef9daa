"""The in-process reader ends as the driver on a real stack does: the same codes, the same order of events."""

import pytest

from simulator.devices.card_reader.inprocess import InProcessReader
from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import (
    CardConnection,
    CardError,
    CardErrorCode,
    CardInserted,
    CardReader,
    CardReaderEvent,
    CardRemoved,
    ReaderFound,
    ReaderLost,
)
from tests.emulated_card_kit import fresh_card

SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
SELECT_PIN = bytes.fromhex("00A4020C020018")
TRIES = bytes.fromhex("00200080")
WRONG = bytes.fromhex("002000800439393939")
RIGHT = bytes.fromhex("002000800431323334")


@pytest.fixture
def reader() -> InProcessReader:
    return InProcessReader("SPECIMEN reader")


def opened(reader: InProcessReader, profile: str = "adult") -> CardConnection:
    reader.insert(fresh_card(profile))
    return reader.open()


def code_of(connection: CardConnection, apdu: bytes = SELECT_JPKI) -> str:
    with pytest.raises(CardError) as caught:
        connection.transmit(apdu)
    return caught.value.code


def test_it_is_a_card_reader(reader: InProcessReader) -> None:
    port: CardReader = reader
    assert port.readiness().ready


def test_a_card_answers(reader: InProcessReader) -> None:
    connection = opened(reader)
    assert connection.transmit(SELECT_JPKI).sw == 0x9000
    connection.transmit(SELECT_PIN)
    assert connection.transmit(bytearray(RIGHT)).sw == 0x9000


def test_an_empty_reader_has_no_card(reader: InProcessReader) -> None:
    with pytest.raises(CardError) as caught:
        reader.open()
    assert caught.value.code == CardErrorCode.NO_CARD


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_card_removed_before_a_command(reader: InProcessReader, nth: int) -> None:
    connection = opened(reader)
    reader.remove_at(nth)
    for _ in range(nth - 1):
        assert connection.transmit(SELECT_JPKI).sw == 0x9000
    assert code_of(connection) == CardErrorCode.REMOVED
    assert reader.card is None


@pytest.mark.parametrize(("executed", "left"), [(False, 3), (True, 2)])
def test_a_card_removed_while_a_pin_is_in_flight(reader: InProcessReader, executed: bool, left: int) -> None:
    card = fresh_card()
    reader.insert(card)
    connection = reader.open()
    reader.remove_at(3, in_flight=True, executed=executed)
    connection.transmit(SELECT_JPKI)
    connection.transmit(SELECT_PIN)
    assert code_of(connection, WRONG) == CardErrorCode.REMOVED
    reader.insert(card)
    again = reader.open()
    again.transmit(SELECT_JPKI)
    again.transmit(SELECT_PIN)
    assert again.transmit(TRIES).sw == 0x63C0 | left


def test_a_card_put_back_needs_another_connection(reader: InProcessReader) -> None:
    connection = opened(reader)
    reader.remove()
    reader.insert(fresh_card())
    assert code_of(connection) == CardErrorCode.SWAPPED
    assert code_of(connection) == CardErrorCode.SWAPPED, "the first loss is final"
    assert reader.open().transmit(SELECT_JPKI).sw == 0x9000


def test_a_swapped_card_is_noticed(reader: InProcessReader) -> None:
    connection = opened(reader)
    reader.swap(fresh_card("head"))
    assert code_of(connection) == CardErrorCode.SWAPPED


def test_a_hanging_card_is_told_at_once_until_it_is_taken_off(reader: InProcessReader) -> None:
    connection = opened(reader)
    reader.hang_at(2)
    connection.transmit(SELECT_JPKI)
    assert code_of(connection) == CardErrorCode.HANGS
    with pytest.raises(CardError) as caught:
        reader.open()
    assert caught.value.code == CardErrorCode.HANGS
    reader.swap(fresh_card())
    assert reader.open().transmit(SELECT_JPKI).sw == 0x9000


def test_a_cut_answer_is_delivered_cut_and_the_card_is_gone(reader: InProcessReader) -> None:
    connection = opened(reader)
    connection.transmit(SELECT_JPKI)
    connection.transmit(bytes.fromhex("00A4020C02000A"))
    reader.cut_answer_at(1)
    assert len(connection.transmit(bytes.fromhex("00B0000000")).data) == 127
    assert code_of(connection) == CardErrorCode.REMOVED


def test_another_program_holds_the_card(reader: InProcessReader) -> None:
    reader.insert(fresh_card())
    reader.hold_elsewhere(True)
    with pytest.raises(CardError) as caught:
        reader.open()
    assert caught.value.code == CardErrorCode.SHARING_VIOLATION
    assert reader.readiness().status is DeviceStatus.DEVICE_BUSY
    assert not reader.readiness().ready


def test_closing_cuts_the_power_and_the_pin_status_with_it(reader: InProcessReader) -> None:
    connection = opened(reader)
    for apdu in (SELECT_JPKI, SELECT_PIN, RIGHT):
        connection.transmit(apdu)
    connection.close()
    assert code_of(connection) == CardErrorCode.REMOVED
    again = reader.open()
    again.transmit(SELECT_JPKI)
    assert again.transmit(bytes.fromhex("802A0097010000")).sw == 0x6982


def test_opening_again_closes_the_earlier_connection(reader: InProcessReader) -> None:
    first = opened(reader)
    second = reader.open()
    assert code_of(first) == CardErrorCode.REMOVED
    assert second.transmit(SELECT_JPKI).sw == 0x9000


def test_every_insertion_is_told_once_and_has_its_removal(reader: InProcessReader) -> None:
    events: list[CardReaderEvent] = []
    reader.insert(fresh_card())
    reader.watch(events.append)
    reader.swap(fresh_card())
    reader.remove()
    assert events == [ReaderFound(), CardInserted(1), CardRemoved(1), CardInserted(2), CardRemoved(2)]


def test_a_lost_reader_is_a_level_and_the_card_on_it_counts_anew(reader: InProcessReader) -> None:
    events: list[CardReaderEvent] = []
    connection = opened(reader)
    reader.watch(events.append)
    reader.lose()
    assert code_of(connection) == CardErrorCode.READER_UNAVAILABLE
    assert not reader.readiness().ready
    assert not reader.prove().proved
    reader.find()
    assert isinstance(events[2], ReaderLost)
    assert events[3:] == [ReaderFound(), CardRemoved(1), CardInserted(2)]


def test_a_swap_while_the_reader_is_lost_is_one_insertion_afterwards(reader: InProcessReader) -> None:
    events: list[CardReaderEvent] = []
    reader.insert(fresh_card())
    reader.watch(events.append)
    reader.lose()
    reader.swap(fresh_card("head"))
    reader.find()
    inserted = [event.insertion for event in events if isinstance(event, CardInserted)]
    removed = [event.insertion for event in events if isinstance(event, CardRemoved)]
    assert len(inserted) == 2
    assert removed == inserted[:1]


def test_a_second_listener_is_refused(reader: InProcessReader) -> None:
    reader.watch(lambda event: None)
    with pytest.raises(RuntimeError):
        reader.watch(lambda event: None)


def test_a_card_left_behind_is_not_a_proved_reset(reader: InProcessReader) -> None:
    connection = opened(reader)
    for apdu in (SELECT_JPKI, SELECT_PIN, RIGHT):
        connection.transmit(apdu)
    reader.clear()
    left = reader.prove()
    assert (left.proved, left.code) == (False, CardErrorCode.LEFT_ON_READER)
    again = reader.open()
    again.transmit(SELECT_JPKI)
    assert again.transmit(bytes.fromhex("802A0097010000")).sw == 0x6982, "cleared: the PIN status is gone"
    reader.remove()
    assert reader.prove().proved


def test_no_pin_in_the_log(reader: InProcessReader) -> None:
    connection = opened(reader)
    for apdu in (SELECT_JPKI, SELECT_PIN, WRONG, RIGHT):
        connection.transmit(apdu)
    log = " ".join(map(str, reader.apdu_log.entries()))
    assert "00200080" in log
    assert "31323334" not in log
    assert "39393939" not in log
