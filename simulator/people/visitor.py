"""A person who comes to a terminal, as data: who they are, what they want, how they behave. No deed, no clock, no device.

Scenario files and the fleet describe people with these values; ``acting.py`` turns them into what is pressed and done.
"""

from dataclasses import dataclass
from typing import TypeAlias, get_args

from printer_templates.records import CertificateKind, Item, Scope


@dataclass(frozen=True, slots=True)
class Wish:
    """What they want to take home. ``members`` are residents' keys, for scope ``members``."""

    kind: CertificateKind = CertificateKind.SEAL_CERTIFICATE
    scope: Scope = Scope.SELF
    members: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    copies: int = 1


@dataclass(frozen=True, slots=True)
class WalksAway:
    """Leaves for good when ``screen`` comes up; whatever lies on the reader or in the tray stays."""

    screen: str


@dataclass(frozen=True, slots=True)
class LiftsCard:
    """Takes the card off ``after_s`` after ``screen`` came up, whatever the terminal is doing with it."""

    screen: str
    after_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LaysOtherCard:
    """Puts the card of ``resident`` on the reader when ``screen`` comes up, in place of whatever lies there."""

    screen: str
    resident: str


@dataclass(frozen=True, slots=True)
class Cancels:
    """Presses cancel on ``screen``, the ``showing``-th time that it comes up, and does there as usual before."""

    screen: str
    after_s: float = 0.0
    showing: int = 1


@dataclass(frozen=True, slots=True)
class StepsBack:
    """Presses back on ``screen`` the first ``times`` it comes up, then goes on."""

    screen: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Mistypes:
    """Types a wrong PIN the first ``times``."""

    times: int = 1


@dataclass(frozen=True, slots=True)
class ForgetsCard:
    """Does not take the card off when asked; it stays there until somebody else comes or staff look."""


@dataclass(frozen=True, slots=True)
class ForgetsSheets:
    """Goes without what lies in the tray."""


@dataclass(frozen=True, slots=True)
class TakesWhatLiesThere:
    """Takes papers that lie in the tray on arrival, whosever they are."""


@dataclass(frozen=True, slots=True)
class GoesOn:
    """Does not begin anew when somebody's session is still open: presses on, and lays the own card down, or not even that."""

    lays_card: bool = True


Habit: TypeAlias = (
    WalksAway
    | LiftsCard
    | LaysOtherCard
    | Cancels
    | StepsBack
    | Mistypes
    | ForgetsCard
    | ForgetsSheets
    | TakesWhatLiesThere
    | GoesOn
)
HABITS: tuple[type[Habit], ...] = get_args(Habit)


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """Somebody who comes: ``resident`` and their card (``card`` when it is another profile's), wish, PINs and habits.

    ``reads_s`` is how long they look at a screen before they press; ``pays_yen`` the coins and notes they put in, in order
    (empty: the exact fee). ``patience_s`` is how long they wait for their turn or for a terminal out of service.
    """

    resident: str
    wish: Wish = Wish()
    card: str = ""
    pin: str = "1234"
    text_pin: str = ""
    reads_s: float = 1.0
    pays_yen: tuple[int, ...] = ()
    habits: tuple[Habit, ...] = ()
    patience_s: float = 600.0

    def __repr__(self) -> str:
        return f"Visitor({self.resident}, {self.wish.kind.value})"

    @property
    def card_profile(self) -> str:
        """The profile of the card they bring."""
        return self.card or self.resident

    def habit(self, kind: type[Habit]) -> tuple[Habit, ...]:
        """Their habits of one kind, in order."""
        return tuple(habit for habit in self.habits if isinstance(habit, kind))
