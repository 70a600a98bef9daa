"""What happens to money, at the gates and at the printer."""

from dataclasses import dataclass
from typing import TypeAlias

from terminal.fsm.values import Slip


@dataclass(frozen=True, slots=True)
class MoneyInserted:
    """``inserted_yen`` is the customer's in the device now, all together. Progress of CollectFee."""

    generation: int
    inserted_yen: int

    def __post_init__(self) -> None:
        if self.inserted_yen < 0:
            raise ValueError(f"expected an inserted amount of 0 yen or more, came {self.inserted_yen}")


@dataclass(frozen=True, slots=True)
class FeeCollected:
    """``amount_yen`` (> 0) was taken: everything inserted, the fee or more. Completion of CollectFee."""

    generation: int
    amount_yen: int

    def __post_init__(self) -> None:
        if self.amount_yen <= 0:
            raise ValueError(f"expected a collected amount above 0 yen, came {self.amount_yen}")


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """No payment; the device still holds ``kept_yen`` of the customer's. Completion of CollectFee."""

    generation: int
    code: str
    kept_yen: int = 0

    def __post_init__(self) -> None:
        if self.kept_yen < 0:
            raise ValueError(f"expected a kept amount of 0 yen or more, came {self.kept_yen}")


@dataclass(frozen=True, slots=True)
class PaymentCanceled:
    """Cancelled before the fee was complete; the device still holds ``held_yen`` of the customer's. Completion of CollectFee."""

    generation: int
    held_yen: int = 0

    def __post_init__(self) -> None:
        if self.held_yen < 0:
            raise ValueError(f"expected a held amount of 0 yen or more, came {self.held_yen}")


@dataclass(frozen=True, slots=True)
class ChangePaid:
    """``amount_yen`` (> 0) was given back as change. Completion of PayChange."""

    generation: int
    amount_yen: int

    def __post_init__(self) -> None:
        if self.amount_yen <= 0:
            raise ValueError(f"expected an amount of change above 0 yen, came {self.amount_yen}")


@dataclass(frozen=True, slots=True)
class ChangeFailed:
    """The device still holds ``kept_yen`` of the change. Completion of PayChange."""

    generation: int
    code: str
    kept_yen: int


@dataclass(frozen=True, slots=True)
class RefundDone:
    """``amount_yen`` (> 0) was given back. Completion of Refund."""

    generation: int
    amount_yen: int

    def __post_init__(self) -> None:
        if self.amount_yen <= 0:
            raise ValueError(f"expected a refunded amount above 0 yen, came {self.amount_yen}")


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The device still holds ``kept_yen`` of the customer's. Completion of Refund."""

    generation: int
    code: str
    kept_yen: int


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The slip is out. Completion of PrintSlip."""

    generation: int
    slip: Slip


@dataclass(frozen=True, slots=True)
class SlipFailed:
    """The slip is not out, and why. Completion of PrintSlip."""

    generation: int
    slip: Slip
    code: str


@dataclass(frozen=True, slots=True)
class GatesPassed:
    """Gates A, B and C say ``same``; the job has ``impressions`` page sides. Completion of VerifyBundle."""

    generation: int
    impressions: int


@dataclass(frozen=True, slots=True)
class GatesUndecided:
    """A gate could not decide. Completion of VerifyBundle."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class GatesDiffered:
    """A gate says ``different``: a wrong-person finding. Completion of VerifyBundle."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class PrintStarted:
    """The first byte of the document goes to the printer: the point of no return."""

    generation: int


@dataclass(frozen=True, slots=True)
class PrintProgressed:
    """``impressions`` page sides are out; ``waiting_for`` is the printer's code of what holds the job up, if anything."""

    generation: int
    impressions: int
    waiting_for: str = ""


@dataclass(frozen=True, slots=True)
class PrintCompleted:
    """The printer reported the job complete with ``impressions`` page sides. Completion of StartPrint."""

    generation: int
    impressions: int


@dataclass(frozen=True, slots=True)
class PrintFailed:
    """The job ended otherwise; None: nobody knows how many sides lie in the tray. Completion of StartPrint."""

    generation: int
    code: str
    impressions: int | None


@dataclass(frozen=True, slots=True)
class PrintCanceled:
    """The job was cancelled on our word. Completion of StartPrint."""

    generation: int
    impressions: int | None


@dataclass(frozen=True, slots=True)
class PrintTimedOut:
    """The driver's bound passed. Completion of StartPrint."""

    generation: int
    code: str
    impressions: int | None


MoneyEvent: TypeAlias = (
    MoneyInserted
    | FeeCollected
    | PaymentFailed
    | PaymentCanceled
    | ChangePaid
    | ChangeFailed
    | RefundDone
    | RefundFailed
    | SlipPrinted
    | SlipFailed
)

PaperEvent: TypeAlias = (
    GatesPassed
    | GatesUndecided
    | GatesDiffered
    | PrintStarted
    | PrintProgressed
    | PrintCompleted
    | PrintFailed
    | PrintCanceled
    | PrintTimedOut
)
