"""The values that events bring and effects carry. Generic words of the centre, numbers and codes: never personal data."""

from dataclasses import dataclass
from enum import StrEnum

from terminal.fsm.states import State

MEMBERS_SCOPE = "members"
"""The one scope word the machine knows: its persons are chosen one by one. Every other scope needs no further choice."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault level: up from ``FaultRaised`` until ``FaultCleared``. The machine's twin of ``terminal.devices.api.Fault``."""

    device: str
    code: str
    action: str
    blocks_service: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of certificate as the centre offers or refuses it; ``fee_yen`` is for one copy.

    Raises ``ValueError`` when it is neither a refusal with its code nor something that can be chosen.
    """

    kind: str
    refusal: str | None = None
    fee_yen: int = 0
    scopes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    copies_max: int = 0

    def __post_init__(self) -> None:
        if self.refusal is None and (not self.scopes or self.copies_max < 1):
            raise ValueError(f"offer {self.kind}: expected a scope and at least one copy, or a refusal code")
        if self.fee_yen < 0:
            raise ValueError(f"offer {self.kind}: expected a fee of 0 yen or more, came {self.fee_yen}")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the customer asks for, so far. ``members`` are indices into the household; ``fee_yen`` is for all copies."""

    kind: str = ""
    scope: str = ""
    members: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    copies: int = 0
    fee_yen: int = 0


@dataclass(frozen=True, slots=True)
class TimerId:
    """One run of one state's timer. ``serial`` fences it: the expiry of a stopped run touches nothing."""

    name: State
    serial: int


class EndReason(StrEnum):
    """Why a customer's session ended. Exactly one is journalled for each start."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    LEFT = "left"
    """The person walked away: a time-out of the customer's own."""
    CARD_FORGOTTEN = "card_forgotten"
    SHEETS_FORGOTTEN = "sheets_forgotten"
    CARD_REMOVED = "card_removed"
    CARD_SWAPPED = "card_swapped"
    """Another card came in the middle of the session, in place of its own or after that was taken."""
    CARD_FAILED = "card_failed"
    PIN_LOCKED = "pin_locked"
    PIN_UNKNOWN = "pin_unknown"
    SUBJECT_FAILED = "subject_failed"
    REFUSED = "refused"
    CENTRE_FAILED = "centre_failed"
    PAYMENT_FAILED = "payment_failed"
    UNDECIDED = "undecided"
    FINDING = "finding"
    PRINT_FAILED = "print_failed"
    OUT_OF_ORDER = "out_of_order"
    """A device that is needed to deliver has a blocking fault; no money was taken."""
    TIMED_OUT = "timed_out"
    """A device or the centre did not answer within its bound."""
    CRASHED = "crashed"


class Delivery(StrEnum):
    """How a received bundle ended; the words of ``terminal.centre.messages.DeliveryOutcome``."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    PARTLY_DELIVERED = "partly_delivered"
    UNKNOWN = "unknown"


class Slip(StrEnum):
    """The papers of the slip printer: about money, never about a person."""

    RECEIPT = "receipt"
    """The fee is paid; where it is taken elsewhere: what is to be paid there."""
    REFUND = "refund"
    CLAIM = "claim"
    """Money that the shop owes to whoever brings this ticket."""


class MachineCode(StrEnum):
    """Reason codes that the machine itself gives; every other code comes from a device or the centre."""

    CUSTOMER_CANCELLED = "MACHINE_CUSTOMER_CANCELLED"
    CUSTOMER_LEFT = "MACHINE_CUSTOMER_LEFT"
    CARD_REMOVED = "MACHINE_CARD_REMOVED"
    CARD_SWAPPED = "MACHINE_CARD_SWAPPED"
    ANOTHER_CARD = "MACHINE_ANOTHER_CARD"
    """A card was laid down in a session whose own card was taken long ago: somebody else stands there."""
    CARD_FORGOTTEN = "MACHINE_CARD_FORGOTTEN"
    CARD_TIMED_OUT = "MACHINE_CARD_TIMED_OUT"
    PIN_WRONG = "MACHINE_PIN_WRONG"
    PIN_LOCKED = "MACHINE_PIN_LOCKED"
    TEXT_PIN_LOCKED = "MACHINE_TEXT_PIN_LOCKED"
    PIN_UNCOUNTED = "MACHINE_PIN_UNCOUNTED"
    """The line broke while the card judged the PIN; its counter was read again and the customer is asked anew."""
    PIN_UNKNOWN = "MACHINE_PIN_UNKNOWN"
    ALL_REFUSED = "MACHINE_ALL_REFUSED"
    CENTRE_TIMED_OUT = "MACHINE_CENTRE_TIMED_OUT"
    ISSUANCE_TIMED_OUT = "MACHINE_ISSUANCE_TIMED_OUT"
    CANCEL_TIMED_OUT = "MACHINE_CANCEL_TIMED_OUT"
    PAYMENT_WRONG_AMOUNT = "MACHINE_PAYMENT_WRONG_AMOUNT"
    PAYMENT_UNKNOWN = "MACHINE_PAYMENT_UNKNOWN"
    CHANGE_WRONG_AMOUNT = "MACHINE_CHANGE_WRONG_AMOUNT"
    CHANGE_TIMED_OUT = "MACHINE_CHANGE_TIMED_OUT"
    REFUND_WRONG_AMOUNT = "MACHINE_REFUND_WRONG_AMOUNT"
    REFUND_TIMED_OUT = "MACHINE_REFUND_TIMED_OUT"
    GATES_TIMED_OUT = "MACHINE_GATES_TIMED_OUT"
    NOTHING_TO_PRINT = "MACHINE_NOTHING_TO_PRINT"
    PRINT_TIMED_OUT = "MACHINE_PRINT_TIMED_OUT"
    PRINT_UNKNOWN = "MACHINE_PRINT_UNKNOWN"
    PRINT_CANCELED = "MACHINE_PRINT_CANCELED"
    IMPRESSIONS_DIFFER = "MACHINE_IMPRESSIONS_DIFFER"
    SHEETS_FORGOTTEN = "MACHINE_SHEETS_FORGOTTEN"
    RESET_TIMED_OUT = "MACHINE_RESET_TIMED_OUT"
    CRASHED = "MACHINE_CRASHED"
    FINDING_OPEN = "MACHINE_FINDING_OPEN"
    NOT_READY = "MACHINE_NOT_READY"
    UNEXPECTED_EVENT = "MACHINE_UNEXPECTED_EVENT"
