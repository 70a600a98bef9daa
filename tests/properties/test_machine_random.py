"""Anything may happen in any order: customers, staff, devices, faults, processes and time; hypothesis shrinks what breaks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from terminal.fsm import events as ev
from terminal.fsm.config import Evidence, MachineConfig
from terminal.fsm.machine import Machine
from terminal.fsm.memory import Memory, TerminalLevels
from terminal.fsm.rows import LATE
from terminal.fsm.states import CUSTOMER_STATES, State
from terminal.fsm.table import table
from tests.properties.machine_ledger import Ledger
from tests.properties.machine_world import COMMANDS, PIN_PAD_FAULT, answers
from tests.properties.machine_world import LEVELS as COMMON_LEVELS

IDLE = Memory(State.IDLE, TerminalLevels(booted=True, in_service=True))
LEVELS = (*COMMON_LEVELS, ev.FaultRaised(PIN_PAD_FAULT), ev.FaultCleared(PIN_PAD_FAULT.device, PIN_PAD_FAULT.code))
LIES = tuple(COMMANDS.values())


@settings(max_examples=300, deadline=None)
@given(
    evidence=st.sampled_from(Evidence),
    elsewhere=st.booleans(),
    levels=st.frozensets(st.sampled_from(LEVELS), max_size=3),
    choices=st.lists(st.integers(0, 10_000), max_size=120),
)
def test_no_order_of_events_breaks_a_promise(
    evidence: Evidence, elsewhere: bool, levels: frozenset[ev.Event], choices: list[int]
) -> None:
    machine = Machine(MachineConfig(evidence=evidence, fee_elsewhere=elsewhere), IDLE)
    ledger = Ledger(elsewhere=elsewhere)
    for choice in choices:
        before = machine.memory
        possible = ledger.possible(before, tuple(event for event in LEVELS if event in levels))
        if choice % 4:
            possible = tuple(event for event in possible if table().cells[before.state, type(event)].rows)
        event = possible[choice // 4 % len(possible)]
        effects = machine.handle(event)
        ledger = ledger.after(before, event, machine.last_verdict, effects, machine.memory)


@settings(max_examples=200, deadline=None)
@given(
    happenings=st.lists(
        st.tuples(st.sampled_from(LIES), st.integers(0, 20), st.integers(-1, 1), st.integers(0, 10_000)), max_size=80
    )
)
def test_devices_that_lie_and_repeat_themselves_never_break_the_machine(
    happenings: list[tuple[str, int, int, int]],
) -> None:
    """Completions nobody asked for, of past, present and future generations: classified, never fatal, never a wedge."""
    machine, ledger = Machine(memory=IDLE), Ledger()
    for lie, which, shift, key in happenings:
        told = answers(lie, machine.generation + shift, 100)
        before = machine.memory
        machine.handle(told[which % len(told)])
        if shift:
            assert machine.last_verdict is LATE
            assert machine.memory == before
        possible = ledger.possible(machine.memory)
        machine.handle(possible[key % len(possible)])
        assert (machine.session is not None) == (machine.state in CUSTOMER_STATES)
    for _ in range(8):
        if machine.memory.timer is not None and machine.state is not State.RESETTING:
            machine.handle(ev.TimedOut(machine.memory.timer))
    assert machine.session is None
