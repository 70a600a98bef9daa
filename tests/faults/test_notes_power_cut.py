"""The validator loses its power in each phase of a note: the customer's note is given back, or counted exactly once.

With the real ledger, whether or not the validator tells of the note anew by a vend valid after its reset.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.notes.faults import NotesFault
from simulator.devices.notes.phases import ACCEPTING_S, STACKING_S
from terminal.devices.notes.api import (
    Initializing,
    NoteAccepting,
    NoteCommand,
    NoteEscrowed,
    NotePlace,
    NoteRejected,
    NoteReturning,
    NotesCode,
    NotesDisabled,
    NotesFailed,
    NotesIdle,
    NoteStacked,
    NoteState,
    NoteVendValid,
    PoweredUp,
)
from terminal.devices.notes.timing import Id003Profile
from terminal.money.catching_up import Trouble
from terminal.money.ledger import Ledger
from terminal.money.movements import AccountOpened, NoteReturned
from terminal.money.movements import NoteEscrowed as EscrowRecorded
from terminal.money.movements import NoteStacked as StackRecorded
from terminal.money.note_handling import NoteHandler, catch_up_notes
from terminal.money.state import LedgerState
from tests.journal_kit import ANNA
from tests.ledger_kit import open_ledger
from tests.notes_kit import NO_RECOVERY, Booth, model_booth

FEE_YEN: Final = 300
THOUSAND: Final = frozenset({1000})
LOOK_S: Final = 0.1
CATCH_UP_S: Final = 12.0
RESET_S: Final = 28.0
"""A little less than the whole reset may take (``honnin/compose.py``)."""
PROFILES: Final = {"repeats-vend-valid": Id003Profile(), "tells-once": NO_RECOVERY}


class Counter:
    """A register's handler on a validator, over a ledger that goes on."""

    def __init__(self, booth: Booth, ledger: Ledger) -> None:
        self.booth = booth
        self.ledger = ledger
        self.handler = NoteHandler(booth.notes, ledger)

    def turn(self) -> Trouble | None:
        """One poll of a collection that welcomes the note."""
        trouble = self.handler.turn(THOUSAND)
        self.booth.pause(LOOK_S)
        return trouble

    def until(self, reached: Callable[[], bool], bound_s: float = 15.0) -> None:
        """Go on collecting until it is so."""
        until_s = self.booth.clock.now_s() + bound_s
        while not reached():
            assert self.booth.clock.now_s() < until_s, self.booth.model.status()
            assert self.turn() is None

    def at(self, *kinds: type[NoteState]) -> bool:
        """Whether the validator is in such a state, seen by nobody else."""
        return isinstance(self.booth.notes.poll(), kinds)

    @property
    def counted_yen(self) -> int:
        """What is on record as inserted."""
        return self.ledger.state.totals.inserted_yen

    @property
    def escrowed_yen(self) -> int:
        """What is on record as in escrow."""
        account = self.ledger.state.account
        return account.escrowed_yen if account is not None else 0

    def catch_up(self) -> Trouble | None:
        """What a reset does: a driver opened anew is cleared, then the register catches up; what comes back is taken."""
        assert self.booth.reopen is not None
        notes = self.booth.reopen()
        notes.clear()
        self.booth.take()
        self.booth.pause(1.0)
        return catch_up_notes(self.ledger, notes, self.booth.clock, self.booth.pause, CATCH_UP_S)

    def settle(self) -> None:
        """Two resets: what the first left, the second finds proved; and books and note agree."""
        self.catch_up()
        self.booth.take()
        self.booth.pause(2.0)
        assert self.catch_up() is None
        notes = self.booth.notes
        notes.clear()
        assert notes.prove().proved
        self.assert_agree()

    def assert_agree(self) -> None:
        """On record is what lies in the stacker, and nothing hangs."""
        model = self.booth.model
        assert self.counted_yen == sum(model.stacker_yen)
        assert self.escrowed_yen == 0
        assert model.path_yen is None
        assert sum(model.stacker_yen) + sum(model.taken_yen) + (model.mouth_yen or 0) == 1000


@contextmanager
def counter(folder: Path, profile: Id003Profile) -> Iterator[Counter]:
    """Anna is asked for her fee and puts a note in."""
    booth = model_booth(THOUSAND, profile)
    with open_ledger(folder) as ledger:
        ledger.record(AccountOpened(customer=ANNA, fee_yen=FEE_YEN))
        booth.open(THOUSAND)
        assert booth.insert(1000)
        yield Counter(booth, ledger)


def _nowhere(desk: Counter) -> None:
    assert desk.at(NoteAccepting)


def _in_escrow(desk: Counter) -> None:
    desk.booth.pause(ACCEPTING_S)
    assert desk.at(NoteEscrowed)


def _recorded_in_escrow(desk: Counter) -> None:
    _in_escrow(desk)
    desk.ledger.record(EscrowRecorded(note_yen=1000))


def _on_its_way(desk: Counter) -> None:
    desk.until(lambda: desk.escrowed_yen == 1000)
    desk.booth.model.work()


def _half_in(desk: Counter) -> None:
    _on_its_way(desk)
    desk.booth.pause(STACKING_S / 2)
    assert desk.booth.model.stacker_yen == [1000]


def _told(desk: Counter) -> None:
    _on_its_way(desk)
    desk.booth.pause(STACKING_S)
    assert desk.at(NoteVendValid)


def _on_record(desk: Counter) -> None:
    _told(desk)

    desk.ledger.record(StackRecorded())


def _acknowledged(desk: Counter) -> None:
    _told(desk)
    assert desk.turn() is None
    assert desk.at(NoteStacked, NotesIdle)


def _on_its_way_back(desk: Counter) -> None:
    _recorded_in_escrow(desk)
    desk.booth.order(NoteCommand.RETURN)
    assert desk.at(NoteReturning)


def _timed_out(desk: Counter) -> None:
    _recorded_in_escrow(desk)
    for _ in range(120):
        desk.booth.pause(LOOK_S)
        if desk.at(NoteRejected):
            return
    raise AssertionError("the escrow does not time out")


PHASES: Final[dict[str, tuple[Callable[[Counter], None], bool]]] = {
    "accepting": (_nowhere, False),
    "escrow": (_in_escrow, False),
    "escrow-on-record": (_recorded_in_escrow, False),
    "to-the-stacker": (_on_its_way, False),
    "half-in-the-stacker": (_half_in, True),
    "vend-valid": (_told, True),
    "vend-valid-on-record": (_on_record, True),
    "acknowledged": (_acknowledged, True),
    "returning": (_on_its_way_back, False),
    "escrow-timed-out": (_timed_out, False),
}
"""How far the note is when the power goes, and whether the stacker has it."""


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
        _half_in(desk)
        desk.booth.power_cycle()
        began_s = desk.booth.clock.now_s()
        desk.booth.notes.clear()
        assert desk.booth.clock.now_s() - began_s < 1.0, "it waits for what does not come by itself"
        assert desk.booth.notes.poll() == PoweredUp(NotePlace.IN_STACKER)
        line = desk.booth.notes.prove()
        assert (line.proved, line.code) == (False, NotesCode.NOTE_INSIDE)


def test_clear_never_resets_while_a_vend_valid_stands(tmp_path: Path, profile: Id003Profile) -> None:
    with counter(tmp_path, profile) as desk:
        _told(desk)
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
        _recorded_in_escrow(desk)
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
        _told(desk)
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
        _on_its_way_back(desk)
        desk.booth.pause(1.0)
        desk.booth.take()
        assert desk.at(NotesIdle, NotesDisabled)
        assert desk.turn() is None
        state = desk.ledger.state
    assert state.account is not None
    assert (state.account.escrowed_yen, state.totals.inserted_yen) == (0, 0)
    with pytest.raises(Exception, match="no note lies in escrow"), open_ledger(tmp_path) as ledger:
        ledger.record(NoteReturned())
