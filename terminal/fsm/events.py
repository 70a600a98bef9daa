"""What can happen to a terminal. Every event is a frozen value in the past tense, and ``Event`` is the closed union of all.

A *completion* answers a command and carries the ``generation`` of the session (or reset) that gave the command; one of
another generation touches nothing. Each command has exactly one completion. No event carries personal data or a PIN.
"""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from terminal.fsm.values import Fault, Offer, TimerId

# --- the terminal itself, told by the supervisor


@dataclass(frozen=True, slots=True)
class BootCompleted:
    """The self-test passed: installed files are as recorded, configuration is valid."""


@dataclass(frozen=True, slots=True)
class SelfTestFailed:
    """The terminal may not serve until it is booted again."""

    code: str


@dataclass(frozen=True, slots=True)
class ServiceWithdrawn:
    """Staff take the terminal out of service; a customer who is being served is served to the end."""


@dataclass(frozen=True, slots=True)
class ServiceRestored:
    """Staff put the terminal back into service."""


@dataclass(frozen=True, slots=True)
class FaultRaised:
    """A fault level went up (again: same device and code replaces the earlier one)."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class FaultCleared:
    """A fault level went down."""

    device: str
    code: str


@dataclass(frozen=True, slots=True)
class FindingReopened:
    """The journal holds an open wrong-person finding (at boot)."""


@dataclass(frozen=True, slots=True)
class FindingReleased:
    """A person of the staff released the wrong-person finding."""


@dataclass(frozen=True, slots=True)
class CustomerProcessStarted:
    """Supervisor's machine only: the customer's process took a card."""


@dataclass(frozen=True, slots=True)
class CustomerProcessEnded:
    """The process that served the customer is dead and reaped; inline: the answer to the effect ``EndCustomer``.

    ``clean`` is False when the journal holds a start without its end. ``finding`` when the customer's machine stopped for
    a wrong-person finding. ``owed_yen`` is money taken and neither delivered nor given back, as far as the journal knows.
    """

    clean: bool
    finding: bool = False
    owed_yen: int = 0


@dataclass(frozen=True, slots=True)
class ResetProved:
    """Every device answered for its clean state."""

    generation: int


@dataclass(frozen=True, slots=True)
class ResetNotProved:
    """A device did not; ``code`` is that of the first proof line that failed."""

    generation: int
    code: str


# --- time


@dataclass(frozen=True, slots=True)
class TimeoutWarned:
    """The timer reached its warning."""

    timer: TimerId


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The timer expired."""

    timer: TimerId


# --- the card


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card lies on the reader."""


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card left the reader."""


@dataclass(frozen=True, slots=True)
class CardSwapped:
    """The card on the reader is not the one of before (its removal was missed)."""


@dataclass(frozen=True, slots=True)
class CardFailed:
    """A command to the card ended in an error; completion of ReadCard, VerifyPin, ReadSubject or OpenSession."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class CardRead:
    """The card's authentication PIN has ``tries_left`` (0: locked). Completion of ReadCard.

    ``pin_before_certificate``: an Android card, whose certificate is readable only after the PIN.
    """

    generation: int
    tries_left: int
    pin_before_certificate: bool = False


@dataclass(frozen=True, slots=True)
class PinAccepted:
    """Completion of VerifyPin."""

    generation: int


@dataclass(frozen=True, slots=True)
class PinRefused:
    """Wrong PIN, ``tries_left`` more. Completion of VerifyPin."""

    generation: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class PinBlocked:
    """The PIN is locked. Completion of VerifyPin."""

    generation: int


@dataclass(frozen=True, slots=True)
class PinOutcomeUnknown:
    """The line broke while the card judged a PIN; ``tries_left`` was read afterwards, None if it could not be.

    Completion of VerifyPin or, then about the text application's PIN, of ReadSubject. The PIN is never sent again.
    """

    generation: int
    tries_left: int | None


@dataclass(frozen=True, slots=True)
class SubjectRead:
    """The basic four are at hand. Completion of ReadSubject."""

    generation: int


@dataclass(frozen=True, slots=True)
class TextPinNeeded:
    """The text application's own PIN must be asked for: not all its tries were left. Completion of ReadSubject."""

    generation: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class TextPinRefused:
    """The text application refused the PIN, ``tries_left`` more. Completion of ReadSubject."""

    generation: int
    tries_left: int


@dataclass(frozen=True, slots=True)
class TextPinBlocked:
    """The text application's PIN is locked. Completion of ReadSubject."""

    generation: int


@dataclass(frozen=True, slots=True)
class SubjectFailed:
    """The basic four are missing or malformed, which is a mismatch. Completion of ReadSubject."""

    generation: int
    code: str


# --- the centre


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """What this person may have. ``applicant_index`` is in 0..member_count-1; ``ValueError`` otherwise or without offers."""

    generation: int
    offers: tuple[Offer, ...]
    member_count: int
    applicant_index: int

    def __post_init__(self) -> None:
        if not self.offers:
            raise ValueError("expected at least one offer; a person without any is a SessionRefused")
        if not 0 <= self.applicant_index < self.member_count:
            raise ValueError(f"expected the applicant in 0..{self.member_count - 1}, came {self.applicant_index}")


@dataclass(frozen=True, slots=True)
class SessionRefused:
    """The centre refuses this card or person. Completion of OpenSession."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class SessionFailed:
    """The centre could not be asked or gave no valid answer. Completion of OpenSession."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class BundleReceived:
    """A bundle is at hand, unverified. Completion of RequestIssuance."""

    generation: int


@dataclass(frozen=True, slots=True)
class IssuanceRefused:
    """The centre answered: no. Completion of RequestIssuance."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class IssuanceFailed:
    """No valid answer came: a bundle may have been made. Completion of RequestIssuance."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class IssuanceTimedOut:
    """No answer in time: a bundle may yet be made. Completion of RequestIssuance."""

    generation: int


@dataclass(frozen=True, slots=True)
class RequestCancelled:
    """The whole request is dead at the centre. Completion of CancelIssuance."""

    generation: int


@dataclass(frozen=True, slots=True)
class RequestCancelFailed:
    """Nobody knows whether the request is dead at the centre; here it is. Completion of CancelIssuance."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class DeliveryReported:
    """The centre has the delivery report. Completion of ReportDelivery."""

    generation: int


@dataclass(frozen=True, slots=True)
class DeliveryReportFailed:
    """The centre does not have the report; the journal has. Completion of ReportDelivery."""

    generation: int
    code: str


# --- the customer's fingers


@dataclass(frozen=True, slots=True)
class PinEntered:
    """Four digits stand in the PIN pad's buffer; the event does not hold them."""


@dataclass(frozen=True, slots=True)
class ContinuePressed:
    """ "Go on": last try confirmed, reason read, or "I am still here"."""


@dataclass(frozen=True, slots=True)
class BackPressed:
    """One step back."""


@dataclass(frozen=True, slots=True)
class CancelPressed:
    """End it."""


@dataclass(frozen=True, slots=True)
class KindChosen:
    """``offer`` is an index into the offers."""

    offer: int


@dataclass(frozen=True, slots=True)
class ScopeChosen:
    """One of the offer's scopes."""

    scope: str


@dataclass(frozen=True, slots=True)
class MembersChosen:
    """Indices 0..member_count-1, each once, at least one."""

    members: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemsChosen:
    """Some of the offer's items, each once; may be empty."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopiesChosen:
    """1..copies_max."""

    copies: int


@dataclass(frozen=True, slots=True)
class ChoiceConfirmed:
    """The customer agrees to the choice and its fee."""


@dataclass(frozen=True, slots=True)
class SheetsTaken:
    """The tray is empty (sensor, or the customer's or clerk's word where there is none)."""


# --- money


@dataclass(frozen=True, slots=True)
class FeeCollected:
    """``amount_yen`` was taken. Completion of CollectFee."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class PaymentFailed:
    """No payment; the device still holds ``kept_yen`` of the customer's. Completion of CollectFee."""

    generation: int
    code: str
    kept_yen: int = 0


@dataclass(frozen=True, slots=True)
class PaymentCanceled:
    """Cancelled before the fee was complete; nothing is held. Completion of CollectFee."""

    generation: int


@dataclass(frozen=True, slots=True)
class RefundDone:
    """``amount_yen`` was given back. Completion of Refund."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class RefundFailed:
    """The device still holds ``kept_yen`` of the customer's. Completion of Refund."""

    generation: int
    code: str
    kept_yen: int


# --- gates and paper


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


TerminalEvent: TypeAlias = (
    BootCompleted
    | SelfTestFailed
    | ServiceWithdrawn
    | ServiceRestored
    | FaultRaised
    | FaultCleared
    | FindingReopened
    | FindingReleased
    | CustomerProcessStarted
    | CustomerProcessEnded
    | ResetProved
    | ResetNotProved
)
TimeEvent: TypeAlias = TimeoutWarned | TimedOut
CardPresenceEvent: TypeAlias = CardInserted | CardRemoved | CardSwapped
CardEvent: TypeAlias = (
    CardFailed
    | CardRead
    | PinAccepted
    | PinRefused
    | PinBlocked
    | PinOutcomeUnknown
    | SubjectRead
    | TextPinNeeded
    | TextPinRefused
    | TextPinBlocked
    | SubjectFailed
)
CentreEvent: TypeAlias = (
    SessionOpened
    | SessionRefused
    | SessionFailed
    | BundleReceived
    | IssuanceRefused
    | IssuanceFailed
    | IssuanceTimedOut
    | RequestCancelled
    | RequestCancelFailed
    | DeliveryReported
    | DeliveryReportFailed
)
CustomerEvent: TypeAlias = (
    PinEntered
    | ContinuePressed
    | BackPressed
    | CancelPressed
    | KindChosen
    | ScopeChosen
    | MembersChosen
    | ItemsChosen
    | CopiesChosen
    | ChoiceConfirmed
    | SheetsTaken
)
MoneyEvent: TypeAlias = FeeCollected | PaymentFailed | PaymentCanceled | RefundDone | RefundFailed
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
Event: TypeAlias = (
    TerminalEvent | TimeEvent | CardPresenceEvent | CardEvent | CentreEvent | CustomerEvent | MoneyEvent | PaperEvent
)

EVENT_TYPES: tuple[type[Event], ...] = get_args(Event)
FENCED_EVENTS: frozenset[type[Event]] = frozenset(
    kind for kind in EVENT_TYPES if "generation" in kind.__dataclass_fields__
)
"""Completions: those of another generation touch nothing."""
