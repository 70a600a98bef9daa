"""Builds a table from its parts and refuses one that is not total, not reachable, or that leads back from the way out.

Source: design section 5; reference models.md sections 1 (findings 2, 3) and 11 (orphan states are accepted by the library).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

from terminal.fsm.events import EVENT_TYPES
from terminal.fsm.rows import HANDLED, Elsewhere, Part, Row, Verdict, VerdictKind
from terminal.fsm.states import LEAVING_STATES, PHASES, UNTIMED_STATES, State

Pair: TypeAlias = tuple[State, type[Any]]


class TableError(Exception):
    """A programmer's error in the table; ``problems`` names every one."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Cell:
    """One (state, event) pair: its rows in order, and what holds when none of them does (None: the last one always does)."""

    rows: tuple[Row, ...]
    otherwise: Verdict | None

    @property
    def verdict(self) -> Verdict:
        """``handled`` where there is any row, else the written verdict."""
        if self.rows or self.otherwise is None:
            return HANDLED
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Table:
    """Every pair of a state and an event type, once."""

    cells: Mapping[Pair, Cell]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, in the order of states and events."""
        return tuple(row for cell in self.cells.values() for row in cell.rows)


def build(parts: Iterable[Part], initial: State = State.OUT_OF_SERVICE) -> Table:
    """Put the parts together; raise ``TableError`` naming every problem found."""
    rows: dict[Pair, list[Row]] = {}
    otherwise: dict[Pair, list[Elsewhere]] = {}
    elsewheres: list[Elsewhere] = []
    for part in parts:
        if isinstance(part, Row):
            rows.setdefault((part.state, part.event), []).append(part)
            continue
        elsewheres.append(part)
        for state in part.states:
            for event in part.events:
                otherwise.setdefault((state, event), []).append(part)
    problems = [
        *_phase_problems(),
        *_event_problems({*rows, *otherwise}),
        *_pair_problems(rows, otherwise),
        *_useless_problems(rows, elsewheres),
        *_reach_problems(rows, initial),
        *_resurrection_problems(rows),
        *_time_problems(rows),
    ]
    if problems:
        raise TableError(problems)
    return Table(
        MappingProxyType(
            {
                pair: Cell(tuple(rows.get(pair, ())), None if _closed(rows.get(pair)) else otherwise[pair][0].verdict)
                for pair in ((state, event) for state in State for event in EVENT_TYPES)
            }
        )
    )


def _closed(rows: list[Row] | None) -> bool:
    """Whether the last row always applies."""
    return bool(rows) and not rows[-1].when if rows else False


def _name(pair: Pair) -> str:
    return f"({pair[0]}, {pair[1].__name__})"


def _phase_problems() -> Iterable[str]:
    for state in State:
        count = sum(state in phase for phase in PHASES)
        if count != 1:
            yield f"{state}: expected in exactly one phase, stands in {count}"


def _event_problems(pairs: set[Pair]) -> Iterable[str]:
    for pair in sorted(pairs, key=_name):
        if pair[1] not in EVENT_TYPES:
            yield f"{_name(pair)}: no such event; add it to the union Event"


def _pair_problems(rows: Mapping[Pair, list[Row]], otherwise: Mapping[Pair, list[Elsewhere]]) -> Iterable[str]:
    for pair in ((state, event) for state in State for event in EVENT_TYPES):
        group = rows.get(pair, [])
        for row in group[:-1]:
            if not row.when:
                yield f"{_name(pair)}: the rows after one without a guard can never apply"
        if _closed(group):
            continue
        count = len(otherwise.get(pair, ()))
        if count != 1:
            yield f"{_name(pair)}: expected exactly one written verdict where no row applies, found {count}"


def _useless_problems(rows: Mapping[Pair, list[Row]], elsewheres: Iterable[Elsewhere]) -> Iterable[str]:
    for part in elsewheres:
        if part.verdict.kind not in (VerdictKind.DECLINED, VerdictKind.FAULT) or not part.verdict.reason:
            yield f"{part}: expected declined or fault, with a reason"
        for event in part.events:
            if all(_closed(rows.get((state, event))) for state in part.states):
                yield f"{event.__name__} {part.verdict.reason!r}: covers nothing that has no row"


def _reach_problems(rows: Mapping[Pair, list[Row]], initial: State) -> Iterable[str]:
    nexts: dict[State, set[State]] = {state: set() for state in State}
    for (state, _event), group in rows.items():
        nexts[state].update(row.then for row in group if row.then is not None)
    reached = _closure(nexts, initial)
    for state in State:
        if state not in reached:
            yield f"{state}: no row leads here from {initial}"
        elif State.IDLE not in _closure(nexts, state):
            yield f"{state}: no row leads from here to {State.IDLE}"


def _closure(nexts: Mapping[State, set[State]], start: State) -> set[State]:
    reached, front = {start}, [start]
    while front:
        for state in nexts[front.pop()] - reached:
            reached.add(state)
            front.append(state)
    return reached


def _resurrection_problems(rows: Mapping[Pair, list[Row]]) -> Iterable[str]:
    allowed = {*LEAVING_STATES, State.RESETTING}
    for pair, group in rows.items():
        for row in group:
            if row.state in LEAVING_STATES and row.then is not None and row.then not in allowed:
                yield f"{_name(pair)}: leads from the way out back to {row.then}"
            if row.state is State.ENDING and row.then not in (None, State.RESETTING):
                yield f"{_name(pair)}: after the end comes the reset, not {row.then}"


def _time_problems(rows: Mapping[Pair, list[Row]]) -> Iterable[str]:
    for (state, event), group in rows.items():
        if event.__name__ == "TimedOut" and state in UNTIMED_STATES:
            yield f"{state}: waits without a bound and cannot time out"
        if event.__name__ == "TimedOut" and not _closed(group):
            yield f"{state}: a time-out must always lead on"
    for state in frozenset(State) - UNTIMED_STATES:
        if not any(pair[0] is state and pair[1].__name__ == "TimedOut" for pair in rows):
            yield f"{state}: expected a row for TimedOut, nothing may last for ever"
