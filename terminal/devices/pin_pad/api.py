"""The PIN pad's port: one entry of four digits at a time, which never crosses the line in the clear (promise P3).

The digits come as one bytearray, which the receiver moves and wipes (``card_reader.pin.PinBuffer.take``).
"""

from dataclasses import dataclass, field
from enum import StrEnum, unique
from typing import Final, Protocol, TypeAlias

from terminal.devices.api import Resettable

DIGITS: Final = 4
"""Digits of an entry: OK is taken by the pad only when all of them are there."""


@unique
class PinPadCode(StrEnum):
    """Why an entry failed, or which level of the pad is up."""

    SILENT = "PIN_PAD_SILENT"
    """The pad does not answer: no power, or nothing at the other end."""
    LINE_GONE = "PIN_PAD_LINE_GONE"
    """No such port, unplugged, held by another program, or it takes no bytes."""
    BAD_ANSWER = "PIN_PAD_BAD_ANSWER"
    """What came is no answer to what was asked, or is against the protocol."""
    NOT_TRUSTED = "PIN_PAD_NOT_TRUSTED"
    """The pad does not prove the identity key that this terminal is configured with: another pad, or somebody in between."""
    FORGED = "PIN_PAD_FORGED"
    """A sound frame whose seal is wrong: altered, replayed or out of order."""
    STUCK_KEY = "PIN_PAD_STUCK_KEY"
    """The pad reports that a key stays pressed."""
    SESSION_LOST = "PIN_PAD_SESSION_LOST"
    """The pad forgot the session in the middle of an entry: it was reset, or lost its power."""
    NOT_CLEARED = "PIN_PAD_NOT_CLEARED"
    """The pad does not say that it holds nothing."""


@dataclass(frozen=True, slots=True)
class PinTyped:
    """Four ASCII digits, then OK. Whoever gets them moves them out and wipes ``digits``; they are in no repr."""

    digits: bytearray = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinEntryCanceled:
    """The person pressed the cancel key, or ``Entering.cancelled`` became true."""


@dataclass(frozen=True, slots=True)
class PinEntryTimedOut:
    """No OK came within the bound."""


@dataclass(frozen=True, slots=True)
class PinEntryFailed:
    """The entry is over and no digits came; ``text`` names what to do. The next entry starts in a new session."""

    code: PinPadCode
    text: str


PinEntry: TypeAlias = PinTyped | PinEntryCanceled | PinEntryTimedOut | PinEntryFailed


class Entering(Protocol):
    """Whoever asked for an entry, heard while it runs (on the caller's thread)."""

    def cancelled(self) -> bool:
        """Whether the entry is not wanted any more."""
        ...

    def typed(self, count: int) -> None:
        """``count`` digits stand in the pad now: one dot each on the screen."""
        ...


class PinPad(Resettable, Protocol):
    """Takes one PIN at a time."""

    def enter(self, entering: Entering, bound_s: float) -> PinEntry:
        """Let a person type four digits and OK within ``bound_s`` seconds; blocking, bounded, never raises."""
        ...
