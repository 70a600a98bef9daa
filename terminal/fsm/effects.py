"""What the machine asks for: frozen values in the imperative. Whoever runs the machine carries them out in order.

Every command to a device or the centre carries the ``generation`` its completion must bring back. ``Cancel…`` and
``ReleaseCard`` are aborts: they may be given while a command of the same device is under way; every other command is
given only when the device's former one has completed.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, get_args

from terminal.fsm.notes import Entry
from terminal.fsm.values import Choice, Delivery, EndReason, Fault, Offer, TimerId


class Screen(StrEnum):
    """What is on the screen, by what it tells the customer."""

    OUT_OF_SERVICE = "out_of_service"
    WELCOME = "welcome"
    READING_CARD = "reading_card"
    CONFIRM_LAST_TRY = "confirm_last_try"
    ENTER_PIN = "enter_pin"
    CHECKING_PIN = "checking_pin"
    READING_SUBJECT = "reading_subject"
    CONFIRM_LAST_TEXT_TRY = "confirm_last_text_try"
    ENTER_TEXT_PIN = "enter_text_pin"
    ASKING_CENTRE = "asking_centre"
    TAKE_CARD = "take_card"
    CHOOSE_KIND = "choose_kind"
    KIND_REFUSED = "kind_refused"
    CHOOSE_SCOPE = "choose_scope"
    CHOOSE_MEMBERS = "choose_members"
    CHOOSE_ITEMS = "choose_items"
    CHOOSE_COPIES = "choose_copies"
    CONFIRM = "confirm"
    PAY = "pay"
    CANCELLING = "cancelling"
    REQUESTING = "requesting"
    VERIFYING = "verifying"
    PRINTING = "printing"
    PRINTER_WAITING = "printer_waiting"
    TAKE_SHEETS = "take_sheets"
    REFUNDING = "refunding"
    TAKE_INCOMPLETE_SHEETS = "take_incomplete_sheets"
    PIN_LOCKED = "pin_locked"
    TAKE_CARD_BACK = "take_card_back"
    SORRY = "sorry"
    GOODBYE = "goodbye"
    RESETTING = "resetting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Show:
    """Put ``screen`` up. The other fields are what it may tell; those a screen has no use for are left at their default.

    ``reason`` is a code whose text the screen's catalogue has. ``warning`` asks "are you still there?" (or, in states that wait
    for a device, says that it takes longer than usual); the time-out follows ``ends_in_s`` later.
    """

    screen: Screen
    reason: str = ""
    tries_left: int | None = None
    offers: tuple[Offer, ...] = ()
    scopes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    member_count: int = 0
    applicant_index: int = 0
    copies_max: int = 0
    choice: Choice | None = None
    fee_yen: int = 0
    refunded_yen: int = 0
    owed_yen: int = 0
    impressions: int = 0
    expected_impressions: int = 0
    warning: bool = False
    ends_in_s: float | None = None


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Post ``TimeoutWarned(timer)`` after ``warn_after_s`` (None: never) and ``TimedOut(timer)`` after ``expire_after_s``."""

    timer: TimerId
    warn_after_s: float | None
    expire_after_s: float


@dataclass(frozen=True, slots=True)
class StopTimer:
    """Post nothing more of ``timer``; something already posted is harmless."""

    timer: TimerId


@dataclass(frozen=True, slots=True)
class WatchCard:
    """Post ``CardInserted`` for the next card, and for one that already lies there."""


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Select the JPKI application and ask for the tries left."""

    generation: int


@dataclass(frozen=True, slots=True)
class VerifyPin:
    """Send the entered digits to the card once. ``certificate_after``: read the certificate afterwards (Android)."""

    generation: int
    certificate_after: bool


@dataclass(frozen=True, slots=True)
class ReadSubject:
    """Read the basic four. ``same_digits``: offer the digits already entered, but only while all tries of the text PIN are
    left (else answer ``TextPinNeeded``); otherwise the digits just entered are the text PIN's own."""

    generation: int
    same_digits: bool


@dataclass(frozen=True, slots=True)
class ForgetPin:
    """Wipe the digits."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Let the card sign the transcript and open the session at the centre."""

    generation: int


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """Cut the card's power; the reader goes on telling of its removal."""

    generation: int


@dataclass(frozen=True, slots=True)
class CollectFee:
    """Take exactly ``fee_yen`` (> 0)."""

    generation: int
    fee_yen: int


@dataclass(frozen=True, slots=True)
class CancelCollect:
    """Stop taking money; the completion of ``CollectFee`` tells how that went."""

    generation: int


@dataclass(frozen=True, slots=True)
class Refund:
    """Give back ``amount_yen`` (> 0)."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class RequestIssuance:
    """Ask the centre for the bundle, under a fresh request id."""

    generation: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class CancelIssuance:
    """Kill the whole request at the centre, and drop its answer here."""

    generation: int


@dataclass(frozen=True, slots=True)
class VerifyBundle:
    """Gates A and B, drawing, gate C."""

    generation: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class StartPrint:
    """Print the very bytes that passed the gates: ``impressions`` page sides."""

    generation: int
    impressions: int


@dataclass(frozen=True, slots=True)
class CancelPrint:
    """Cancel the job; the completion of ``StartPrint`` tells how that went."""

    generation: int


@dataclass(frozen=True, slots=True)
class ReportDelivery:
    """Tell the centre how the bundle ended; given exactly once for each bundle received. Bounded, and awaited by nobody."""

    generation: int
    outcome: Delivery
    impressions: int
    reason: str


@dataclass(frozen=True, slots=True)
class SealFinding:
    """Seal the evidence of a wrong-person finding for the municipality, before the session is forgotten."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class RaiseFault:
    """The machine itself raised this level. The customer's process passes it on to its supervisor as ``FaultRaised``."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class EndCustomer:
    """The session is over. A customer's process exits now; inline, ``CustomerProcessEnded`` is posted back."""

    generation: int
    reason: EndReason
    finding: bool


@dataclass(frozen=True, slots=True)
class ResetTerminal:
    """The hard reset: forget (kill and reap), clear, prove. Completion: ``ResetProved`` or ``ResetNotProved``."""

    generation: int


@dataclass(frozen=True, slots=True)
class Note:
    """Journal ``entry``."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class NoteLateCompletion:
    """Journal that a completion named ``event`` of a past ``generation`` came and touched nothing."""

    event: str
    generation: int


Effect: TypeAlias = (
    Show
    | StartTimer
    | StopTimer
    | WatchCard
    | ReadCard
    | VerifyPin
    | ReadSubject
    | ForgetPin
    | OpenSession
    | ReleaseCard
    | CollectFee
    | CancelCollect
    | Refund
    | RequestIssuance
    | CancelIssuance
    | VerifyBundle
    | StartPrint
    | CancelPrint
    | ReportDelivery
    | SealFinding
    | RaiseFault
    | EndCustomer
    | ResetTerminal
    | Note
    | NoteLateCompletion
)

EFFECT_TYPES: tuple[type[Effect], ...] = get_args(Effect)
