"""Opening a session: challenges that live once and shortly, and the card's certificate and signature over the transcript.

The terminal checks the certificate too; the centre believes nothing of that. A CA is found by key identifier and proved by
signature, never by name (reference jpki-card.md section 4.1: three generations share one DN).
"""

import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator.centre.expiry import drop_expired
from simulator.centre.ids import Ids, opaque
from terminal.centre.api import CentreFailed
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import CardIdentity, Challenge, SessionRequest
from terminal.centre.session_key import ec_key
from terminal.centre.transcript import transcript

CHALLENGE_LIFETIME = timedelta(minutes=3)
CHALLENGES_MAX = 10_000

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


@dataclass(frozen=True, slots=True)
class _Open:
    terminal_id: str
    challenge: bytes
    expires_at: datetime


class ChallengeBook:
    """The challenges that are out: each is good for one terminal, once, for three minutes."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()

    def issue(self, terminal_id: str, now: datetime) -> Challenge | CentreFailed:
        """A fresh challenge; ``CENTRE_BUSY`` while too many are out."""
        with self._lock:
            drop_expired(self._open, now)
            if len(self._open) >= CHALLENGES_MAX:
                return CentreFailed(CentreErrorCode.BUSY, f"{CHALLENGES_MAX} challenges are out; ask again in a minute")
            challenge_id = opaque(self._ids)
            made = _Open(terminal_id, self._ids.random_bytes(32), now + CHALLENGE_LIFETIME)
            self._open[challenge_id] = made
        return Challenge.model_construct(
            challenge_id=challenge_id, challenge=made.challenge, expires_at=made.expires_at
        )

    def use(self, challenge_id: str, terminal_id: str, now: datetime) -> bytes | None:
        """The challenge's bytes at its first use by its terminal in time, else None; used up either way."""
        with self._lock:
            made = self._open.pop(challenge_id, None)
        if made is None or made.terminal_id != terminal_id or now >= made.expires_at:
            return None
        return made.challenge


@dataclass(frozen=True, slots=True)
class AdmittedCard:
    """A card that proved itself: who it is, and until when its certificate says it is good."""

    identity: CardIdentity
    not_after: datetime


class CardVerifier:
    """Checks what a card signed against the CAs of one home."""

    def __init__(self, authorities: Iterable[x509.Certificate]) -> None:
        self._by_key_id = {_key_id(authority): authority for authority in authorities}

    def admit(self, request: SessionRequest, challenge: bytes, now: datetime) -> AdmittedCard | CentreFailed:
        """Certificate, session key and signature in turn. Expiry and revocation are the policy's, not decided here."""
        certificate = _parse(request.certificate_der)
        if certificate is None or now < certificate.not_valid_before_utc:
            return _failed(CentreErrorCode.CERTIFICATE_BAD, "a person's authentication certificate, valid by now")
        authority = self._authority_of(certificate, now)
        if authority is None:
            return _failed(CentreErrorCode.CERTIFICATE_UNTRUSTED, "a certificate issued by a known authority")
        session_key = _session_key_der(request)
        if session_key is None:
            return _failed(CentreErrorCode.SESSION_KEY_BAD, "a point of the curve P-256 as session key")
        message = transcript(
            terminal_id=request.terminal_id,
            challenge=challenge,
            session_public_key_der=session_key,
            certificate_sha256=hashlib.sha256(request.certificate_der).digest(),
        )
        if not _is_signed(certificate, message, request.signature):
            return _failed(CentreErrorCode.SIGNATURE_WRONG, "the card's signature over the transcript of this session")
        identity = CardIdentity.model_construct(issuer_key_id=_key_id(authority), serial=certificate.serial_number)
        return AdmittedCard(identity, certificate.not_valid_after_utc)

    def _authority_of(self, certificate: x509.Certificate, now: datetime) -> x509.Certificate | None:
        named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        authority = self._by_key_id.get(named or b"")
        if authority is None or not authority.not_valid_before_utc <= now <= authority.not_valid_after_utc:
            return None
        try:
            certificate.verify_directly_issued_by(authority)
        except (InvalidSignature, ValueError, TypeError):
            return None
        return authority


def _parse(der: bytes) -> x509.Certificate | None:
    """The certificate of a person with a key that can sign and do nothing else, or None."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        named = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        key = certificate.public_key()
    except Exception:
        # cryptography reads lazily: what a stranger's bytes raise differs by field and version.
        return None
    right_usage = {name for name in _USAGES if getattr(usage, name)} == {"digital_signature"}
    right_key = isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048
    return certificate if right_usage and right_key and named.key_identifier else None


def _key_id(authority: x509.Certificate) -> bytes:
    return authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _session_key_der(request: SessionRequest) -> bytes | None:
    try:
        key = ec_key(request.session_key).public_key
    except ValueError:
        return None
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_signed(certificate: x509.Certificate, message: bytes, signature: bytes) -> bool:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(signature, message, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _failed(code: CentreErrorCode, expected: str) -> CentreFailed:
    return CentreFailed(
        code, f"expected {expected}, something else came; ask for a new challenge and read the card again"
    )
