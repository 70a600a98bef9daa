"""``transitions`` fed by the table. One engine serves every machine: it holds callbacks only, the models hold the memory.

Its traps (reference models.md section 11) and what is done about them: ``auto_transitions=False``; callbacks are functions, never
names; no ``Timeout`` extension; models are never registered, so the engine cannot keep a customer's memory alive; the
work bench of an event is thrown away when a callback raises, so nobody is left in the new state.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from transitions import Event as LibraryEvent
from transitions import EventData
from transitions import Machine as LibraryMachine
from transitions import State as LibraryState
from transitions import Transition as LibraryTransition

from terminal.fsm.deeds.leaving import end_customer, journal_end
from terminal.fsm.effects import Note, ResetTerminal, StartTimer, StopTimer, WatchCard
from terminal.fsm.notes import ServiceChanged
from terminal.fsm.rows import Row
from terminal.fsm.screens import show
from terminal.fsm.states import State
from terminal.fsm.table import table
from terminal.fsm.tabling import Table
from terminal.fsm.values import MachineCode, TimerId
from terminal.fsm.work import Work

# Two thirds of the library's time go into log calls, hooks that nobody hangs anything on and look-ups of names. Its own extension
# points (event_cls, state_cls, transition_cls, callbacks, get_state, set_state) take that away; the register of rows and how a
# state is changed stay the library's.


class Situation(LibraryState):
    """A state that knows its name without asking the enum each time."""

    name = ""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.name = state.name

    def enter(self, event_data: Any) -> None:
        """Called by the library when the state is entered."""
        _enter(*event_data.args)

    def exit(self, event_data: Any) -> None:
        """Called by the library when the state is left."""
        _leave(*event_data.args)


class TableEvent(LibraryEvent):
    """A column of the table: the rows of the present situation are tried in order until one applies."""

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """True when a row applied; the model is untouched otherwise."""
        occurrence = EventData(None, self, self.machine, model, args, kwargs)
        return any(row.execute(occurrence) for row in self.transitions.get(_NAMES[model.state], ()))


class GuardedTransition(LibraryTransition):
    """A row of the table: all its guards hold, its deeds are done, the state changes."""

    def execute(self, event_data: Any) -> bool:
        """Called by the library for each row of the pair, in order, until one answers True."""
        work, event = event_data.args
        for condition in self.conditions:
            if not condition.func(work, event):  # type: ignore[operator]
                return False
        for deed in self.before:
            deed(work, event)  # type: ignore[operator]
        if self.dest:
            self._change_state(event_data)
        return True


class Engine(LibraryMachine):
    """The library's machine, with callbacks that are functions of (work, event), always."""

    event_cls = TableEvent
    state_cls = Situation
    transition_cls = GuardedTransition

    def callbacks(self, funcs: Iterable[Any], event_data: Any) -> None:
        """Called by the library for each of its hooks."""
        for func in funcs:
            func(*event_data.args)

    def get_state(self, state: Any) -> Any:
        """Called by the library with a state or its name."""
        return self.states[_NAMES[state]]

    def set_state(self, state: Any, model: Any = None) -> None:
        """Called by the library between leaving and entering."""
        model.state = _STATES[state]


_NAMES: Mapping[str, str] = {key: state.name for state in State for key in (state, state.name)}
_STATES: Mapping[str, State] = {key: state for state in State for key in (state, state.name)}


@dataclass(frozen=True, slots=True)
class Rules:
    """A table and the engine built from it, for a machine that runs another table than the terminal's (``rules_of``)."""

    table: Table
    engine: Any


def rules_of(changed: Table) -> Rules:
    """``changed`` made ready to run; it is not checked, so that it can be tried what a wrong table would do."""
    return Rules(changed, build_engine(changed.rows))


@cache
def engine() -> Any:
    """The one engine of the terminal's table."""
    return build_engine(table().rows)


def build_engine(rows: tuple[Row, ...]) -> Any:
    """A ``transitions.Machine`` without models whose triggers are the names of the event types."""
    return Engine(
        model=None,
        states=[Situation(state) for state in State],
        transitions=[
            {
                "trigger": row.event.__name__,
                "source": row.state,
                "dest": row.then,
                "conditions": list(row.when),
                "before": list(row.do),
            }
            for row in rows
        ],
        initial=State.OUT_OF_SERVICE,
        auto_transitions=False,
        send_event=False,
        queued=False,
    )


def _leave(work: Work, _event: Any) -> None:
    if work.timer is not None:
        work.emit(StopTimer(work.timer))
        work.timer = None


def _enter(work: Work, _event: Any) -> None:
    state = work.state
    if state is State.ENDING:
        journal_end(work)
    elif state is State.RESETTING:
        _forget(work)
    elif state in (State.IDLE, State.OUT_OF_SERVICE, State.STOPPED_FOR_FINDING):
        _tell_service(work, state)
    shown = show(state, work.levels, work.session)
    if shown is not None:
        work.emit(shown)
    if state is State.IDLE:
        work.emit(WatchCard())
    _start_timer(work, state)
    if state is State.ENDING:
        end_customer(work)


def _forget(work: Work) -> None:
    """The session is dropped whole before any device is asked for anything, and its generation dies with it."""
    work.session = None
    work.levels = work.levels.next_generation()
    work.emit(ResetTerminal(work.levels.generation))


def _tell_service(work: Work, state: State) -> None:
    in_service = state is State.IDLE
    if in_service == work.levels.in_service:
        return
    work.levels = work.levels.serving(in_service)
    code = work.levels.out_of_service_code() or MachineCode.FINDING_OPEN
    work.effects.append(Note(ServiceChanged(in_service, "" if in_service else code)))


def _start_timer(work: Work, state: State) -> None:
    limit = work.config.limits.get(state)
    if limit is None:
        return
    work.timers_started += 1
    work.timer = TimerId(state, work.timers_started)
    work.emit(StartTimer(work.timer, limit.warn_after_s, limit.expire_after_s))
