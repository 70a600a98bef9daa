"""ID-003 frames: SYNC, length of the whole, command, data, CRC-16/KERMIT with its low byte first.

Sources (public hosts of real validators): Portalum/Portalum.Id003 (``Id003Client.cs``), hackwin/JCMBillAcceptorID003
(``jcmbillacceptorid003.h``: also 9,600 baud, 8 data bits, even parity), heweysan/jcm (``protocol.java``, ``kermit.java``).
The CRC is CRC-16/KERMIT of the reveng catalogue: polynomial 1021 reflected (8408), start 0; check value of "123456789": 2189.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

SYNC: Final = 0xFC
OVERHEAD: Final = 5
"""Bytes of a frame without data: SYNC, length, command, CRC."""
FRAME_MAX: Final = 255
DATA_MAX: Final = FRAME_MAX - OVERHEAD
_POLYNOMIAL: Final = 0x8408


@dataclass(frozen=True, slots=True)
class Frame:
    """One message, from host or validator; ``ValueError`` for a command that is no byte or more than 250 bytes of data."""

    command: int
    data: bytes = b""

    def __post_init__(self) -> None:
        if not 0 <= self.command <= 0xFF:
            raise ValueError(f"expected a command of one byte, came {self.command}")
        if len(self.data) > DATA_MAX:
            raise ValueError(f"expected at most {DATA_MAX} bytes of data, came {len(self.data)}")


@dataclass(frozen=True, slots=True)
class Garbled:
    """A byte that belongs to no sound frame."""

    byte: int


Received: TypeAlias = Frame | Garbled


def crc_kermit(data: bytes) -> int:
    """CRC-16/KERMIT of ``data``."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
    return crc


def encode(frame: Frame) -> bytes:
    """The bytes of ``frame`` on the line."""
    body = bytes([SYNC, OVERHEAD + len(frame.data), frame.command]) + frame.data
    return body + crc_kermit(body).to_bytes(2, "little")


class FrameDecoder:
    """Takes bytes in any pieces; holds one frame at most. A byte that cannot begin a sound frame comes out ``Garbled``."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> tuple[Received, ...]:
        """What ``data`` completes."""
        found: list[Received] = []
        for byte in data:
            self._held.append(byte)
            while (received := self._take()) is not None:
                found.append(received)
        return tuple(found)

    def reset(self) -> bytes:
        """Forget the half frame that is held, and return it."""
        held = bytes(self._held)
        self._held.clear()
        return held

    @property
    def pending(self) -> bool:
        """Whether a half frame is held."""
        return bool(self._held)

    def _take(self) -> Received | None:
        """The frame or the stray byte at the front; None when more bytes are needed to tell."""
        held = self._held
        if not held:
            return None
        if held[0] != SYNC or (len(held) > 1 and held[1] < OVERHEAD):
            return Garbled(held.pop(0))
        if len(held) < 2 or len(held) < held[1]:
            return None
        size = held[1]
        body, crc = bytes(held[: size - 2]), int.from_bytes(held[size - 2 : size], "little")
        if crc_kermit(body) != crc:
            return Garbled(held.pop(0))
        del held[:size]
        return Frame(body[2], body[3:])
