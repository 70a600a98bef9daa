"""A register's note handler on a validator, over a real ledger, and each phase of a note in which the power may go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulator.devices.notes.phases import ACCEPTING_S, STACKING_S
from terminal.devices.notes.api import (
    NoteAccepting,
    NoteCommand,
    NoteEscrowed,
    NoteRejected,
    NoteReturning,
    NotesIdle,
    NoteStacked,
    NoteState,
    NoteVendValid,
)
from terminal.devices.notes.timing import Id003Profile
from terminal.money.catching_up import Trouble
from terminal.money.ledger import Ledger
from terminal.money.movements import AccountOpened
from terminal.money.movements import NoteEscrowed as EscrowRecorded
from terminal.money.movements import NoteStacked as StackRecorded
from terminal.money.note_handling import NoteHandler, catch_up_notes
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


def nowhere(desk: Counter) -> None:
    """On its way in."""
    assert desk.at(NoteAccepting)


def in_escrow(desk: Counter) -> None:
    """In escrow, which nobody has seen."""
    desk.booth.pause(ACCEPTING_S)
    assert desk.at(NoteEscrowed)


def recorded_in_escrow(desk: Counter) -> None:
    """In escrow, and on record."""
    in_escrow(desk)
    desk.ledger.record(EscrowRecorded(note_yen=1000))


def on_its_way(desk: Counter) -> None:
    """Told to go into the stacker."""
    desk.until(lambda: desk.escrowed_yen == 1000)
    desk.booth.model.work()


def half_in(desk: Counter) -> None:
    """So far into the stacker that it cannot come back."""
    on_its_way(desk)
    desk.booth.pause(STACKING_S / 2)
    assert desk.booth.model.stacker_yen == [1000]


def told(desk: Counter) -> None:
    """A vend valid stands, and nobody has seen it."""
    on_its_way(desk)
    desk.booth.pause(STACKING_S)
    assert desk.at(NoteVendValid)


def on_record(desk: Counter) -> None:
    """A vend valid stands, and is on record."""
    told(desk)

    desk.ledger.record(StackRecorded())


def acknowledged(desk: Counter) -> None:
    """On record and acknowledged."""
    told(desk)
    assert desk.turn() is None
    assert desk.at(NoteStacked, NotesIdle)


def on_its_way_back(desk: Counter) -> None:
    """Told to go back."""
    recorded_in_escrow(desk)
    desk.booth.order(NoteCommand.RETURN)
    assert desk.at(NoteReturning)


def timed_out(desk: Counter) -> None:
    """Going back because nobody decided."""
    recorded_in_escrow(desk)
    for _ in range(120):
        desk.booth.pause(LOOK_S)
        if desk.at(NoteRejected):
            return
    raise AssertionError("the escrow does not time out")


PHASES: Final[dict[str, tuple[Callable[[Counter], None], bool]]] = {
    "accepting": (nowhere, False),
    "escrow": (in_escrow, False),
    "escrow-on-record": (recorded_in_escrow, False),
    "to-the-stacker": (on_its_way, False),
    "half-in-the-stacker": (half_in, True),
    "vend-valid": (told, True),
    "vend-valid-on-record": (on_record, True),
    "acknowledged": (acknowledged, True),
    "returning": (on_its_way_back, False),
    "escrow-timed-out": (timed_out, False),
}
"""How far the note is when the power goes, and whether the stacker has it."""
