"""``transitions`` fed by the table. One engine serves every machine: it holds callbacks only, the models hold the memory.

Its traps (reference models.md section 11) and what is done about them: ``auto_transitions=False``; callbacks are functions, never
names; no ``Timeout`` extension; models are never registered, so the engine cannot keep a customer's memory alive; the
work bench of an event is thrown away when a callback raises, so nobody is left in the new state.
"""

from functools import cache
from typing import Any

from transitions import Machine as Engine
from transitions import State as EngineState

from terminal.fsm.deeds.leaving import end_customer, journal_end
from terminal.fsm.effects import Note, ResetTerminal, StartTimer, StopTimer, WatchCard
from terminal.fsm.notes import ServiceChanged
from terminal.fsm.rows import Row
from terminal.fsm.screens import show
from terminal.fsm.states import State
from terminal.fsm.table import table
from terminal.fsm.values import MachineCode, TimerId
from terminal.fsm.work import Deed, Work


@cache
def engine() -> Any:
    """The one engine of the terminal's table."""
    return build_engine(table().rows)


def build_engine(rows: tuple[Row, ...]) -> Any:
    """A ``transitions.Machine`` without models whose triggers are the names of the event types."""
    return Engine(
        model=None,
        states=[EngineState(state, on_enter=[_enter], on_exit=[_leave]) for state in State],
        transitions=[
            {
                "trigger": row.event.__name__,
                "source": row.state,
                "dest": row.then,
                "conditions": list(row.when),
                "before": [_sequence(row.do)] if row.do else [],
            }
            for row in rows
        ],
        initial=State.OUT_OF_SERVICE,
        auto_transitions=False,
        send_event=False,
        queued=False,
    )


def _sequence(deeds: tuple[Deed, ...]) -> Deed:
    if len(deeds) == 1:
        return deeds[0]

    def do_all(work: Work, event: Any) -> None:
        for deed in deeds:
            deed(work, event)

    return do_all


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
    work.levels = work.levels.next_timer()
    work.timer = TimerId(state, work.levels.timers_started)
    work.emit(StartTimer(work.timer, limit.warn_after_s, limit.expire_after_s))
