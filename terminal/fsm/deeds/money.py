"""Guards and deeds of the fee and of the way back of money; change has its own (``change.py``)."""

from typing import Any

from terminal.fsm.deeds.leaving import owe
from terminal.fsm.effects import CancelCollect, CollectFee, PrintSlip, Refund
from terminal.fsm.events import (
    FeeCollected,
    MoneyInserted,
    PaymentCanceled,
    PaymentFailed,
    RefundDone,
    RefundFailed,
    SlipFailed,
)
from terminal.fsm.notes import ClaimSettled, FeeRefunded, FeeTaken, SlipNotPrinted
from terminal.fsm.values import MachineCode, Slip
from terminal.fsm.work import Work

LOOK_FOR_MONEY = "Count the payment device against its journal and settle the customer's claim"

MOST_OVER_FEE_YEN = 20_000
"""What a device can believably tell over the fee: a 10,000 yen note is the largest, and another may be in its throat."""


# --- guards


def nothing_to_collect(work: Work, _event: Any) -> bool:
    """It is free, or the fee is paid elsewhere."""
    return work.customer.choice.fee_yen == 0 or work.config.fee_elsewhere


def fee_is_exact(work: Work, event: FeeCollected) -> bool:
    """What was taken is what was asked."""
    return event.amount_yen == work.customer.choice.fee_yen


def fee_is_overpaid(work: Work, event: FeeCollected) -> bool:
    """More was taken than was asked."""
    return event.amount_yen > work.customer.choice.fee_yen


def nothing_inserted(work: Work, _event: Any) -> bool:
    """No coin has been told of: stepping back takes nothing from anybody."""
    return work.customer.inserted_yen == 0


def more_inserted(work: Work, event: MoneyInserted) -> bool:
    """The total grew, and believably: a device that counts for ever still times out."""
    session = work.customer
    return session.inserted_yen < event.inserted_yen <= session.choice.fee_yen + MOST_OVER_FEE_YEN


def money_was_held(_work: Work, event: PaymentCanceled) -> bool:
    """The device was cancelled with the customer's money in it."""
    return event.held_yen > 0


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


def collect_fee(work: Work, _event: Any) -> None:
    """The sheets are proved to be the customer's; only now is anything taken for them."""
    session = work.update(inserted_yen=0)
    work.emit(CollectFee(session.generation, session.choice.fee_yen))


def learn_inserted(work: Work, event: MoneyInserted) -> None:
    """Shown to the customer; what counts is the completion."""
    work.update(inserted_yen=event.inserted_yen)


def cancel_collect(work: Work, _event: Any) -> None:
    """Its completion tells whether money came in after all."""
    work.emit(CancelCollect(work.customer.generation))


def hold_fee(work: Work, event: FeeCollected) -> None:
    """The customer's money is inside the terminal from now on."""
    _hold(work, event.amount_yen)


def hold_kept(work: Work, event: PaymentFailed) -> None:
    """Part of the fee is inside the terminal."""
    _hold(work, event.kept_yen)


def hold_inserted(work: Work, event: PaymentCanceled) -> None:
    """What was inserted before the cancellation is inside the terminal."""
    _hold(work, event.held_yen)


def tell_payment_failed(work: Work, event: PaymentFailed) -> None:
    """Nothing was taken: the customer may try again."""
    work.update(notice=event.code)


def payment_unknown(work: Work, _event: Any) -> None:
    """The device never answered: it may have taken the whole fee, and what it told of for certain."""
    inside_yen = most_inside_yen(work)
    work.update(inserted_yen=0)
    owe(work, inside_yen, MachineCode.PAYMENT_UNKNOWN, LOOK_FOR_MONEY)


# --- deeds: giving back


def refund(work: Work, _event: Any) -> None:
    """All of it."""
    work.emit(Refund(work.customer.generation, work.customer.held_yen))


def refunded(work: Work, event: RefundDone) -> None:
    """What is missing of what was held is owed."""
    session = work.customer
    missing_yen = session.held_yen - event.amount_yen
    work.update(held_yen=0, refunded_yen=session.refunded_yen + event.amount_yen)
    _note_refund(work, event.amount_yen)
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
        _note_refund(work, back_yen)
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
    _note_refund(work, event.amount_yen)
    work.note(ClaimSettled(session.generation, settled_yen))


def settle_claim(work: Work, _event: Any) -> None:
    """The device told where the money is, so nothing is unknown any more."""
    session = work.customer
    work.update(owed_yen=0)
    work.note(ClaimSettled(session.generation, session.owed_yen))


# --- deeds: slips


def slip_not_printed(work: Work, event: SlipFailed) -> None:
    """The journal has the amount; the customer has no paper for it."""
    work.note(SlipNotPrinted(work.customer.generation, event.slip, event.code))


def most_inside_yen(work: Work) -> int:
    """The most that may be inside while a fee is being collected."""
    session = work.customer
    return max(session.choice.fee_yen, session.inserted_yen)


def _note_refund(work: Work, amount_yen: int) -> None:
    generation = work.customer.generation
    work.note(FeeRefunded(generation, amount_yen))
    work.emit(PrintSlip(generation, Slip.REFUND, amount_yen))


def _hold(work: Work, amount_yen: int) -> None:
    session = work.customer
    work.update(inserted_yen=0, held_yen=session.held_yen + amount_yen)
    work.note(FeeTaken(session.generation, amount_yen))
