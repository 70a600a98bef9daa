"""What the journal can say of one customer, from start to end, by pseudonym only. Fields have the types of ``fields.py``."""

from typing import TypeAlias

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from printer_templates.records import CertificateKind, Scope
from terminal.centre.messages import DeliveryOutcome
from terminal.journal.fields import (
    Code,
    Count,
    Delivered,
    EndReason,
    Gate,
    Generation,
    MunicipalityCode,
    Pin,
    PrintOutcome,
    Pseudonym,
    Slip,
    Step,
    Tries,
    Verdict,
    Yen,
)

CONFIG = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True)
"""Of every entry: nothing coerced, nothing unknown, and no value repeated in an error's text."""


@dataclass(frozen=True, slots=True, config=CONFIG)
class CustomerStarted:
    """A customer's process took over; ``generation`` fences late completions."""

    customer: Pseudonym
    generation: Generation


@dataclass(frozen=True, slots=True, config=CONFIG)
class CardAccepted:
    """A card was read. Two cards in one session have two pseudonyms; nobody can tell one across sessions."""

    customer: Pseudonym
    card: Pseudonym


@dataclass(frozen=True, slots=True, config=CONFIG)
class PinRefused:
    """The card refused a PIN."""

    customer: Pseudonym
    pin: Pin
    tries_left: Tries


@dataclass(frozen=True, slots=True, config=CONFIG)
class PinLocked:
    """The card's PIN is (now) locked."""

    customer: Pseudonym
    pin: Pin


@dataclass(frozen=True, slots=True, config=CONFIG)
class SessionOpened:
    """The centre opened a session for the card's person."""

    customer: Pseudonym
    municipality_code: MunicipalityCode


@dataclass(frozen=True, slots=True, config=CONFIG)
class ChoiceMade:
    """What was chosen, in numbers; ``items`` and ``members`` are counts."""

    customer: Pseudonym
    certificate: CertificateKind
    scope: Scope
    members: Count
    items: Count
    copies: Count
    fee_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class FeeRequested:
    """The payment device was told to take the fee; written before the command."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class FeeCollected:
    """The payment device took the fee or more: ``amount_yen`` is everything inserted."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class FeeNotCollected:
    """The fee was not taken; ``kept_yen`` is what the device holds all the same."""

    customer: Pseudonym
    code: Code
    kept_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class ChangeRequested:
    """The payment device was told to give change; written before the command."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class ChangePaid:
    """The change was given."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class SlipNotPrinted:
    """A receipt, refund slip or claim ticket did not come out; this journal has the amount."""

    customer: Pseudonym
    slip: Slip
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class IssuanceRequested:
    """A request left for the centre."""

    customer: Pseudonym
    request: Pseudonym


@dataclass(frozen=True, slots=True, config=CONFIG)
class IssuanceRefused:
    """The centre or the municipality said no, or did not answer."""

    customer: Pseudonym
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class IssuanceCancelled:
    """The whole request was cancelled at the centre; ``confirmed`` when the centre said so."""

    customer: Pseudonym
    request: Pseudonym
    confirmed: bool


@dataclass(frozen=True, slots=True, config=CONFIG)
class BundleRefused:
    """A bundle came and could not be accepted."""

    customer: Pseudonym
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class GateEnded:
    """One gate's verdict; ``code`` says why it was not ``same``."""

    customer: Pseudonym
    gate: Gate
    verdict: Verdict
    code: Code | None = None


@dataclass(frozen=True, slots=True, config=CONFIG)
class PrintStarted:
    """The point of no return: written before the first byte leaves for the printer."""

    customer: Pseudonym
    impressions: Count


@dataclass(frozen=True, slots=True, config=CONFIG)
class PrintEnded:
    """The job's one end; ``impressions`` is None when nobody can know."""

    customer: Pseudonym
    outcome: PrintOutcome
    impressions: Count | None
    code: Code | None = None


@dataclass(frozen=True, slots=True, config=CONFIG)
class DeliveryReported:
    """The centre was told how the request ended; ``accepted`` when it confirmed."""

    customer: Pseudonym
    outcome: DeliveryOutcome
    accepted: bool


@dataclass(frozen=True, slots=True, config=CONFIG)
class RefundRequested:
    """The payment device was told to give money back; written before the command."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class RefundPaid:
    """The money was given back."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class RefundOwed:
    """The money could not be given back here; a claim stands for it."""

    customer: Pseudonym
    amount_yen: Yen
    code: Code


@dataclass(frozen=True, slots=True, config=CONFIG)
class ClaimSettled:
    """A ``RefundOwed`` of this customer is void to this amount: a late answer told where the money is."""

    customer: Pseudonym
    amount_yen: Yen


@dataclass(frozen=True, slots=True, config=CONFIG)
class CustomerEnded:
    """The one end of a ``CustomerStarted``."""

    customer: Pseudonym
    reason: EndReason
    delivered: bool


@dataclass(frozen=True, slots=True, config=CONFIG)
class CustomerClosedAtBoot:
    """The end of a customer whom a power cut ended, with what is known of them."""

    customer: Pseudonym
    last_step: Step
    delivered: Delivered
    collected_yen: Yen
    owed_yen: Yen


CustomerEntry: TypeAlias = (
    CustomerStarted
    | CardAccepted
    | PinRefused
    | PinLocked
    | SessionOpened
    | ChoiceMade
    | FeeRequested
    | FeeCollected
    | FeeNotCollected
    | ChangeRequested
    | ChangePaid
    | SlipNotPrinted
    | IssuanceRequested
    | IssuanceRefused
    | IssuanceCancelled
    | BundleRefused
    | GateEnded
    | PrintStarted
    | PrintEnded
    | DeliveryReported
    | RefundRequested
    | RefundPaid
    | RefundOwed
    | ClaimSettled
    | CustomerEnded
    | CustomerClosedAtBoot
)
"""Entries about one customer: each has ``customer``."""
