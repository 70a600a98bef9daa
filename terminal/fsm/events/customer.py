"""What the customer's fingers do."""

from dataclasses import dataclass
from typing import TypeAlias


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
