"""What the registers know, as values: the policy decides on these and on nothing else."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from printer_templates.records import BasicFour, CertificateKind, Item
from terminal.centre.messages import BundleMode


class CardState(StrEnum):
    """State of a registered authentication certificate (reference jpki-card.md section 4.4: suspended = 一時保留)."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"


class SealState(StrEnum):
    """State of a seal registration; cancelled is 廃印."""

    REGISTERED = "registered"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Fee:
    """What one copy of ``kind`` costs from the day ``effective_from`` on."""

    kind: CertificateKind
    effective_from: date
    yen: int


@dataclass(frozen=True, slots=True)
class Maintenance:
    """A window in which the municipality's server serves nobody; aware moments, ``ends`` is exclusive."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality and its rules. Hours are minutes after midnight JST; 0 to 1440 is round the clock."""

    code: str
    name: str
    mayor: str
    participating: bool
    mode: BundleMode
    opens_min: int
    closes_min: int
    closed_at_new_year: bool
    name_limit_chars: int
    address_limit_chars: int
    copies_max: int
    fees: tuple[Fee, ...]
    items: dict[CertificateKind, frozenset[Item]]
    maintenance: tuple[Maintenance, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal registration."""

    number: str
    state: SealState
    registered_on: date
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """One resident as the register has them today."""

    key: str
    household: str
    position: int
    basic: BasicFour
    relationship: str
    my_number: str
    resident_since: date
    moved_in_on: date
    former_name: str | None = None
    registered_domicile: str | None = None
    head_of_register: str | None = None
    nationality: str | None = None
    residence_status: str | None = None
    residence_expiry: date | None = None
    moving_out: bool = False
    deceased_on: date | None = None
    protective_measures: bool = False
    character_pending: bool = False
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A card's certificate as registered: whose it is, its state, and the days that the next-day rules look at."""

    resident_key: str
    state: CardState
    card_issued_on: date | None = None
    pin_changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Applicant:
    """Everything about one card holder at one moment. ``household`` holds its living members in the register's order."""

    registration: Registration
    person: Person
    household: tuple[Person, ...]
    municipality: Municipality
