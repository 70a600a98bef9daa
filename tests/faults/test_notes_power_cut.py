"""The validator loses its power in each phase of a note: the customer's note is given back, or counted exactly once.

With the real ledger, whether or not the validator tells of the note anew by a vend valid after its reset.
"""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.notes.faults import NotesFault
from terminal.devices.notes.api import (
    Initializing,
    NoteCommand,
    NotePlace,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesIdle,
    NoteVendValid,
    PoweredUp,
)
from terminal.devices.notes.timing import Id003Profile
from terminal.money.movements import AccountOpened, NoteReturned
from terminal.money.movements import NoteEscrowed as EscrowRecorded
from terminal.money.note_handling import NoteHandler, catch_up_notes
from terminal.money.state import LedgerState
from tests.journal_kit import ANNA
from tests.ledger_kit import open_ledger
from tests.notes_counter_kit import (
    CATCH_UP_S,
    FEE_YEN,
    LOOK_S,
    PHASES,
    PROFILES,
    RESET_S,
    counter,
    half_in,
    on_its_way_back,
    recorded_in_escrow,
    told,
)
from tests.notes_kit import model_booth


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Id003Profile:
    return PROFILES[str(request.param)]


@pytest.mark.parametrize("phase", PHASES)
def test_a_collection_that_goes_on_counts_the_note_once_or_gives_it_back(
    phase: str, profile: Id003Profile, tmp_path: Path
) -> None:
    reach, stacked = PHASES[phase]
    with counter(tmp_path, profile) as desk:
        reach(desk)
        desk.booth.power_cycle()
        for _ in range(60):
            desk.booth.take()
            assert desk.turn() is None
        desk.assert_agree()
        assert desk.counted_yen == (1000 if stacked else 0)


@pytest.mark.parametrize("phase", PHASES)
def test_a_reset_counts_the_note_once_or_gives_it_back(phase: str, profile: Id003Profile, tmp_path: Path) -> None:
    reach, stacked = PHASES[phase]
    with counter(tmp_path, profile) as desk:
        reach(desk)
        desk.booth.power_cycle()
        desk.settle()
        assert desk.counted_yen == (1000 if stacked else 0)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("after_s", [0.0, 0.3, 0.9, 1.1])
def test_the_power_goes_again_during_the_recovery(
    phase: str, after_s: float, profile: Id003Profile, tmp_path: Path
) -> None:
    reach, stacked = PHASES[phase]
    with counter(tmp_path, profile) as desk:
        reach(desk)
        desk.booth.power_cycle()
        desk.turn()
        desk.booth.pause(after_s)
        desk.booth.power_cycle()
        desk.settle()
        assert desk.counted_yen == (1000 if stacked else 0)


@pytest.mark.parametrize("phase", PHASES)
def test_the_service_dies_with_the_validator(phase: str, profile: Id003Profile, tmp_path: Path) -> None:
    reach, stacked = PHASES[phase]
    with counter(tmp_path, profile) as desk:
        reach(desk)
        desk.booth.power_cycle()
        desk.ledger.close()
        with open_ledger(tmp_path) as again:
            desk.ledger = again
            desk.settle()
            assert desk.counted_yen == (1000 if stacked else 0)


@pytest.mark.parametrize("nth", range(4))
def test_the_power_goes_at_each_step_of_the_note_by_itself(nth: int, profile: Id003Profile, tmp_path: Path) -> None:
    with counter(tmp_path, profile) as desk:
        desk.booth.plan(NotesFault.POWER_LOST, After(nth))
        for _ in range(80):
            desk.booth.take()
            assert desk.turn() is None
        desk.settle()


def test_clear_leaves_the_only_word_about_a_stacked_note_standing(profile: Id003Profile, tmp_path: Path) -> None:
    with counter(tmp_path, profile) as desk:
        half_in(desk)
        desk.booth.power_cycle()
        began_s = desk.booth.clock.now_s()
        desk.booth.notes.clear()
        assert desk.booth.clock.now_s() - began_s < 1.0, "it waits for what does not come by itself"
        assert desk.booth.notes.poll() == PoweredUp(NotePlace.IN_STACKER)
        line = desk.booth.notes.prove()
        assert (line.proved, line.code) == (False, NotesCode.NOTE_INSIDE)


def test_clear_never_resets_while_a_vend_valid_stands(tmp_path: Path, profile: Id003Profile) -> None:
    with counter(tmp_path, profile) as desk:
        told(desk)
        desk.booth.notes.clear()
        assert desk.booth.notes.poll() == NoteVendValid()
        failed = desk.booth.notes.command(NoteCommand.RESET)
        assert isinstance(failed, NotesFailed)
        assert failed.code is NotesCode.NOTE_INSIDE
        assert desk.booth.notes.poll() == NoteVendValid()
        assert desk.booth.levels() == [NotesCode.NOTE_INSIDE]
        desk.settle()
        assert desk.counted_yen == 1000


def test_a_note_that_nobody_takes_costs_a_reset_its_proof_within_its_bound(tmp_path: Path) -> None:
    with counter(tmp_path, Id003Profile()) as desk:
        recorded_in_escrow(desk)
        booth, began_s = desk.booth, desk.booth.clock.now_s()
        booth.notes.clear()
        assert booth.notes.prove().code == NotesCode.NOTE_INSIDE
        assert booth.levels() == [NotesCode.NOTE_INSIDE]
        trouble = catch_up_notes(desk.ledger, booth.notes, booth.clock, booth.pause, CATCH_UP_S)
        assert trouble is not None
        assert trouble.code is NotesCode.NOTE_INSIDE
        assert booth.clock.now_s() - began_s <= RESET_S
        desk.settle()
        assert desk.counted_yen == 0


def test_a_reset_while_it_initialises_is_not_sent(tmp_path: Path, profile: Id003Profile) -> None:
    with counter(tmp_path, profile) as desk:
        desk.booth.power_cycle()
        desk.booth.order(NoteCommand.RESET)
        desk.booth.pause(0.8)
        assert desk.at(Initializing)
        desk.booth.order(NoteCommand.RESET)
        desk.booth.pause(0.3)
        assert not desk.at(Initializing)


def test_a_note_stacked_and_acknowledged_by_somebody_else_counts(tmp_path: Path, profile: Id003Profile) -> None:
    with counter(tmp_path, profile) as desk:
        told(desk)
        desk.booth.order(NoteCommand.ACKNOWLEDGE_VEND)
        for _ in range(10):
            assert desk.turn() is None
        assert desk.counted_yen == 1000


def test_another_note_in_escrow_than_on_record_is_counted_at_its_own_value(tmp_path: Path) -> None:
    booth = model_booth()
    with open_ledger(tmp_path) as ledger:
        ledger.record(AccountOpened(customer=ANNA, fee_yen=FEE_YEN))
        ledger.record(EscrowRecorded(note_yen=1000))
        booth.open()
        assert booth.insert(5000)
        handler = NoteHandler(booth.notes, ledger)
        for _ in range(30):
            assert handler.turn(frozenset({5000})) is None
            booth.pause(LOOK_S)
        assert ledger.state.totals.inserted_yen == 5000


def test_a_note_given_back_is_on_record_as_returned(tmp_path: Path) -> None:
    state = LedgerState()
    with counter(tmp_path, Id003Profile()) as desk:
        on_its_way_back(desk)
        desk.booth.pause(1.0)
        desk.booth.take()
        assert desk.at(NotesIdle, NotesDisabled)
        assert desk.turn() is None
        state = desk.ledger.state
    assert state.account is not None
    assert (state.account.escrowed_yen, state.totals.inserted_yen) == (0, 0)
    with pytest.raises(Exception, match="no note lies in escrow"), open_ledger(tmp_path) as ledger:
        ledger.record(NoteReturned())
