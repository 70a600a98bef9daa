"""What the machine asks for: frozen values in the imperative. Whoever runs the machine carries them out in order.

Every command to a device or the centre carries the ``generation`` its completion must bring back. ``Cancel…`` and
``ReleaseCard`` are aborts: they may be given while a command of the same device is under way; every other command is
given only when the device's former one has completed. ``ReportDelivery`` and ``PrintSlip`` wait in their own lines.
"""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from terminal.fsm.notes import Entry
from terminal.fsm.showing import Screen as Screen
from terminal.fsm.showing import Show as Show
from terminal.fsm.values import Choice, Delivery, EndReason, Fault, Slip, TimerId


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
    """Take ``fee_yen`` (> 0) or more, for sheets that passed every gate."""

    generation: int
    fee_yen: int


@dataclass(frozen=True, slots=True)
class CancelCollect:
    """Stop taking money; the completion of ``CollectFee`` tells how that went."""

    generation: int


@dataclass(frozen=True, slots=True)
class PayChange:
    """Give ``amount_yen`` (> 0) back: what was inserted over the fee. Completion: ``ChangePaid`` or ``ChangeFailed``."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class KeepFee:
    """The sheets are out: ``amount_yen`` (> 0) is the shop's now. No completion: durable before the next effect."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class PrintSlip:
    """Print ``slip`` over ``amount_yen`` (> 0). Bounded, and awaited by nobody but the session's end.

    Completion: ``SlipPrinted`` or ``SlipFailed``; none where no slip printer is fitted.
    """

    generation: int
    slip: Slip
    amount_yen: int


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
    | PayChange
    | KeepFee
    | PrintSlip
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
