"""Mutants of the terminal's machine: one guard, one deed or one fence taken away, everything else as it is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from terminal.fsm import engine as engine_module
from terminal.fsm.effects import EndCustomer, PrintSlip, ReleaseCard, ResetTerminal, StartTimer
from terminal.fsm.engine import Rules, rules_of
from terminal.fsm.machine import Machine
from terminal.fsm.rows import Row
from terminal.fsm.states import State
from terminal.fsm.table import table
from terminal.fsm.tabling import Cell, Pair, Table
from terminal.fsm.work import Work


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. ``kind`` is ``guard``, ``deed``, ``fence`` or ``entry``; ``pairs`` are the pairs that it concerns (None: any).

    ``make`` gives what a machine of it runs on, for as long as the context is open.
    """

    name: str
    kind: str
    pairs: frozenset[Pair] | None
    make: Callable[[], AbstractContextManager["Made"]]


@dataclass(frozen=True, slots=True)
class Made:
    """What a mutant's machine runs on."""

    rules: Rules | None = None
    machine_type: type[Machine] = Machine


Group: TypeAlias = tuple[Row, ...]
"""Rows that were written as one: the same event, guards and deeds in one or more states."""


def groups() -> tuple[Group, ...]:
    """The rows of the table by how they were written."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in table().rows:
        then = row.then if row.then is not row.state else "again"
        found.setdefault((row.event, row.when, then, row.do), []).append(row)
    return tuple(tuple(rows) for rows in found.values())


def guard_mutants() -> tuple[Mutant, ...]:
    """Every guard of every row, taken away: the row applies whatever it said."""
    return tuple(
        _row_mutant("guard", rows, guard, lambda row, guard=guard: replace(row, when=_without(row.when, guard)))  # type: ignore[misc]
        for rows in groups()
        for guard in rows[0].when
    )


def deed_mutants() -> tuple[Mutant, ...]:
    """Every deed of every row, left undone."""
    return tuple(
        _row_mutant("deed", rows, deed, lambda row, deed=deed: replace(row, do=_without(row.do, deed)))  # type: ignore[misc]
        for rows in groups()
        for deed in dict.fromkeys(rows[0].do)
    )


def fence_mutants() -> tuple[Mutant, ...]:
    """The two fences before the table, taken down."""
    return (
        Mutant("fence of generations", "fence", None, lambda: _as_it_is(Made(machine_type=_Unfenced))),
        Mutant("fence of timers", "fence", None, lambda: _as_it_is(Made(machine_type=_Untimed))),
    )


def entry_mutants() -> tuple[Mutant, ...]:
    """What entering a state does, left undone: among them the reset that does nothing (reference models.md section 14)."""
    return tuple(Mutant(name, "entry", None, make) for name, make in _ENTRIES.items())


def changed_table(rows: Iterable[Row], change: Callable[[Row], Row]) -> Table:
    """The terminal's table with ``rows`` changed; not checked, for it is wrong on purpose."""
    changed = {id(row): change(row) for row in rows}
    cells = {
        pair: Cell(tuple(changed.get(id(row), row) for row in cell.rows), cell.otherwise)
        for pair, cell in table().cells.items()
    }
    return Table(cells)


def _row_mutant(kind: str, rows: Group, without: Any, change: Callable[[Row], Row]) -> Mutant:
    states = ", ".join(row.state.value for row in rows[:_NAMED])
    more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
    first = rows[0]
    guards = " and ".join(guard.__name__ for guard in first.when)
    where = f"{first.event.__name__}{f' [{guards}]' if guards else ''} in {states}{more}"
    then = first.then if len({row.then for row in rows}) == 1 else "the same"
    name = f"{where} -> {then or 'stays'}: without {without.__name__}"
    pairs = frozenset((row.state, row.event) for row in rows)
    return Mutant(name, kind, pairs, lambda: _as_it_is(Made(rules_of(changed_table(rows, change)))))


_NAMED: Final = 3


def _without(functions: tuple[Any, ...], one: Any) -> tuple[Any, ...]:
    return tuple(each for each in functions if each is not one)


@contextmanager
def _as_it_is(made: Made) -> Iterator[Made]:
    yield made


class _Unfenced(Machine):
    """Takes every completion for the present customer's."""

    __slots__ = ()

    def _is_over(self, completion: Any) -> bool:
        return False


class _Untimed(Machine):
    """Takes every expiry for the present timer's."""

    __slots__ = ()

    def _has_stopped(self, expiry: Any) -> bool:
        return False


# --- what entering a state does


@contextmanager
def _patched(name: str, function: Callable[..., Any]) -> Iterator[Made]:
    """The engine with another function; its own process only, so nobody else meets it."""
    original = getattr(engine_module, name)
    setattr(engine_module, name, function)
    try:
        yield Made()
    finally:
        setattr(engine_module, name, original)


def _nothing(*_arguments: Any) -> None:
    """Do nothing."""


def _dropping(name: str, kind: type[Any]) -> Callable[[], AbstractContextManager[Made]]:
    """The same function, whose effects of ``kind`` get lost."""

    def make() -> AbstractContextManager[Made]:
        original = getattr(engine_module, name)

        def without(work: Work, *rest: Any) -> None:
            before = len(work.effects)
            original(work, *rest)
            work.effects[before:] = [effect for effect in work.effects[before:] if not isinstance(effect, kind)]

        return _patched(name, without)

    return make


def _forget_in_the_old_generation(work: Work) -> None:
    """The session is dropped and its generation lives on."""
    work.session = None
    work.emit(ResetTerminal(work.levels.generation))


def _keep_the_session(work: Work) -> None:
    """The no-op reset of vxsuite before #5010: everything is commanded, nothing is forgotten."""
    work.levels = work.levels.next_generation()
    work.emit(ResetTerminal(work.levels.generation))


_ENTRIES: Final[Mapping[str, Callable[[], AbstractContextManager[Made]]]] = {
    f"entering {State.RESETTING}: nothing is done": lambda: _patched("_forget", _nothing),
    f"entering {State.RESETTING}: the session is kept": lambda: _patched("_forget", _keep_the_session),
    f"entering {State.RESETTING}: the generation lives on": lambda: _patched("_forget", _forget_in_the_old_generation),
    f"entering {State.RESETTING}: no reset is commanded": _dropping("_forget", ResetTerminal),
    f"entering {State.ENDING}: the end is not journalled": lambda: _patched("journal_end", _nothing),
    f"entering {State.ENDING}: the card keeps its power": _dropping("journal_end", ReleaseCard),
    f"entering {State.ENDING}: no claim ticket": _dropping("journal_end", PrintSlip),
    f"entering {State.ENDING}: nobody is told": _dropping("end_customer", EndCustomer),
    "entering any state: its timer is not started": _dropping("_start_timer", StartTimer),
    "entering any state: no timer at all": lambda: _patched("_start_timer", _nothing),
    "leaving any state: its timer runs on": lambda: _patched("_leave", _nothing),
}
