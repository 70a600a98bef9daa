"""The invented country: municipalities of realistic sizes, their shops in districts, and how many people come on which day.

Sizes follow the classes of Japan's census of 2020 (rounded), 1,300 participating municipalities with 55,000 shops and 87,400
certificates a day (reference service-and-incidents.md section 1.4). No municipality here is a real one.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from simulator.world import derived_seed

NATION_CERTIFICATES: Final = 87_400
"""FY2023's 31.89 million over 365 days."""
SHOPS: Final = 55_000
SHOPS_A_DISTRICT: Final = 24
"""Shops that one run holds: neighbours of one municipality, with its issuing server between them."""
_SIZE_CLASSES: Final = (
    (12, 1_000_000, 3_700_000),
    (16, 500_000, 1_000_000),
    (45, 300_000, 500_000),
    (45, 200_000, 300_000),
    (150, 100_000, 200_000),
    (240, 50_000, 100_000),
    (220, 30_000, 50_000),
    (330, 10_000, 30_000),
    (150, 5_000, 10_000),
    (92, 1_000, 5_000),
)
"""How many municipalities take part, and between which populations."""
_DISTRICT_SPREAD: Final = 0.3
"""How much a district's customers differ from what its people would let expect (sigma of the logarithm)."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """An invented municipality; ``number`` counts from 1, the largest first."""

    number: int
    population: int
    shops: int

    @property
    def districts(self) -> int:
        """How many runs its shops are divided into."""
        return max(1, math.ceil(self.shops / SHOPS_A_DISTRICT))


@dataclass(frozen=True, slots=True)
class District:
    """Some shops of one municipality; ``expected`` customers come on a usual day."""

    municipality: Municipality
    number: int
    shops: int
    expected: float


@dataclass(frozen=True, slots=True)
class Unit:
    """One district on one day, with its customers: what is run as a whole. Its result depends on it and the seed alone."""

    day: int
    district: District
    customers: int

    @property
    def name(self) -> str:
        """Names it in histories: day, municipality and district."""
        return f"d{self.day:03d}-m{self.district.municipality.number:04d}-{self.district.number:03d}"


@lru_cache(maxsize=1)
def municipalities() -> tuple[Municipality, ...]:
    """All that take part, the largest first."""
    sizes = [
        round(low * (high / low) ** ((count - place - 0.5) / count))
        for count, low, high in _SIZE_CLASSES
        for place in range(count)
    ]
    people_a_shop = sum(sizes) / SHOPS
    return tuple(
        Municipality(number, size, max(1, round(size / people_a_shop))) for number, size in enumerate(sizes, 1)
    )


@lru_cache(maxsize=4)
def districts(seed: int) -> tuple[District, ...]:
    """Every district of the country; which are busier than others depends on the seed."""
    total = sum(each.population for each in municipalities())
    found = []
    for municipality in municipalities():
        count = municipality.districts
        weights = Random(derived_seed(seed, "districts", municipality.number))  # noqa: S311 - repeatable on purpose
        factors = [weights.lognormvariate(0.0, _DISTRICT_SPREAD) for _ in range(count)]
        expected = NATION_CERTIFICATES * municipality.population / total
        for number, factor in enumerate(factors, 1):
            shops = municipality.shops // count + (number <= municipality.shops % count)
            found.append(District(municipality, number, max(1, shops), expected * factor / sum(factors)))
    return tuple(found)


def units(seed: int, customers: int) -> Iterator[Unit]:
    """The runs that hold ``customers`` in all: districts in an order drawn from the seed, day after day.

    So a small run is a sample of the country, and a larger one with the same seed begins with the same units.
    """
    left, day = customers, 0
    while left > 0:
        day += 1
        order = list(districts(seed))
        Random(derived_seed(seed, "order", day)).shuffle(order)  # noqa: S311 - repeatable on purpose
        for district in order:
            name = (district.municipality.number, district.number)
            drawn = _poisson(Random(derived_seed(seed, "customers", day, *name)), district.expected)  # noqa: S311
            if drawn:
                yield Unit(day, district, min(drawn, left))
                left -= min(drawn, left)
            if left == 0:
                return


def _poisson(random: Random, mean: float) -> int:
    """How many of something come that is expected ``mean`` times: gaps between them are exponential."""
    count, passed = 0, random.expovariate(1.0)
    while passed < mean:
        count, passed = count + 1, passed + random.expovariate(1.0)
    return count
