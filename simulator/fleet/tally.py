"""What is counted of a unit's history, so that the history itself can go: numbers, verdicts and a digest, which add up."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from simulator import seen as s
from simulator.checkers.lines import numbered
from simulator.checkers.registry import CHECKERS
from simulator.checkers.running import Examination
from simulator.checkers.verdict import NOTHING_SEEN, Truth, Verdict
from simulator.history import At

ARRIVAL_SLOT_S: Final = 900.0
WAIT_SLOT_S: Final = 10.0
VISIT_SLOT_S: Final = 10.0
REASONS_MAX: Final = 20
"""Reasons kept of each promise; the rest are counted."""


@dataclass(slots=True)
class Kept:
    """How one promise stands: ``examined`` things judged, breaches and doubts counted, the first of them in words."""

    examined: int = 0
    breaches: int = 0
    doubts: int = 0
    reasons: list[str] = field(default_factory=list)

    @property
    def truth(self) -> Truth:
        """The worst of what was found; unknown when nothing was."""
        if self.breaches:
            return Truth.FALSE
        return Truth.UNKNOWN if self.doubts or not self.examined else Truth.TRUE

    def take(self, verdict: Verdict, unit: str) -> None:
        """One unit's verdict. A unit in which nothing happened that the promise is about says nothing of it."""
        self.examined += verdict.examined
        self.breaches += len(verdict.breaches) + (verdict.unlisted if verdict.breaches else 0)
        doubts = [doubt for doubt in verdict.doubts if doubt.what != NOTHING_SEEN]
        self.doubts += len(doubts)
        told = [f"{unit}: {reason}" for reason in verdict.breaches or doubts]
        self.reasons = [*self.reasons, *told][:REASONS_MAX]

    def add(self, other: "Kept") -> None:
        """Another part's."""
        self.examined += other.examined
        self.breaches += other.breaches
        self.doubts += other.doubts
        self.reasons = [*self.reasons, *other.reasons][:REASONS_MAX]


@dataclass(slots=True)
class Tally:
    """The counts of one unit, or of many added up. ``digests`` is each unit's, by name: the sha256 of its history's lines."""

    customers: int = 0
    certificates: int = 0
    sides: int = 0
    deliveries: int = 0
    lines: int = 0
    cpu_s: float = 0.0
    left: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    arrivals: Counter[int] = field(default_factory=Counter)
    waits: Counter[int] = field(default_factory=Counter)
    visits: Counter[int] = field(default_factory=Counter)
    queueing: Counter[int] = field(default_factory=Counter)
    promises: dict[str, Kept] = field(default_factory=lambda: {promise: Kept() for promise in CHECKERS})
    digests: dict[str, str] = field(default_factory=dict)

    def add(self, other: "Tally") -> None:
        """Another part of the same run."""
        for name in ("customers", "certificates", "sides", "deliveries", "lines", "cpu_s"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("left", "reasons", "faults", "arrivals", "waits", "visits", "queueing"):
            getattr(self, name).update(getattr(other, name))
        for promise, kept in other.promises.items():
            self.promises[promise].add(kept)
        self.digests.update(other.digests)

    @property
    def refusals(self) -> int:
        """Who left without what they came for, whosever decision it was."""
        return self.customers - self.left["served"]

    @property
    def findings(self) -> int:
        """Broken promises."""
        return sum(kept.breaches for kept in self.promises.values())

    @property
    def truth(self) -> Truth:
        """The worst of the nine promises."""
        return min((kept.truth for kept in self.promises.values()), key=list(Truth).index)

    @property
    def digest(self) -> str:
        """One digest of everything that happened, whatever shards it was run in."""
        whole = hashlib.sha256()
        for name in sorted(self.digests):
            whole.update(f"{name} {self.digests[name]}\n".encode())
        return whole.hexdigest()


def tally(unit: str, history: list[At], lines: list[str]) -> Tally:
    """Count and check one unit's history; ``lines`` is the same as JSON."""
    counted = _Counting(unit)
    examination = Examination(CHECKERS.values())
    for line in numbered(history):
        examination.take(line)
        counted.take(line.at_s, line.seen)
    found = counted.tally
    for promise, verdict in examination.verdicts().items():
        found.promises[promise].take(verdict, unit)
    found.lines = len(history)
    found.digests[unit] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return found


class _Counting:
    def __init__(self, unit: str) -> None:
        self.unit = unit
        self.tally = Tally()
        self._came: dict[tuple[str, int], float] = {}
        self._told: dict[tuple[str, int], str] = {}

    def take(self, at_s: float, seen: s.Seen) -> None:
        found = self.tally
        match seen:
            case s.PersonCame():
                found.customers += 1
                found.arrivals[int(max(0.0, at_s - seen.waited_s) // ARRIVAL_SLOT_S)] += 1
                found.waits[int(seen.waited_s // WAIT_SLOT_S)] += 1
                if seen.waited_s >= 1.0:
                    found.queueing[int(max(0.0, at_s - seen.waited_s) // ARRIVAL_SLOT_S)] += 1
                self._came[seen.terminal, seen.person] = at_s
            case s.ScreenShown() if seen.reason:
                self._told[seen.terminal, seen.person] = seen.reason
            case s.PersonLeft():
                self._left(at_s, seen)
            case s.SheetsCame():
                found.deliveries += 1
                found.sides += seen.sides
                found.certificates += len({page.number for page in seen.pages if page.page == 1})
            case s.FaultArmed():
                found.faults[f"{seen.target}: {seen.fault}"] += 1
            case _:
                pass

    def _left(self, at_s: float, seen: s.PersonLeft) -> None:
        found, who = self.tally, (seen.terminal, seen.person)
        found.left[seen.why] += 1
        told = self._told.pop(who, "")
        came_s = self._came.pop(who, at_s)
        if seen.why == "served":
            found.visits[int((at_s - came_s) // VISIT_SLOT_S)] += 1
        else:
            found.reasons[told or seen.why] += 1


def added(parts: Iterable[Tally]) -> Tally:
    """All of them in one."""
    whole = Tally()
    for part in parts:
        whole.add(part)
    return whole
