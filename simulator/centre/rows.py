"""Rows to facts and facts to rows."""

from sqlalchemy.orm import Session

from printer_templates.records import BasicFour, CertificateKind, Item, Sex
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


def registration(row: RegistrationRow) -> Registration:
    return Registration(row.resident_key, CardState(row.state), row.card_issued_on, row.pin_changed_on)


def municipality(row: MunicipalityRow) -> Municipality:
    items: dict[CertificateKind, frozenset[Item]] = {CertificateKind(fee.kind): frozenset() for fee in row.fees}
    for item in row.items:
        kind = CertificateKind(item.kind)
        items[kind] = items.get(kind, frozenset()) | {Item(item.item)}
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
        fees=tuple(Fee(CertificateKind(fee.kind), fee.effective_from, fee.yen) for fee in row.fees),
        items=items,
        maintenance=tuple(Maintenance(window.begins, window.ends) for window in row.maintenance),
    )


def municipality_row(municipality: Municipality, session: Session) -> MunicipalityRow:
    existing = session.get(MunicipalityRow, municipality.code)
    if existing is not None:
        # Windows have no natural key: take the old ones away, so that the new list replaces them.
        existing.maintenance.clear()
        session.flush()
    return MunicipalityRow(
        code=municipality.code,
        name=municipality.name,
        mayor=municipality.mayor,
        participating=municipality.participating,
        mode=municipality.mode.value,
        opens_min=municipality.opens_min,
        closes_min=municipality.closes_min,
        closed_at_new_year=municipality.closed_at_new_year,
        name_limit_chars=municipality.name_limit_chars,
        address_limit_chars=municipality.address_limit_chars,
        copies_max=municipality.copies_max,
        fees=[FeeRow(kind=fee.kind.value, effective_from=fee.effective_from, yen=fee.yen) for fee in municipality.fees],
        items=[
            ItemRow(kind=kind.value, item=item.value) for kind, items in municipality.items.items() for item in items
        ],
        maintenance=[MaintenanceRow(begins=window.begins, ends=window.ends) for window in municipality.maintenance],
    )


def person(row: ResidentRow) -> Person:
    seal = row.seal
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
        seal=None if seal is None else Seal(seal.number, SealState(seal.state), seal.registered_on, seal.text),
    )


def resident_row(person: Person, municipality_code: str) -> ResidentRow:
    seal = person.seal
    return ResidentRow(
        key=person.key,
        municipality_code=municipality_code,
        household=person.household,
        position=person.position,
        name=person.basic.name,
        address=person.basic.address,
        birth_date=person.basic.birth_date,
        sex=person.basic.sex.value,
        relationship_to_head=person.relationship,
        my_number=person.my_number,
        resident_since=person.resident_since,
        moved_in_on=person.moved_in_on,
        former_name=person.former_name,
        registered_domicile=person.registered_domicile,
        head_of_register=person.head_of_register,
        nationality=person.nationality,
        residence_status=person.residence_status,
        residence_expiry=person.residence_expiry,
        moving_out=person.moving_out,
        deceased_on=person.deceased_on,
        protective_measures=person.protective_measures,
        character_pending=person.character_pending,
        seal=None
        if seal is None
        else SealRow(number=seal.number, state=seal.state.value, registered_on=seal.registered_on, text=seal.text),
    )
