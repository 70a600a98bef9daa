"""Reading the registers, column by column: an applicant is read twice for every certificate, so this path stays lean."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from printer_templates.records import BasicFour, CertificateKind, Item, Sex
from simulator.centre.changes import Entry
from simulator.centre.facts import (
    CardState,
    Fee,
    Maintenance,
    Municipality,
    Person,
    Registration,
    Seal,
    SealState,
)
from simulator.centre.tables import (
    FeeRow,
    ItemRow,
    MaintenanceRow,
    MunicipalityRow,
    RegistrationRow,
    ResidentRow,
    SealRow,
)
from terminal.centre.messages import BundleMode

_REGISTRATION = select(
    RegistrationRow.resident_key,
    RegistrationRow.state,
    RegistrationRow.card_issued_on,
    RegistrationRow.pin_changed_on,
    ResidentRow.household,
    ResidentRow.municipality_code,
).join(ResidentRow, ResidentRow.key == RegistrationRow.resident_key)
_PEOPLE = (
    select(
        ResidentRow.__table__,
        SealRow.number.label("seal_number"),
        SealRow.state.label("seal_state"),
        SealRow.registered_on.label("seal_registered_on"),
        SealRow.text.label("seal_text"),
    )
    .outerjoin(SealRow, SealRow.resident_key == ResidentRow.key)
    .order_by(ResidentRow.position, ResidentRow.key)
)


@dataclass(frozen=True, slots=True)
class Registered:
    """A card's registration and where its resident's entry stands."""

    registration: Registration
    household: str
    municipality_code: str


def registered(session: Session, issuer_key_id: bytes, serial_hex: str) -> Registered | None:
    """What is registered of one certificate, or None."""
    wanted = (RegistrationRow.issuer_key_id == issuer_key_id) & (RegistrationRow.serial_hex == serial_hex)
    row = session.execute(_REGISTRATION.where(wanted)).one_or_none()
    if row is None:
        return None
    registration = Registration(row.resident_key, CardState(row.state), row.card_issued_on, row.pin_changed_on)
    return Registered(registration, row.household, row.municipality_code)


def entries(session: Session, condition: ColumnElement[bool]) -> tuple[Entry, ...]:
    """The entries that ``condition`` names, in the register's order, seals with them."""
    return tuple(Entry(_person(row), row.municipality_code) for row in session.execute(_PEOPLE.where(condition)))


def municipality(session: Session, code: str) -> Municipality | None:
    """A municipality and its rules, or None."""
    row = session.execute(select(MunicipalityRow.__table__).where(MunicipalityRow.code == code)).one_or_none()
    if row is None:
        return None
    fees = session.execute(
        select(FeeRow.kind, FeeRow.effective_from, FeeRow.yen)
        .where(FeeRow.municipality_code == code)
        .order_by(FeeRow.effective_from, FeeRow.kind)
    ).all()
    chosen = session.execute(select(ItemRow.kind, ItemRow.item).where(ItemRow.municipality_code == code)).all()
    windows = session.execute(
        select(MaintenanceRow.begins, MaintenanceRow.ends).where(MaintenanceRow.municipality_code == code)
    ).all()
    kinds = {CertificateKind(fee.kind) for fee in fees} | {CertificateKind(each.kind) for each in chosen}
    return Municipality(
        code=row.code,
        name=row.name,
        mayor=row.mayor,
        participating=row.participating,
        mode=BundleMode(row.mode),
        opens_min=row.opens_min,
        closes_min=row.closes_min,
        closed_at_new_year=row.closed_at_new_year,
        name_limit_chars=row.name_limit_chars,
        address_limit_chars=row.address_limit_chars,
        copies_max=row.copies_max,
        fees=tuple(Fee(CertificateKind(fee.kind), fee.effective_from, fee.yen) for fee in fees),
        items={kind: frozenset(Item(each.item) for each in chosen if each.kind == kind) for kind in kinds},
        maintenance=tuple(Maintenance(window.begins, window.ends) for window in windows),
    )


def _person(row: Row[Any]) -> Person:
    return Person(
        key=row.key,
        household=row.household,
        position=row.position,
        basic=BasicFour(name=row.name, address=row.address, birth_date=row.birth_date, sex=Sex(row.sex)),
        relationship=row.relationship_to_head,
        my_number=row.my_number,
        resident_since=row.resident_since,
        moved_in_on=row.moved_in_on,
        former_name=row.former_name,
        registered_domicile=row.registered_domicile,
        head_of_register=row.head_of_register,
        nationality=row.nationality,
        residence_status=row.residence_status,
        residence_expiry=row.residence_expiry,
        moving_out=row.moving_out,
        deceased_on=row.deceased_on,
        protective_measures=row.protective_measures,
        character_pending=row.character_pending,
        seal=_seal(row),
    )


def _seal(row: Row[Any]) -> Seal | None:
    if row.seal_number is None:
        return None
    return Seal(row.seal_number, SealState(row.seal_state), row.seal_registered_on, row.seal_text)
