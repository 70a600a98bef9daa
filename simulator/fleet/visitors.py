"""Who comes when, wants what, and how they behave: drawn from the seed, at rates that a shop would find usual.

Hours: 6:30 to 23:00 (reference section 1.1), busiest at noon and after work; a few come too early or too late and are refused.
The rates are guesses of this file, stated here in one place; no source gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

from printer_templates.records import CertificateKind, Item, Scope
from simulator.fleet.population import Household
from simulator.people import visitor as v
from simulator.people.residents import Resident
from simulator.plan import Arrival, DeviceFault

T = TypeVar("T")
OPENS_MIN: Final = 6 * 60 + 30
CLOSES_MIN: Final = 23 * 60
DAY_STARTS_MIN: Final = 6 * 60
"""Half an hour before service begins: the run's second 0."""
DAY_ENDS_MIN: Final = 23 * 60 + 30
_BY_HOUR: Final = (
    *(0.05, 0.25, 0.45, 0.7, 0.95, 1.0, 1.15, 1.25, 1.0, 0.85, 0.8, 0.85),
    *(1.0, 1.1, 0.9, 0.65, 0.4, 0.05),
)
"""How busy each hour is from 6 to 23 o'clock, to the average."""
_SEAL, _RESIDENCE, _STATEMENT = (
    CertificateKind.SEAL_CERTIFICATE,
    CertificateKind.RESIDENCE_CERTIFICATE,
    CertificateKind.RESIDENCE_RECORD_STATEMENT,
)
_KINDS: Final = ((_SEAL, 0.44), (_RESIDENCE, 0.51), (_STATEMENT, 0.05))
_SCOPES: Final = ((Scope.SELF, 0.6), (Scope.HOUSEHOLD, 0.3), (Scope.MEMBERS, 0.1))
_COPIES: Final = ((1, 0.93), (2, 0.06), (3, 0.01))
_ITEMS: Final = ((Item.RELATIONSHIP, 0.35), (Item.REGISTERED_DOMICILE, 0.3), (Item.MY_NUMBER, 0.12))
_HABITS: Final[tuple[tuple[v.Habit, float], ...]] = (
    (v.Mistypes(1), 0.04),
    (v.Mistypes(2), 0.005),
    (v.Mistypes(3), 0.0015),
    (v.StepsBack("confirm"), 0.02),
    (v.Cancels("choose_kind", 5.0), 0.004),
    (v.Cancels("confirm", 3.0), 0.008),
    (v.Cancels("pay", 4.0), 0.004),
    (v.WalksAway("choose_kind"), 0.002),
    (v.WalksAway("pay"), 0.001),
    (v.LiftsCard("enter_pin", 1.0), 0.004),
    (v.ForgetsCard(), 0.002),
    (v.ForgetsSheets(), 0.002),
)
_FAULTS: Final = (
    ("printer", "paper-jammed", 0.0025),
    ("printer", "paper-out", 0.0015),
    ("printer", "fewer-impressions", 0.0005),
    ("printer", "never-completed", 0.0003),
    ("coins", "jam", 0.002),
    ("notes", "rejected", 0.004),
    ("payment", "declines", 0.003),
    ("card_reader", "card-torn", 0.001),
    ("line", "cut", 0.002),
    ("line", "slow", 0.004),
)
"""Device, fault and share of visits in which it strikes."""
_NOTE_YEN: Final = 1000
_COIN_YEN: Final = 100
_OVERPAYS_SHARE: Final = 0.3
_BOOKED_S: Final = 20.0
_MENDED_AFTER_S: Final = 420.0


@dataclass(frozen=True, slots=True)
class Mended:
    """From ``at_s`` on, everything of a terminal is in order again: somebody of the shop has seen to it."""

    at_s: float
    terminal: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who comes to a unit's shops, and what goes wrong meanwhile."""

    arrivals: tuple[Arrival, ...]
    faults: tuple[DeviceFault, ...]
    mended: tuple[Mended, ...]


def crowd(random: Random, households: tuple[Household, ...], terminals: tuple[str, ...], fee_yen: int) -> Crowd:
    """One visitor of each household, spread over the ``terminals``, of which some are far busier than others."""
    weights = [random.lognormvariate(0.0, 1.0) for _ in terminals]
    arrivals: list[Arrival] = []
    faults: list[DeviceFault] = []
    mended: list[Mended] = []
    for household in households:
        terminal = random.choices(terminals, weights)[0]
        at_s = round(_minute(random) * 60.0, 1)
        arrivals.append(Arrival(at_s, _visitor(random, household, fee_yen), terminal))
        for device, fault, share in _FAULTS:
            if random.random() < share:
                faults.append(DeviceFault(max(0.0, at_s - _BOOKED_S), device, fault, terminal=terminal))  # type: ignore[arg-type]
                mended.append(Mended(at_s + _MENDED_AFTER_S, terminal))
    return Crowd(tuple(arrivals), tuple(faults), tuple(mended))


def _minute(random: Random) -> float:
    """Minutes since the day's start."""
    hour = random.choices(range(len(_BY_HOUR)), _BY_HOUR)[0]
    minute = hour * 60 + random.random() * 60
    return min(minute, DAY_ENDS_MIN - DAY_STARTS_MIN - 1.0)


def _visitor(random: Random, household: Household, fee_yen: int) -> v.Visitor:
    resident = random.choice(household.adults)
    wish = _wish(random, household, resident)
    return v.Visitor(
        resident.key,
        wish,
        reads_s=round(random.lognormvariate(1.3, 0.5), 1),
        pays_yen=_money(random, wish.copies * fee_yen),
        habits=tuple(habit for habit, share in _HABITS if random.random() < share)[:1],
        patience_s=round(random.uniform(300.0, 1200.0)),
    )


def _money(random: Random, due_yen: int) -> tuple[int, ...]:
    """The exact fee in coins, or a note when that is enough."""
    if random.random() < _OVERPAYS_SHARE and due_yen < _NOTE_YEN:
        return (_NOTE_YEN,)
    return (_COIN_YEN,) * (due_yen // _COIN_YEN)


def _wish(random: Random, household: Household, resident: Resident) -> v.Wish:
    kind = _drawn(random, _KINDS)
    scope = Scope.SELF if kind is _SEAL else _drawn(random, _SCOPES)
    if scope is Scope.MEMBERS and len(household.members) == 1:
        scope = Scope.SELF
    chosen = [member.key for member in household.members if random.random() < 0.5 or member is resident]
    items = () if kind is _SEAL else tuple(item for item, share in _ITEMS if random.random() < share)
    if resident.registered_domicile is None:
        items = tuple(item for item in items if item is not Item.REGISTERED_DOMICILE)
    return v.Wish(kind, scope, tuple(chosen) if scope is Scope.MEMBERS else (), items, _drawn(random, _COPIES))


def _drawn(random: Random, shares: Sequence[tuple[T, float]]) -> T:
    return random.choices([each for each, _ in shares], [share for _, share in shares])[0]
