"""The people of one unit: invented households, drawn from the seed when they are needed and forgotten with the run.

Given names are Faker's (ja_JP); family names and addresses say that nobody here is real (見本, 架空, 模擬 …), and every My
Number has a wrong check digit. A few households have the hard names: characters beyond the card's set, variation selectors, a
foreign name of 90 letters, an address of 120.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from faker import Faker

from printer_templates.records import Sex
from simulator.people.residents import Resident, wrong_my_number

FAMILY_NAMES: Final = (
    *(
        "見本",
        "架空",
        "模擬",
        "例示",
        "仮名",
        "仮設",
        "想定",
        "試験",
        "試作",
        "雛形",
        "標本",
        "虚構",
        "空想",
        "作例",
        "手本",
    ),
    *(
        "模型",
        "甲乙",
        "丙丁",
        "某田",
        "某山",
        "某川",
        "見本田",
        "見本山",
        "架空川",
        "模擬野",
        "例示原",
        "仮名井",
        "想定沢",
    ),
)
HARD_FAMILY_NAMES: Final = (
    *("𠮷田", "髙橋", "山﨑", "渡邉", "渡邊", "葛\U000e0102城", "辻\U000e0102"),
    "SPECIMEN",
)
_HARD_SHARE: Final = 0.03
_LATIN: Final = "SPECIMEN IMAGINARY FICTITIOUS EXAMPLE MARIA ALEJANDRA DE LA INVENTADA Y SIMULADA MODELO ABC"
_GIVEN_OF_HARD: Final = ("見本", "見本子", "架空", "架空子", "模擬", "模擬子")
_SIZES: Final = ((1, 0.38), (2, 0.28), (3, 0.17), (4, 0.12), (5, 0.04), (6, 0.01))
"""Members of a household, and the share of households with so many (rounded from the census)."""
_LONG_ADDRESS_CHARS: Final = 120
_DAYS_A_YEAR: Final = 365


@dataclass(frozen=True, slots=True)
class Household:
    """The members in the register's order, the head first; everybody's ``key`` begins with the household's."""

    members: tuple[Resident, ...]

    @property
    def adults(self) -> tuple[Resident, ...]:
        """Those who may hold a card of full use: spouses and the head."""
        return self.members[:2]


@lru_cache(maxsize=1)
def _faker() -> Faker:
    return Faker("ja_JP")


def household(number: int, seed: int, municipality_code: str, place: str, today: date) -> Household:
    """The ``number``-th household of a unit; ``place`` is the municipality as an address begins."""
    random = Random(seed)  # noqa: S311 - repeatable on purpose
    faker = _faker()
    faker.seed_instance(seed)
    size = random.choices([size for size, _ in _SIZES], [share for _, share in _SIZES])[0]
    hard = random.random() < _HARD_SHARE
    family = random.choice(HARD_FAMILY_NAMES if hard else FAMILY_NAMES)
    block = f"{random.randint(1, 40)}番{random.randint(1, 30)}号"
    town = random.choice(("見本町", "架空町", "模擬台", "例示ケ丘", "仮設通"))
    address = f"{place}{town}{random.choice('一二三四五')}丁目{block}"
    if hard and random.random() < 0.2:
        address = (address + "見本架空模擬仮設住宅団地" * 10)[:_LONG_ADDRESS_CHARS]
    head_age = random.randint(24, 88)
    members: list[Resident] = []
    for place_in_it in range(size):
        age = head_age if place_in_it == 0 else _age(random, head_age, place_in_it)
        sex = _sex(random, place_in_it, members)
        birth = today - timedelta(days=age * _DAYS_A_YEAR + random.randint(30, 330))
        given = _GIVEN_OF_HARD[place_in_it] if hard else _given(faker, sex, members)
        members.append(
            Resident(
                key=f"h{number:04d}-{place_in_it + 1}",
                name=f"{family}\u3000{given}",
                address=address,
                birth_date=birth,
                sex=sex,
                household=f"H-{number:04d}",
                relationship=_relationship(place_in_it, sex, members),
                my_number=wrong_my_number(f"{90_000_000_000 + number * 10 + place_in_it}"),
                municipality_code=municipality_code,
                registered_domicile=f"{place}本籍町{number}番地",
                head_of_register=members[0].name if members else f"{family}\u3000{given}",
                seal_number=f"模擬第{number * 10 + place_in_it:06d}号" if age >= 15 else None,
                seal_text=family if age >= 15 else None,
            )
        )
    if family == "SPECIMEN":
        members = [_foreigner(members[0], today)]
    return Household(tuple(members))


def _age(random: Random, head_age: int, place: int) -> int:
    return max(18, head_age + random.randint(-6, 6)) if place == 1 else max(0, head_age - random.randint(24, 40))


def _sex(random: Random, place: int, members: list[Resident]) -> Sex:
    if place == 1:
        return Sex.FEMALE if members[0].sex is Sex.MALE else Sex.MALE
    return random.choice((Sex.MALE, Sex.FEMALE))


def _given(faker: Faker, sex: Sex, members: list[Resident]) -> str:
    """A given name that nobody else of the household has: screens offer members by name."""
    taken = {member.name.split("\u3000")[1] for member in members}
    while True:
        name = str(faker.first_name_male() if sex is Sex.MALE else faker.first_name_female())
        if not any(name in other or other in name for other in taken):
            return name


def _relationship(place: int, sex: Sex, members: list[Resident]) -> str:
    if place == 0:
        return "世帯主"
    if place == 1:
        return "夫" if sex is Sex.MALE else "妻"
    return "子"


def _foreigner(resident: Resident, today: date) -> Resident:
    return replace(
        resident,
        name=_LATIN[:90],
        registered_domicile=None,
        head_of_register=None,
        nationality="架空国",
        residence_status="永住者",
        residence_expiry=today + timedelta(days=900),
        seal_text="SPECIMEN",
    )
