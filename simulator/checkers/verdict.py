"""A checker's verdict: true, false or unknown, each with its reasons; an unknown is not a pass.

What makes a promise broken is a *breach*; what keeps a checker from knowing is a *doubt*. False goes before unknown, and unknown
before true, in one verdict as in a composition of many. A verdict that rests on nothing is unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from simulator.checkers.lines import Line
from simulator.seen import Seen

NOTHING_SEEN: Final = "nothing was seen that this promise is about"
REASONS_MAX: Final = 50
"""Breaches, and doubts, that a verdict lists; the rest are counted in ``unlisted``, so that a bad day fits into memory."""


class Truth(StrEnum):
    """What is known of a promise, the worst first."""

    FALSE = "false"
    UNKNOWN = "unknown"
    TRUE = "true"


@dataclass(frozen=True, slots=True)
class Reason:
    """``what`` in words, with the time, terminal and person of it; ``lines`` are the history's lines it rests on, from 1."""

    what: str
    at_s: float | None = None
    terminal: str = ""
    person: int = 0
    lines: tuple[int, ...] = ()

    def __str__(self) -> str:
        where = [] if self.at_s is None else [f"{self.at_s:g} s"]
        where += [self.terminal] if self.terminal else []
        where += [f"person {self.person}"] if self.person else []
        lines = ", ".join(map(str, self.lines))
        head = f"{', '.join(where)}: " if where else ""
        return f"{head}{self.what}" + (f" (line {lines})" if lines else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a checker found. ``examined`` counts the things it could judge (pages, visits, readings, as each says)."""

    breaches: tuple[Reason, ...] = ()
    doubts: tuple[Reason, ...] = ()
    examined: int = 0
    unlisted: int = 0

    @property
    def truth(self) -> Truth:
        """The worst of what was found."""
        if self.breaches:
            return Truth.FALSE
        return Truth.UNKNOWN if self.doubts or not self.examined else Truth.TRUE

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is not true: the breaches, or else the doubts."""
        return self.breaches or self.doubts


class Findings:
    """Where a checker puts down what it finds while it goes through a history."""

    def __init__(self) -> None:
        self._breaches: list[Reason] = []
        self._doubts: list[Reason] = []
        self._examined = 0
        self._unlisted = 0

    def examine(self, count: int = 1) -> None:
        """Something that the promise is about was there and could be judged."""
        self._examined += count

    def breach(self, what: str, *lines: Line[Seen] | None) -> None:
        """The promise is broken; the first line tells when, where and of whom, and all of them show it."""
        self._put(self._breaches, what, lines)

    def doubt(self, what: str, *lines: Line[Seen] | None) -> None:
        """The checker cannot know whether the promise was kept."""
        self._put(self._doubts, what, lines)

    def verdict(self) -> Verdict:
        """Everything so far."""
        doubts = list(self._doubts)
        if not self._examined and not self._breaches and not doubts:
            doubts.append(Reason(NOTHING_SEEN))
        return Verdict(tuple(self._breaches), tuple(doubts), self._examined, self._unlisted)

    def _put(self, reasons: list[Reason], what: str, given: tuple[Line[Seen] | None, ...]) -> None:
        if len(reasons) >= REASONS_MAX:
            self._unlisted += 1
            return
        lines = [line for line in given if line is not None]
        numbers = tuple(sorted({line.number for line in lines}))
        if not lines:
            reasons.append(Reason(what))
            return
        seen = lines[0].seen
        terminal, person = getattr(seen, "terminal", ""), getattr(seen, "person", 0)
        reasons.append(Reason(what, lines[0].at_s, terminal, person, numbers))


def compose(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict over many: of the shards of a fleet, say. It is as bad as the worst of them; none at all is unknown."""
    breaches: list[Reason] = []
    doubts: list[Reason] = []
    examined = unlisted = 0
    for verdict in verdicts:
        breaches += verdict.breaches
        doubts += verdict.doubts or (() if verdict.examined else (Reason("a part of the history showed nothing"),))
        examined += verdict.examined
        unlisted += verdict.unlisted
    unlisted += max(0, len(breaches) - REASONS_MAX) + max(0, len(doubts) - REASONS_MAX)
    return Verdict(tuple(breaches[:REASONS_MAX]), tuple(doubts[:REASONS_MAX]), examined, unlisted)


def worst(truths: Iterable[Truth]) -> Truth:
    """The worst of ``truths``; of none, unknown."""
    return min(truths, key=list(Truth).index, default=Truth.UNKNOWN)
