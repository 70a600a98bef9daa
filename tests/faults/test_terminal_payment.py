"""Money: declined, unreachable, not given back. Every yen is a sheet, a refund or a claim on record (P4)."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import PlannedFault
from simulator.devices.payment.model import PaymentFault
from simulator.devices.printer.faults import FaultKind
from simulator.people.script import CANCEL, OK, Do, Pause
from simulator.terminal_inline import InlineTerminal, NotServingError, Visit
from terminal.devices.payment.api import CollectCompletion, Collecting, PaymentCode, PaymentFailed
from terminal.devices.screen.api import BackPressed
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, in_order, nothing_happened, requested, shopper, terminal, the_end


def refund_fails(inline: InlineTerminal) -> Visit:
    inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
    inline.payment.set_fault(PaymentFault.REFUND_FAILS)
    return inline.serve(shopper(inline))


def test_declined_then_cancelled_takes_nothing(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.set_fault(PaymentFault.DECLINES)
        visit = inline.serve({**shopper(inline), "confirm": (OK, CANCEL)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert in_order(visit, e.FeeRequested, e.FeeNotCollected, e.CustomerEnded)
        assert [request.outcome for request in requested(inline)] == ["not_delivered"]
        nothing_happened(inline)


def test_declined_then_paid_is_a_sheet(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.set_fault(PaymentFault.DECLINES)
        heal = Do(lambda: inline.payment.set_fault(None))
        visit = inline.serve({**shopper(inline), "confirm": (OK, (heal, *OK))})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(visit.of(e.FeeRequested)) == len(visit.of(e.IssuanceRequested)) == 2
        assert inline.payment.till.taken_yen == FEE_YEN


def test_money_that_cannot_be_given_back_is_owed_and_staff_must_look(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = refund_fails(inline)
        (owed,) = visit.of(e.RefundOwed)
        assert isinstance(owed, e.RefundOwed)
        assert owed.amount_yen == FEE_YEN
        assert visit.ended is not None
        assert visit.ended.owed_yen == FEE_YEN
        assert inline.payment.till.held_yen == FEE_YEN
        assert inline.situation() is State.OUT_OF_SERVICE
        with pytest.raises(NotServingError):
            inline.serve(shopper(inline))


def test_a_healed_device_does_not_settle_the_claim_but_staff_do(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        refund_fails(inline)
        inline.payment.set_fault(None)
        inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE
        inline.settle("payment")
        assert inline.situation() is State.IDLE
        assert the_end(inline.serve(shopper(inline))).reason is EndReason.COMPLETED


def test_the_customer_is_told_what_is_owed(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = refund_fails(inline)
        sorry = next(view for view in visit.screen.views if view.screen == "sorry")
        assert any(str(FEE_YEN) in line for line in sorry.lines)


def test_a_device_that_does_not_answer_takes_nothing_and_closes_the_terminal_until_it_does(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.set_fault(PaymentFault.UNREACHABLE)
        visit = inline.serve({**shopper(inline), "confirm": (OK, CANCEL)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert inline.situation() is State.OUT_OF_SERVICE
        nothing_happened(inline)
        inline.payment.set_fault(None)
        inline.look()
        assert inline.situation() is State.IDLE


def test_money_inside_when_the_customer_cancels_goes_back_and_adds_up_on_record(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.first_coin_yen, inline.payment.takes_s = 100, 30.0
        visit = inline.serve({**shopper(inline), "pay": ((Pause(2.0), *CANCEL),)})
        assert the_end(visit).reason is EndReason.CANCELLED
        (uncollected,) = visit.of(e.FeeNotCollected)
        assert isinstance(uncollected, e.FeeNotCollected)
        assert uncollected.kept_yen == 100
        assert not visit.of(e.FeeCollected), "once, whichever way the collection ended"
        assert [paid.amount_yen for paid in visit.of(e.RefundPaid)] == [100]  # type: ignore[union-attr]
        assert [request.outcome for request in requested(inline)] == ["not_delivered"]
        nothing_happened(inline)


def test_with_money_inside_back_means_nothing_and_the_screen_does_not_offer_it(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.first_coin_yen, inline.payment.takes_s = 100, 10.0
        visit = inline.serve({**shopper(inline), "pay": ((Pause(2.0), BackPressed()),)})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(visit.of(e.FeeRequested)) == 1
        first, with_a_coin, *_ = [view for view in visit.screen.views if view.screen == "pay"]
        assert first.back_label
        assert not with_a_coin.back_label
        assert any("投入金額 100円" in line for line in with_a_coin.lines)


def test_a_kept_payment_is_counted_once(tmp_path: Path) -> None:
    """A device that fails with money inside: the journal's own rules add it up (``assert_evidence``)."""
    with terminal(tmp_path) as inline:

        def jams(fee_yen: int, collecting: Collecting) -> CollectCompletion:
            inline.payment.take(100)
            return PaymentFailed(PaymentCode.MONEY_HELD, "a coin is stuck", 100)

        inline.payment.collect = jams  # type: ignore[method-assign]
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        assert inline.payment.till.held_yen == 0
