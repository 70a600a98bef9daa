"""ccTalk frames as bytes, both checksums; an incremental decoder that any bytes end in frames or typed errors.

With the 8-bit checksum: destination, length of the data, source, header, data, checksum; all bytes sum to 0 modulo 256. With CRC:
the source's place holds the low byte and the checksum's place the high byte of CRC-CCITT (polynomial 0x1021, start 0) over
destination, length, header and data. Source: ccTalk generic specification issue 4.7, part 1, sections 7 to 9.
"""

from binascii import crc_hqx
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, TypeAlias

DATA_BYTES_MAX: Final = 252
"""So that a frame is no longer than 257 bytes."""
_AROUND: Final = 5
"""Bytes of a frame without its data."""
_LENGTH_KNOWN: Final = 2
"""Bytes after which a frame's length is known."""


@unique
class Checksum(StrEnum):
    """Which checksum a maker's bus has."""

    SIMPLE = "simple"
    CRC = "crc"


@unique
class BadFrameReason(StrEnum):
    """Why bytes are no frame."""

    TOO_LONG = "too long"
    CHECKSUM = "wrong checksum"
    CUT_SHORT = "cut short"


@dataclass(frozen=True, slots=True)
class Frame:
    """One message; ``source`` is None where the CRC took its place. ``ValueError`` for what does not fit into a byte."""

    destination: int
    source: int | None
    header: int
    data: bytes = b""

    def __post_init__(self) -> None:
        for value in (self.destination, self.source or 0, self.header):
            if not 0 <= value <= 255:
                raise ValueError(f"expected addresses and header from 0 to 255, came {value}")
        if len(self.data) > DATA_BYTES_MAX:
            raise ValueError(f"expected at most {DATA_BYTES_MAX} bytes of data, came {len(self.data)}")


@dataclass(frozen=True, slots=True)
class BadFrame:
    """``count`` bytes that are no frame."""

    reason: BadFrameReason
    count: int


Decoded: TypeAlias = Frame | BadFrame


def encode(frame: Frame, checksum: Checksum) -> bytes:
    """The bytes of ``frame``; with the 8-bit checksum a source of None is sent as 0."""
    length = len(frame.data)
    if checksum is Checksum.CRC:
        crc = _crc(frame.destination, length, frame.header, frame.data)
        return bytes([frame.destination, length, crc & 0xFF, frame.header, *frame.data, crc >> 8])
    body = bytes([frame.destination, length, frame.source or 0, frame.header, *frame.data])
    return body + bytes([-sum(body) % 256])


def _crc(destination: int, length: int, header: int, data: bytes) -> int:
    return crc_hqx(bytes([destination, length, header]) + data, 0)


class FrameDecoder:
    """Takes bytes as they come; holds less than one frame's worth. After a bad frame it begins anew with the next byte.

    ccTalk has no start mark: a listener that lost the thread finds it again after silence (``flush``).
    """

    def __init__(self, checksum: Checksum) -> None:
        self._checksum = checksum
        self._buffer = bytearray()

    def feed(self, data: bytes) -> tuple[Decoded, ...]:
        """What is complete after ``data``."""
        found: list[Decoded] = []
        self._buffer += data
        while len(self._buffer) >= _LENGTH_KNOWN:
            if self._buffer[1] > DATA_BYTES_MAX:
                found.append(self._bad(BadFrameReason.TOO_LONG, _LENGTH_KNOWN))
            elif len(self._buffer) >= _AROUND + self._buffer[1]:
                found.append(self._take(_AROUND + self._buffer[1]))
            else:
                break
        return tuple(found)

    def flush(self) -> tuple[Decoded, ...]:
        """Silence: what stands in the buffer will never be a frame."""
        return (self._bad(BadFrameReason.CUT_SHORT, len(self._buffer)),) if self._buffer else ()

    def _take(self, count: int) -> Decoded:
        raw = bytes(self._buffer[:count])
        destination, length, third, header, data = raw[0], raw[1], raw[2], raw[3], raw[4:-1]
        if self._checksum is Checksum.CRC:
            sound = _crc(destination, length, header, data) == third | raw[-1] << 8
        else:
            sound = sum(raw) % 256 == 0
        if not sound:
            return self._bad(BadFrameReason.CHECKSUM, count)
        del self._buffer[:count]
        return Frame(destination, None if self._checksum is Checksum.CRC else third, header, data)

    def _bad(self, reason: BadFrameReason, count: int) -> BadFrame:
        del self._buffer[:count]
        return BadFrame(reason, count)
