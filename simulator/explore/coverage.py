"""What an exploration has visited: pairs of state and event, rows of the table, faults in states.

A pair is visited when the event was decided on in that state, by a row or by a written verdict; being turned away by a fence
does not count. Pairs that no world can bring about are listed here, each with its reason, and nowhere else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from simulator.explore.babbling import everything
from simulator.explore.graph import Graph
from simulator.explore.stepping import Situation, Stepper
from simulator.explore.telling import Told
from simulator.explore.watching import hold_quiet
from terminal.fsm import events as ev
from terminal.fsm.events import EVENT_TYPES
from terminal.fsm.rows import LATE, Row
from terminal.fsm.states import UNTIMED_STATES, State
from terminal.fsm.table import table
from terminal.fsm.work import Work

_NO_TIMER: Final = "no timer runs here, so its expiry or warning is always another timer's and meets the fence"

UNREACHABLE: Final[Mapping[tuple[State, str], str]] = {
    (state, kind.__name__): _NO_TIMER
    for state in sorted(UNTIMED_STATES, key=list(State).index)
    for kind in (ev.TimedOut, ev.TimeoutWarned)
}
"""Pairs that no environment can produce, and why. Every other pair has to be visited."""

PAIRS: Final = frozenset((state, kind.__name__) for state in State for kind in EVENT_TYPES)


@dataclass(slots=True)
class Coverage:
    """What one or more explorations visited."""

    pairs: set[tuple[State, str]] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    """Rows of the table that were taken, by ``row_name``."""
    faults: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often each fault (in words) was tried in each state."""
    trials: int = 0
    """Events that were tried in situations of the machine, whatever the world was."""

    def missing_pairs(self) -> list[tuple[State, str]]:
        """Neither visited nor listed as unreachable."""
        return sorted(PAIRS - self.pairs - UNREACHABLE.keys(), key=str)

    def wrongly_listed(self) -> list[tuple[State, str]]:
        """Listed as unreachable, and visited."""
        return sorted(self.pairs & UNREACHABLE.keys(), key=str)

    def missing_rows(self) -> list[str]:
        """Rows of the table that were never taken."""
        return [name for name in map(row_name, table().rows) if name not in self.rows]

    def add(self, other: "Coverage") -> None:
        """What another exploration visited counts, too."""
        self.pairs |= other.pairs
        self.rows |= other.rows
        self.trials += other.trials
        for place, count in other.faults.items():
            self.faults[place] = self.faults.get(place, 0) + count


def row_name(row: Row) -> str:
    """A row of the table in one line, as the diagram would say it."""
    guards = " and ".join(guard.__name__ for guard in row.when)
    return f"({row.state}, {row.event.__name__}{f', {guards}' if guards else ''}) -> {row.then or 'stays'}"


def coverage_of(graph: Graph) -> Coverage:
    """Try every event in every situation that ``graph`` found, and count what was visited.

    Raises ``Broken`` when an event that touches nothing by its verdict touches something.
    """
    coverage = Coverage()
    # What is tried here may lead to situations that no path leads to (a proof of a reset that nobody began): they are none of
    # this world's, and are not gone into.
    for at in tuple(graph.stepper.situations):
        tried = dict.fromkeys((*everything(at), *at.steps))
        coverage.trials += len(tried)
        for told in tried:
            step = at.steps.get(told) or graph.stepper.fresh_step(at, told)
            hold_quiet(step)
            if step.verdict is not LATE:
                coverage.pairs.add((at.state, told.kind.__name__))
                row = prescribed(at, told, graph.stepper)
                if row is not None:
                    coverage.rows.add(row_name(row))
    for (fault, state), count in graph.used.items():
        place = (str(fault), state)
        coverage.faults[place] = coverage.faults.get(place, 0) + count
    return coverage


def prescribed(at: Situation, told: Told, stepper: Stepper) -> Row | None:
    """The row that the terminal's table prescribes, None where a written verdict holds."""
    work = Work(stepper.setting.config, at.memory)
    rows: Iterable[Row] = table().cells[at.state, told.kind].rows
    return next((row for row in rows if all(guard(work, told.event) for guard in row.when)), None)
