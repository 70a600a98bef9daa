"""Hoppers that jam or run empty while they pay: what came out is counted, the rest is owed on a ticket or on record (P4)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import After, PlannedFault, UntilCleared
from simulator.devices.printer.faults import FaultKind
from simulator.people.script import Pause
from terminal.devices.screen.api import OkPressed
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.money.movements import ClaimOpened, ClaimPaid, ClaimTicketPrinted, PayoutEnded, PayoutStarted
from terminal.presenting import texts
from tests.cash_kit import (
    HOPPERS,
    CashTerminal,
    cash_terminal,
    claim_codes,
    coin_fault,
    faults,
    heal,
    insert,
    movements,
    payer,
    pays,
    set_hopper,
    short_yen,
    titles,
    told,
    until_idle,
)
from tests.terminal_kit import FEE_YEN, Rules, the_end

TICKET = "HONNIN-CLAIM/1/SPECIMEN-INLINE/0000-0001/{}"


def drain(inline: CashTerminal, *, leave: int = 0) -> None:
    for coin_yen in HOPPERS:
        set_hopper(inline, coin_yen, leave)


def drained_after_paying(inline: CashTerminal, *money_yen: int, leave: int = 0) -> Rules:
    """Somebody pays, and then the hoppers have this many coins left: nothing could be said of it before."""
    put: list[tuple[float, Callable[[], object]]] = [(1.0, lambda yen=yen: insert(inline, yen)) for yen in money_yen]  # type: ignore[misc]
    return payer(inline, *put, (0.05, lambda: drain(inline, leave=leave)))


def print_fails(inline: CashTerminal) -> None:
    inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))


def test_a_hopper_that_jams_half_way_through_the_change_is_replaced_by_smaller_coins(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.HOPPER_JAM, After(1))
        visit = inline.serve(pays(inline, 500))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.coins.tray == [100, 50, 50, 50, 50]
        assert short_yen(inline) == FEE_YEN
        started = [moved for moved in movements(inline) if isinstance(moved, PayoutStarted)]
        assert [(moved.source, moved.units) for moved in started] == [("hopper-5", 3), ("hopper-4", 4)]
        assert [moved.units for moved in movements(inline) if isinstance(moved, PayoutEnded)] == [1, 4]


def test_a_hopper_that_jams_half_way_through_a_refund_is_replaced_by_smaller_coins(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        coin_fault(inline, CoinsFault.HOPPER_JAM, After(1))
        visit = inline.serve(pays(inline, 100, 100))
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert inline.world.coins.tray == [100, 50, 50]
        assert short_yen(inline) == 0
        assert titles(inline) == ["返金票"]


def test_every_hopper_jams_during_change_the_sheet_comes_and_the_change_is_owed(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.HOPPER_JAM, UntilCleared())
        visit = inline.serve(pays(inline, 500))
        assert the_end(visit).delivered
        assert inline.books.totals.kept_yen == FEE_YEN
        (claim,) = inline.books.claims
        assert (claim.amount_yen, claim.printed) == (300, True)
        assert claim_codes(inline) == [TICKET.format(300)]
        assert titles(inline) == ["領収書", "預り証"]
        assert "300円をお返しできませんでした" in told(visit, "take_sheets")


def test_hoppers_run_empty_during_a_refund_what_came_out_is_refunded_and_the_rest_is_owed(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        visit = inline.serve(drained_after_paying(inline, 100, 100, leave=1))
        refunded = [entry.amount_yen for entry in visit.of(e.RefundPaid)]  # type: ignore[union-attr]
        owed = [entry.amount_yen for entry in visit.of(e.RefundOwed)]  # type: ignore[union-attr]
        assert sum(refunded) == sum(inline.world.coins.tray) == 160
        assert owed == [40]
        assert claim_codes(inline) == [TICKET.format(40)]
        assert short_yen(inline) == 40


def test_empty_hoppers_give_a_claim_ticket_with_a_code_that_staff_pay_once(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        visit = inline.serve(drained_after_paying(inline, 100, 100))
        assert [entry.amount_yen for entry in visit.of(e.RefundOwed)] == [FEE_YEN]  # type: ignore[union-attr]
        assert titles(inline) == ["預り証"]
        assert claim_codes(inline) == [TICKET.format(FEE_YEN)]
        assert f"{FEE_YEN}円をお返しできませんでした" in told(visit, "sorry")
        assert inline.situation() is State.OUT_OF_SERVICE
        heal(inline)
        inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE, "a claim is settled by people"
        paid = inline.staff("pay-claim", claim="0000-0001")
        assert (paid.code, "200 yen is paid" in paid.text) == ("", True)
        assert inline.staff("pay-claim", claim="0000-0001").code == "CONTROL_NO_SUCH_CLAIM"
        assert inline.staff("settle", device="payment").code == ""
        until_idle(inline)
        assert faults(inline) == set()
        assert the_end(inline.serve(pays(inline, 100, 100))).reason is EndReason.COMPLETED


def test_a_claim_stands_in_ledger_and_journal_before_its_ticket(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        inline.serve(drained_after_paying(inline, 100, 100))
        inline.staff("pay-claim", claim="0000-0001")
        wanted = (ClaimOpened, ClaimTicketPrinted, ClaimPaid)
        assert [type(moved) for moved in movements(inline) if isinstance(moved, wanted)] == list(wanted)
        paid = [recorded.entry for recorded in inline.journal.entries() if isinstance(recorded.entry, e.ClaimPaid)]
        assert [(entry.amount_yen, entry.staff) for entry in paid] == [(FEE_YEN, "STAFF-0001")]


@pytest.mark.parametrize("number", ["", "0000-0002", "9999-9999"])
def test_a_number_that_was_never_given_out_is_not_paid(tmp_path: Path, number: str) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        inline.serve(drained_after_paying(inline, 100, 100))
        arguments = {"claim": number} if number else {}
        assert inline.staff("pay-claim", **arguments).code == "CONTROL_NO_SUCH_CLAIM"
        assert [claim.amount_yen for claim in inline.books.claims] == [FEE_YEN]


def test_without_paper_the_claim_stands_on_record_and_the_level_is_up(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        inline.world.receipts.paper_lines = 0
        reads = {"sorry": ((Pause(5.0), OkPressed()),)}
        visit = inline.serve({**drained_after_paying(inline, 100, 100), **reads})
        assert titles(inline) == []
        assert texts.NO_TICKET.ja in told(visit, "sorry"), "the screen does not promise what cannot be printed"
        last = [view for view in visit.screen.views if view.screen == "sorry"][-1]
        assert texts.CLAIM_TICKET.ja not in last.lines
        (claim,) = inline.books.claims
        assert (claim.amount_yen, claim.printed) == (FEE_YEN, False)
        assert [entry.slip for entry in visit.of(e.SlipNotPrinted)]  # type: ignore[union-attr]
        assert ("receipt_printer", "RECEIPT_PAPER_OUT") in faults(inline)
        inline.world.receipts.heal()
        inline.look()
        assert titles(inline) == [], "no ticket hours later for whoever stands there"
        assert inline.staff("pay-claim", claim="0000-0001").code == ""


def test_the_claim_of_one_customer_is_not_printed_again_for_the_next(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        print_fails(inline)
        inline.serve(drained_after_paying(inline, 100, 100))
        heal(inline)
        inline.staff("settle", device="payment")
        until_idle(inline)
        print_fails(inline)
        inline.serve(drained_after_paying(inline, 100, 100))
        assert claim_codes(inline) == [TICKET.format(FEE_YEN), TICKET.format(FEE_YEN).replace("0001", "0002")]
        assert [claim.number for claim in inline.books.claims] == ["0000-0001", "0000-0002"]
