"""Selecting applications and files of the card, and reading a file to its own end and no further.

Source: reference jpki-card.md sections 1.2, 2.1, 2.3, 2.4 and 3.1; ISO/IEC 7816-4 sections 11.1 and 11.2.
"""

from collections.abc import Callable
from typing import Final

from terminal.devices.card_reader.apdu import MAX_LE, READ_BINARY, SELECT, SW, command
from terminal.devices.card_reader.api import CardConnection, CardError, CardErrorCode, ResponseApdu
from terminal.devices.card_reader.tlv import MAX_FILE_BYTES, bad_file

# No FCI is wanted: P2 0C (reference section 1.2).
_NO_ANSWER_DATA: Final = 0x0C


class StatusWordError(CardError):
    """The card refused a command; ``sw`` says with which status word."""

    def __init__(self, doing: str, sw: int) -> None:
        super().__init__(
            CardErrorCode.STATUS_WORD, f"{doing}: expected status 9000, {sw:04X} came; put the card on the reader again"
        )
        self.sw = sw


def select_application(connection: CardConnection, aid: bytes) -> bool:
    """Select an application by its AID: True when selected, False when the card has none of that name (6A82).

    6F00 is answered once by some cards after power-up in the field: this SELECT, and only it, is then sent a second time
    (reference section 2.4). Raise ``StatusWordError`` for any other refusal, ``CardError`` from the connection.
    """
    apdu = command(SELECT, 0x04, _NO_ANSWER_DATA, aid)
    answer = connection.transmit(apdu)
    if answer.sw == SW.TRANSIENT:
        answer = connection.transmit(apdu)
    if answer.sw == SW.NOT_FOUND:
        return False
    if answer.sw != SW.OK:
        raise StatusWordError("selecting an application of the card", answer.sw)
    return True


def select_file(connection: CardConnection, file_id: int) -> None:
    """Make the elementary file ``file_id`` (16 bits) current; raise ``StatusWordError`` when the card refuses."""
    answer = connection.transmit(command(SELECT, 0x02, _NO_ANSWER_DATA, file_id.to_bytes(2, "big")))
    if answer.sw != SW.OK:
        raise StatusWordError(f"selecting file {file_id:04X}", answer.sw)


def read_bytes(connection: CardConnection, offset: int, length: int) -> bytes:
    """Exactly ``length`` bytes of the current file from ``offset``, in chunks of up to 256.

    Raise ``CardError`` (``CARD_BAD_FILE``) when the file ends before, ``StatusWordError`` when the card refuses. A 6282 ("end of
    file reached") is no failure as long as the bytes are all there.
    """
    found = bytearray()
    while len(found) < length:
        wanted = min(MAX_LE, length - len(found))
        found += _read_chunk(connection, offset + len(found), wanted)
    return bytes(found)


def _read_chunk(connection: CardConnection, offset: int, wanted: int) -> bytes:
    answer = connection.transmit(command(READ_BINARY, offset >> 8, offset & 0xFF, le=wanted))
    if answer.sw == SW.OFFSET_BEYOND_FILE:
        raise bad_file(f"expected {wanted} bytes at offset {offset} of the file, it ends before")
    if answer.sw not in (SW.OK, SW.END_OF_FILE):
        raise StatusWordError("reading a file of the card", answer.sw)
    return _whole(answer, wanted, offset)


def _whole(answer: ResponseApdu, wanted: int, offset: int) -> bytes:
    if len(answer.data) != wanted:
        raise bad_file(f"expected {wanted} bytes at offset {offset} of the file, {len(answer.data)} came")
    return answer.data


def read_file(
    connection: CardConnection, file_id: int, header_bytes: int, total_length: Callable[[bytes], int]
) -> bytes:
    """Select a file and read it to the end that its own header states; the filler behind is never asked for.

    ``header_bytes`` are read first and given to ``total_length``. Raise ``CardError`` (``CARD_BAD_FILE``) when what it states is
    shorter than the header or beyond ``MAX_FILE_BYTES``.
    """
    select_file(connection, file_id)
    header = read_bytes(connection, 0, header_bytes)
    total = total_length(header)
    if not header_bytes <= total <= MAX_FILE_BYTES:
        raise bad_file(f"expected a file of {header_bytes} to {MAX_FILE_BYTES} bytes, its header states {total}")
    return header + read_bytes(connection, header_bytes, total - header_bytes)
