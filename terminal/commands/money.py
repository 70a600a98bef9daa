"""What a customer's process asks of the payment device."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from terminal.devices.payment.api import (
    Collected,
    PaidOut,
    Payment,
    PaymentCanceled,
    PaymentFailed,
    Purpose,
)
from terminal.fsm import events
from terminal.fsm.values import Fault

_NOTES: Final = "notes"

CollectEvent: TypeAlias = events.FeeCollected | events.PaymentFailed | events.PaymentCanceled
ChangeEvent: TypeAlias = events.ChangePaid | events.ChangeFailed
RefundEvent: TypeAlias = events.RefundDone | events.RefundFailed


@dataclass(frozen=True, slots=True)
class Collection:
    """Implements ``Collecting`` for one ``CollectFee``: what is inserted is posted as its progress."""

    generation: int
    customer: str
    is_cancelled: Callable[[], bool]
    post: Callable[[events.Event], None]

    def cancelled(self) -> bool:
        """See ``Collecting.cancelled``."""
        return self.is_cancelled()

    def inserted(self, total_yen: int) -> None:
        """See ``Collecting.inserted``."""
        self.post(events.MoneyInserted(self.generation, total_yen))

    def notes_changed(self, over: str, code: str, text: str) -> None:
        """See ``Collecting.notes_changed``: a level like any other, which does not keep the service from going on."""
        if over:
            self.post(events.FaultCleared(_NOTES, over))
        if code:
            self.post(events.FaultRaised(Fault(_NOTES, code, text, blocks_service=False)))


def collect(payment: Payment, fee_yen: int, collection: Collection) -> CollectEvent:
    """Take the fee; the machine compares the amount with what it asked for."""
    generation = collection.generation
    outcome = payment.collect(fee_yen, collection)
    match outcome:
        case Collected():
            return events.FeeCollected(generation, outcome.amount_yen)
        case PaymentFailed():
            return events.PaymentFailed(generation, outcome.code.value, outcome.kept_yen)
        case PaymentCanceled():
            return events.PaymentCanceled(generation, outcome.held_yen)
        case _:
            assert_never(outcome)


def pay_change(payment: Payment, generation: int, amount_yen: int) -> ChangeEvent:
    """Give back what was inserted over the fee."""
    outcome = payment.pay_out(amount_yen, Purpose.CHANGE)
    match outcome:
        case PaidOut():
            return events.ChangePaid(generation, outcome.amount_yen)
        case PaymentFailed():
            return events.ChangeFailed(generation, outcome.code.value, outcome.kept_yen)
        case _:
            assert_never(outcome)


def refund(payment: Payment, generation: int, amount_yen: int) -> RefundEvent:
    """Give the money back."""
    outcome = payment.pay_out(amount_yen, Purpose.REFUND)
    match outcome:
        case PaidOut():
            return events.RefundDone(generation, outcome.amount_yen)
        case PaymentFailed():
            return events.RefundFailed(generation, outcome.code.value, outcome.kept_yen)
        case _:
            assert_never(outcome)
