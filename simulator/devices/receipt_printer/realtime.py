"""Real-time commands, which a printer obeys as they come in, ahead of everything that waits in its buffer."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from terminal.devices.receipt_printer.codec import CLEAR_BUFFERS, StatusKind

_DLE, _EOT, _ENQ = 0x10, 0x04, 0x05


class RealTime(Enum):
    """What is asked for at once, beside a status."""

    RECOVER = auto()
    """DLE ENQ 1: go on with the line at which the error occurred."""
    RECOVER_EMPTY = auto()
    """DLE ENQ 2: with empty buffers."""
    CLEAR_BUFFERS = auto()
    """DLE DC4 fn=8."""


Found: TypeAlias = "RealTime | StatusKind | Data"


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes for the receive buffer."""

    data: bytes


_COMPLETE: Final[dict[bytes, "RealTime | StatusKind"]] = {
    **{bytes([_DLE, _EOT, kind]): kind for kind in StatusKind},
    bytes([_DLE, _ENQ, 1]): RealTime.RECOVER,
    bytes([_DLE, _ENQ, 2]): RealTime.RECOVER_EMPTY,
    CLEAR_BUFFERS: RealTime.CLEAR_BUFFERS,
}
_BEGINNINGS: Final = frozenset(whole[:end] for whole in _COMPLETE for end in range(1, len(whole)))


class RealTimeFilter:
    """Finds real-time commands anywhere in what comes in, inside other commands, too, as Epson says; holds nine bytes at most."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> tuple[Found, ...]:
        """What ``data`` completes, in order."""
        found: list[Found] = []
        plain = bytearray()
        for byte in data:
            self._held += bytes([byte])
            while self._held and self._held not in _COMPLETE and self._held not in _BEGINNINGS:
                plain.append(self._held[0])
                self._held = self._held[1:]
            if self._held in _COMPLETE:
                if plain:
                    found.append(Data(bytes(plain)))
                    plain.clear()
                found.append(_COMPLETE[self._held])
                self._held = b""
        if plain:
            found.append(Data(bytes(plain)))
        return tuple(found)

    def reset(self) -> None:
        """Forget a command that is not complete."""
        self._held = b""
