"""What the machine wants journalled: closed types with allow-listed fields, numbers and codes only (promise P8).

There is no field for free text, so nothing of a person can slip in.
"""

from dataclasses import dataclass
from typing import TypeAlias

from terminal.fsm.states import State
from terminal.fsm.values import Delivery, EndReason, Slip


@dataclass(frozen=True, slots=True)
class CustomerStarted:
    """A card was laid on the reader. Exactly one ``CustomerEnded`` of the same generation follows."""

    generation: int


@dataclass(frozen=True, slots=True)
class CustomerEnded:
    """The session's one end. ``kept_yen`` paid for delivered sheets, ``refunded_yen`` went back, ``owed_yen`` could not.

    ``change_yen`` came back as change: it is in none of the others.
    """

    generation: int
    reason: EndReason
    code: str
    kept_yen: int
    refunded_yen: int
    owed_yen: int
    impressions: int
    change_yen: int = 0


@dataclass(frozen=True, slots=True)
class PinJudged:
    """What the card said to a PIN: ``accepted``, ``refused``, ``blocked`` or ``unknown``. ``text`` is the text application's."""

    generation: int
    outcome: str
    text: bool
    tries_left: int | None


@dataclass(frozen=True, slots=True)
class ChoiceMade:
    """What was confirmed. Persons appear as a number only."""

    generation: int
    kind: str
    scope: str
    member_count: int
    item_count: int
    copies: int
    fee_yen: int


@dataclass(frozen=True, slots=True)
class FeeTaken:
    """Money came in."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class ChangeGiven:
    """What was inserted over the fee went back."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class SlipNotPrinted:
    """The customer has no paper for this; the journal has the amount."""

    generation: int
    slip: Slip
    code: str


@dataclass(frozen=True, slots=True)
class FeeRefunded:
    """Money went back."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class RefundOwed:
    """Money that could not be given back, or whose whereabouts nobody knows: the customer has a claim."""

    generation: int
    amount_yen: int
    code: str


@dataclass(frozen=True, slots=True)
class ClaimSettled:
    """A ``RefundOwed`` of this session is void: a late answer told where the money is."""

    generation: int
    amount_yen: int


@dataclass(frozen=True, slots=True)
class GatesJudged:
    """``same``, ``different`` or ``undecided``, with the gate's code."""

    generation: int
    verdict: str
    code: str


@dataclass(frozen=True, slots=True)
class PointOfNoReturnPassed:
    """The first byte went to the printer."""

    generation: int


@dataclass(frozen=True, slots=True)
class BundleSettled:
    """How a received bundle ended at the tray. Exactly one for each bundle."""

    generation: int
    outcome: Delivery
    impressions: int
    code: str


@dataclass(frozen=True, slots=True)
class CentreNotTold:
    """A cancellation or a delivery report did not reach the centre."""

    generation: int
    what: str
    code: str


@dataclass(frozen=True, slots=True)
class FindingOpened:
    """A wrong-person finding stopped the terminal (promise P6)."""

    generation: int
    code: str


@dataclass(frozen=True, slots=True)
class FindingClosed:
    """Staff released the finding."""


@dataclass(frozen=True, slots=True)
class ServiceChanged:
    """The terminal came into or went out of service; ``code`` says why when it went out."""

    in_service: bool
    code: str


@dataclass(frozen=True, slots=True)
class UnexpectedEventSeen:
    """An event came that this state takes for a fault of its sender; it touched nothing."""

    generation: int
    event: str
    state: State
    code: str


Entry: TypeAlias = (
    CustomerStarted
    | CustomerEnded
    | PinJudged
    | ChoiceMade
    | FeeTaken
    | ChangeGiven
    | SlipNotPrinted
    | FeeRefunded
    | RefundOwed
    | ClaimSettled
    | GatesJudged
    | PointOfNoReturnPassed
    | BundleSettled
    | CentreNotTold
    | FindingOpened
    | FindingClosed
    | ServiceChanged
    | UnexpectedEventSeen
)
