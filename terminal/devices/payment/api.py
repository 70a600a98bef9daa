"""The payment port: collect a fee, give it back. Money on real coin and note devices comes behind the same port."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from terminal.devices.api import Resettable


class PaymentCode(StrEnum):
    """Why a payment or refund did not come about."""

    DECLINED = "PAYMENT_DECLINED"
    UNREACHABLE = "PAYMENT_UNREACHABLE"
    REFUND_FAILED = "PAYMENT_REFUND_FAILED"
    MONEY_HELD = "PAYMENT_MONEY_HELD"


@dataclass(frozen=True, slots=True)
class Collected:
    """The exact fee was taken."""

    amount_yen: int


@dataclass(frozen=True, slots=True)
class Refunded:
    """The whole amount was given back."""

    amount_yen: int


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """``kept_yen`` is what the device still holds of the customer's (0 when nothing was taken)."""

    code: PaymentCode
    text: str
    kept_yen: int


@dataclass(frozen=True, slots=True)
class PaymentCanceled:
    """The customer or a time-out cancelled before the fee was complete; nothing is held."""


CollectCompletion: TypeAlias = Collected | PaymentFailed | PaymentCanceled
RefundCompletion: TypeAlias = Refunded | PaymentFailed


class Payment(Resettable, Protocol):
    """Takes exactly the fee and can refund it."""

    def collect(self, amount_yen: int, cancelled: Callable[[], bool]) -> CollectCompletion:
        """Take ``amount_yen`` (> 0); blocking; ``cancelled`` is asked between steps."""
        ...

    def refund(self, amount_yen: int) -> RefundCompletion:
        """Give back ``amount_yen`` (> 0); blocking."""
        ...
