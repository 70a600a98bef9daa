"""Facts to rows, for writing the registers."""

from sqlalchemy.orm import Session

from simulator.centre.facts import (
    Municipality,
    Person,
)
from simulator.centre.tables import (
    FeeRow,
    ItemRow,
    MaintenanceRow,
    MunicipalityRow,
    ResidentRow,
    SealRow,
)


def municipality_row(municipality: Municipality, session: Session) -> MunicipalityRow:
    """A municipality with its fees, items and windows, to be merged."""
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


def resident_row(person: Person, municipality_code: str) -> ResidentRow:
    """A resident with their seal, to be merged."""
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
