"""What changes in the resident register while requests are under way, and how it was before.

The log is what a history records, and what lets a replica that lags behind be read exactly as it is: the register as of the
replica's last synchronisation. Only changes made by this process are known; what another process did counts as always there.
"""

import threading
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from simulator.centre.facts import Person
from terminal.clock import Clock


class ChangeKind(StrEnum):
    """What happened to a resident's entry (異動)."""

    MOVED = "moved"
    NAME_CHANGED = "name changed"
    MOVING_OUT = "moving out"
    DIED = "died"
    SEAL_REGISTERED = "seal registered"
    SEAL_CHANGED = "seal changed"
    SEAL_CANCELLED = "seal cancelled"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """One change: when, on the run's clock and as a moment, of which kind, to whose entry. No personal data."""

    at_s: float
    at: datetime
    kind: ChangeKind
    resident_key: str
    municipality_code: str


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a copy of the register has come, in seconds of the run's clock.

    ``seals_s`` is set when the seals stopped coming at another time than the rest.
    """

    data_s: float
    seals_s: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One resident's entry and the municipality that keeps it."""

    person: Person
    municipality_code: str


class ChangeLog:
    """Every change in the order of time, with the entry before it. Safe to use from threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changes: list[RegisterChange] = []
        self._befores: dict[str, list[tuple[float, Entry]]] = {}
        self._touched: dict[str, dict[str, None]] = {}
        self._lock = threading.Lock()

    def note(self, done: Iterable[tuple[ChangeKind, Entry, Entry]]) -> None:
        """Note changes that are committed: kind, the entry before, the entry after."""
        at_s, at = self._clock.now_s(), self._clock.wall()
        with self._lock:
            for kind, before, after in done:
                key = after.person.key
                self._changes.append(RegisterChange(at_s, at, kind, key, after.municipality_code))
                self._befores.setdefault(key, []).append((at_s, before))
                for household in (before.person.household, after.person.household):
                    self._touched.setdefault(household, {})[key] = None

    def all(self) -> tuple[RegisterChange, ...]:
        """Every change so far."""
        with self._lock:
            return tuple(self._changes)

    def between(self, after_s: float, until_s: float, municipality_code: str) -> tuple[RegisterChange, ...]:
        """A municipality's changes later than ``after_s`` and not later than ``until_s``."""
        with self._lock:
            first = bisect_right(self._changes, after_s, key=_at_s)
            last = bisect_right(self._changes, until_s, key=_at_s)
            return tuple(each for each in self._changes[first:last] if each.municipality_code == municipality_code)

    def entry_at(self, key: str, at_s: float) -> Entry | None:
        """The entry as it was at ``at_s``; None when it has not changed since."""
        with self._lock:
            return next((before for changed_s, before in self._befores.get(key, ()) if changed_s > at_s), None)

    def touched(self, household: str) -> tuple[str, ...]:
        """The residents who have been in ``household`` before or after some change."""
        with self._lock:
            return tuple(self._touched.get(household, ()))


def _at_s(change: RegisterChange) -> float:
    return change.at_s
