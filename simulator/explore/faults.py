"""The faults of the explored world: a closed set, each with its kind and with what it happens to.

A path may use as many as its budget has (0, 1, 2). What people do of their own accord is no fault: wrong PINs, a card pulled or
forgotten, walking away, stepping back, paying too much.
"""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    HANGS = "hangs"
    """No answer until it was given up on; the answer may come late, also after the session and in the next one."""
    FAILS = "fails"
    """The command ends in an error, or only in part."""
    MISCOUNTS = "miscounts"
    """Another amount, another number of page sides than was due."""
    LOSES_LINE = "loses the line"
    """Nobody knows how a PIN was judged, or the word that a job began is lost."""
    MIXES_UP = "mixes people up"
    """The centre answers with somebody else's bundle."""
    DOUBTS = "cannot decide"
    BREAKS = "breaks"
    """A fault level goes up; it goes down again when somebody mends it."""
    BABBLES = "babbles"
    """A device tells what nobody asked it."""
    DIES = "dies"
    SWAPPED = "is swapped"
    """Another card lies there, and nobody saw the first one go."""
    STRAYS = "strays"
    """A card is laid down that nobody asked for."""
    UNPROVED = "cannot be proved"
    WITHDRAWN = "is withdrawn"
    REOPENED = "is found open"
    RACES = "races"
    """Two things cross each other on their way."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``kind`` happens to ``what``: a command, a device, a process."""

    kind: FaultKind
    what: str

    def __str__(self) -> str:
        return f"{self.what} {self.kind}"


def fault(kind: FaultKind, what: str) -> Fault:
    """One fault, to be made once for each place where it can happen."""
    return Fault(kind, what)
