"""The note validator stops: coins go on, the next customer reads "no notes", a note that is inside is not forgotten (P4)."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.notes.faults import NotesFault
from simulator.devices.notes.model import CAPACITY_NOTES
from simulator.people.script import Do, Pause
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.cash_kit import (
    NOTES,
    CashTerminal,
    cash_terminal,
    changes_mind,
    faults,
    heal,
    insert,
    note_fault,
    payer,
    pays,
    short_yen,
    titles,
    told,
    until_idle,
)
from tests.terminal_kit import FEE_YEN, Rules, the_end

NO_NOTES_JA, NO_NOTES_EN = "ただいま紙幣は使えません", "No notes at present"


def fill_the_stacker(inline: CashTerminal) -> None:
    inline.world.notes.capacity_notes = len(inline.world.notes.stacker_yen)


def coins_while(inline: CashTerminal, deed: object) -> Rules:
    """Somebody pays 100, the deed happens, they pay the rest."""
    assert callable(deed)
    return payer(inline, (1.0, lambda: insert(inline, 100)), (0.5, deed), (2.5, lambda: insert(inline, 100)))


def test_the_note_that_fills_the_stacker_counts_and_the_next_customer_pays_in_coins(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.world.notes.capacity_notes = 1
        visit = inline.serve(pays(inline, 1000))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert ("notes", "NOTES_STACKER_FULL") in faults(inline)
        assert inline.situation() is State.IDLE, "coins do as well"
        visit = inline.serve(pays(inline, 1000, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.notes.path_yen is None
        for screen in ("welcome", "confirm", "pay"):
            first = next(view for view in visit.screen.views if view.screen == screen)
            assert any(NO_NOTES_JA in line for line in first.lines), screen
            assert any(NO_NOTES_EN in line for line in first.lines), screen
        heal(inline)
        inline.look()
        assert NO_NOTES_JA not in told(inline.serve(pays(inline, 1000)), "welcome")
        assert short_yen(inline) == 3 * FEE_YEN


@pytest.mark.parametrize("what", ["full", "open", "unplugged", "power"])
def test_the_validator_stops_while_coins_are_paid_and_the_purchase_goes_on(tmp_path: Path, what: str) -> None:
    with cash_terminal(tmp_path) as inline:
        deeds = {
            "full": lambda: fill_the_stacker(inline),
            "open": lambda: setattr(inline.world.notes, "stacker_open", True),
            "unplugged": lambda: inline.world.cables[NOTES].unplug(),
            "power": inline.world.notes.power_cycle,
        }
        visit = inline.serve(coins_while(inline, deeds[what]))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert short_yen(inline) == FEE_YEN == inline.books.totals.kept_yen
        paying = [view for view in visit.screen.views if view.screen == "pay"]
        assert not any(NO_NOTES_JA in line for line in paying[0].lines)
        if what != "power":
            assert any(any(NO_NOTES_EN in line for line in view.lines) for view in paying), "told while they pay"
        inline.world.notes.capacity_notes = CAPACITY_NOTES
        heal(inline)
        until_idle(inline)
        assert the_end(inline.serve(pays(inline, 1000))).reason is EndReason.COMPLETED


@pytest.mark.parametrize("fault", [NotesFault.JAM_IN_ACCEPTOR, NotesFault.COMMUNICATION, NotesFault.REJECTED])
def test_a_note_that_never_came_as_far_as_escrow_does_not_hinder_coins(tmp_path: Path, fault: NotesFault) -> None:
    with cash_terminal(tmp_path) as inline:
        note_fault(inline, fault)
        visit = inline.serve(pays(inline, 1000, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.books.totals.inserted_yen == FEE_YEN
        heal(inline)
        until_idle(inline)
        assert inline.world.notes.taken_yen == [1000], "the note is back"
        assert short_yen(inline) == FEE_YEN


@pytest.mark.parametrize("fault", [NotesFault.CHEATED, NotesFault.FAILURE])
def test_a_note_that_is_pulled_out_or_stops_on_its_way_in_is_never_counted(tmp_path: Path, fault: NotesFault) -> None:
    with cash_terminal(tmp_path) as inline:
        note_fault(inline, fault)
        visit = inline.serve(pays(inline, 100, 1000))
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        assert inline.books.totals.inserted_yen == 100
        assert inline.world.coins.tray == [100]
        heal(inline)
        until_idle(inline)
        assert short_yen(inline) == 0
        assert inline.books.account is None


def test_a_note_that_sticks_half_way_into_the_stacker_is_its_customers_claim_when_it_is_freed(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        note_fault(inline, NotesFault.JAM_IN_STACKER)
        visit = inline.serve(pays(inline, 100, 1000))
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        assert inline.world.coins.tray == [100], "what is known goes back"
        assert inline.situation() is State.OUT_OF_SERVICE
        assert ("notes", "NOTES_JAMMED_STACKER") in faults(inline)
        account = inline.books.account
        assert account is not None
        assert account.escrowed_yen == 1000
        inline.unknown_yen = 1000
        heal(inline)
        until_idle(inline)
        inline.unknown_yen = 0
        (claim,) = inline.books.claims
        assert (claim.customer, claim.amount_yen) == (account.customer, 1000)
        assert titles(inline) == ["返金票", "預り証"]


@pytest.mark.parametrize("after_s", [0.2, 0.6, 0.9, 1.2])
def test_notes_are_enabled_again_after_the_validator_lost_its_power(tmp_path: Path, after_s: float) -> None:
    """Its reset inhibits it; whoever had it reset must say again what to take."""
    with cash_terminal(tmp_path) as inline:
        blip = (after_s, inline.world.notes.power_cycle)
        visit = inline.serve(
            payer(inline, (1.0, lambda: insert(inline, 100)), blip, (5.0, lambda: insert(inline, 1000)))
        )
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.notes.stacker_yen == [1000]
        assert short_yen(inline) == FEE_YEN


@pytest.mark.parametrize("step", range(4))
def test_the_power_fails_at_each_step_of_a_note(tmp_path: Path, step: int) -> None:
    with cash_terminal(tmp_path) as inline:
        note_fault(inline, NotesFault.POWER_LOST, After(step))
        visit = inline.serve(pays(inline, 1000, 100, 100, then=changes_mind(after_s=10.0)))
        assert visit.ended is not None
        until_idle(inline)
        kept_yen = FEE_YEN if the_end(visit).delivered else 0
        assert short_yen(inline) == kept_yen == inline.books.totals.kept_yen


def test_a_validator_that_does_not_obey_the_inhibit_is_not_believed_and_coins_go_on(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        note_fault(inline, NotesFault.IGNORES_INHIBIT)
        visit = inline.serve(pays(inline, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert short_yen(inline) == FEE_YEN


def test_with_a_note_in_escrow_a_silent_validator_ends_the_purchase(tmp_path: Path) -> None:
    """Whether the note is in or out decides about a thousand yen: coins must not go on over it."""
    with cash_terminal(tmp_path) as inline:
        steps = (Pause(1.0), Do(lambda: insert(inline, 1000)), Pause(0.75), Do(inline.world.cables[NOTES].unplug))
        visit = inline.serve({**pays(inline), "pay": (steps,)})
        assert visit.of(e.FeeNotCollected)
        assert not visit.of(e.PrintStarted)
        account = inline.books.account
        assert account is not None
        assert account.escrowed_yen == 1000
        assert inline.situation() is State.OUT_OF_SERVICE
        heal(inline)
        until_idle(inline)
        owed_yen = sum(claim.amount_yen for claim in inline.books.claims)
        assert owed_yen == sum(inline.world.notes.stacker_yen)
        assert short_yen(inline) == owed_yen
