"""Which coins make an amount, and which money may be let in so that the change can be given: pure.

Every denomination of yen coins divides the next larger one, so taking the largest first finds an exact payment if there is one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class StockLevel(StrEnum):
    """How much a source of change has."""

    PLENTY = "plenty"
    LOW = "low"
    """Some: pays what it can, but nothing is promised on it."""
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Stock:
    """A source of change: its name, what one unit is worth in yen, and how much there is."""

    source: str
    unit_yen: int
    level: StockLevel


@dataclass(frozen=True, slots=True)
class Parcel:
    """``units`` of ``unit_yen`` out of ``source``."""

    source: str
    unit_yen: int
    units: int


def payment_of(amount_yen: int, stocks: Iterable[Stock]) -> tuple[Parcel, ...] | None:
    """The parcels that make ``amount_yen`` exactly, largest coins first; None when it cannot be made; () for nothing."""
    parcels = []
    for stock in sorted(stocks, key=lambda stock: (-stock.unit_yen, stock.source)):
        if stock.level is StockLevel.EMPTY or stock.unit_yen <= 0:
            continue
        units = amount_yen // stock.unit_yen
        if units:
            parcels.append(Parcel(stock.source, stock.unit_yen, units))
            amount_yen -= units * stock.unit_yen
    return None if amount_yen else tuple(parcels)


def can_promise(amount_yen: int, stocks: Iterable[Stock]) -> bool:
    """Whether ``amount_yen`` can surely be given: out of sources that have plenty."""
    return payment_of(amount_yen, [stock for stock in stocks if stock.level is StockLevel.PLENTY]) is not None


def welcome_yen(
    denominations_yen: Iterable[int], inserted_yen: int, fee_yen: int, stocks: Sequence[Stock]
) -> frozenset[int]:
    """The denominations that may be let in next: those that overpay by nothing, or by change that can surely be given."""
    if inserted_yen >= fee_yen:
        return frozenset()
    return frozenset(
        value
        for value in denominations_yen
        if inserted_yen + value <= fee_yen or can_promise(inserted_yen + value - fee_yen, stocks)
    )
