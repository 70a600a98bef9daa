"""Everything the journal can say: one frozen class an entry, a closed union, and no field that could hold a name.

Fields have the types of ``fields.py`` only; pydantic checks each value when an entry is made, and a test enumerates the
field types against that list (promise P8). Entries of a customer carry the customer's pseudonym, so that a verifier can
follow one customer from start to end without knowing who it was.
"""

from typing import Annotated, Final, TypeAlias, get_args

from pydantic import Field
from pydantic.dataclasses import dataclass

from terminal.journal.customer_entries import (
    CONFIG,
    BundleRefused,
    CardAccepted,
    ChangePaid,
    ChangeRequested,
    ChoiceMade,
    ClaimSettled,
    CustomerClosedAtBoot,
    CustomerEnded,
    CustomerEntry,
    CustomerStarted,
    DeliveryReported,
    FeeCollected,
    FeeNotCollected,
    FeeRequested,
    GateEnded,
    IssuanceCancelled,
    IssuanceRefused,
    IssuanceRequested,
    PinLocked,
    PinRefused,
    PrintEnded,
    PrintStarted,
    RefundOwed,
    RefundPaid,
    RefundRequested,
    SessionOpened,
    SlipNotPrinted,
)
from terminal.journal.fields import (
    Code,
    Count,
    Digest,
    Effect,
    FindingId,
    Generation,
    Milliseconds,
    Part,
    StaffId,
    Version,
    Yen,
)


@dataclass(frozen=True, slots=True, config=CONFIG)
class TerminalStarted:
    """The service started; ``build_id`` is the digest of all its installed files (``integrity.py``)."""

    version: Version
    build_id: Digest
    config_digest: Digest
    simulated: bool


@dataclass(frozen=True, slots=True, config=CONFIG)
class TerminalStopped:
    """The service was stopped in order."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class TerminalClosedAtBoot:
    """The service before this one ended without a word: power cut, kill or crash. Written at the next boot."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class IntegrityChecked:
    """The installed files were compared with their recorded hashes."""

    files: Count
    wrong: Count
    ok: bool


@dataclass(frozen=True, slots=True, config=CONFIG)
class FindingRaised:
    """A wrong-person finding (P6): no customer starts until it is released."""

    finding: FindingId
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class FindingReleased:
    """A person released the finding."""

    finding: FindingId
    staff: StaffId


@dataclass(frozen=True, slots=True, config=CONFIG)
class ProvedLine:
    """One line of a reset's proof, without its sentence."""

    part: Part
    proved: bool
    code: Code | None = None


Lines = Annotated[tuple[ProvedLine, ...], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True, config=CONFIG)
class ResetProved:
    """Nothing of the last customer is left, and each part said so."""

    lines: Lines
    duration_ms: Milliseconds


@dataclass(frozen=True, slots=True, config=CONFIG)
class ResetNotProved:
    """At least one part could not prove itself clean."""

    lines: Lines
    duration_ms: Milliseconds


@dataclass(frozen=True, slots=True, config=CONFIG)
class FaultRaised:
    """A fault level went up."""

    part: Part
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class FaultCleared:
    """A fault level went down."""

    part: Part
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class OutOfService:
    """No customer is taken, and why."""

    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class ServiceRestored:
    """Customers are taken again."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class LateCompletionDropped:
    """A completion of a dead generation came and touched nothing."""

    effect: Effect
    generation: Generation


@dataclass(frozen=True, slots=True, config=CONFIG)
class CustomerMessageRefused:
    """A customer's process sent something that is no entry of its own; nothing of it was kept."""

    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class ClaimOpened:
    """Money was still owed when nobody was being served any more; the ledger has the claim's number, staff pay it."""

    amount_yen: Yen
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class ClaimPaid:
    """Staff paid a claim out of the shop's till."""

    amount_yen: Yen
    staff: StaffId


@dataclass(frozen=True, slots=True, config=CONFIG)
class CashCounted:
    """Staff counted the cash after coins of unknown value came in."""

    staff: StaffId


@dataclass(frozen=True, slots=True, config=CONFIG)
class LedgerSalvaged:
    """The ledger's file was damaged: a new one goes on from its last sound row, and staff compare it with the cash."""


JournalEntry: TypeAlias = (
    CustomerEntry
    | TerminalStarted
    | TerminalStopped
    | TerminalClosedAtBoot
    | IntegrityChecked
    | FindingRaised
    | FindingReleased
    | ResetProved
    | ResetNotProved
    | FaultRaised
    | FaultCleared
    | OutOfService
    | ServiceRestored
    | LateCompletionDropped
    | CustomerMessageRefused
    | ClaimOpened
    | ClaimPaid
    | CashCounted
    | LedgerSalvaged
)

KINDS: Final[dict[str, type[JournalEntry]]] = {kind.__name__: kind for kind in get_args(JournalEntry)}
CUSTOMER_KINDS: Final[dict[str, type[CustomerEntry]]] = {kind.__name__: kind for kind in get_args(CustomerEntry)}

__all__ = [
    "CUSTOMER_KINDS",
    "KINDS",
    "BundleRefused",
    "CardAccepted",
    "CashCounted",
    "ChangePaid",
    "ChangeRequested",
    "ChoiceMade",
    "ClaimOpened",
    "ClaimPaid",
    "ClaimSettled",
    "CustomerClosedAtBoot",
    "CustomerEnded",
    "CustomerEntry",
    "CustomerMessageRefused",
    "CustomerStarted",
    "DeliveryReported",
    "FaultCleared",
    "FaultRaised",
    "FeeCollected",
    "FeeNotCollected",
    "FeeRequested",
    "FindingRaised",
    "FindingReleased",
    "GateEnded",
    "IntegrityChecked",
    "IssuanceCancelled",
    "IssuanceRefused",
    "IssuanceRequested",
    "JournalEntry",
    "LateCompletionDropped",
    "LedgerSalvaged",
    "Lines",
    "OutOfService",
    "PinLocked",
    "PinRefused",
    "PrintEnded",
    "PrintStarted",
    "ProvedLine",
    "RefundOwed",
    "RefundPaid",
    "RefundRequested",
    "ResetNotProved",
    "ResetProved",
    "ServiceRestored",
    "SessionOpened",
    "SlipNotPrinted",
    "TerminalClosedAtBoot",
    "TerminalStarted",
    "TerminalStopped",
]
