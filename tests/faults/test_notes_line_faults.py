"""Each line fault at each kind of exchange: an honest outcome within a bound, a level while it stands, none when it is healed."""

from collections.abc import Callable
from typing import Final

import pytest

from simulator.devices.fault_plan import After, UntilCleared
from simulator.devices.line_faults import LineFault
from simulator.devices.notes.phases import STACKING_S
from terminal.devices.notes.api import (
    NoteCommand,
    NoteEscrowed,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesIdle,
    NoteStacked,
    NoteVendValid,
)
from tests.notes_kit import ALL_YEN, BOUND_S, Booth, model_booth

FAULTS: Final = [kind for kind in LineFault if kind is not LineFault.WRONG_ADDRESS]
"""ID-003 has no addresses."""


def _giving(command: NoteCommand) -> Callable[[Booth], object]:
    return lambda booth: booth.notes.command(command)


EXCHANGES: Final[dict[str, Callable[[Booth], object]]] = {
    "poll": lambda booth: booth.notes.poll(),
    "accept": lambda booth: booth.notes.accept(ALL_YEN),
    "inhibit": lambda booth: booth.notes.accept(frozenset()),
    "denominations": lambda booth: booth.notes.denominations_yen,
    **{command.value: _giving(command) for command in NoteCommand},
    "readiness": lambda booth: booth.notes.readiness(),
    "clear": lambda booth: booth.notes.clear(),
    "prove": lambda booth: booth.notes.prove(),
}


def _escrowed(booth: Booth, note_yen: int = 1000) -> None:
    booth.open()
    assert booth.insert(note_yen)
    assert booth.until(NoteEscrowed) == NoteEscrowed(note_yen)


def _rest(booth: Booth) -> None:
    """The line is sound again, the reset has done its work, and whatever came back is taken."""
    booth.heal_line()
    booth.notes.clear()
    booth.order(NoteCommand.ACKNOWLEDGE_VEND)
    booth.pause(1.0)
    booth.take()
    booth.pause(1.0)


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_stays_ends_in_bounded_time_without_an_exception(fault: LineFault, exchange: str) -> None:
    booth = model_booth()
    _escrowed(booth)
    booth.harm(fault, UntilCleared())
    began_s = booth.clock.now_s()
    EXCHANGES[exchange](booth)
    assert booth.clock.now_s() - began_s <= BOUND_S
    _rest(booth)
    assert booth.heals()


@pytest.mark.parametrize("fault", [kind for kind in FAULTS if kind is not LineFault.DEVICE_RESET])
def test_a_fault_that_stays_is_a_level_that_blocks(fault: LineFault) -> None:
    booth = model_booth()
    booth.harm(fault, UntilCleared())
    assert booth.levels()
    assert not booth.notes.readiness().ready
    assert not booth.notes.prove().proved
    assert isinstance(booth.notes.poll(), NotesFailed)
    booth.heal_line()
    assert booth.heals()
    booth.notes.clear()
    assert booth.notes.prove().proved


def test_a_level_where_the_terminal_can_do_without_notes_blocks_nobody() -> None:
    booth = model_booth(blocks_service=False)
    booth.unplug()
    readiness = booth.notes.readiness()
    assert ([fault.code for fault in readiness.faults], readiness.ready) == ([NotesCode.LINE_GONE], True)


@pytest.mark.parametrize("nth", range(6))
@pytest.mark.parametrize("fault", FAULTS)
def test_a_note_is_stacked_once_whatever_happens_to_the_command(fault: LineFault, nth: int) -> None:
    booth = model_booth()
    _escrowed(booth)
    booth.harm(fault, After(nth))
    failed = booth.notes.command(NoteCommand.STACK)
    booth.heal_line()
    if failed is None and fault is not LineFault.DEVICE_RESET:
        booth.pause(STACKING_S)
        assert booth.notes.poll() == NoteVendValid()
        assert booth.model.stacker_yen == [1000]
    assert len(booth.model.stacker_yen) <= 1


@pytest.mark.parametrize("nth", range(6))
@pytest.mark.parametrize("fault", FAULTS)
def test_an_acknowledgement_that_is_taken_for_done_is_done(fault: LineFault, nth: int) -> None:
    booth = model_booth()
    booth.open()
    booth.vend(1000, acknowledge=False)
    booth.harm(fault, After(nth))
    failed = booth.notes.command(NoteCommand.ACKNOWLEDGE_VEND)
    booth.heal_line()
    if failed is None and fault is not LineFault.DEVICE_RESET:
        assert booth.model.vends_acknowledged == 1
        assert not isinstance(booth.notes.poll(), NoteVendValid)
    assert booth.model.vends_acknowledged <= 1


@pytest.mark.parametrize("nth", range(12))
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_said_to_be_let_in_is_let_in_and_nothing_else(fault: LineFault, nth: int) -> None:
    booth = model_booth()
    booth.open(frozenset({1000}))
    booth.harm(fault, After(nth))
    failed = booth.notes.accept(frozenset({5000}))
    booth.heal_line()
    if failed is None and fault is not LineFault.DEVICE_RESET:
        assert [note_yen for note_yen in sorted(ALL_YEN) if booth.model.welcomes(note_yen)] == [5000]


@pytest.mark.parametrize("nth", range(12))
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_said_to_be_inhibited_is_inhibited(fault: LineFault, nth: int) -> None:
    booth = model_booth()
    booth.open()
    booth.harm(fault, After(nth))
    booth.notes.clear()
    line = booth.notes.prove()
    assert line.proved <= booth.model.inhibited
    _rest(booth)
    assert booth.notes.prove().proved
    assert booth.model.inhibited


def test_an_answer_to_an_earlier_question_is_not_believed() -> None:
    booth = model_booth()
    booth.open()
    booth.vend(1000, acknowledge=False)
    booth.harm(LineFault.LATE_ANSWER)
    assert booth.notes.poll() == NoteVendValid()
    booth.order(NoteCommand.ACKNOWLEDGE_VEND)
    booth.pause(1.0)
    assert booth.notes.poll() == NotesIdle()


def test_answers_that_are_all_one_question_late_are_never_believed() -> None:
    """A line that gives every answer at the next question: nothing on it may be taken for the state of now."""
    booth = model_booth()
    booth.open()
    booth.vend(1000, acknowledge=False)
    booth.harm(LineFault.LATE_ANSWER, UntilCleared())
    booth.model.acknowledge_vend()
    states = [booth.notes.poll() for _ in range(20)]
    assert all(isinstance(state, NotesFailed) for state in states)
    booth.heal_line()
    assert isinstance(booth.until(NotesIdle), NotesIdle)


def test_a_validator_that_was_plugged_in_for_another_is_asked_anew_what_it_knows() -> None:
    booth = model_booth()
    booth.open()
    booth.unplug()
    assert isinstance(booth.notes.poll(), NotesFailed)
    booth.plug()
    booth.power_cycle()
    assert booth.notes.readiness().ready
    assert booth.notes.poll() == NotesDisabled()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_note_on_its_way_is_told_of_once_the_line_is_healed(fault: LineFault) -> None:
    booth = model_booth()
    _escrowed(booth)
    booth.order(NoteCommand.STACK)
    booth.harm(fault)
    booth.notes.poll()
    booth.heal_line()
    if fault is LineFault.DEVICE_RESET:
        assert not isinstance(booth.notes.poll(), NoteStacked | NotesIdle)
        return
    booth.until(NoteVendValid)
