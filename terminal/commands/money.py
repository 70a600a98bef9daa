"""What a customer's process asks of the payment device."""

from collections.abc import Callable
from typing import TypeAlias, assert_never

from terminal.devices.payment.api import Collected, Payment, PaymentCanceled, PaymentFailed, Refunded
from terminal.fsm import events

CollectEvent: TypeAlias = events.FeeCollected | events.PaymentFailed | events.PaymentCanceled
RefundEvent: TypeAlias = events.RefundDone | events.RefundFailed


def collect(payment: Payment, generation: int, fee_yen: int, cancelled: Callable[[], bool]) -> CollectEvent:
    """Take the fee; the machine compares the amount with what it asked for."""
    outcome = payment.collect(fee_yen, cancelled)
    match outcome:
        case Collected():
            return events.FeeCollected(generation, outcome.amount_yen)
        case PaymentFailed():
            return events.PaymentFailed(generation, outcome.code.value, outcome.kept_yen)
        case PaymentCanceled():
            return events.PaymentCanceled(generation)
        case _:
            assert_never(outcome)


def refund(payment: Payment, generation: int, amount_yen: int) -> RefundEvent:
    """Give the money back."""
    outcome = payment.refund(amount_yen)
    match outcome:
        case Refunded():
            return events.RefundDone(generation, outcome.amount_yen)
        case PaymentFailed():
            return events.RefundFailed(generation, outcome.code.value, outcome.kept_yen)
        case _:
            assert_never(outcome)
