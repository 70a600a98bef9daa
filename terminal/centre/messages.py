"""Messages between a terminal and the certificate centre (証明書交付センター), over HTTPS with mutual TLS.

challenge -> session -> offers -> issuance (idempotent by request id) -> cancel -> delivery report. Binary values are
base64url text with padding (RFC 4648 section 5); JWKs have none. Described for strangers in docs/protocols/centre.md and,
generated from these very classes, in docs/centre-openapi.json.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Base64UrlBytes, Field, model_validator

from printer_templates.records import BasicFour, CertificateKind, Item, Model, Record, Scope

RequestId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""128 random bits as 32 lower-case hex characters: unguessable, one for each request."""

MunicipalityCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
Opaque = Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]


class RefusalCode(StrEnum):
    """Why a person may not have something; the customer's texts stand in ``refusals.py``."""

    OUTSIDE_HOURS = "REFUSED_OUTSIDE_HOURS"
    MAINTENANCE = "REFUSED_MAINTENANCE"
    UNDER_15 = "REFUSED_UNDER_15"
    PROTECTIVE_MEASURES = "REFUSED_PROTECTIVE_MEASURES"
    MOVING_OUT = "REFUSED_MOVING_OUT"
    HOUSEHOLD_MOVING_OUT = "REFUSED_HOUSEHOLD_MOVING_OUT"
    DECEASED = "REFUSED_DECEASED"
    NO_SEAL = "REFUSED_NO_SEAL"
    SEAL_CANCELLED = "REFUSED_SEAL_CANCELLED"
    CERTIFICATE_EXPIRED = "REFUSED_CERTIFICATE_EXPIRED"
    CERTIFICATE_REVOKED = "REFUSED_CERTIFICATE_REVOKED"
    CERTIFICATE_SUSPENDED = "REFUSED_CERTIFICATE_SUSPENDED"
    CERTIFICATE_UNKNOWN = "REFUSED_CERTIFICATE_UNKNOWN"
    NEXT_DAY_CARD = "REFUSED_NEXT_DAY_CARD"
    NEXT_DAY_PIN = "REFUSED_NEXT_DAY_PIN"
    NEXT_DAY_MOVE_IN = "REFUSED_NEXT_DAY_MOVE_IN"
    TEXT_OVER_LIMIT = "REFUSED_TEXT_OVER_LIMIT"
    CHARACTER_PENDING = "REFUSED_CHARACTER_PENDING"
    NOT_PARTICIPATING = "REFUSED_NOT_PARTICIPATING"
    OTHER_MUNICIPALITY = "REFUSED_OTHER_MUNICIPALITY"
    NOT_OFFERED = "REFUSED_NOT_OFFERED"


class Problem(Model):
    """RFC 9457 problem details as the centre sends them: ``code`` is a ``RefusalCode`` or a ``CENTRE_…`` error code."""

    type: str = "about:blank"
    title: str = ""
    status: Annotated[int, Field(ge=400, le=599)]
    code: Annotated[str, Field(pattern=r"^[A-Z0-9_]{3,60}$")]
    detail: str = ""


class ChallengeRequest(Model):
    """Ask for a fresh challenge for one session of this terminal."""

    terminal_id: Annotated[str, Field(min_length=1, max_length=64)]


class Challenge(Model):
    """A single-use server challenge of 32 random bytes."""

    challenge_id: Opaque
    challenge: Annotated[Base64UrlBytes, Field(min_length=32, max_length=32)]
    expires_at: datetime


class PublicJwk(Model):
    """The session's fresh public key: P-256, RFC 7518 section 6.2."""

    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"
    x: Annotated[str, Field(min_length=43, max_length=43)]
    y: Annotated[str, Field(min_length=43, max_length=43)]


class SessionRequest(Model):
    """The transcript signed by the card opens a session: card, terminal and session key bound into one (design 3.2)."""

    terminal_id: Annotated[str, Field(min_length=1, max_length=64)]
    challenge_id: Opaque
    certificate_der: Annotated[Base64UrlBytes, Field(max_length=8192)]
    session_key: PublicJwk
    signature: Annotated[Base64UrlBytes, Field(max_length=1024)]


class Member(Model):
    """Someone of the applicant's household who may be chosen; ``member_id`` is opaque and good for this session only."""

    member_id: Opaque
    name: Annotated[str, Field(min_length=1, max_length=300)]
    is_applicant: bool = False


class Offer(Model):
    """One kind of certificate: what may be had for which fee, or why not (``refusal``)."""

    kind: CertificateKind
    refusal: RefusalCode | None = None
    fee_yen: Annotated[int, Field(ge=0, le=10_000)] = 0
    scopes: tuple[Scope, ...] = ()
    items: tuple[Item, ...] = ()
    copies_max: Annotated[int, Field(ge=0, le=10)] = 0

    @model_validator(mode="after")
    def _refused_or_offered(self) -> Self:
        if self.refusal is None and (not self.scopes or self.copies_max < 1):
            raise ValueError("an offer needs at least one scope and one copy; a refusal needs its code")
        return self


class SessionOpened(Model):
    """The session is open for the person of the card: the offers and the household members to choose from."""

    session_id: Opaque
    expires_at: datetime
    municipality_code: MunicipalityCode
    municipality: Annotated[str, Field(min_length=1, max_length=60)]
    offers: Annotated[tuple[Offer, ...], Field(max_length=20)]
    members: Annotated[tuple[Member, ...], Field(max_length=40)]


class Choice(Model):
    """What the customer asked for. ``members`` names the chosen ones for scope ``members``, else is empty."""

    kind: CertificateKind
    scope: Scope
    members: Annotated[tuple[Opaque, ...], Field(max_length=40)] = ()
    items: frozenset[Item] = frozenset()
    copies: Annotated[int, Field(ge=1, le=10)]


class IssuanceRequest(Model):
    """Ask for one bundle; asking again with the same id and choice gives the same bundle, with another choice an error."""

    request_id: RequestId
    session_id: Opaque
    choice: Choice


class IssuanceReply(Model):
    """The bundle: a JWS (ES256, municipality) inside a JWE (ECDH-ES, A256GCM) to the session key, compact form."""

    request_id: RequestId
    bundle: Annotated[str, Field(min_length=1, max_length=16_000_000)]


class CancellationReply(Model):
    """The whole request is dead: no bundle for it will be made or handed out any more."""

    request_id: RequestId
    cancelled: Literal[True] = True


class DeliveryOutcome(StrEnum):
    """How a request ended at the terminal."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    PARTLY_DELIVERED = "partly_delivered"
    UNKNOWN = "unknown"


class DeliveryReport(Model):
    """Told once for each bundle received. ``reason`` is an error code when not delivered."""

    request_id: RequestId
    outcome: DeliveryOutcome
    impressions_completed: Annotated[int, Field(ge=0)] = 0
    reason: Annotated[str, Field(max_length=60)] = ""


class FindingReport(Model):
    """A wrong-person finding (promise P6), sealed so that only the municipality can read it (JWE compact)."""

    finding_id: RequestId
    municipality_code: MunicipalityCode
    sealed: Annotated[str, Field(min_length=1, max_length=16_000_000)]


class CardIdentity(Model):
    """The person as the card tells it: key identifier of the issuing CA and certificate serial (design 3.1)."""

    issuer_key_id: Annotated[Base64UrlBytes, Field(min_length=8, max_length=64)]
    serial: Annotated[int, Field(ge=1)]


class RegistryState(StrEnum):
    """State of the register entry that a certificate states, at ``registry_as_of``."""

    CURRENT = "current"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


class BundleMode(StrEnum):
    """``record``: the terminal prints the record; ``document``: the municipality's own PDF is printed."""

    RECORD = "record"
    DOCUMENT = "document"


class CopyGrant(Model):
    """One copy: its document number and the key that scrambles its back. In document mode also the PDF of this copy."""

    document_number: Annotated[str, Field(min_length=4, max_length=40, pattern=r"^[0-9A-Z-]+$")]
    scramble_key: Annotated[Base64UrlBytes, Field(min_length=32, max_length=32)]
    document_pdf: Annotated[Base64UrlBytes, Field(max_length=8_000_000)] | None = None


class Bundle(Model):
    """What the municipality signs: who asked, for what, under which request, card and session, and the content itself."""

    version: Literal[1] = 1
    request_id: RequestId
    session_id: Opaque
    terminal_id: Annotated[str, Field(min_length=1, max_length=64)]
    session_key_thumbprint: Annotated[str, Field(min_length=43, max_length=43)]
    card: CardIdentity
    choice: Choice
    applicant: BasicFour
    municipality_code: MunicipalityCode
    issued_at: datetime
    expires_at: datetime
    registry_state: RegistryState
    registry_as_of: datetime
    mode: BundleMode
    record: Record
    copies: Annotated[tuple[CopyGrant, ...], Field(min_length=1, max_length=10)]
    fee_yen: Annotated[int, Field(ge=0, le=100_000)]
    issued_on: date

    @model_validator(mode="after")
    def _documents_match_mode(self) -> Self:
        with_document = [copy.document_pdf is not None for copy in self.copies]
        if any(with_document) != (self.mode is BundleMode.DOCUMENT) or len(set(with_document)) != 1:
            raise ValueError("document mode carries a PDF for each copy, record mode none")
        return self
