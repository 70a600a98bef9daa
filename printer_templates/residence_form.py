"""What residence certificate and residence record statement share: person blocks, three a page, omitted items marked."""

from collections.abc import Sequence

from printer_templates.era import era_date
from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.attestation import attest
from printer_templates.layout.form import NOT_APPLICABLE, OMITTED, Form
from printer_templates.layout.sheet import Rule, Sheet
from printer_templates.records import Item, RecordedPerson, ResidenceRecord, Sex
from printer_templates.regions import FRONT, PERSONS_PER_PAGE, RegionName, person_regions

_LABELS: tuple[tuple[RegionName, float, str], ...] = (
    (RegionName.NAME, 22, "氏名"),
    (RegionName.FORMER_NAME, 12, "旧氏"),
    (RegionName.BIRTH_DATE, 22, "生年月日"),
    (RegionName.SEX, 11, "性別"),
    (RegionName.RELATIONSHIP, 11, "続柄"),
    (RegionName.RESIDENT_SINCE, 22, "住民となった日"),
    (RegionName.ADDRESS, 22, "住所"),
    (RegionName.REGISTERED_DOMICILE, 22, "本籍"),
    (RegionName.HEAD_OF_REGISTER, 16, "筆頭者"),
    (RegionName.MY_NUMBER, 22, "個人番号"),
    (RegionName.NATIONALITY, 22, "国籍・地域"),
    (RegionName.RESIDENCE_STATUS, 22, "在留資格"),
    (RegionName.RESIDENCE_EXPIRY, 28, "在留期間の満了の日"),
)
SEX_TEXTS = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "不明", Sex.NOT_APPLICABLE: NOT_APPLICABLE}
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
        RegionName.SEX: SEX_TEXTS[person.basic.sex],
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
    return [_page(record, group, typeface, title, sentence) for group in groups]


def _page(
    record: ResidenceRecord, persons: Sequence[RecordedPerson], typeface: Typeface, title: str, sentence: str
) -> Sheet:
    form = Form(typeface)
    regions = FRONT[record.kind]
    attest(form, record.kind, record.issuer, record.issued_on, title, sentence)
    form.labelled_cell(22, "世帯主", regions[RegionName.HOUSEHOLD_HEAD])
    head = _optional(record.household_head, Item.RELATIONSHIP, record.items)
    form.value(regions[RegionName.HOUSEHOLD_HEAD], head, "the head of household")
    for slot in range(PERSONS_PER_PAGE):
        if slot < len(persons):
            _block(form, slot, printed_values(persons[slot], record.items))
        else:
            _strike_out(form, slot)
    return form.sheet


def _block(form: Form, slot: int, values: dict[RegionName, str]) -> None:
    places = person_regions(slot)
    for name, label_width_mm, label in _LABELS:
        form.labelled_cell(label_width_mm, label, places[name])
        form.value(places[name], values[name], name.value)


def _strike_out(form: Form, slot: int) -> None:
    """A slot nobody fills is ruled off, so that nobody can be added to a printed sheet."""
    places = person_regions(slot)
    first, last = places[RegionName.NAME], places[RegionName.RESIDENCE_STATUS]
    middle_mm = (first.y_mm + last.bottom_mm) / 2
    form.sheet.rules.append(Rule(15, middle_mm, 85, middle_mm))
    form.sheet.rules.append(Rule(125, middle_mm, 195, middle_mm))
