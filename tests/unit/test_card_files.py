"""Selecting and reading: to the file's own end, within bounds, and retried only where that is harmless."""

import pytest

from terminal.devices.card_reader.api import CardError, CardErrorCode, ResponseApdu
from terminal.devices.card_reader.files import StatusWordError, read_bytes, read_file, select_application, select_file
from terminal.devices.card_reader.jpki import AID, JpkiApplication
from terminal.devices.card_reader.tlv import total_length
from tests.card_kit import Scripted, lost

_OK = 0x9000


def _data(content: bytes, sw: int = _OK) -> ResponseApdu:
    return ResponseApdu(content, sw)


def test_a_select_answered_6f00_after_power_up_is_sent_once_more() -> None:
    card = Scripted(0x6F00, _OK)
    assert select_application(card, AID)
    assert card.sent == [bytes.fromhex("00A4040C0A") + AID] * 2


def test_a_select_is_not_sent_a_third_time() -> None:
    card = Scripted(0x6F00, 0x6F00)
    with pytest.raises(StatusWordError, match="6F00"):
        select_application(card, AID)
    assert len(card.sent) == 2


def test_a_read_answered_6f00_is_not_repeated() -> None:
    card = Scripted(0x6F00)
    with pytest.raises(StatusWordError):
        read_bytes(card, 0, 4)
    assert len(card.sent) == 1


def test_a_transport_error_is_not_retried() -> None:
    card = Scripted(lost())
    with pytest.raises(CardError) as error:
        select_application(card, AID)
    assert error.value.code == CardErrorCode.REMOVED


def test_a_card_without_the_application_is_not_a_my_number_card() -> None:
    with pytest.raises(CardError) as error:
        JpkiApplication.select(Scripted(0x6A82))
    assert error.value.code == CardErrorCode.NOT_MY_NUMBER_CARD


def test_reading_stops_where_the_header_says_and_asks_exact_remainders() -> None:
    body = bytes(range(256)) * 2
    card = Scripted(_OK, _data(b"\x30\x82\x02\x00"), _data(body[:256]), _data(body[256:], 0x6282))
    assert read_file(card, 0x000A, 4, total_length) == b"\x30\x82\x02\x00" + body
    assert [apdu.hex() for apdu in card.sent] == ["00a4020c02000a", "00b0000004", "00b0000400", "00b0010400"]


def test_the_last_chunk_asks_for_no_filler() -> None:
    card = Scripted(_OK, _data(b"\x30\x82\x00\x0a"), _data(bytes(10)))
    read_file(card, 0x000A, 4, total_length)
    assert card.sent[-1].hex() == "00b000040a"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ((_data(b"\x30\x82"),), "short header"),
        ((_data(b""),), "empty header"),
        ((_data(b"\x30\x82\x01"),), "cut header"),
        ((_data(b"\x30\x82\x02\x00"), _data(bytes(255))), "short chunk"),
        ((_data(b"\x30\x82\x02\x00"), _data(bytes(255), 0x6282)), "end of file before the stated end"),
        ((_data(b"\x30\x82\x02\x00"), _data(bytes(257))), "more than asked"),
        ((_data(b"\x30\x82\x02\x00"), _data(bytes(256)), 0x6B00), "offset beyond the file"),
        ((_data(b"\x30\x82\xff\xff"),), "beyond the bound"),
        ((_data(b"\x30\x83\x01\x00"),), "a length of three bytes"),
        ((_data(b"\x30\x80\x00\x00"),), "indefinite length"),
        ((_data(b"\x30\x00\x00\x00"),), "shorter than its header"),
        ((_data(b"\xff\xff\xff\xff"),), "filler only"),
    ],
)
def test_a_damaged_file_is_a_bad_file(answers: tuple[ResponseApdu | int, ...], why: str) -> None:
    with pytest.raises(CardError) as error:
        read_file(Scripted(_OK, *answers), 0x000A, 4, total_length)
    assert error.value.code == CardErrorCode.BAD_FILE, why


def test_a_refused_file_tells_its_status_word() -> None:
    with pytest.raises(StatusWordError) as error:
        select_file(Scripted(0x6985), 0x000A)
    assert error.value.sw == 0x6985
    assert error.value.code == CardErrorCode.STATUS_WORD
