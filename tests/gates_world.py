"""Bundles and sessions of invented residents, as the gates meet them: what is right, ready to be spoilt by a test."""

import io
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from printer_templates.records import (
    CertificateKind,
    Issuer,
    Item,
    RecordedPerson,
    ResidenceRecord,
    Scope,
    SealRecord,
)
from simulator.people.residents import RESIDENTS, Resident, resident
from terminal.centre.messages import Bundle, BundleMode, CardIdentity, Choice, CopyGrant, Member, RegistryState
from terminal.clock import JST
from terminal.verification.bundle import Expected
from terminal.verification.subject import ProvedSubject, SubjectEvidence

NOW = datetime(2026, 4, 1, 10, 0, 30, tzinfo=JST)
ISSUED_AT = datetime(2026, 4, 1, 10, 0, 0, tzinfo=JST)
REQUEST_ID = "0123456789abcdef0123456789abcdef"
OTHER_REQUEST_ID = "fedcba9876543210fedcba9876543210"
SESSION_ID = "session-of-this-customer"
THUMBPRINT = "T" * 43
TERMINAL_ID = "terminal-7"
FEE_YEN = 200


def seal_png(text: str, size: int = 200) -> bytes:
    """A red square seal with ``text``'s code points as bars, transparent elsewhere: another text, another picture."""
    picture = Image.new("RGBA", (size, size), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((4, 4, size - 5, size - 5), outline=(200, 30, 30, 255), width=12)
    for row, character in enumerate(text[:6]):
        for bit in range(12):
            if ord(character) >> bit & 1:
                draw.rectangle((24 + bit * 12, 24 + row * 26, 32 + bit * 12, 44 + row * 26), fill=(200, 30, 30, 255))
    return _png(picture)


def impression_png(text: str, size: int = 240) -> bytes:
    """A registered impression as 1-bit PNG: a ring and ``text``'s code points as bars."""
    picture = Image.new("1", (size, size), 1)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((4, 4, size - 5, size - 5), outline=0, width=10)
    for row, character in enumerate(text[:4]):
        for bit in range(12):
            if ord(character) >> bit & 1:
                draw.rectangle((48 + bit * 12, 60 + row * 30, 56 + bit * 12, 84 + row * 30), fill=0)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


ISSUER = Issuer.model_construct(
    municipality_code="99101",
    municipality="見本県架空市",
    mayor="架空市長　見本次郎",
    official_seal_png=seal_png("架空市長之印"),
)


def member_id(person: Resident) -> str:
    """The opaque id that this session's offer gave ``person``."""
    return f"member-of-session-{person.key}"


def household(person: Resident) -> tuple[Resident, ...]:
    """Everybody of the person's household, in the register's order."""
    return tuple(each for each in RESIDENTS if each.household == person.household)


def members(person: Resident) -> tuple[Member, ...]:
    """The household as the centre offers it to ``person``."""
    return tuple(
        Member(member_id=member_id(each), name=each.name, is_applicant=each.key == person.key)
        for each in household(person)
    )


def recorded(person: Resident, items: frozenset[Item]) -> RecordedPerson:
    """``person`` as a record states them with ``items`` chosen."""
    domicile = Item.REGISTERED_DOMICILE in items
    nationality = Item.NATIONALITY in items
    return RecordedPerson(
        member_id=member_id(person),
        basic=person.basic_four,
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


def residence_record(
    person: Resident,
    scope: Scope = Scope.HOUSEHOLD,
    items: frozenset[Item] = frozenset({Item.RELATIONSHIP}),
    chosen: tuple[Resident, ...] | None = None,
) -> ResidenceRecord:
    """A right residence record for ``person`` as applicant."""
    persons = chosen or ((person,) if scope is Scope.SELF else household(person))
    return ResidenceRecord(
        kind=CertificateKind.RESIDENCE_CERTIFICATE,
        issuer=ISSUER,
        issued_on=ISSUED_AT.date(),
        scope=scope,
        items=items,
        household_id=person.household,
        household_head=household(person)[0].name if Item.RELATIONSHIP in items else None,
        applicant=person.basic_four,
        persons=tuple(recorded(each, items) for each in persons),
    )


def seal_record(person: Resident) -> SealRecord:
    """A right seal record for ``person``."""
    return SealRecord.model_construct(
        kind=CertificateKind.SEAL_CERTIFICATE,
        issuer=ISSUER,
        issued_on=ISSUED_AT.date(),
        applicant=person.basic_four,
        former_name=person.former_name,
        registration_number=person.seal_number or "模擬第00000号",
        registered_on=ISSUED_AT.date() - timedelta(days=900),
        impression_png=impression_png(person.seal_text or person.name),
    )


@dataclass(frozen=True, slots=True)
class Served:
    """One customer's session: the bundle that came, what was expected, and whom the card proved."""

    bundle: Bundle
    expected: Expected
    subject: ProvedSubject

    def with_bundle(self, **changes: object) -> "Served":
        """The same session, handed a bundle with ``changes``."""
        return replace(self, bundle=self.bundle.model_copy(update=changes))

    def with_record(self, **changes: object) -> "Served":
        """The same session, handed a bundle whose record has ``changes``."""
        return self.with_bundle(record=self.bundle.record.model_copy(update=changes))

    def with_person(self, number: int, **changes: object) -> "Served":
        """The same session, whose record states person ``number`` (from 1) with ``changes``."""
        record = self.bundle.record
        assert isinstance(record, ResidenceRecord)
        persons = list(record.persons)
        persons[number - 1] = persons[number - 1].model_copy(update=changes)
        return self.with_record(persons=tuple(persons))


def card_of(person: Resident) -> CardIdentity:
    """The card identity of ``person``: one serial each."""
    return CardIdentity.model_construct(
        issuer_key_id=b"specimen-ca-key-id", serial=1000 + [each.key for each in RESIDENTS].index(person.key)
    )


def serve(person_key: str, record: ResidenceRecord | SealRecord | None = None, *, copies: int = 1) -> Served:
    """A session of the resident ``person_key`` in which everything is right."""
    person = resident(person_key)
    stated = record or residence_record(person)
    scope, items, chosen = Scope.SELF, frozenset[Item](), ()
    if isinstance(stated, ResidenceRecord):
        scope, items = stated.scope, stated.items
        if scope is Scope.MEMBERS:
            chosen = tuple(each.member_id for each in stated.persons)  # type: ignore[assignment]
    choice = Choice(kind=stated.kind, scope=scope, members=chosen, items=items, copies=copies)
    return Served(
        bundle=_bundle(person, stated, choice),
        expected=Expected(
            request_id=REQUEST_ID,
            session_id=SESSION_ID,
            terminal_id=TERMINAL_ID,
            session_key_thumbprint=THUMBPRINT,
            card=card_of(person),
            choice=choice,
            municipality_code=person.municipality_code,
            members=members(person),
            fee_yen=FEE_YEN * copies,
        ),
        subject=ProvedSubject(SubjectEvidence.SERIAL_AND_BASIC_FOUR, person.basic_four),
    )


def grants(copies: int) -> tuple[CopyGrant, ...]:
    """``copies`` grants with numbers and keys of their own."""
    return tuple(
        CopyGrant.model_construct(
            document_number=f"99101-26-{number:06d}", scramble_key=bytes([number]) * 32, document_pdf=None
        )
        for number in range(1, copies + 1)
    )


def _bundle(person: Resident, record: ResidenceRecord | SealRecord, choice: Choice) -> Bundle:
    return Bundle.model_construct(
        version=1,
        request_id=REQUEST_ID,
        session_id=SESSION_ID,
        terminal_id=TERMINAL_ID,
        session_key_thumbprint=THUMBPRINT,
        card=card_of(person),
        choice=choice,
        applicant=person.basic_four,
        municipality_code=person.municipality_code,
        issued_at=ISSUED_AT,
        expires_at=ISSUED_AT + timedelta(minutes=15),
        registry_state=RegistryState.CURRENT,
        registry_as_of=ISSUED_AT - timedelta(seconds=2),
        mode=BundleMode.RECORD,
        record=record,
        copies=grants(choice.copies),
        fee_yen=FEE_YEN * choice.copies,
        issued_on=ISSUED_AT.date(),
    )
