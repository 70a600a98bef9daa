"""The words the table is written in: rows (state, event, guard, next state, deeds) and verdicts for where no row applies."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from terminal.fsm.states import State
from terminal.fsm.work import Deed, Guard

States: TypeAlias = State | Iterable[State]


@dataclass(frozen=True, slots=True)
class Row:
    """In ``state``, ``event`` leads to ``then`` if every guard of ``when`` holds, doing ``do``.

    ``then`` None stays without leaving: screen and timer run on. The first row of a pair that holds is taken.
    """

    state: State
    event: type[Any]
    when: tuple[Guard, ...]
    then: State | None
    do: tuple[Deed, ...]


class VerdictKind(StrEnum):
    """What becomes of an event in a state."""

    HANDLED = "handled"
    DECLINED = "declined"
    """Expected now and then; nothing happens."""
    FAULT = "fault"
    """Its sender is at fault; nothing happens but a journal entry."""
    LATE = "late"
    """A completion or time-out of something that is over; it touched nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind, and for all but ``handled`` the reason in words."""

    kind: VerdictKind
    reason: str = ""


HANDLED = Verdict(VerdictKind.HANDLED)
LATE = Verdict(VerdictKind.LATE, "what it belongs to is over")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The written verdict on ``events`` in those of ``states`` that have no row for them, or whose every guard failed."""

    events: tuple[type[Any], ...]
    states: frozenset[State]
    verdict: Verdict


Part: TypeAlias = Row | Elsewhere


def on(
    states: States,
    events: type[Any] | tuple[type[Any], ...],
    *,
    when: Guard | tuple[Guard, ...] = (),
    then: State | None = None,
    do: tuple[Deed, ...] = (),
) -> tuple[Row, ...]:
    """One row for each of ``states`` and ``events``."""
    guards = when if isinstance(when, tuple) else (when,)
    return tuple(Row(state, event, guards, then, do) for state in _states(states) for event in _events(events))


def again(states: States, events: type[Any] | tuple[type[Any], ...]) -> tuple[Row, ...]:
    """Leave and enter the same state: its screen is put up anew and its timer starts over."""
    return tuple(Row(state, event, (), state, ()) for state in _states(states) for event in _events(events))


def declined(states: States, events: type[Any] | tuple[type[Any], ...], reason: str) -> tuple[Elsewhere, ...]:
    """Written verdict: declined, because ``reason``."""
    return (Elsewhere(_events(events), frozenset(_states(states)), Verdict(VerdictKind.DECLINED, reason)),)


def fault(states: States, events: type[Any] | tuple[type[Any], ...], reason: str) -> tuple[Elsewhere, ...]:
    """Written verdict: whoever sent this is at fault, because ``reason``."""
    return (Elsewhere(_events(events), frozenset(_states(states)), Verdict(VerdictKind.FAULT, reason)),)


def _states(states: States) -> tuple[State, ...]:
    if isinstance(states, State):
        return (states,)
    return tuple(sorted(states, key=list(State).index))


def _events(events: type[Any] | tuple[type[Any], ...]) -> tuple[type[Any], ...]:
    return events if isinstance(events, tuple) else (events,)
