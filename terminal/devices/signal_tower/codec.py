"""PATLITE's serial commands for a signal tower, and its answers: encode, and decode incrementally, in bounded memory.

Source: PATLITE, "User's Manual Interface Converter PHE-3FB3-RYG" (T95100260_03), sections 3.1 (9,600 baud, 8N1), 3.2.1 (frame
format and command list), 3.2.2.4 to 3.2.2.7 (S, G, C, M). The manual's page with the S command's own example was not to be
had: its six characters are taken to be those of G's answer, which the same manual lists with the value 9, "no change", that
only a command can mean; the PNS command of the same maker ("NHL User Manual", section 3.6) orders them so, too.
"""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, TypeAlias

HEADER: Final = b"@"
ANY_TOWER: Final = b"??"
"""The identification that every tower takes, whatever its own (section 3.2.1)."""
END: Final = b"!"
ACK: Final = 0x06
NAK: Final = 0x15
STATUS_BYTES: Final = 6
COMMAND_DATA_BYTES_MAX: Final = 6
_UNUSED: Final = b"00"


@unique
class Light(StrEnum):
    """What one lamp does (section 3.2.2.5, list 1)."""

    OFF = "0"
    ON = "1"
    FLASHING = "2"
    """Flashing pattern 1."""
    FLASHING_2 = "3"
    """Flashing pattern 2."""


@unique
class Buzzer(StrEnum):
    """What the buzzer does (section 3.2.2.5, list 2)."""

    OFF = "0"
    PATTERN_1 = "1"
    PATTERN_2 = "2"
    PATTERN_3 = "3"
    PATTERN_4 = "4"


@dataclass(frozen=True, slots=True)
class Lamps:
    """All that a tower shows."""

    red: Light = Light.OFF
    amber: Light = Light.OFF
    green: Light = Light.OFF
    buzzer: Buzzer = Buzzer.OFF

    def data(self) -> bytes:
        """The six characters of S and of G's answer: red, amber, green, two unused, buzzer."""
        return (self.red + self.amber + self.green).encode() + _UNUSED + self.buzzer.encode()

    @classmethod
    def parse(cls, data: bytes) -> "Lamps":
        """The other way; raise ``ValueError`` for anything else."""
        text = data.decode("ascii")
        if len(text) != STATUS_BYTES or text[3:5] != _UNUSED.decode():
            raise ValueError(f"expected {STATUS_BYTES} characters, the fourth and fifth 0")
        return cls(Light(text[0]), Light(text[1]), Light(text[2]), Buzzer(text[5]))


def show_command(lamps: Lamps) -> bytes:
    """S: show exactly these lamps, and the buzzer as told (section 3.2.2.4)."""
    return HEADER + ANY_TOWER + b"S" + lamps.data() + END


def status_command() -> bytes:
    """G: what is shown now? (section 3.2.2.5)."""
    return HEADER + ANY_TOWER + b"G" + END


def clear_command() -> bytes:
    """C: everything off (section 3.2.2.6)."""
    return HEADER + ANY_TOWER + b"C" + END


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """ACK: it was done."""


@dataclass(frozen=True, slots=True)
class Refused:
    """NAK: unknown command, wrong data or size, or more than 5 s between two bytes (section 3.2.2.1)."""


@dataclass(frozen=True, slots=True)
class Status:
    """G's answer."""

    lamps: Lamps


@dataclass(frozen=True, slots=True)
class Noise:
    """Bytes that are no answer."""

    count: int


Answer: TypeAlias = Acknowledged | Refused | Status | Noise


class AnswerDecoder:
    """Answers out of any stream; holds less than one status. The protocol has no checksum: only form can be checked."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> tuple[Answer, ...]:
        """What is complete now, in order."""
        found: list[Answer] = []
        for byte in data:
            if byte in (ACK, NAK):
                self._lose(found)
                found.append(Acknowledged() if byte == ACK else Refused())
            else:
                self._take(byte, found)
        return tuple(found)

    def give_up(self) -> tuple[Noise, ...]:
        """Forget a status that has begun, and say so."""
        lost: list[Answer] = []
        self._lose(lost)
        return tuple(noise for noise in lost if isinstance(noise, Noise))

    @property
    def held(self) -> int:
        """Bytes of a status that has begun."""
        return len(self._held)

    def _take(self, byte: int, found: list[Answer]) -> None:
        self._held += bytes((byte,))
        if len(self._held) < STATUS_BYTES:
            return
        try:
            found.append(Status(Lamps.parse(self._held)))
        except ValueError:
            found.append(Noise(len(self._held)))
        self._held = b""

    def _lose(self, found: list[Answer]) -> None:
        if self._held:
            found.append(Noise(len(self._held)))
            self._held = b""
