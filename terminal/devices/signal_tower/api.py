"""The signal tower's port: what the terminal is doing, to be seen from across the shop.

A tower that fails is a fault level which blocks nothing: a dark lamp is no reason to turn people away.
"""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Protocol

from terminal.devices.api import Resettable


@unique
class Signal(StrEnum):
    """What is to be seen. No signal flashes more than three times a second (EN 301 549, 5.1.3 / WCAG 2.3.1)."""

    IDLE = "idle"
    """Green: free for the next customer."""
    BUSY = "busy"
    """Green and amber: somebody is being served."""
    ATTENTION = "attention"
    """Amber, blinking: a person must act, or something may be left behind."""
    FAULT = "fault"
    """Red: out of service; staff."""


@unique
class SignalTowerCode(StrEnum):
    """Why the tower does not show what it should."""

    SILENT = "SIGNAL_TOWER_SILENT"
    """The tower does not answer: no power, or nothing at the other end."""
    LINE_GONE = "SIGNAL_TOWER_LINE_GONE"
    """No such port, unplugged, held by another program, or it takes no bytes."""
    BAD_ANSWER = "SIGNAL_TOWER_BAD_ANSWER"
    """What came is no answer to what was asked."""
    REFUSED = "SIGNAL_TOWER_REFUSED"
    """The tower refused the command."""
    OTHER_LAMPS = "SIGNAL_TOWER_OTHER_LAMPS"
    """The tower reports other lamps than it was told."""


@dataclass(frozen=True, slots=True)
class SignalTowerFailed:
    """The signal may not be shown; ``text`` says what to do."""

    code: SignalTowerCode
    text: str


class SignalTower(Resettable, Protocol):
    """Shows one signal at a time."""

    def signal(self, signal: Signal) -> SignalTowerFailed | None:
        """Show ``signal`` until the next; blocking, bounded, never raises. None when the tower confirmed it."""
        ...
