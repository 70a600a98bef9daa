"""Filling the registers: three invented municipalities, the invented residents, and the cards of one home.

99101 架空市 sends records and is open round the clock, so that a demonstration works at any hour; 99102 例示町 sends documents,
keeps the usual hours of the service and prints no My Number; 99103 未参加村 takes no part.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from printer_templates.records import CertificateKind, Item
from simulator.centre.facts import CardState, Fee, Municipality, Person, Registration, Seal, SealState
from simulator.centre.registers import Registers
from simulator.people.residents import RESIDENTS, Resident
from terminal.centre.messages import BundleMode, CardIdentity

OFFICE_TERMINAL = "SPECIMEN-OFFICE-99101"
"""A terminal that stands in 架空市's town office and serves its residents only."""

MUNICIPALITY_CODES = ("99101", "99102", "99103")

_RESIDENCE, _STATEMENT, _SEAL = CertificateKind
_ALL_ITEMS = frozenset(Item)
_NO_ITEMS: frozenset[Item] = frozenset()
_SEAL_REGISTERED_ON = date(2018, 5, 7)

_CONDITIONS: dict[str, dict[str, Any]] = {
    "protected": {"protective_measures": True},
    "moving-out": {"moving_out": True},
    "deceased": {"deceased_on": date(2026, 1, 5)},
    "pending-glyph": {"character_pending": True},
    "no-seal": {"seal": None},
}


class CardRegistration(Protocol):
    """What is known of one emulated card: issuing key and serial, holder, state (``valid``, ``expired``, …)."""

    @property
    def issuer_key_id(self) -> bytes: ...
    @property
    def serial(self) -> int: ...
    @property
    def resident_key(self) -> str: ...
    @property
    def state(self) -> str: ...


def municipalities() -> tuple[Municipality, ...]:
    """The three invented municipalities as they are at first."""
    kakuu = Municipality(
        code="99101",
        name="見本県架空市",
        mayor="架空市長　見本　次郎",
        participating=True,
        mode=BundleMode.RECORD,
        opens_min=0,
        closes_min=1440,
        closed_at_new_year=False,
        name_limit_chars=100,
        address_limit_chars=130,
        copies_max=5,
        fees=_fees(200, rising_to=300),
        items={_RESIDENCE: _ALL_ITEMS, _STATEMENT: _ALL_ITEMS, _SEAL: _NO_ITEMS},
        maintenance=(),
    )
    reiji = replace(
        kakuu,
        code="99102",
        name="見本県例示町",
        mayor="例示町長　見本　三郎",
        mode=BundleMode.DOCUMENT,
        opens_min=6 * 60 + 30,
        closes_min=23 * 60,
        closed_at_new_year=True,
        name_limit_chars=60,
        address_limit_chars=80,
        copies_max=3,
        fees=_fees(300),
        items={
            _RESIDENCE: _ALL_ITEMS - {Item.MY_NUMBER},
            _STATEMENT: _ALL_ITEMS - {Item.MY_NUMBER},
            _SEAL: _NO_ITEMS,
        },
    )
    absent = replace(
        kakuu,
        code="99103",
        name="見本県未参加村",
        mayor="未参加村長　見本　四郎",
        participating=False,
        fees=(),
        items={},
    )
    return kakuu, reiji, absent


def seed(registers: Registers, cards: Iterable[CardRegistration], today: date) -> None:
    """Fill empty registers; registers that hold something keep what people did to them, and only learn the home's cards.

    The card of ``new-card`` counts as issued ``today`` at each call, so that its refusal can be shown on any day.
    """
    with registers.at_once():
        if registers.is_empty():
            for municipality in municipalities():
                registers.put_municipality(municipality)
            for position, resident in enumerate(RESIDENTS):
                registers.put_person(person_of(resident, position), resident.municipality_code)
            registers.cancel_seal("cancelled-seal")
            registers.limit_terminal(OFFICE_TERMINAL, "99101")
        for card in cards:
            registers.register_card(
                CardIdentity.model_construct(issuer_key_id=card.issuer_key_id, serial=card.serial),
                Registration(
                    resident_key=card.resident_key,
                    state=CardState(card.state),
                    card_issued_on=today if card.resident_key == "new-card" else None,
                ),
            )


def person_of(resident: Resident, position: int) -> Person:
    """An invented resident as the registers hold them, with what their story says is the matter."""
    person = Person(
        key=resident.key,
        household=resident.household,
        position=position,
        basic=resident.basic_four,
        relationship=resident.relationship,
        my_number=resident.my_number,
        resident_since=resident.resident_since,
        moved_in_on=resident.resident_since,
        former_name=resident.former_name,
        registered_domicile=resident.registered_domicile,
        head_of_register=resident.head_of_register,
        nationality=resident.nationality,
        residence_status=resident.residence_status,
        residence_expiry=resident.residence_expiry,
        seal=_seal(resident),
    )
    return replace(person, **_CONDITIONS.get(resident.key, {}))


def _seal(resident: Resident) -> Seal | None:
    if resident.seal_number is None or resident.seal_text is None:
        return None
    return Seal(resident.seal_number, SealState.REGISTERED, _SEAL_REGISTERED_ON, resident.seal_text)


def _fees(yen: int, *, rising_to: int | None = None) -> tuple[Fee, ...]:
    fees = [Fee(kind, date(2020, 4, 1), yen) for kind in CertificateKind]
    if rising_to is not None:
        fees += [Fee(kind, date(2036, 4, 1), rising_to) for kind in CertificateKind]
    return tuple(fees)
