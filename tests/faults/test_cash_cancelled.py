"""Cancelling with money on its way: falling coins, a note in escrow, a note that is not taken out of the mouth (P4)."""

from pathlib import Path

import pytest

from simulator.people.script import OK, Do, Pause
from terminal.devices.screen.api import BackPressed
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.money.movements import NoteEscrowed, NoteReturned, NoteStacked
from tests.cash_kit import (
    cash_terminal,
    changes_mind,
    insert,
    movements,
    payer,
    pays,
    short_yen,
    titles,
    told,
    until_idle,
)
from tests.terminal_kit import in_order, the_end


@pytest.mark.parametrize("after_s", [0.0, 0.1, 0.3, 0.5, 3.0])
def test_a_coin_that_falls_while_cancelling_goes_back(tmp_path: Path, after_s: float) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 100, then=changes_mind(after_s=after_s)))
        assert the_end(visit).reason is EndReason.CANCELLED
        assert short_yen(inline) == 0
        assert inline.world.coins.tray == [100]
        assert inline.books.totals.refunded_yen == 100
        assert titles(inline) == ["返金票"]
        assert inline.situation() is State.IDLE


def test_a_coin_put_in_after_cancel_comes_straight_back(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        late = (Pause(0.3), Do(lambda: insert(inline, 100)))
        visit = inline.serve({**pays(inline, then=changes_mind()), "cancelling": (late,)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.world.coins.tray == [100]
        assert inline.books.totals.inserted_yen == 0


@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.5])
def test_a_note_in_the_mouth_or_in_escrow_goes_back_as_a_note(tmp_path: Path, after_s: float) -> None:
    with cash_terminal(tmp_path) as inline:
        rules = pays(inline, 1000, then=changes_mind(after_s=after_s))
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.world.notes.taken_yen == [1000]
        assert short_yen(inline) == 0
        assert inline.books.totals.inserted_yen == 0
        assert not any(isinstance(moved, NoteStacked) for moved in movements(inline))
        assert inline.situation() is State.IDLE


def test_a_note_that_is_stacked_while_cancelling_is_paid_back_in_coins(tmp_path: Path) -> None:
    """Past escrow no validator gives a note back: there is no recycler in it, so coins are what it is refunded in."""
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 1000, then=changes_mind(after_s=0.9)))
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.world.notes.stacker_yen == [1000]
        assert sum(inline.world.coins.tray) == 1000
        assert short_yen(inline) == 0
        assert in_order(visit, e.RefundRequested, e.RefundPaid)


def test_a_note_that_nobody_takes_blocks_the_next_customer_until_it_is_taken(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        put = (1.0, lambda: inline.world.notes.insert(1000))
        visit = inline.serve(payer(inline, put, then=changes_mind(after_s=0.2)))
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.situation() is State.OUT_OF_SERVICE
        assert visit.of(e.ResetNotProved)
        assert inline.world.notes.mouth_yen == 1000
        until_idle(inline)
        assert inline.world.notes.taken_yen == [1000]
        assert inline.books.account is None
        assert the_end(inline.serve(pays(inline, 100, 100))).reason is EndReason.COMPLETED


def test_every_note_that_was_escrowed_was_returned_or_stacked(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        for after_s in (0.5, 0.7, 0.8, 0.9, 1.5):
            inline.serve(pays(inline, 1000, then=changes_mind(after_s=after_s)))
        moved = movements(inline)
        ends = [one for one in moved if isinstance(one, NoteReturned | NoteStacked)]
        assert len(ends) == sum(isinstance(one, NoteEscrowed) for one in moved) > 0


def test_stepping_back_with_nothing_inside_and_paying_after_all_is_one_fee(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        rules = pays(inline, 100, 100)
        rules["pay"] = ((Pause(1.0), BackPressed()), *rules["pay"])
        visit = inline.serve({**rules, "confirm": (OK, OK)})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(visit.of(e.FeeRequested)) == 2
        assert inline.books.totals.inserted_yen == 200


def test_a_person_who_walks_away_with_a_coin_inside_gets_it_paid_out(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 100))
        assert the_end(visit).reason is EndReason.LEFT
        assert inline.world.coins.tray == [100]
        assert "100円を返金しました" in told(visit, "sorry")
