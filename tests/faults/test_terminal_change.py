"""More than the fee is inserted: change comes before the print, what of it does not come is owed, and the books add up (P4)."""

from pathlib import Path

from simulator.devices.fault_plan import PlannedFault
from simulator.devices.payment.model import PaymentFault, Till
from simulator.devices.printer.faults import FaultKind
from simulator.people.script import CANCEL
from simulator.terminal_inline import InlineTerminal
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, in_order, nothing_happened, shopper, terminal, the_end

OVER_YEN = 300


def overpaid(inline: InlineTerminal) -> None:
    inline.payment.overpays_yen = OVER_YEN


def test_change_is_on_record_before_the_device_is_told_and_before_the_print(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        overpaid(inline)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert in_order(visit, e.FeeCollected, e.ChangeRequested, e.ChangePaid, e.PrintStarted, e.PrintEnded)
        collected = [entry.amount_yen for entry in visit.of(e.FeeCollected)]  # type: ignore[union-attr]
        assert collected == [FEE_YEN + OVER_YEN]
        assert inline.payment.till == Till(FEE_YEN + OVER_YEN, OVER_YEN, FEE_YEN)
        change = next(view for view in visit.screen.views if view.screen == "take_change")
        assert any(str(OVER_YEN) in line for line in change.lines)


def test_change_that_does_not_come_is_owed_and_the_sheet_is_delivered(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        overpaid(inline)
        inline.payment.set_fault(PaymentFault.CHANGE_FAILS)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).delivered
        owed = [(entry.amount_yen, entry.code) for entry in visit.of(e.RefundOwed)]  # type: ignore[union-attr]
        assert owed == [(OVER_YEN, "PAYMENT_CHANGE_FAILED")]
        assert visit.ended is not None
        assert visit.ended.owed_yen == OVER_YEN
        assert inline.payment.till == Till(FEE_YEN + OVER_YEN, 0, FEE_YEN)
        sheets = next(view for view in visit.screen.views if view.screen == "take_sheets")
        assert any(str(OVER_YEN) in line for line in sheets.lines)
        assert inline.situation() is State.OUT_OF_SERVICE, "staff look at the money first"


def test_a_print_that_fails_after_change_refunds_the_fee_and_no_more(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        overpaid(inline)
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert [entry.amount_yen for entry in visit.of(e.RefundPaid)] == [FEE_YEN]  # type: ignore[union-attr]
        assert inline.payment.till == Till(FEE_YEN + OVER_YEN, FEE_YEN + OVER_YEN, 0)


def test_change_that_never_ends_leaves_a_claim_for_everything(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        overpaid(inline)
        inline.payment.pays_out_in_s = 10_000.0
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        owed = [(entry.amount_yen, entry.code) for entry in visit.of(e.RefundOwed)]  # type: ignore[union-attr]
        assert owed == [(FEE_YEN + OVER_YEN, "MACHINE_CHANGE_TIMED_OUT")]
        assert not visit.of(e.PrintStarted)


def test_change_that_comes_while_the_reason_is_read_settles_the_claim(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        overpaid(inline)
        inline.payment.pays_out_in_s = 65.0
        rules = shopper(inline)
        rules.pop("sorry")
        visit = inline.serve(rules)
        assert in_order(visit, e.RefundOwed, e.ChangePaid, e.ClaimSettled, e.RefundRequested)
        assert visit.ended is not None


def test_cancelling_during_change_gives_everything_back(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        overpaid(inline)
        inline.payment.pays_out_in_s = 1.0
        visit = inline.serve({**shopper(inline), "take_change": (CANCEL,)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert in_order(visit, e.ChangeRequested, e.ChangePaid, e.RefundRequested, e.RefundPaid)
        nothing_happened(inline)
