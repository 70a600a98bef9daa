"""What goes wrong inside the validator: each is a level while it stands, none when it is healed, and no note is lost."""

from collections.abc import Callable
from typing import Final

import pytest

from simulator.devices.fault_plan import UntilCleared
from simulator.devices.notes.faults import NotesFault
from simulator.devices.notes.model import INSERTION_ERROR, NOT_WELCOME, NoteValidatorModel
from terminal.devices.api import DeviceStatus
from terminal.devices.notes.api import (
    NoteCommand,
    NoteEscrowed,
    NoteRejected,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesFaulty,
    NotesIdle,
    NoteStacking,
)
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.notes.timing import Id003Profile
from tests.notes_kit import BOUND_S, Booth, model_booth

SECOND: Final = 2000


def _escrowed(booth: Booth) -> None:
    booth.open()
    assert booth.insert(1000)
    booth.until(NoteEscrowed)


def _stacking(booth: Booth) -> None:
    _escrowed(booth)
    booth.order(NoteCommand.STACK)
    booth.until(NoteStacking)


def _strikes(kind: NotesFault) -> Callable[[Booth], None]:
    def go_on(booth: Booth) -> None:
        booth.plan(kind)
        if kind in (NotesFault.JAM_IN_ACCEPTOR, NotesFault.COMMUNICATION):
            booth.open()
            assert booth.insert(1000)
        else:
            _stacking(booth)
        booth.pause(0.6)

    return go_on


def _pause(booth: Booth) -> None:
    _escrowed(booth)
    assert booth.insert(SECOND)


def _open_stacker(booth: Booth) -> None:
    booth.open()
    booth.model.stacker_open = True


def _fill(booth: Booth) -> None:
    booth.open()
    booth.vend(1000)
    booth.pause(0.5)


TROUBLES: Final[dict[NotesCode, Callable[[Booth], None]]] = {
    NotesCode.STACKER_FULL: _fill,
    NotesCode.STACKER_OPEN: _open_stacker,
    NotesCode.JAMMED_ACCEPTOR: _strikes(NotesFault.JAM_IN_ACCEPTOR),
    NotesCode.JAMMED_STACKER: _strikes(NotesFault.JAM_IN_STACKER),
    NotesCode.PAUSED: _pause,
    NotesCode.CHEATED: _strikes(NotesFault.CHEATED),
    NotesCode.FAILURE: _strikes(NotesFault.FAILURE),
    NotesCode.COMMUNICATION: _strikes(NotesFault.COMMUNICATION),
}
BY_RESET: Final = frozenset({NotesCode.CHEATED, NotesCode.FAILURE, NotesCode.COMMUNICATION})


def _all_yen(model: NoteValidatorModel) -> int:
    """Every note the world put in, wherever it is."""
    inside = sum(model.stacker_yen) + sum(model.emptied_yen) + (model.path_yen or 0)
    return inside + (model.mouth_yen or 0) + sum(model.taken_yen)


@pytest.mark.parametrize("code", TROUBLES)
def test_trouble_is_a_level_until_it_is_healed(code: NotesCode) -> None:
    booth = model_booth(capacity_notes=1 if code is NotesCode.STACKER_FULL else 600)
    TROUBLES[code](booth)
    before_yen = _all_yen(booth.model)
    assert booth.notes.poll() == NotesFaulty(code)
    readiness = booth.notes.readiness()
    assert [fault.code for fault in readiness.faults] == [code]
    assert (readiness.ready, readiness.status is DeviceStatus.ONLINE) == (False, False)
    assert readiness.faults[0].action
    booth.model.heal()
    booth.notes.clear()
    booth.order(NoteCommand.ACKNOWLEDGE_VEND)
    booth.pause(1.0)
    booth.take()
    assert booth.heals()
    assert _all_yen(booth.model) == before_yen


@pytest.mark.parametrize("code", [code for code in TROUBLES if code not in BY_RESET])
def test_trouble_that_a_person_has_to_heal_stays_and_is_not_waited_for(code: NotesCode) -> None:
    booth = model_booth(capacity_notes=1 if code is NotesCode.STACKER_FULL else 600)
    TROUBLES[code](booth)
    began_s = booth.clock.now_s()
    booth.notes.clear()
    assert booth.clock.now_s() - began_s <= BOUND_S
    line = booth.notes.prove()
    # A full stacker says that nothing is in the path; everything else that nobody knows.
    assert (line.proved, line.code) == ((True, "") if code is NotesCode.STACKER_FULL else (False, code))
    assert booth.levels() == [code]


@pytest.mark.parametrize("code", [code for code in TROUBLES if code in BY_RESET])
def test_trouble_that_a_reset_heals_is_reset_by_clear_and_the_note_comes_back(code: NotesCode) -> None:
    booth = model_booth()
    TROUBLES[code](booth)
    booth.notes.clear()
    booth.pause(1.0)
    booth.take()
    booth.pause(0.5)
    booth.notes.clear()
    assert booth.notes.prove().proved
    assert (booth.model.taken_yen, booth.model.stacker_yen) == ([1000], [])


def test_a_note_that_is_not_liked_is_rejected_with_its_reason() -> None:
    booth = model_booth()
    booth.plan(NotesFault.REJECTED)
    booth.open()
    assert booth.insert(1000)
    assert booth.until(NoteRejected) == NoteRejected(INSERTION_ERROR)
    booth.pause(1.0)
    assert booth.take() == 1000
    booth.until(NotesIdle)


def test_a_note_in_escrow_that_nobody_decides_on_comes_back() -> None:
    booth = model_booth()
    _escrowed(booth)
    assert booth.until(NoteRejected, within_s=11.0) == NoteRejected(NOT_WELCOME)
    failed = booth.notes.command(NoteCommand.STACK)
    assert isinstance(failed, NotesFailed)
    booth.pause(1.0)
    assert (booth.take(), booth.model.stacker_yen) == (1000, [])


def test_a_note_in_escrow_comes_back_sooner_when_nobody_polls() -> None:
    booth = model_booth()
    _escrowed(booth)
    booth.pause(3.6)
    assert booth.take() == 1000


def test_a_note_that_nobody_takes_keeps_the_reset_from_its_proof_until_it_is_taken() -> None:
    booth = model_booth()
    _escrowed(booth)
    began_s = booth.clock.now_s()
    booth.notes.clear()
    assert booth.clock.now_s() - began_s <= BOUND_S
    line = booth.notes.prove()
    assert (line.proved, line.code) == (False, NotesCode.NOTE_INSIDE)
    assert booth.levels() == [NotesCode.NOTE_INSIDE]
    assert booth.take() == 1000
    assert booth.heals()
    booth.notes.clear()
    assert booth.notes.prove().proved


def test_a_validator_that_obeys_no_inhibit_is_found_out() -> None:
    booth = model_booth()
    booth.open()
    booth.plan(NotesFault.IGNORES_INHIBIT, UntilCleared())
    failed = booth.notes.accept(frozenset())
    assert isinstance(failed, NotesFailed)
    assert failed.code is NotesCode.NOT_INHIBITED
    booth.notes.clear()
    assert booth.notes.prove().code == NotesCode.NOT_INHIBITED
    booth.model.plan.clear()
    booth.notes.clear()
    assert booth.notes.prove().proved


def test_only_notes_of_the_configuration_are_known_and_let_in() -> None:
    booth = model_booth(frozenset({1000, 5000}))
    assert booth.notes.denominations_yen == (1000, 5000)
    failed = booth.notes.accept(frozenset({2000}))
    assert isinstance(failed, NotesFailed)
    assert booth.notes.accept(frozenset({1000})) is None
    assert [note_yen for note_yen in (1000, 2000, 5000) if booth.model.welcomes(note_yen)] == [1000]


def test_a_note_that_the_configuration_does_not_name_is_named_in_escrow_all_the_same() -> None:
    booth = model_booth(frozenset({1000}))
    booth.open(frozenset({1000}))
    booth.model.disabled_bits = 0
    assert booth.insert(5000)
    assert booth.until(NoteEscrowed) == NoteEscrowed(5000)


@pytest.mark.parametrize(
    ("accepts_yen", "profile"),
    [
        (frozenset[int](), Id003Profile()),
        (frozenset({1000}), Id003Profile(notes_yen=frozenset({1000}))),
        (frozenset({1000}), Id003Profile(codes=((0x61, 2000),))),
        (frozenset({1000}), Id003Profile(codes=((0x61, 20),))),
    ],
)
def test_a_validator_for_other_notes_is_the_wrong_device(accepts_yen: frozenset[int], profile: Id003Profile) -> None:
    booth = model_booth(accepts_yen, profile)
    assert booth.levels() == [NotesCode.WRONG_DEVICE]
    assert booth.notes.denominations_yen == ()
    assert isinstance(booth.notes.accept(frozenset()), NotesFailed)
    assert booth.model.inhibited


def test_notes_are_named_by_the_profile_where_the_validator_does_not_tell() -> None:
    booth = model_booth(profile=Id003Profile(codes=((0x61, 1000), (0x62, 5000))))
    assert booth.notes.denominations_yen == (1000, 5000)


def test_a_driver_opened_anew_takes_over_where_the_other_left_off() -> None:
    booth = model_booth()
    _stacking(booth)
    assert booth.reopen is not None
    again = booth.reopen()
    assert isinstance(again, Id003Notes)
    assert again.poll() == NoteStacking()
    booth.pause(1.0)
    assert again.command(NoteCommand.ACKNOWLEDGE_VEND) is None
    assert booth.model.vends_acknowledged == 1
    booth.pause(1.0)
    again.clear()
    assert again.poll() == NotesDisabled()
