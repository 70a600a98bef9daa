"""What a server has still to do, by time: it is worked off whenever somebody looks, and nothing ever waits."""

from bisect import insort
from collections.abc import Callable
from dataclasses import dataclass, field

SOON_S = 1e-6
"""An event this near counts as due: a clock that was advanced by a difference may miss it by a rounding."""


@dataclass(order=True, slots=True)
class Due:
    """One thing to do: ``act`` is called with ``at_s``."""

    at_s: float
    number: int
    act: Callable[[float], None] = field(compare=False)


class Agenda:
    """Things to do in the order of time; those of one moment in the order in which they were entered."""

    def __init__(self) -> None:
        self._due: list[Due] = []
        self._number = 0

    def at(self, at_s: float, act: Callable[[float], None]) -> Due:
        """Enter something; it can be dropped again."""
        self._number += 1
        due = Due(at_s, self._number, act)
        insort(self._due, due)
        return due

    def drop(self, due: Due | None) -> None:
        """Take something out again; what is done, or None, is no matter."""
        if due is not None and due in self._due:
            self._due.remove(due)

    def work_off(self, now_s: float) -> None:
        """Do everything that is due by now, including what comes of it."""
        while self._due and self._due[0].at_s <= now_s + SOON_S:
            due = self._due.pop(0)
            due.act(due.at_s)

    def __len__(self) -> int:
        return len(self._due)

    def next_at_s(self) -> float | None:
        """When the next thing is due."""
        return self._due[0].at_s if self._due else None
