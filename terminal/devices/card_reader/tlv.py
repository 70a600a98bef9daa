"""TLVs of the card's files and the length of a DER certificate, read within bounds.

Tags are of one or two bytes (FF20, DF21), lengths BER of up to two length bytes (ISO/IEC 8825-1 section 8.1.3, ISO/IEC
7816-4 section 5.2.2). Source: reference jpki-card.md sections 2.1 and 3.2.
"""

from dataclasses import dataclass
from typing import Final

from terminal.devices.card_reader.api import CardError, CardErrorCode

MAX_FILE_BYTES: Final = 4096
"""No file that a terminal reads is longer: the largest known certificate file is 1,900 bytes (reference section 2.1)."""

MAX_ELEMENTS: Final = 64


@dataclass(frozen=True, slots=True, repr=False)
class Tlv:
    """One element: its tag, its value and where its tag stands, in bytes from the start of the file."""

    tag: int
    value: bytes
    offset: int

    def __repr__(self) -> str:
        return f"Tlv(tag={self.tag:X}, value={len(self.value)} bytes, offset={self.offset})"


def bad_file(what: str) -> CardError:
    """The error for card content that is not what the file should hold; ``what`` never quotes content."""
    return CardError(
        CardErrorCode.BAD_FILE, f"{what}; ask the holder to have the card looked at by the municipal office"
    )


def _tag(data: bytes, at: int) -> tuple[int, int]:
    """The tag at ``at`` and where its length field begins."""
    if at >= len(data):
        raise bad_file("expected a tag, the data ended")
    first = data[at]
    if first & 0x1F != 0x1F:
        return first, at + 1
    if at + 1 >= len(data):
        raise bad_file("expected the second byte of a tag, the data ended")
    second = data[at + 1]
    if second & 0x80:
        raise bad_file("expected a tag of at most two bytes, a longer one came")
    return first << 8 | second, at + 2


def _length(data: bytes, at: int) -> tuple[int, int]:
    """The length at ``at`` and where the value begins."""
    if at >= len(data):
        raise bad_file("expected a length, the data ended")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if count not in (1, 2):
        raise bad_file(f"expected a length of one or two bytes, a form of {count} bytes came")
    value_at = at + 1 + count
    if value_at > len(data):
        raise bad_file("expected the rest of a length, the data ended")
    return int.from_bytes(data[at + 1 : value_at], "big"), value_at


def total_length(head: bytes) -> int:
    """Bytes of the element that begins with ``head`` (tag and length included), known from its header alone.

    Raise ``CardError`` (``CARD_BAD_FILE``) for a header that is cut, malformed, or announces more than ``MAX_FILE_BYTES``.
    """
    _, length_at = _tag(head, 0)
    length, value_at = _length(head, length_at)
    if value_at + length > MAX_FILE_BYTES:
        raise bad_file(f"expected a file of at most {MAX_FILE_BYTES} bytes, its header announces {value_at + length}")
    return value_at + length


def read_one(data: bytes, at: int = 0, base: int = 0) -> tuple[Tlv, int]:
    """The element at ``at`` in ``data`` and where the next one would begin; ``base`` is added to the offset that is told.

    Raise ``CardError`` (``CARD_BAD_FILE``) when the element does not end within ``data``.
    """
    tag, length_at = _tag(data, at)
    length, value_at = _length(data, length_at)
    end = value_at + length
    if end > len(data):
        raise bad_file(f"expected {length} bytes of value for tag {tag:X}, {len(data) - value_at} came")
    return Tlv(tag, data[value_at:end], base + at), end


def read_all(data: bytes, base: int = 0) -> tuple[Tlv, ...]:
    """Every element of a constructed value, back to back and nothing behind; raise ``CardError`` otherwise."""
    found: list[Tlv] = []
    at = 0
    while at < len(data):
        if len(found) == MAX_ELEMENTS:
            raise bad_file(f"expected at most {MAX_ELEMENTS} elements, more came")
        element, at = read_one(data, at, base)
        found.append(element)
    return tuple(found)
