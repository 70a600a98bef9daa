"""The bytes that a receipt printer takes in, cut into characters and commands as they come; any bytes are legal.

Lengths after Epson's ESC/POS reference (TM-T88III/T90/L90 programming guide ver. 10) for what python-escpos 3.1 and our driver
send, and for what else has a length of its own, so that one unknown command does not turn the next into text. Memory is bounded:
a command longer than ``HELD_MAX`` is skipped, not held.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

HELD_MAX: Final = 128 * 1024
_ESC, _FS, _GS = 0x1B, 0x1C, 0x1D

_FIXED: Final[dict[bytes, int]] = {
    **{b"\x1b" + bytes([name]): 0 for name in b"@2imLS"},
    **{b"\x1b" + bytes([name]): 1 for name in b" !%-=3AEGJKMRTUVadert{z"},
    **{b"\x1b" + bytes([name]): 2 for name in b"$\\cB?"},
    b"\x1bp": 3,
    b"\x1bW": 8,
    **{b"\x1d" + bytes([name]): 1 for name in b"!/:BHITabefhrwx|"},
    **{b"\x1d" + bytes([name]): 2 for name in b"$LPW\\"},
    **{b"\x1c" + bytes([name]): 0 for name in b"&."},
    **{b"\x1c" + bytes([name]): 1 for name in b"!-CW"},
    b"\x1cS": 2,
    b"\x1cp": 2,
    b"\x1c2": 74,
}
_CUT_WITH_FEED: Final = frozenset({65, 66, 97, 98, 103, 104})


@dataclass(frozen=True, slots=True)
class Character:
    """One printable character: one byte, or two in the Japanese code systems."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """A command: ``name`` is its first bytes (``ESC !``, ``GS ( k``, ``LF``), ``data`` the rest, without a leading length."""

    name: bytes
    data: bytes = b""


Item: TypeAlias = Character | Order


class Stream:
    """Byte in, at most one character or command out. ``shift_jis`` and ``jis_kanji`` are what FS C and FS & chose."""

    def __init__(self) -> None:
        self.shift_jis = False
        self.jis_kanji = False
        self._held = bytearray()
        self._skip = 0

    def push(self, byte: int) -> Item | None:
        """Take one byte; what it completes."""
        if self._skip:
            self._skip -= 1
            return None
        self._held.append(byte)
        needed = self._needed()
        if needed > HELD_MAX:
            self._skip = needed - len(self._held)
            self._held.clear()
            return None
        if len(self._held) < needed:
            return None
        held = bytes(self._held)
        self._held.clear()
        return _item(held)

    @property
    def held_bytes(self) -> int:
        """How much of an unfinished command is held."""
        return len(self._held)

    def _needed(self) -> int:
        first = self._held[0]
        if first in (_ESC, _FS, _GS):
            return 2 if len(self._held) == 1 else _command_length(self._held)
        if self.shift_jis and (0x81 <= first <= 0x9F or 0xE0 <= first <= 0xFC):
            return 2
        return 2 if self.jis_kanji and 0x21 <= first <= 0x7E else 1


def _item(held: bytes) -> Item:
    if held[0] < 0x20 and held[0] not in (_ESC, _FS, _GS):
        return Order(held)
    if held[0] not in (_ESC, _FS, _GS):
        return Character(held)
    if held[1:2] == b"(":
        return Order(held[:3], held[5:])
    return Order(held[:2], held[2:])


def _command_length(held: bytearray) -> int:
    """The whole length of the command that ``held`` (two bytes or more) begins, or one more than is known yet."""
    name = bytes(held[:2])
    if name in _FIXED:
        return 2 + _FIXED[name]
    match name:
        case b"\x1d(" | b"\x1c(":
            return 5 + _word(held, 3) if len(held) >= 5 else 5
        case b"\x1d8":
            return 7 + _word(held, 3) + (_word(held, 5) << 16) if len(held) >= 7 else 7
        case b"\x1dv":
            return 8 + _word(held, 4) * _word(held, 6) if len(held) >= 8 else 8
        case b"\x1b*":
            return 5 + _word(held, 3) * (3 if held[2] >= 32 else 1) if len(held) >= 5 else 5
        case b"\x1dV":
            return 4 if len(held) >= 3 and held[2] in _CUT_WITH_FEED else 3
        case b"\x1dk":
            return _barcode_length(held)
        case b"\x1bD":
            return len(held) if len(held) > 34 or (len(held) > 2 and held[-1] == 0) else len(held) + 1
        case _:
            return 2


def _barcode_length(held: bytearray) -> int:
    if len(held) < 4:
        return 4
    if held[2] >= 65:
        return 4 + held[3]
    return len(held) if held[-1] == 0 or len(held) > 258 else len(held) + 1


def _word(held: bytearray, place: int) -> int:
    return held[place] | held[place + 1] << 8
