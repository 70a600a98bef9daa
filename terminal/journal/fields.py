"""The allow-list: the only types a field of a journal entry may have. None of them can hold a name, an address or a sentence."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from terminal.fsm.values import EndReason as EndReason
from terminal.fsm.values import Slip as Slip


def _few_digits(code: str) -> str:
    if sum(character.isdigit() for character in code) > 3:
        raise ValueError("a code has at most three digits, so that no number of a person fits into it")
    return code


Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,20}(_[A-Z0-9]{1,20}){1,7}$"), AfterValidator(_few_digits)]
"""A code of a room's catalogue (``PRINTER_PAPER_OUT``)."""

Pseudonym = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""128 bits of a keyed hash (``pseudonym.py``); the key is gone when its customer is."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FindingId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
StaffId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]
"""The staff code of a shop, as on a shift list; not a name."""

MunicipalityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
Version = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4}){1,3}((\.dev|\.post|a|b|rc)[0-9]{1,4})?$")
]
Yen = Annotated[int, Field(ge=0, le=1_000_000)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Tries = Annotated[int, Field(ge=0, le=15)]
Milliseconds = Annotated[int, Field(ge=0, le=86_400_000)]
Generation = Annotated[int, Field(ge=0, le=1_000_000_000)]


class Part(StrEnum):
    """The part of the machine a fault or a line of proof is about."""

    CARD_READER = "card_reader"
    PRINTER = "printer"
    PAYMENT = "payment"
    SCREEN = "screen"
    PIN_PAD = "pin_pad"
    VOICE = "voice"
    COINS = "coins"
    NOTES = "notes"
    SIGNAL_TOWER = "signal_tower"
    RECEIPT_PRINTER = "receipt_printer"
    LEDGER = "ledger"
    TRAY = "tray"
    PROCESS = "process"
    PRIVATE_FILES = "private_files"
    DEVICES = "devices"
    MEMORY = "memory"
    CENTRE = "centre"
    JOURNAL = "journal"
    INTEGRITY = "integrity"
    IDENTITY = "identity"
    OTHER = "other"

    @classmethod
    def named(cls, device: str) -> "Part":
        """The part of a device's folder name; ``OTHER`` for a name this journal does not know."""
        return cls(device) if device in cls._value2member_map_ else cls.OTHER


class Pin(StrEnum):
    """Which of the card's PINs."""

    AUTHENTICATION = "authentication"
    TEXT = "text"


class Gate(StrEnum):
    """The gates between a bundle and the tray (design section 3.7)."""

    BUNDLE = "A"
    SUBJECT = "B"
    SHEETS = "C"
    DELIVERY = "D"


class Verdict(StrEnum):
    """What a gate found; only ``same`` lets anything pass."""

    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


class PrintOutcome(StrEnum):
    """The four ways a print job ends."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"


class Delivered(StrEnum):
    """What is known at boot of the sheets of a customer whom a power cut ended."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Effect(StrEnum):
    """The kind of command whose late completion was dropped."""

    READ_CARD = "read_card"
    AUTHENTICATE = "authenticate"
    REQUEST = "request"
    VERIFY = "verify"
    COLLECT = "collect"
    CHANGE = "change"
    SLIP = "slip"
    REFUND = "refund"
    PRINT = "print"
    OTHER = "other"


class Step(StrEnum):
    """The last entry known of a customer whom a power cut ended: the name of a customer's entry."""

    CUSTOMER_STARTED = "CustomerStarted"
    CARD_ACCEPTED = "CardAccepted"
    PIN_REFUSED = "PinRefused"
    PIN_LOCKED = "PinLocked"
    SESSION_OPENED = "SessionOpened"
    CHOICE_MADE = "ChoiceMade"
    FEE_REQUESTED = "FeeRequested"
    FEE_COLLECTED = "FeeCollected"
    FEE_NOT_COLLECTED = "FeeNotCollected"
    CHANGE_REQUESTED = "ChangeRequested"
    CHANGE_PAID = "ChangePaid"
    SLIP_NOT_PRINTED = "SlipNotPrinted"
    ISSUANCE_REQUESTED = "IssuanceRequested"
    ISSUANCE_REFUSED = "IssuanceRefused"
    ISSUANCE_CANCELLED = "IssuanceCancelled"
    BUNDLE_REFUSED = "BundleRefused"
    GATE_ENDED = "GateEnded"
    PRINT_STARTED = "PrintStarted"
    PRINT_ENDED = "PrintEnded"
    DELIVERY_REPORTED = "DeliveryReported"
    REFUND_REQUESTED = "RefundRequested"
    REFUND_PAID = "RefundPaid"
    REFUND_OWED = "RefundOwed"
    CLAIM_SETTLED = "ClaimSettled"
