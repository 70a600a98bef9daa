"""The registers as tables (SQLAlchemy 2, typed). Moments are stored as ISO text with offset, so that every database agrees."""

from datetime import date, datetime

from sqlalchemy import Dialect, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime as ISO 8601 text; SQLite has no time zones and PostgreSQL would change ours."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Refuse naive moments: they would mean another time on another machine."""
        if value is not None and value.tzinfo is None:
            raise ValueError("the registers take aware moments only")
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Back to an aware datetime."""
        return None if value is None else datetime.fromisoformat(value)


class Base(DeclarativeBase):
    """Base of every table."""


class MunicipalityRow(Base):
    """A municipality and its rules; see ``facts.Municipality``."""

    __tablename__ = "municipalities"
    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    mayor: Mapped[str] = mapped_column(String(60))
    participating: Mapped[bool]
    mode: Mapped[str] = mapped_column(String(10))
    opens_min: Mapped[int]
    closes_min: Mapped[int]
    closed_at_new_year: Mapped[bool]
    name_limit_chars: Mapped[int]
    address_limit_chars: Mapped[int]
    copies_max: Mapped[int]
    fees: Mapped[list["FeeRow"]] = relationship(cascade="all, delete-orphan")
    items: Mapped[list["ItemRow"]] = relationship(cascade="all, delete-orphan")
    maintenance: Mapped[list["MaintenanceRow"]] = relationship(cascade="all, delete-orphan")


class FeeRow(Base):
    """The fee of one kind from a day on. A kind without any fee row is not offered."""

    __tablename__ = "fees"
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    effective_from: Mapped[date] = mapped_column(primary_key=True)
    yen: Mapped[int]


class ItemRow(Base):
    """An item that the municipality lets people choose for a kind."""

    __tablename__ = "items"
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)


class MaintenanceRow(Base):
    """A maintenance window."""

    __tablename__ = "maintenance"
    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"))
    begins: Mapped[datetime] = mapped_column(Moment)
    ends: Mapped[datetime] = mapped_column(Moment)


class TerminalRow(Base):
    """A terminal that serves the residents of one municipality only (in a town office, say)."""

    __tablename__ = "limited_terminals"
    terminal_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"))


class ResidentRow(Base):
    """A resident; see ``facts.Person``."""

    __tablename__ = "residents"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    municipality_code: Mapped[str] = mapped_column(ForeignKey("municipalities.code"))
    household: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    birth_date: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1))
    relationship_to_head: Mapped[str] = mapped_column(String(40))
    my_number: Mapped[str] = mapped_column(String(12))
    resident_since: Mapped[date]
    moved_in_on: Mapped[date]
    former_name: Mapped[str | None] = mapped_column(Text)
    registered_domicile: Mapped[str | None] = mapped_column(Text)
    head_of_register: Mapped[str | None] = mapped_column(Text)
    nationality: Mapped[str | None] = mapped_column(Text)
    residence_status: Mapped[str | None] = mapped_column(Text)
    residence_expiry: Mapped[date | None]
    moving_out: Mapped[bool] = mapped_column(default=False)
    deceased_on: Mapped[date | None]
    protective_measures: Mapped[bool] = mapped_column(default=False)
    character_pending: Mapped[bool] = mapped_column(default=False)
    seal: Mapped["SealRow | None"] = relationship(cascade="all, delete-orphan")

    __table_args__ = (Index("ix_residents_household", "household"),)


class SealRow(Base):
    """A seal registration; see ``facts.Seal``."""

    __tablename__ = "seals"
    resident_key: Mapped[str] = mapped_column(ForeignKey("residents.key"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12))
    registered_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)


class RegistrationRow(Base):
    """A card's certificate: issuing key and serial name the person, nothing else does (design 3.1)."""

    __tablename__ = "registrations"
    issuer_key_id: Mapped[bytes] = mapped_column(LargeBinary(64), primary_key=True)
    serial_hex: Mapped[str] = mapped_column(String(40), primary_key=True)
    resident_key: Mapped[str] = mapped_column(ForeignKey("residents.key"))
    state: Mapped[str] = mapped_column(String(12))
    card_issued_on: Mapped[date | None]
    pin_changed_on: Mapped[date | None]


class RequestRow(Base):
    """One request id, for good: what was asked, whether it is dead, what was handed out, how it ended."""

    __tablename__ = "requests"
    request_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(String(64))
    session_id: Mapped[str] = mapped_column(String(128))
    choice_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(12))
    bundle: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(20))
    impressions_completed: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(60), default="")


class FindingRow(Base):
    """A sealed wrong-person finding, kept for the municipality."""

    __tablename__ = "findings"
    finding_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(String(64))
    municipality_code: Mapped[str] = mapped_column(String(5))
    sealed: Mapped[str] = mapped_column(Text)
