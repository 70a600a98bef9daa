"""What each page's front must say, worked out from the record by the gate itself and not by the code that draws.

The geometry (``printer_templates.regions``) is the specification that both share; texts, dates and the order of persons are
derived here a second time, so that a mistake of the drawing cannot vouch for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from printer_templates.records import CertificateKind, RecordedPerson, ResidenceRecord, Scope, SealRecord, Sex
from printer_templates.regions import (
    FRONT,
    PERSON_BLOCK_HEIGHT_MM,
    PERSON_BLOCK_PITCH_MM,
    PERSON_BLOCK_TOP_MM,
    PERSONS_PER_PAGE,
    Region,
    RegionName,
    person_regions,
)

_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "不明"}
_ERAS = {"令和": date(2019, 5, 1), "平成": date(1989, 1, 8), "昭和": date(1926, 12, 25), "大正": date(1912, 7, 30)}
_ERA_BEFORE = ("明治", date(1868, 1, 1))
_BLOCK_LEFT_MM, _BLOCK_WIDTH_MM = 14.0, 182.0

TITLES: Mapping[tuple[CertificateKind, Scope], str] = {
    (CertificateKind.RESIDENCE_CERTIFICATE, Scope.SELF): "住民票",
    (CertificateKind.RESIDENCE_CERTIFICATE, Scope.HOUSEHOLD): "住民票（世帯全員）",
    (CertificateKind.RESIDENCE_CERTIFICATE, Scope.MEMBERS): "住民票（世帯の一部）",
    (CertificateKind.SEAL_CERTIFICATE, Scope.SELF): "印鑑登録証明書",
    **{(CertificateKind.RESIDENCE_RECORD_STATEMENT, scope): "住民票記載事項証明書" for scope in Scope},
}


@dataclass(frozen=True, slots=True, repr=False)
class ExpectedField:
    """One place of a front: ``text`` without spaces, or None where the place must say nothing of anybody."""

    name: str
    region: Region
    text: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ExpectedFront:
    """One page's front: every place where a value stands, and the blocks that must be empty."""

    page: int
    pages: int
    fields: tuple[ExpectedField, ...]
    empty: tuple[ExpectedField, ...]


def expected_fronts(record: ResidenceRecord | SealRecord) -> tuple[ExpectedFront, ...]:
    """The fronts of one copy in order; the document number, which differs between copies, is not among the fields."""
    if isinstance(record, SealRecord):
        return (ExpectedFront(1, 1, (*_common(record, Scope.SELF), *_seal_fields(record)), ()),)
    count = -(-len(record.persons) // PERSONS_PER_PAGE)
    return tuple(_residence_front(record, number, count) for number in range(1, count + 1))


def era_text(day: date) -> str:
    """``day`` in the Japanese calendar: 令和元年5月1日."""
    era, first = next(((era, first) for era, first in _ERAS.items() if day >= first), _ERA_BEFORE)
    year = day.year - first.year + 1
    return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def _residence_front(record: ResidenceRecord, number: int, count: int) -> ExpectedFront:
    regions = FRONT[record.kind]
    persons = record.persons[(number - 1) * PERSONS_PER_PAGE : number * PERSONS_PER_PAGE]
    fields = [
        *_common(record, record.scope),
        ExpectedField("household head", regions[RegionName.HOUSEHOLD_HEAD], _solid(record.household_head)),
    ]
    for slot, person in enumerate(persons):
        fields += _person_fields(person, slot)
    empty = [_block(slot) for slot in range(len(persons), PERSONS_PER_PAGE)]
    return ExpectedFront(number, count, tuple(fields), tuple(empty))


def _common(record: ResidenceRecord | SealRecord, scope: Scope) -> tuple[ExpectedField, ...]:
    regions = FRONT[record.kind]
    issuer = record.issuer
    return (
        ExpectedField("title", regions[RegionName.TITLE], _solid(TITLES[record.kind, scope])),
        ExpectedField("date of issue", regions[RegionName.ISSUED_ON], era_text(record.issued_on)),
        ExpectedField("issuer", regions[RegionName.ISSUER], _solid(issuer.municipality + issuer.mayor)),
    )


def _person_fields(person: RecordedPerson, slot: int) -> list[ExpectedField]:
    texts = {
        RegionName.NAME: person.basic.name,
        RegionName.FORMER_NAME: person.former_name,
        RegionName.BIRTH_DATE: era_text(person.basic.birth_date),
        RegionName.SEX: _SEXES.get(person.basic.sex),
        RegionName.RELATIONSHIP: person.relationship,
        RegionName.RESIDENT_SINCE: era_text(person.resident_since),
        RegionName.ADDRESS: person.basic.address,
        RegionName.REGISTERED_DOMICILE: person.registered_domicile,
        RegionName.HEAD_OF_REGISTER: person.head_of_register,
        RegionName.MY_NUMBER: person.my_number,
        RegionName.NATIONALITY: person.nationality,
        RegionName.RESIDENCE_STATUS: person.residence_status,
        RegionName.RESIDENCE_EXPIRY: era_text(person.residence_expiry) if person.residence_expiry else None,
    }
    places = person_regions(slot)
    return [ExpectedField(f"person {slot + 1} {name}", places[name], _solid(text)) for name, text in texts.items()]


def _seal_fields(record: SealRecord) -> tuple[ExpectedField, ...]:
    person = record.applicant
    texts = {
        RegionName.REGISTRATION_NUMBER: record.registration_number,
        RegionName.REGISTERED_ON: era_text(record.registered_on),
        RegionName.BIRTH_DATE: era_text(person.birth_date),
        RegionName.SEX: _SEXES.get(person.sex),
        RegionName.NAME: person.name,
        RegionName.FORMER_NAME: record.former_name,
        RegionName.ADDRESS: person.address,
    }
    regions = FRONT[record.kind]
    return tuple(ExpectedField(name.value, regions[name], _solid(text)) for name, text in texts.items())


def _block(slot: int) -> ExpectedField:
    top_mm = PERSON_BLOCK_TOP_MM + slot * PERSON_BLOCK_PITCH_MM
    return ExpectedField(
        f"person {slot + 1}", Region(_BLOCK_LEFT_MM, top_mm, _BLOCK_WIDTH_MM, PERSON_BLOCK_HEIGHT_MM), None
    )


def _solid(text: str | None) -> str | None:
    """Without any white space: line breaks and spaces are form on paper."""
    return None if text is None else "".join(text.split())
