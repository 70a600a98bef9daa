"""Frames of the PIN pad's line: STX, type, length, payload, CRC-16, and the decoder (docs/protocols/pin-pad.md, Frames).

Each type has one length, so that a frame's size tells nothing and a broken length byte is seen at once.
The CRC is CRC-16/CCITT-FALSE (polynomial 1021h, start FFFFh), which ``binascii.crc_hqx`` computes. It finds what the line did;
what a person did is found by the seals above.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, unique
from types import MappingProxyType
from typing import Final, TypeAlias

STX: Final = 0x02
NONCE_BYTES: Final = 16
KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
NAME_BYTES: Final = 32
COUNTER_BYTES: Final = 4
BLOCK_BYTES: Final = 16
"""The one length of everything that is sealed."""
TAG_BYTES: Final = 16
SEALED_BYTES: Final = COUNTER_BYTES + BLOCK_BYTES + TAG_BYTES
OVERHEAD_BYTES: Final = 5
_HEADER_BYTES: Final = 3


@unique
class FrameType(IntEnum):
    """What a frame is; the pad's answers have the high bit set."""

    HELLO = 0x01
    REQUEST = 0x02
    CLEAR = 0x03
    STATE = 0x04
    HELLO_ANSWER = 0x81
    ANSWER = 0x82
    CLEARED = 0x83
    STATE_ANSWER = 0x84
    REFUSED = 0x8F


LENGTHS: Final[Mapping[FrameType, int]] = MappingProxyType(
    {
        FrameType.HELLO: 1 + KEY_BYTES + NONCE_BYTES,
        FrameType.REQUEST: SEALED_BYTES,
        FrameType.CLEAR: NONCE_BYTES,
        FrameType.STATE: NONCE_BYTES,
        FrameType.HELLO_ANSWER: 1 + KEY_BYTES + NONCE_BYTES + NAME_BYTES + SIGNATURE_BYTES,
        FrameType.ANSWER: SEALED_BYTES,
        FrameType.CLEARED: NONCE_BYTES,
        FrameType.STATE_ANSWER: NONCE_BYTES + 1 + SIGNATURE_BYTES,
        FrameType.REFUSED: 1,
    }
)
"""Bytes of each type's payload."""
FRAME_BYTES_MAX: Final = OVERHEAD_BYTES + max(LENGTHS.values())


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that came whole. The payload is in no repr."""

    kind: FrameType
    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Noise:
    """So many bytes belonged to no frame."""

    count: int


Found: TypeAlias = Frame | Noise


def encode(frame: Frame) -> bytes:
    """The frame's bytes; raise ``ValueError`` for a payload that is not as long as its type says."""
    expected = LENGTHS[frame.kind]
    if len(frame.payload) != expected:
        raise ValueError(f"expected a {frame.kind.name} of {expected} bytes, came {len(frame.payload)}")
    body = bytes((STX, frame.kind, expected)) + frame.payload
    return body + binascii.crc_hqx(body, 0xFFFF).to_bytes(2, "big")


class FrameDecoder:
    """Finds frames in any stream of bytes; holds less than one frame."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> tuple[Found, ...]:
        """What is complete now, in order; what is in no frame is ``Noise``."""
        stream = self._held + data
        found: list[Found] = []
        place = lost = 0
        while place < len(stream):
            size = _frame_size(stream, place)
            if size is not None and place + size > len(stream):
                break
            frame = None if size is None else _sound(stream[place : place + size])
            if frame is None:
                place, lost = place + 1, lost + 1
                continue
            if lost:
                found.append(Noise(lost))
                lost = 0
            found.append(frame)
            place += LENGTHS[frame.kind] + OVERHEAD_BYTES
        if lost:
            found.append(Noise(lost))
        self._held = stream[place:]
        return tuple(found)

    @property
    def held(self) -> int:
        """Bytes of a frame that has begun."""
        return len(self._held)

    def reset(self) -> None:
        """Forget a frame that has begun."""
        self._held = b""


def _frame_size(stream: bytes, place: int) -> int | None:
    """Bytes that the frame at ``place`` needs as far as can be seen; None when none begins there."""
    header = stream[place : place + _HEADER_BYTES]
    if header[0] != STX:
        return None
    if len(header) == 1:
        return OVERHEAD_BYTES + 1
    if header[1] not in FrameType._value2member_map_:
        return None
    length = LENGTHS[FrameType(header[1])]
    if len(header) == _HEADER_BYTES and header[2] != length:
        return None
    return OVERHEAD_BYTES + length


def _sound(data: bytes) -> Frame | None:
    if binascii.crc_hqx(data, 0xFFFF) != 0:
        return None
    return Frame(FrameType(data[1]), data[_HEADER_BYTES:-2])
