"""Money: declined, unreachable, not given back. Every yen is a sheet, a refund or a claim on record (P4)."""

from pathlib import Path

import pytest

from simulator.centre.faults import TimesOut
from simulator.devices.payment.model import PaymentFault
from simulator.people.script import CANCEL, OK, Do
from simulator.terminal_inline import InlineTerminal, NotServingError, Visit
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, in_order, nothing_happened, shopper, terminal, the_end


def refund_fails(inline: InlineTerminal) -> Visit:
    inline.assembled.model.faults.next(TimesOut())
    inline.payment.set_fault(PaymentFault.REFUND_FAILS)
    return inline.serve(shopper(inline))


def test_declined_then_cancelled_takes_nothing(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.set_fault(PaymentFault.DECLINES)
        visit = inline.serve({**shopper(inline), "confirm": (OK, CANCEL)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert in_order(visit, e.FeeRequested, e.FeeNotCollected, e.CustomerEnded)
        assert not visit.of(e.IssuanceRequested)
        nothing_happened(inline)


def test_declined_then_paid_is_a_sheet(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.payment.set_fault(PaymentFault.DECLINES)
        heal = Do(lambda: inline.payment.set_fault(None))
        visit = inline.serve({**shopper(inline), "confirm": (OK, (heal, *OK))})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(visit.of(e.FeeRequested)) == 2
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
