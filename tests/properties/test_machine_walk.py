"""Every situation the machine can get into in one small world, breadth first; situations that cannot be told apart are one.

The walk itself checks every promise of ``Ledger`` at every step; the tests below ask questions of the situations it found.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import pytest

from terminal.fsm import events as ev
from terminal.fsm.config import Evidence, MachineConfig
from terminal.fsm.events import FENCED_EVENTS
from terminal.fsm.machine import Machine
from terminal.fsm.memory import Memory, Session, TerminalLevels
from terminal.fsm.rows import LATE, Row
from terminal.fsm.states import (
    CANCELLABLE_STATES,
    CHOOSING_STATES,
    CUSTOMER_STATES,
    LEAVING_STATES,
    MONEY_STATES,
    TERMINAL_STATES,
    State,
)
from terminal.fsm.table import table
from terminal.fsm.values import Offer, TimerId
from terminal.fsm.work import Work
from tests.properties.machine_ledger import Ledger
from tests.properties.machine_world import (
    COMMANDS,
    FEE,
    KEYS,
    LEVELS,
    PAGES,
    PIN_PAD_FAULT,
    PRINTER_FAULT,
    answers,
)

IDLE = Memory(State.IDLE, TerminalLevels(booted=True, in_service=True))
BASIC_FOUR = MachineConfig()
TIME_OUTS_TO_THE_END = 6


@dataclass
class World:
    """What a walk found: situations (each with a ledger that leads there), and the rows that were taken."""

    situations: dict[Memory, Ledger]
    rows: set[Row]
    events: int = 0


def prescribed_row(config: MachineConfig, before: Memory, event: ev.Event) -> Row | None:
    """The row the table prescribes, found without the engine."""
    work = Work(config, before)
    rows = table().cells[before.state, type(event)].rows
    return next((row for row in rows if all(guard(work, event) for guard in row.when)), None)


def walk(
    config: MachineConfig, start: Memory, levels: tuple[ev.Event, ...] = (), within: frozenset[State] = frozenset(State)
) -> World:
    """Go everywhere from ``start`` without leaving ``within``; raise ``AssertionError`` at the first broken promise."""
    world = World({}, set())
    seen = {(start, Ledger(open=start.session is not None, elsewhere=config.fee_elsewhere))}
    front = deque(seen)
    while front:
        memory, ledger = front.popleft()
        world.situations.setdefault(memory, ledger)
        for event in ledger.possible(memory, levels):
            machine = Machine(config, memory)
            effects = machine.handle(event)
            after = ledger.after(memory, event, machine.last_verdict, effects, machine.memory)
            row = prescribed_row(config, memory, event)
            assert machine.state is ((row and row.then) or memory.state), "the engine took another row than the table's"
            world.events += 1
            if row is not None:
                world.rows.add(row)
            following = (machine.memory.without_counters(), after)
            if following not in seen and following[0].state in within:
                seen.add(following)
                front.append(following)
    return world


@cache
def customers(evidence: Evidence = Evidence.SERIAL_AND_BASIC_FOUR) -> World:
    """One customer after another on a terminal whose only faults are those the machine raises itself."""
    return walk(MachineConfig(evidence=evidence), IDLE)


@cache
def cashless() -> World:
    """Customers of a shop that takes the fee at its register."""
    return walk(MachineConfig(evidence=Evidence.SERIAL, fee_elsewhere=True), IDLE)


@cache
def service() -> World:
    """The terminal without its customers: boot, faults, withdrawal, findings, resets, and customers' processes."""
    return walk(BASIC_FOUR, Memory(), LEVELS, within=TERMINAL_STATES)


@cache
def choices() -> World:
    """The choice alone, for offers that leave every combination of steps open or not."""
    offers = tuple(
        Offer("residence", None, FEE, scopes, items, copies_max)
        for scopes in (("self",), ("members",), ("self", "members"))
        for items in ((), ("relationship",))
        for copies_max in (1, 2)
    )
    session = Session(0, offers=offers, member_count=2)
    kinds = tuple(ev.KindChosen(offer) for offer in range(len(offers)))
    start = Memory(State.CHOOSING_KIND, IDLE.levels, session, TimerId(State.CHOOSING_KIND, 0))
    return walk(BASIC_FOUR, start, kinds, within=CHOOSING_STATES)


def sessions() -> Iterable[Memory]:
    return (memory for memory in customers().situations if memory.session is not None)


def test_one_customer_after_another_breaks_no_promise() -> None:
    assert {memory.state for memory in customers().situations} >= CUSTOMER_STATES


def test_with_the_serial_alone_no_promise_is_broken_and_the_basic_four_are_never_read() -> None:
    visited = {memory.state for memory in customers(Evidence.SERIAL).situations}
    unread = {State.READING_SUBJECT, State.AWAITING_TEXT_PIN, State.CONFIRMING_LAST_TEXT_TRY}
    assert visited & CUSTOMER_STATES == CUSTOMER_STATES - unread


def test_where_the_fee_is_paid_elsewhere_no_promise_is_broken_and_no_money_is_touched() -> None:
    visited = {memory.state for memory in cashless().situations}
    assert not visited & (MONEY_STATES | {State.REFUNDING})
    assert State.PRESENTING in visited


def test_whatever_is_raised_and_cleared_between_customers_no_promise_is_broken() -> None:
    assert {memory.state for memory in service().situations} == TERMINAL_STATES


def test_every_row_of_the_table_is_taken_somewhere() -> None:
    taken = customers().rows | customers(Evidence.SERIAL).rows | service().rows | choices().rows
    ill = TerminalLevels(booted=True, self_test_code="SELF_TEST_FILES", faults=(PRINTER_FAULT,))
    passed, unplugged = ev.GatesPassed(0, PAGES), ev.FaultRaised(PIN_PAD_FAULT)
    for memory in sessions():
        fallen_ill = replace(memory, levels=ill)
        taken |= {row for event in (*KEYS, *LEVELS, passed) if (row := prescribed_row(BASIC_FOUR, fallen_ill, event))}
        taken |= {row for event in (*LEVELS, unplugged) if (row := prescribed_row(BASIC_FOUR, memory, event))}
    never = [f"({row.state}, {row.event.__name__}) -> {row.then}" for row in table().rows if row not in taken]
    assert not never, "\n".join(never)


def test_time_alone_ends_every_session() -> None:
    for memory in sessions():
        machine = Machine(BASIC_FOUR, memory)
        for _ in range(TIME_OUTS_TO_THE_END):
            assert machine.memory.timer is not None, f"nothing bounds {machine.state}"
            machine.handle(ev.TimedOut(machine.memory.timer))
            if machine.state is State.RESETTING:
                break
        assert machine.state is State.RESETTING, f"{memory.state} does not end by itself"
        assert machine.session is None


def test_from_everywhere_a_healed_terminal_comes_back_to_idle_and_empty() -> None:
    for memory in {*customers().situations, *service().situations}:
        machine = Machine(BASIC_FOUR, memory)
        while machine.state not in TERMINAL_STATES:
            machine.handle(ev.TimedOut(machine.memory.timer))  # type: ignore[arg-type]
        heal(machine)
        assert machine.state is State.IDLE, f"{memory} is a trap"
        assert machine.session is None


def heal(machine: Machine) -> None:
    """Staff and devices do what they can; nothing else happens."""
    machine.handle(ev.CustomerProcessEnded(clean=True))
    machine.handle(ev.ResetProved(machine.generation))
    machine.handle(ev.BootCompleted())
    machine.handle(ev.ServiceRestored())
    for fault in machine.levels.faults:
        machine.handle(ev.FaultCleared(fault.device, fault.code))
    machine.handle(ev.ResetProved(machine.generation))
    machine.handle(ev.FindingReleased())
    machine.handle(ev.ResetProved(machine.generation))
    if machine.state is State.OUT_OF_SERVICE and machine.memory.timer:
        machine.handle(ev.TimedOut(machine.memory.timer))
        machine.handle(ev.ResetProved(machine.generation))


def test_cancelling_before_the_point_of_no_return_always_ends_and_nothing_is_kept() -> None:
    cancelled = 0
    for memory in sessions():
        if memory.state not in CANCELLABLE_STATES:
            continue
        machine = Machine(BASIC_FOUR, memory)
        machine.handle(ev.CancelPressed())
        while machine.state is not State.ENDING:
            machine.handle(ev.TimedOut(machine.memory.timer))  # type: ignore[arg-type]
        assert machine.session is not None
        assert machine.session.kept_yen == 0
        cancelled += 1
    assert cancelled > len(CANCELLABLE_STATES)


@pytest.mark.parametrize("state", sorted(CUSTOMER_STATES))
def test_levels_that_change_while_somebody_is_served_move_nobody(state: State) -> None:
    """The trap of vxsuite #5661: a fault in the middle of the end led back into the session."""
    for memory in (memory for memory in sessions() if memory.state is state):
        for event in LEVELS:
            machine = Machine(BASIC_FOUR, memory)
            machine.handle(event)
            if isinstance(event, ev.CustomerProcessEnded):
                assert machine.state is State.RESETTING
                assert machine.session is None
            else:
                assert (machine.state, machine.session) == (memory.state, memory.session)


@pytest.mark.parametrize("state", sorted(LEAVING_STATES))
def test_nothing_leads_from_the_way_out_back_into_the_session(state: State) -> None:
    everything = [*KEYS, *LEVELS, *(answer for name in COMMANDS.values() for answer in answers(name, 0, 300))]
    for memory in (memory for memory in sessions() if memory.state is state):
        for event in everything:
            machine = Machine(BASIC_FOUR, memory)
            machine.handle(event)
            assert machine.state in LEAVING_STATES | {State.RESETTING}


@pytest.mark.parametrize("state", list(State))
def test_a_completion_of_another_generation_touches_nothing_in_any_state(state: State) -> None:
    situations = [memory for memory in {*customers().situations, *service().situations} if memory.state is state]
    late = [answer for name in COMMANDS.values() for answer in answers(name, -1, 300)]
    late += [ev.PrintStarted(-1), ev.PrintProgressed(-1, 1), ev.MoneyInserted(-1, 100)]
    assert {type(event) for event in late} == FENCED_EVENTS
    assert situations
    for memory in situations[:50]:
        for event in late:
            machine = Machine(BASIC_FOUR, memory)
            machine.handle(event)
            assert machine.memory == memory
            assert machine.last_verdict is LATE
