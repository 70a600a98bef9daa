"""What a municipality states: the record of one choice, made from the registers."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from printer_templates.records import (
    CertificateKind,
    Issuer,
    Item,
    Record,
    RecordedPerson,
    ResidenceRecord,
    Scope,
    SealRecord,
)
from simulator.centre.facts import Applicant, Municipality, Person
from simulator.people.seals import impression_png, official_seal_png
from terminal.centre.messages import Choice

_HEAD = "世帯主"


@dataclass(frozen=True, slots=True)
class Asked:
    """One choice of one applicant. ``member_ids`` gives each household member's opaque id in this session, by key."""

    applicant: Applicant
    choice: Choice
    member_ids: Mapping[str, str]
    issued_on: date


def record_of(asked: Asked) -> Record:
    """The record; raise ``LookupError`` when the register holds no seal for a seal certificate."""
    match asked.choice.kind:
        case CertificateKind.SEAL_CERTIFICATE:
            return _seal_record(asked)
        case CertificateKind.RESIDENCE_CERTIFICATE | CertificateKind.RESIDENCE_RECORD_STATEMENT as kind:
            household = asked.applicant.household
            return ResidenceRecord(
                kind=kind,
                issuer=issuer_of(asked.applicant.municipality),
                issued_on=asked.issued_on,
                scope=asked.choice.scope,
                items=asked.choice.items,
                household_id=asked.applicant.person.household,
                household_head=_head(household) if Item.RELATIONSHIP in asked.choice.items else None,
                applicant=asked.applicant.person.basic,
                persons=tuple(
                    recorded(person, asked.member_ids[person.key], asked.choice.items) for person in _chosen(asked)
                ),
            )


def recorded(person: Person, member_id: str, items: frozenset[Item]) -> RecordedPerson:
    """One person with the items chosen; what was not chosen is absent."""
    domicile = Item.REGISTERED_DOMICILE in items
    nationality = Item.NATIONALITY in items
    return RecordedPerson(
        member_id=member_id,
        basic=person.basic,
        resident_since=person.resident_since,
        former_name=person.former_name if Item.FORMER_NAME in items else None,
        relationship=person.relationship if Item.RELATIONSHIP in items else None,
        registered_domicile=person.registered_domicile if domicile else None,
        head_of_register=person.head_of_register if domicile else None,
        my_number=person.my_number if Item.MY_NUMBER in items else None,
        nationality=person.nationality if nationality else None,
        residence_status=person.residence_status if nationality else None,
        residence_expiry=person.residence_expiry if nationality else None,
    )


def issuer_of(municipality: Municipality) -> Issuer:
    """The municipality as it signs and seals its papers."""
    return _issuer(municipality.code, municipality.name, municipality.mayor)


@lru_cache(maxsize=256)
def _issuer(code: str, name: str, mayor: str) -> Issuer:
    title = mayor.split("\u3000")[0]
    return Issuer(
        municipality_code=code,
        municipality=name,
        mayor=mayor,
        official_seal_png=base64.b64encode(official_seal_png(title)),
    )


def _seal_record(asked: Asked) -> SealRecord:
    person = asked.applicant.person
    if person.seal is None:
        raise LookupError("a seal certificate needs a registered seal")
    return SealRecord(
        kind=CertificateKind.SEAL_CERTIFICATE,
        issuer=issuer_of(asked.applicant.municipality),
        issued_on=asked.issued_on,
        applicant=person.basic,
        former_name=person.former_name,
        registration_number=person.seal.number,
        registered_on=person.seal.registered_on,
        impression_png=base64.b64encode(impression_png(person.seal.text)),
    )


def _head(household: tuple[Person, ...]) -> str:
    """The head's name; the first of the household when its head is no longer in the register."""
    return next((person.basic.name for person in household if person.relationship == _HEAD), household[0].basic.name)


def _chosen(asked: Asked) -> tuple[Person, ...]:
    """The persons of the scope, in the register's order whatever order they were chosen in."""
    match asked.choice.scope:
        case Scope.SELF:
            return (asked.applicant.person,)
        case Scope.HOUSEHOLD:
            return asked.applicant.household
        case Scope.MEMBERS:
            chosen = set(asked.choice.members)
            return tuple(person for person in asked.applicant.household if asked.member_ids[person.key] in chosen)
