"""The payment port: collect a fee, give money back as change or refund, keep what is earned.

Money moves in three steps, so that every yen is somebody's at every instant (promise P4): a collection ends with what is
inside, ``pay_out`` gives back, and only ``keep`` makes the fee of a delivered sheet the shop's.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from terminal.devices.api import Resettable


class PaymentCode(StrEnum):
    """Why a payment, change or refund did not come about."""

    DECLINED = "PAYMENT_DECLINED"
    UNREACHABLE = "PAYMENT_UNREACHABLE"
    CHANGE_FAILED = "PAYMENT_CHANGE_FAILED"
    REFUND_FAILED = "PAYMENT_REFUND_FAILED"
    MONEY_HELD = "PAYMENT_MONEY_HELD"
    NO_CHANGE = "PAYMENT_NO_CHANGE"
    """No coin or note may be let in: none makes up the fee, and change for none can be given. Trying again changes nothing."""


class Purpose(StrEnum):
    """Why money is paid out."""

    CHANGE = "change"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Collected:
    """``amount_yen`` was inserted, the fee or more; all of it is inside."""

    amount_yen: int


@dataclass(frozen=True, slots=True)
class PaidOut:
    """``amount_yen`` was given back."""

    amount_yen: int


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """``kept_yen`` is what the device still holds of the customer's: of what was inserted, or of what was to be paid out."""

    code: StrEnum
    text: str
    kept_yen: int


@dataclass(frozen=True, slots=True)
class PaymentCanceled:
    """The customer or a time-out cancelled before the fee was complete; ``held_yen`` was inserted by then and is inside."""

    held_yen: int = 0


CollectCompletion: TypeAlias = Collected | PaymentFailed | PaymentCanceled
PayOutCompletion: TypeAlias = PaidOut | PaymentFailed


class Collecting(Protocol):
    """What a collection asks and tells while it runs; on the device's own thread."""

    @property
    def customer(self) -> str:
        """The pseudonym under which the money goes on record."""
        ...

    def cancelled(self) -> bool:
        """Whether to stop taking money and end as ``PaymentCanceled``."""
        ...

    def inserted(self, total_yen: int) -> None:
        """Tell how much is inside by now, all together; nothing is told after the completion."""
        ...

    def notes_changed(self, over: str, code: str, text: str) -> None:
        """Tell that the trouble ``over`` of the notes has ended, and that ``code`` leaves coins alone; either may be empty."""
        ...


class Payment(Resettable, Protocol):
    """Takes a fee, gives change and refunds."""

    def collect(self, fee_yen: int, collecting: Collecting) -> CollectCompletion:
        """Take ``fee_yen`` (> 0) or more; blocking; ``collecting.cancelled`` is asked between steps."""
        ...

    def pay_out(self, amount_yen: int, purpose: Purpose) -> PayOutCompletion:
        """Give back ``amount_yen`` (> 0) of what is inside; blocking."""
        ...

    def keep(self, fee_yen: int) -> None:
        """The sheet is delivered: ``fee_yen`` (> 0) is the shop's now; durable when it returns, without waiting for hardware."""
        ...
