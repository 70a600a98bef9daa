"""A customer's session at which everything is right, made of the simulated centre's own parts: ready to be spoilt.

Records, documents and faults are the centre's (``simulator.centre``); only envelope and network are left out. Nothing is random.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from printer_templates.certificate import SheetIdentity, draw_certificate
from printer_templates.records import CertificateKind, Item, Record, ResidenceRecord, Scope
from simulator.centre.content import Content, draw_documents
from simulator.centre.facts import Applicant, CardState, Municipality, Person, Registration
from simulator.centre.faults import ContentFault, OmitsOfficialSeal
from simulator.centre.misbehaviour import redrawn, spoil
from simulator.centre.pki import SheetKey
from simulator.centre.records import Asked, record_of
from simulator.centre.seed import municipalities, person_of
from simulator.people.residents import RESIDENTS, resident
from terminal.centre.messages import Bundle, BundleMode, CardIdentity, Choice, Member, RegistryState
from terminal.clock import JST
from terminal.verification.bundle import Expected
from terminal.verification.sheets import SheetKeys
from terminal.verification.subject import ProvedSubject, SubjectEvidence

ISSUED_AT: Final = datetime(2026, 4, 1, 10, 0, 0, tzinfo=JST)
NOW: Final = ISSUED_AT + timedelta(seconds=30)
TERMINAL_ID: Final = "SPECIMEN-0001"
REQUEST_ID: Final = "0123456789abcdef0123456789abcdef"
OTHER_REQUEST_ID: Final = "fedcba9876543210fedcba9876543210"
SESSION_ID: Final = "session-of-this-customer"
THUMBPRINT: Final = "T" * 43
FEE_YEN: Final = 200
LIFETIME: Final = timedelta(minutes=10)

RESIDENCE, STATEMENT, SEAL = CertificateKind


def sheet_key(key_id: str, seed: int) -> SheetKey:
    """A page signer whose key is the same in every run."""
    return SheetKey(key_id, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


TERMINAL_KEY: Final = sheet_key(f"terminal-{TERMINAL_ID}", 1)
MUNICIPAL_KEY: Final = sheet_key("municipality-99101", 2)
NEIGHBOUR_KEY: Final = sheet_key("municipality-99102", 5)
STOLEN_ID: Final = sheet_key(TERMINAL_KEY.key_id, 3)
UNHEARD_OF: Final = sheet_key("terminal-UNHEARD-OF", 4)
KEYS: Final = SheetKeys(
    {each.key_id: each.key.public_key() for each in (TERMINAL_KEY, MUNICIPAL_KEY, NEIGHBOUR_KEY)}, TERMINAL_KEY.key_id
)


@dataclass(frozen=True, slots=True, repr=False)
class Served:
    """One session: what the centre made (``content``), the bundle it sent, what was expected, and whom the card proved."""

    content: Content
    bundle: Bundle
    expected: Expected
    subject: ProvedSubject
    applicant: Applicant
    signer: str = "99101"
    now: datetime = NOW

    def with_bundle(self, **changes: object) -> "Served":
        """The same session, handed a bundle with ``changes``."""
        return replace(self, bundle=self.bundle.model_copy(update=changes))

    def with_record(self, **changes: object) -> "Served":
        """The same session, handed a bundle whose record has ``changes``."""
        return self.with_bundle(record=self.bundle.record.model_copy(update=changes))

    def with_person(self, number: int, **changes: object) -> "Served":
        """The same session, whose record states person ``number`` (from 1) with ``changes``."""
        persons = list(self.residence.persons)
        persons[number - 1] = persons[number - 1].model_copy(update=changes)
        return self.with_record(persons=tuple(persons))

    def with_expected(self, **changes: object) -> "Served":
        """The same bundle in a session that expects something else."""
        return replace(self, expected=replace(self.expected, **changes))  # type: ignore[arg-type]

    @property
    def residence(self) -> ResidenceRecord:
        """The record, of a residence certificate or statement."""
        if not isinstance(self.bundle.record, ResidenceRecord):
            raise TypeError("expected a session with a residence record")
        return self.bundle.record

    def spoilt(self, fault: ContentFault, previous: "Served | None" = None) -> "Served":
        """The same session at a centre with ``fault``; ``previous`` was served before."""
        before = previous.content if previous is not None else None
        content = spoil(self.content, fault, before, self.applicant)
        if redrawn(fault) and content.mode is BundleMode.DOCUMENT:
            content = drawn_by_municipality(content)
            if isinstance(fault, OmitsOfficialSeal):
                # The seal is lost in drawing: what the record says is right.
                content = replace(content, record=self.content.record)
        return replace(self, content=content, bundle=_bundle(content, self.expected.card))

    def drawn(self, record: Record | None = None, signer: SheetKey = TERMINAL_KEY, *, specimen: bool = True) -> bytes:
        """The job as the terminal draws it; with ``record`` as a drawing would that took another one."""
        identities = [
            SheetIdentity(copy.document_number, self.bundle.request_id, copy.scramble_key)
            for copy in self.bundle.copies
        ]
        return draw_certificate(record or self.bundle.record, identities, signer, specimen=specimen).pdf


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer asks for. ``chosen`` are keys of household members, for scope ``members``."""

    kind: CertificateKind = RESIDENCE
    scope: Scope = Scope.HOUSEHOLD
    items: frozenset[Item] = frozenset({Item.RELATIONSHIP})
    chosen: tuple[str, ...] = ()
    copies: int = 1
    mode: BundleMode = BundleMode.RECORD


SEAL_WISH: Final = Wish(SEAL, Scope.SELF, frozenset())


@cache
def serve(key: str, wish: Wish = Wish(), number: int = 1) -> Served:
    """A session of the resident ``key``; another ``number`` is another request, session and document."""
    applicant = _applicant(key, wish.mode)
    members = {person.key: member_id(person.key) for person in applicant.household}
    choice = Choice(
        kind=wish.kind,
        scope=wish.scope,
        members=tuple(member_id(each) for each in wish.chosen),
        items=wish.items,
        copies=wish.copies,
    )
    content = _content(applicant, choice, members, wish, number)
    card = card_of(key)
    bundle = _bundle(content, card, number)
    expected = Expected(
        request_id=bundle.request_id,
        session_id=bundle.session_id,
        terminal_id=TERMINAL_ID,
        session_key_thumbprint=bundle.session_key_thumbprint,
        card=card,
        choice=choice,
        municipality_code=applicant.municipality.code,
        members=_offered(applicant, key),
        fee_yen=FEE_YEN * wish.copies,
    )
    proved = ProvedSubject(SubjectEvidence.SERIAL_AND_BASIC_FOUR, resident(key).basic_four)
    return Served(content, bundle, expected, proved, applicant)


def member_id(key: str) -> str:
    """The opaque id that this session's offer gave somebody."""
    return f"member-of-session-{key}"


def card_of(key: str) -> CardIdentity:
    """The identity of a resident's card: one serial each."""
    serial = 1000 + [each.key for each in RESIDENTS].index(key)
    return CardIdentity.model_construct(issuer_key_id=b"specimen-ca-key-id", serial=serial)


def drawn_by_municipality(content: Content) -> Content:
    """``content`` with its documents drawn anew from its record."""
    return replace(content, documents=draw_documents(content.record, content.identities, MUNICIPAL_KEY))


def _applicant(key: str, mode: BundleMode) -> Applicant:
    municipality: Municipality = replace(municipalities()[0], mode=mode)
    people = {each.key: person_of(each, place) for place, each in enumerate(RESIDENTS)}
    person = people[key]
    household: tuple[Person, ...] = tuple(each for each in people.values() if each.household == person.household)
    return Applicant(Registration(key, CardState.VALID), person, household, municipality)


def _offered(applicant: Applicant, key: str) -> tuple[Member, ...]:
    return tuple(
        Member(member_id=member_id(each.key), name=each.basic.name, is_applicant=each.key == key)
        for each in applicant.household
    )


def _content(applicant: Applicant, choice: Choice, members: Mapping[str, str], wish: Wish, number: int) -> Content:
    record = record_of(Asked(applicant, choice, members, ISSUED_AT.date()))
    identities = tuple(
        SheetIdentity(f"99101-26-{number:03d}{copy:03d}", _request_id(number), bytes([16 * number + copy]) * 32)
        for copy in range(1, wish.copies + 1)
    )
    content = Content(
        resident_key=applicant.person.key,
        request_id=_request_id(number),
        choice=choice,
        mode=wish.mode,
        applicant=applicant.person.basic,
        record=record,
        identities=identities,
        documents=(),
        issued_at=ISSUED_AT,
        registry_state=RegistryState.CURRENT,
        registry_as_of=ISSUED_AT - timedelta(seconds=2),
    )
    return drawn_by_municipality(content) if wish.mode is BundleMode.DOCUMENT else content


def _request_id(number: int) -> str:
    return REQUEST_ID if number == 1 else OTHER_REQUEST_ID


def _bundle(content: Content, card: CardIdentity, number: int = 1) -> Bundle:
    return Bundle.model_construct(
        version=1,
        request_id=content.request_id,
        session_id=SESSION_ID if number == 1 else "session-of-the-one-before",
        terminal_id=TERMINAL_ID,
        session_key_thumbprint=THUMBPRINT if number == 1 else "U" * 43,
        card=card,
        choice=content.choice,
        applicant=content.applicant,
        municipality_code="99101",
        issued_at=content.issued_at,
        expires_at=content.issued_at + LIFETIME,
        registry_state=content.registry_state,
        registry_as_of=content.registry_as_of,
        mode=content.mode,
        record=content.record,
        copies=content.grants(),
        fee_yen=FEE_YEN * content.choice.copies,
        issued_on=content.issued_at.astimezone(JST).date(),
    )
