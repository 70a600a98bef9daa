"""The traps of ``transitions`` (reference models.md section 11), each shut and each tried."""

import gc
import threading
from dataclasses import replace
from types import FunctionType

import pytest

from terminal.fsm import events as ev
from terminal.fsm import machine as machine_module
from terminal.fsm.effects import Note
from terminal.fsm.engine import build_engine, engine
from terminal.fsm.machine import Machine, MachineMisuseError
from terminal.fsm.memory import Memory, Session
from terminal.fsm.notes import UnexpectedEventSeen
from terminal.fsm.rows import VerdictKind, on
from terminal.fsm.states import State
from terminal.fsm.table import table
from terminal.fsm.tabling import Cell, Table
from terminal.fsm.values import MachineCode, TimerId
from terminal.fsm.work import Work
from tests.unit.fsm.story import Story


def use(monkeypatch: pytest.MonkeyPatch, changed: Table) -> None:
    """Let the machine run another table."""
    built = build_engine(changed.rows)
    monkeypatch.setattr(machine_module, "table", lambda: changed)
    monkeypatch.setattr(machine_module, "engine", lambda: built)


def with_row(state: State, event: type[ev.Event], *, do: object, then: State | None) -> Table:
    cells = dict(table().cells)
    cells[state, event] = Cell(on(state, event, then=then, do=(do,)), None)  # type: ignore[arg-type]
    return Table(cells)


def test_no_trigger_jumps_to_a_state_and_none_is_but_an_event() -> None:
    assert set(engine().events) <= {kind.__name__ for kind in ev.EVENT_TYPES}


def test_every_callback_is_a_function() -> None:
    for event in engine().events.values():
        for transitions in event.transitions.values():
            for one in transitions:
                called = [condition.func for condition in one.conditions] + one.before
                assert all(isinstance(func, FunctionType) for func in called)
                assert not (one.after or one.prepare)


def test_the_engine_keeps_no_machine_and_no_memory() -> None:
    story = Story().until_printing()
    assert engine().models == []
    assert not any(isinstance(one, Session | Machine) for one in reachable(engine()))
    assert story.session in reachable(story.machine)


def reachable(root: object) -> list[object]:
    seen: dict[int, object] = {}
    front = [root]
    while front:
        one = front.pop()
        if id(one) in seen or isinstance(one, type | FunctionType) or type(one).__name__ == "module":
            continue
        seen[id(one)] = one
        front += gc.get_referents(one)
    return list(seen.values())


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    story = Story().until_presenting()
    story.time_out()
    assert threading.active_count() == before


def test_a_deed_that_raises_leaves_the_machine_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library alone would stay in the new state."""

    def broken(work: Work, _event: object) -> None:
        work.update(tries_left=0)
        raise ZeroDivisionError

    story = Story().until_pin()
    before = story.machine.memory
    use(monkeypatch, with_row(State.AWAITING_PIN, ev.PinEntered, do=broken, then=State.AUTHENTICATING))
    with pytest.raises(ZeroDivisionError):
        story.tell(ev.PinEntered())
    assert story.machine.memory == before
    monkeypatch.undo()
    story.tell(ev.PinEntered())
    assert story.at(State.AUTHENTICATING)


def test_entering_that_raises_leaves_the_machine_where_it_was() -> None:
    memory = Memory(State.CHOOSING_KIND, Machine.for_customer().levels, Session(0), TimerId(State.CHOOSING_KIND, 0))
    machine = Machine(memory=replace(memory, session=replace(memory.session or Session(0), offer=7)))
    before = machine.memory
    config = machine.config
    object.__setattr__(config, "limits", None)
    with pytest.raises(AttributeError):
        machine.handle(ev.CancelPressed())
    assert machine.memory == before


def test_handle_inside_handle_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story().until_pin()

    def impatient(_work: Work, _event: object) -> None:
        story.machine.handle(ev.CancelPressed())

    use(monkeypatch, with_row(State.AWAITING_PIN, ev.PinEntered, do=impatient, then=None))
    with pytest.raises(MachineMisuseError, match="inbox"):
        story.tell(ev.PinEntered())
    monkeypatch.undo()
    story.tell(ev.CancelPressed())
    assert story.verdict is VerdictKind.HANDLED


@pytest.mark.parametrize("then", [State.RESETTING, State.IDLE])
def test_no_row_can_keep_a_session_where_nobody_is_served(monkeypatch: pytest.MonkeyPatch, then: State) -> None:
    def nothing(_work: Work, _event: object) -> None:
        pass

    story = Story().until_pin()
    use(monkeypatch, with_row(State.AWAITING_PIN, ev.PinEntered, do=nothing, then=then))
    if then is State.RESETTING:
        story.tell(ev.PinEntered())
        assert story.machine.session is None
    else:
        with pytest.raises(MachineMisuseError, match="session"):
            story.tell(ev.PinEntered())


def test_an_unexpected_completion_is_classified_journalled_and_touches_nothing() -> None:
    """vxsuite #8063: an unexpected event stopped machines in the field."""
    story = Story().until_choosing()
    before = story.machine.memory
    effects = story.tell(lambda g: ev.PrintCompleted(g, 2))
    seen = UnexpectedEventSeen(1, "PrintCompleted", State.CHOOSING_KIND, MachineCode.UNEXPECTED_EVENT)
    assert effects == (Note(seen),)
    assert story.verdict is VerdictKind.FAULT
    assert story.machine.memory == before


def test_what_is_no_event_is_a_programmers_error() -> None:
    with pytest.raises(MachineMisuseError, match="no event"):
        Machine().handle("CardInserted")  # type: ignore[arg-type]


def test_a_row_that_never_applies_is_a_programmers_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_work: Work, _event: object) -> bool:
        return False

    cells = dict(table().cells)
    cells[State.AWAITING_PIN, ev.PinEntered] = Cell(on(State.AWAITING_PIN, ev.PinEntered, when=never), None)
    use(monkeypatch, Table(cells))
    with pytest.raises(MachineMisuseError, match="no row applied"):
        Story().until_pin().tell(ev.PinEntered())
