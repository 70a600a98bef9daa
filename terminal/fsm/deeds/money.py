"""Guards and deeds of money and of the request to the centre."""

from typing import Any, Protocol

from terminal.fsm.deeds.leaving import owe
from terminal.fsm.effects import CancelCollect, CancelIssuance, Refund, VerifyBundle
from terminal.fsm.events import FeeCollected, PaymentFailed, RefundDone, RefundFailed
from terminal.fsm.notes import CentreNotTold, ClaimSettled, FeeRefunded, FeeTaken
from terminal.fsm.values import MachineCode
from terminal.fsm.work import Work

LOOK_FOR_MONEY = "Count the payment device against its journal and settle the customer's claim"


class Coded(Protocol):
    """An event that tells why."""

    @property
    def code(self) -> str:
        """From the catalogue of the device or the centre."""
        ...


# --- guards


def fee_is_exact(work: Work, event: FeeCollected) -> bool:
    """What was taken is what was asked."""
    return event.amount_yen == work.customer.choice.fee_yen


def money_was_kept(_work: Work, event: PaymentFailed) -> bool:
    """The device failed with the customer's money in it."""
    return event.kept_yen > 0


def going_back(work: Work, _event: Any) -> bool:
    """The customer went a step back rather than away."""
    return work.customer.end is None


def claim_stands(work: Work, _event: Any) -> bool:
    """Something was journalled as owed."""
    return work.customer.owed_yen > 0


# --- deeds: taking


def cancel_collect(work: Work, _event: Any) -> None:
    """Its completion tells whether money came in after all."""
    work.emit(CancelCollect(work.customer.generation))


def hold_fee(work: Work, event: FeeCollected) -> None:
    """The customer's money is inside the terminal from now on."""
    _hold(work, event.amount_yen)


def hold_kept(work: Work, event: PaymentFailed) -> None:
    """Part of the fee is inside the terminal."""
    _hold(work, event.kept_yen)


def tell_payment_failed(work: Work, event: PaymentFailed) -> None:
    """Nothing was taken: the customer may try again."""
    work.update(notice=event.code)


def payment_unknown(work: Work, _event: Any) -> None:
    """The device never answered: it may have taken the whole fee."""
    owe(work, work.customer.choice.fee_yen, MachineCode.PAYMENT_UNKNOWN, LOOK_FOR_MONEY)


# --- deeds: giving back


def refund(work: Work, _event: Any) -> None:
    """All of it."""
    work.emit(Refund(work.customer.generation, work.customer.held_yen))


def refunded(work: Work, event: RefundDone) -> None:
    """What is missing of what was held is owed."""
    session = work.customer
    missing_yen = session.held_yen - event.amount_yen
    work.update(held_yen=0, refunded_yen=session.refunded_yen + event.amount_yen)
    work.note(FeeRefunded(session.generation, event.amount_yen))
    if missing_yen > 0:
        owe(work, missing_yen, MachineCode.REFUND_WRONG_AMOUNT, LOOK_FOR_MONEY)


def refund_failed(work: Work, event: RefundFailed) -> None:
    """What the device still holds is owed; a failure that says it holds nothing, or too much, is not believed."""
    session = work.customer
    believable = 0 < event.kept_yen <= session.held_yen
    owed_yen = event.kept_yen if believable else session.held_yen
    back_yen = session.held_yen - owed_yen
    work.update(held_yen=0, refunded_yen=session.refunded_yen + back_yen)
    if back_yen:
        work.note(FeeRefunded(session.generation, back_yen))
    owe(work, owed_yen, event.code, LOOK_FOR_MONEY)


def refund_unknown(work: Work, _event: Any) -> None:
    """The device never answered: the whole amount is owed until somebody has looked."""
    held_yen = work.customer.held_yen
    work.update(held_yen=0)
    owe(work, held_yen, MachineCode.REFUND_TIMED_OUT, LOOK_FOR_MONEY)


def settle_claim_by_refund(work: Work, event: RefundDone) -> None:
    """The device gave the money back after all."""
    session = work.customer
    settled_yen = min(session.owed_yen, event.amount_yen)
    work.update(owed_yen=session.owed_yen - settled_yen, refunded_yen=session.refunded_yen + event.amount_yen)
    work.note(FeeRefunded(session.generation, event.amount_yen))
    work.note(ClaimSettled(session.generation, settled_yen))


def settle_claim(work: Work, _event: Any) -> None:
    """The device told where the money is, so nothing is unknown any more."""
    session = work.customer
    work.update(owed_yen=0)
    work.note(ClaimSettled(session.generation, session.owed_yen))


# --- deeds: the request


def cancel_issuance(work: Work, _event: Any) -> None:
    """The *whole* request, not its place in a queue: Yokohama's accident (reference service-and-incidents.md 2.1)."""
    work.emit(CancelIssuance(work.customer.generation))


def cancel_not_told(work: Work, event: Coded) -> None:
    """The centre may still think the request alive; here it is dead."""
    work.note(CentreNotTold(work.customer.generation, "cancellation", event.code))


def cancel_unanswered(work: Work, _event: Any) -> None:
    """The same, by silence."""
    work.note(CentreNotTold(work.customer.generation, "cancellation", MachineCode.CANCEL_TIMED_OUT))


def report_not_told(work: Work, event: Coded) -> None:
    """The journal knows how the bundle ended, the centre does not."""
    work.note(CentreNotTold(work.customer.generation, "delivery report", event.code))


def verify_bundle(work: Work, _event: Any) -> None:
    """Nothing of it is believed before the gates."""
    session = work.update(bundle=True)
    work.emit(VerifyBundle(session.generation, session.choice))


def _hold(work: Work, amount_yen: int) -> None:
    session = work.customer
    work.update(held_yen=session.held_yen + amount_yen)
    work.note(FeeTaken(session.generation, amount_yen))
