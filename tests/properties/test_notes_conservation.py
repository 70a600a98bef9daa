"""Whatever line, power and customer do: what is on record is what lies in the stacker, never more, and no note is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.devices.fault_plan import After
from simulator.devices.line_faults import LineFault
from simulator.devices.notes.faults import NotesFault
from simulator.devices.notes.model import NoteValidatorModel
from terminal.devices.notes.timing import Id003Profile
from terminal.money.movements import AccountOpened
from terminal.money.note_handling import NoteHandler, catch_up_notes
from terminal.money.state import LedgerState
from terminal.money.till import RemoteTill
from tests.journal_kit import ANNA
from tests.notes_kit import ALL_YEN, NO_RECOVERY, Booth, model_booth

_OCCASIONS = st.builds(After, st.integers(0, 60))
_LINE = st.tuples(st.sampled_from([kind for kind in LineFault if kind is not LineFault.WRONG_ADDRESS]), _OCCASIONS)
_INSIDE = st.tuples(st.sampled_from(NotesFault), st.builds(After, st.integers(0, 6)))
_NOTES = st.lists(st.sampled_from(sorted(ALL_YEN)), min_size=1, max_size=3)
_WELCOME = st.frozensets(st.sampled_from(sorted(ALL_YEN)))
_LOOK_S = 0.1


def _balanced(model: NoteValidatorModel, put_in_yen: int) -> bool:
    inside_yen = sum(model.stacker_yen) + (model.path_yen or 0)
    return inside_yen + (model.mouth_yen or 0) + sum(model.taken_yen) == put_in_yen


def _heal(booth: Booth) -> None:
    booth.heal_line()
    booth.model.plan.clear()
    booth.model.unjam()
    booth.take()
    booth.pause(1.0)


def _settle(booth: Booth, till: RemoteTill) -> None:
    """The resets that a shop sees until one is proved."""
    for _ in range(6):
        _heal(booth)
        assert booth.reopen is not None
        notes = booth.reopen()
        notes.clear()
        booth.take()
        booth.pause(1.0)
        trouble = catch_up_notes(till, notes, booth.clock, booth.pause, 12.0)
        if trouble is None and notes.prove().proved:
            return
    raise AssertionError(f"no reset is proved: {booth.model.status().name}")


@settings(max_examples=300, deadline=None)
@given(st.booleans(), st.lists(_LINE, max_size=4), st.lists(_INSIDE, max_size=2), _NOTES, _WELCOME)
def test_what_is_on_record_is_what_is_in_the_stacker(
    repeats: bool,
    line: list[tuple[LineFault, After]],
    inside: list[tuple[NotesFault, After]],
    notes_yen: list[int],
    welcome_yen: frozenset[int],
) -> None:
    booth = model_booth(profile=Id003Profile() if repeats else NO_RECOVERY)
    till = RemoteTill(LedgerState(), lambda movement: None)
    till.record(AccountOpened(customer=ANNA, fee_yen=300))
    handler = NoteHandler(booth.notes, till)
    booth.notes.accept(ALL_YEN)
    for kind, when in line:
        booth.harm(kind, when)
    for fault, after in inside:
        booth.plan(fault, after)
    put_in_yen = 0
    for note_yen in notes_yen:
        booth.notes.accept(ALL_YEN)
        put_in_yen += note_yen if booth.insert(note_yen) else 0
        for _ in range(25):
            handler.turn(welcome_yen)
            booth.pause(_LOOK_S)
            assert till.state.totals.inserted_yen <= sum(booth.model.stacker_yen)
            assert _balanced(booth.model, put_in_yen)
        booth.plug()
        booth.take()
    _settle(booth, till)
    assert till.state.totals.inserted_yen == sum(booth.model.stacker_yen)
    assert till.state.account is not None
    assert till.state.account.escrowed_yen == 0
    assert booth.model.vends_acknowledged <= len(booth.model.stacker_yen)
    assert _balanced(booth.model, put_in_yen)
