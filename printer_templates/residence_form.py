"""What residence certificate and residence record statement share: person blocks, three a page, omitted items marked."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from printer_templates.era import era_date
from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.attestation import attest, label_common
from printer_templates.layout.form import Form
from printer_templates.layout.sheet import Rule, Sheet, Standing
from printer_templates.layout.words import HOUSEHOLD_HEAD, LABELS, NOT_APPLICABLE, OMITTED, SEXES
from printer_templates.records import CertificateKind, Item, RecordedPerson, ResidenceRecord
from printer_templates.regions import (
    FRONT,
    PERSON_BLOCK_HEIGHT_MM,
    PERSONS_PER_PAGE,
    Region,
    RegionName,
    person_regions,
)

_HEAD_LABEL_MM = 22.0
_LABEL_WIDTHS_MM: Mapping[RegionName, float] = {
    RegionName.NAME: 22,
    RegionName.FORMER_NAME: 12,
    RegionName.BIRTH_DATE: 22,
    RegionName.SEX: 11,
    RegionName.RELATIONSHIP: 11,
    RegionName.RESIDENT_SINCE: 22,
    RegionName.ADDRESS: 22,
    RegionName.REGISTERED_DOMICILE: 22,
    RegionName.HEAD_OF_REGISTER: 16,
    RegionName.MY_NUMBER: 22,
    RegionName.NATIONALITY: 22,
    RegionName.RESIDENCE_STATUS: 22,
    RegionName.RESIDENCE_EXPIRY: 28,
}
_GOVERNED = {
    RegionName.RELATIONSHIP: Item.RELATIONSHIP,
    RegionName.REGISTERED_DOMICILE: Item.REGISTERED_DOMICILE,
    RegionName.HEAD_OF_REGISTER: Item.REGISTERED_DOMICILE,
    RegionName.MY_NUMBER: Item.MY_NUMBER,
    RegionName.FORMER_NAME: Item.FORMER_NAME,
    RegionName.NATIONALITY: Item.NATIONALITY,
    RegionName.RESIDENCE_STATUS: Item.NATIONALITY,
    RegionName.RESIDENCE_EXPIRY: Item.NATIONALITY,
}


def printed_values(person: RecordedPerson, items: frozenset[Item]) -> dict[RegionName, str]:
    """What the block of ``person`` says in each region; raise ``FormError`` ITEM_NOT_CHOSEN for data nobody asked for."""
    optional = {
        RegionName.RELATIONSHIP: person.relationship,
        RegionName.REGISTERED_DOMICILE: person.registered_domicile,
        RegionName.HEAD_OF_REGISTER: person.head_of_register,
        RegionName.MY_NUMBER: person.my_number,
        RegionName.FORMER_NAME: person.former_name,
        RegionName.NATIONALITY: person.nationality,
        RegionName.RESIDENCE_STATUS: person.residence_status,
        RegionName.RESIDENCE_EXPIRY: era_date(person.residence_expiry) if person.residence_expiry else None,
    }
    values = {name: _optional(value, _GOVERNED[name], items) for name, value in optional.items()}
    return values | {
        RegionName.NAME: person.basic.name,
        RegionName.BIRTH_DATE: era_date(person.basic.birth_date),
        RegionName.SEX: SEXES[person.basic.sex],
        RegionName.RESIDENT_SINCE: era_date(person.resident_since),
        RegionName.ADDRESS: person.basic.address,
    }


def _optional(value: str | None, item: Item, items: frozenset[Item]) -> str:
    if item in items:
        return value if value is not None else NOT_APPLICABLE
    if value is not None:
        raise FormError(
            FormErrorCode.ITEM_NOT_CHOSEN,
            f"a record without {item.value} was expected, because it was not chosen; the municipality must send it again",
        )
    return OMITTED


def pages(record: ResidenceRecord, typeface: Typeface, title: str, sentence: str) -> list[Sheet]:
    """The fronts of one copy, without what differs between copies; raise ``FormError``."""
    groups = [
        record.persons[start : start + PERSONS_PER_PAGE] for start in range(0, len(record.persons), PERSONS_PER_PAGE)
    ]
    return [
        _page(record, group, standing(typeface, record.kind, title, sentence, len(group)), typeface) for group in groups
    ]


@lru_cache(maxsize=64)
def standing(typeface: Typeface, kind: CertificateKind, title: str, sentence: str, occupied: int) -> Standing:
    """The form's standing part with ``occupied`` person blocks (1 to ``PERSONS_PER_PAGE``) and the rest struck out."""
    form = Form(typeface)
    label_common(form, kind, title, sentence)
    form.labelled_cell(_HEAD_LABEL_MM, HOUSEHOLD_HEAD, FRONT[kind][RegionName.HOUSEHOLD_HEAD])
    for slot in range(occupied):
        places = person_regions(slot)
        for name, width_mm in _LABEL_WIDTHS_MM.items():
            form.labelled_cell(width_mm, LABELS[name], places[name])
    for slot in range(occupied, PERSONS_PER_PAGE):
        _rule_off(form, slot)
    return form.as_standing()


def _page(record: ResidenceRecord, persons: Sequence[RecordedPerson], form_of: Standing, typeface: Typeface) -> Sheet:
    form = Form(typeface, Sheet(form_of))
    head = _optional(record.household_head, Item.RELATIONSHIP, record.items)
    form.value(FRONT[record.kind][RegionName.HOUSEHOLD_HEAD], head, "the head of household")
    for slot, person in enumerate(persons):
        places = person_regions(slot)
        for name, text in printed_values(person, record.items).items():
            form.value(places[name], text, f"the field {name.value}")
    attest(form, record.kind, record.issuer, record.issued_on)
    return form.sheet


def _rule_off(form: Form, slot: int) -> None:
    """A block nobody fills is struck out, so that nobody can be added to a printed sheet."""
    places = person_regions(slot)
    first, last = places[RegionName.NAME], places[RegionName.RESIDENCE_EXPIRY]
    left_mm = first.x_mm - _HEAD_LABEL_MM
    block = Region(left_mm, first.y_mm, last.right_mm - left_mm, PERSON_BLOCK_HEIGHT_MM)
    form.sheet.box(block)
    form.sheet.rules.append(Rule(block.x_mm, block.bottom_mm, block.right_mm, block.y_mm))
