"""The records that certificates are printed from: what a municipality states, as data.

A record is what the municipality signs (bundle, record mode) and what the forms draw; gate B compares it with the card.
Dates are ISO in data and era dates on paper. Source: Resident Record System Standard Specification (住民記録システム標準仕様書),
reference service-and-incidents.md section 1.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field


class CertificateKind(StrEnum):
    """Kinds of certificate a terminal can print (design section 9)."""

    RESIDENCE_CERTIFICATE = "residence_certificate"
    RESIDENCE_RECORD_STATEMENT = "residence_record_statement"
    SEAL_CERTIFICATE = "seal_certificate"


class Scope(StrEnum):
    """Whom a sheet is about."""

    SELF = "self"
    HOUSEHOLD = "household"
    MEMBERS = "members"


class Item(StrEnum):
    """Items a customer may have printed or left out, where the municipality allows the choice."""

    RELATIONSHIP = "relationship"
    REGISTERED_DOMICILE = "registered_domicile"
    MY_NUMBER = "my_number"
    FORMER_NAME = "former_name"
    NATIONALITY = "nationality"


class Sex(StrEnum):
    """ISO/IEC 5218 in the card's own characters (text application, tag DF25)."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    NOT_APPLICABLE = "9"


class Model(BaseModel):
    """Base of every record and message: frozen, no unknown keys, nothing coerced silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=4000)


Name = Annotated[str, Field(min_length=1, max_length=300)]


class BasicFour(Model):
    """基本4情報: name, address, birth date, sex. Family and given name are separated by U+3000 (Latin names by a space)."""

    name: Name
    address: Annotated[str, Field(min_length=1, max_length=400)]
    birth_date: date
    sex: Sex


class RecordedPerson(Model):
    """One person as printed. Optional fields are None when the item was not chosen or does not apply, never empty text."""

    member_id: Annotated[str, Field(min_length=1, max_length=64)]
    basic: BasicFour
    resident_since: date
    former_name: Name | None = None
    relationship: Annotated[str, Field(max_length=40)] | None = None
    registered_domicile: Annotated[str, Field(max_length=400)] | None = None
    head_of_register: Name | None = None
    my_number: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None = None
    nationality: Annotated[str, Field(max_length=80)] | None = None
    residence_status: Annotated[str, Field(max_length=80)] | None = None
    residence_expiry: date | None = None


class Issuer(Model):
    """The municipality that states and seals: the mayor's title and name as printed and the official seal (公印) as PNG."""

    municipality_code: Annotated[str, Field(pattern=r"^[0-9]{5}$")]
    municipality: Annotated[str, Field(min_length=1, max_length=60)]
    mayor: Annotated[str, Field(min_length=1, max_length=60)]
    official_seal_png: Base64Bytes


class ResidenceRecord(Model):
    """住民票の写し or 住民票記載事項証明書: one household's persons in the register's order."""

    kind: Literal[CertificateKind.RESIDENCE_CERTIFICATE, CertificateKind.RESIDENCE_RECORD_STATEMENT]
    issuer: Issuer
    issued_on: date
    scope: Scope
    items: frozenset[Item]
    household_id: Annotated[str, Field(min_length=1, max_length=64)]
    household_head: Name | None = None
    applicant: BasicFour
    persons: Annotated[tuple[RecordedPerson, ...], Field(min_length=1, max_length=40)]


class SealRecord(Model):
    """印鑑登録証明書: the applicant and the registered impression (印影) as a 1-bit PNG."""

    kind: Literal[CertificateKind.SEAL_CERTIFICATE]
    issuer: Issuer
    issued_on: date
    applicant: BasicFour
    former_name: Name | None = None
    registration_number: Annotated[str, Field(min_length=1, max_length=40)]
    registered_on: date
    impression_png: Base64Bytes


Record: TypeAlias = Annotated[ResidenceRecord | SealRecord, Field(discriminator="kind")]
