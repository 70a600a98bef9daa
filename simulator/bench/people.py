"""The certificates that are measured: whose they are, and the records that the invented municipality states for them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from printer_templates.certificate import SheetIdentity
from printer_templates.records import CertificateKind, Item, Record, Scope
from simulator.centre.facts import Applicant, CardState, Registration
from simulator.centre.pki import SheetKey
from simulator.centre.records import Asked, record_of
from simulator.centre.seed import municipalities, person_of
from simulator.people.residents import RESIDENTS, resident
from terminal.centre.messages import Choice

ISSUED_ON: Final = date(2026, 4, 1)
SPECIMEN_SIGNER: Final = SheetKey("SPECIMEN-bench", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@dataclass(frozen=True, slots=True)
class Case:
    """One certificate to measure: whose card profile, which choice, and how many sheets of paper one copy has."""

    name: str
    profile: str
    kind: CertificateKind
    scope: Scope
    items: tuple[Item, ...]
    pages: int


_ITEMS: Final = (Item.RELATIONSHIP, Item.REGISTERED_DOMICILE)
SEAL: Final = Case("seal certificate", "head", CertificateKind.SEAL_CERTIFICATE, Scope.SELF, (), 1)
HOUSEHOLD_OF_3: Final = Case(
    "residence certificate, household of 3", "head", CertificateKind.RESIDENCE_CERTIFICATE, Scope.HOUSEHOLD, _ITEMS, 1
)
HOUSEHOLD_OF_14: Final = Case(
    "residence certificate, household of 14",
    "large-1",
    CertificateKind.RESIDENCE_CERTIFICATE,
    Scope.HOUSEHOLD,
    _ITEMS,
    5,
)
CASES: Final = (SEAL, HOUSEHOLD_OF_3, HOUSEHOLD_OF_14)


def record(case: Case) -> Record:
    """What the municipality states for ``case``, made by the simulated centre's own code."""
    holder = resident(case.profile)
    household = tuple(
        person_of(each, position) for position, each in enumerate(RESIDENTS) if each.household == holder.household
    )
    municipality = next(each for each in municipalities() if each.code == holder.municipality_code)
    applicant = Applicant(
        registration=Registration(holder.key, CardState.VALID),
        person=next(person for person in household if person.key == holder.key),
        household=household,
        municipality=municipality,
    )
    choice = Choice(kind=case.kind, scope=case.scope, items=frozenset(case.items), copies=1)
    return record_of(Asked(applicant, choice, {person.key: _member_id(person.key) for person in household}, ISSUED_ON))


def household_of_three() -> Record:
    """The record of the most usual certificate."""
    return record(HOUSEHOLD_OF_3)


def identities(copies: int) -> Sequence[SheetIdentity]:
    """Fresh identities of one request's copies."""
    request_id = secrets.token_hex(16)
    return [
        SheetIdentity(f"99101-26-{number:06d}", request_id, secrets.token_bytes(32)) for number in range(1, copies + 1)
    ]


def _member_id(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
