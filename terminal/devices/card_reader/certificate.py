"""The authentication certificate, checked offline against the configured CAs before anything leaves the terminal.

The certificate holds no name: the person is (key identifier of the CA, serial). All generations of the CA carry one DN, so a
CA is found by key identifier and proved by signature, never by name. Missing data is a mismatch. Whether the certificate is
suspended or revoked only the centre can tell. Source: RFC 5280; reference jpki-card.md sections 4.1 and 4.2.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from terminal.devices.card_reader.api import CardError, CardErrorCode
from terminal.devices.card_reader.signing import Scheme, scheme_for

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
)


@dataclass(frozen=True, slots=True, repr=False)
class CardCertificate:
    """An authentication certificate that passed every offline check.

    ``issuer_key_id`` and ``serial`` together name the person; ``der`` is the certificate as the card holds it; times are aware.
    """

    der: bytes
    issuer_key_id: bytes
    serial: int
    not_before: datetime
    not_after: datetime
    scheme: Scheme = field(compare=False)

    @property
    def sha256(self) -> bytes:
        """The certificate's SHA-256 (32 bytes), as it goes into the transcript."""
        return hashlib.sha256(self.der).digest()

    def __repr__(self) -> str:
        return f"CardCertificate({len(self.der)} bytes)"


def is_same_card(first: CardCertificate | None, second: CardCertificate | None) -> bool:
    """True only when both are there and byte for byte one certificate; nothing read is never the same as nothing read."""
    return first is not None and second is not None and first.der == second.der and len(first.der) > 0


class TrustedCas:
    """The CA certificates that a terminal accepts, found by subject key identifier."""

    def __init__(self, certificates: Iterable[x509.Certificate]) -> None:
        """Take the configured CAs; raise ``CardError`` (``CARD_BAD_CERTIFICATE``) when there is none or one is no CA."""
        self._by_key_id: dict[bytes, x509.Certificate] = {}
        for certificate in certificates:
            self._by_key_id[_ca_key_id(certificate)] = certificate
        if not self._by_key_id:
            raise CardError(
                CardErrorCode.BAD_CERTIFICATE, "expected at least one trusted CA certificate, none came; configure one"
            )

    @classmethod
    def from_pem(cls, pem: bytes) -> "TrustedCas":
        """Read one or more PEM certificates; raise ``CardError`` (``CARD_BAD_CERTIFICATE``) when that is not what came."""
        try:
            return cls(x509.load_pem_x509_certificates(pem))
        except ValueError as error:
            raise CardError(
                CardErrorCode.BAD_CERTIFICATE, "expected PEM certificates of the trusted CAs, something else came"
            ) from error

    def check(self, der: bytes, now: datetime) -> CardCertificate:
        """Check a certificate as read from the card at the aware moment ``now``.

        Raise ``CardError``: ``CARD_BAD_CERTIFICATE`` (not X.509 or a field is missing), ``CARD_CERT_UNTRUSTED``,
        ``CARD_CERT_KEY_USAGE``, ``CARD_CERT_ALGORITHM``, ``CARD_CERT_NOT_YET_VALID``, ``CARD_CERT_EXPIRED``. Trust is asked
        first, so that a stranger's certificate is never reported as merely expired.
        """
        leaf = _parse(der)
        try:
            issuer_key_id = self._issuer_key_id(leaf, now)
            _check_usage(leaf)
            scheme = scheme_for(leaf.public_key())
        except CardError:
            raise
        except Exception as error:
            # cryptography reads extensions and keys lazily: the declared errors differ by version and field.
            raise _bad(f"expected well-formed extensions and key, {type(error).__name__} came") from None
        _check_dates(leaf, now)
        return CardCertificate(
            der=der,
            issuer_key_id=issuer_key_id,
            serial=leaf.serial_number,
            not_before=leaf.not_valid_before_utc,
            not_after=leaf.not_valid_after_utc,
            scheme=scheme,
        )

    def _issuer_key_id(self, leaf: x509.Certificate, now: datetime) -> bytes:
        authority = _extension(leaf, x509.AuthorityKeyIdentifier)
        key_id = authority.key_identifier if authority else None
        if not key_id:
            raise _bad("expected an authority key identifier, none came")
        issuer = self._by_key_id.get(key_id)
        if issuer is None:
            raise _untrusted("no configured CA has the key that the certificate names")
        try:
            leaf.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError):
            raise _untrusted("the CA with that key identifier did not sign it") from None
        if not issuer.not_valid_before_utc <= now <= issuer.not_valid_after_utc:
            raise _untrusted("its CA certificate is outside its own validity")
        return key_id


def _parse(der: bytes) -> x509.Certificate:
    try:
        leaf = x509.load_der_x509_certificate(der)
        whole = leaf.public_bytes(Encoding.DER) == der
    except Exception as error:
        raise _bad(f"expected a DER X.509 certificate, {type(error).__name__} came") from None
    if not whole or leaf.serial_number <= 0:
        raise _bad("expected one certificate with a positive serial and nothing behind it")
    return leaf


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _ca_key_id(certificate: x509.Certificate) -> bytes:
    constraints = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    subject_key = _extension(certificate, x509.SubjectKeyIdentifier)
    if not (constraints and constraints.ca and usage and usage.key_cert_sign and subject_key and subject_key.digest):
        raise CardError(
            CardErrorCode.BAD_CERTIFICATE,
            "expected CA certificates (CA:TRUE, keyCertSign, subject key identifier) as trusted, another kind came",
        )
    return subject_key.digest


def _check_usage(leaf: x509.Certificate) -> None:
    usage = _extension(leaf, x509.KeyUsage)
    granted = {name for name in _USAGES if usage is not None and getattr(usage, name)}
    if granted != {"digital_signature"}:
        raise CardError(
            CardErrorCode.CERT_KEY_USAGE,
            f"expected key usage digital_signature only, {', '.join(sorted(granted)) or 'none'} came; "
            "this is not an authentication certificate",
        )
    constraints = _extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise CardError(CardErrorCode.CERT_KEY_USAGE, "expected the certificate of a person, that of a CA came")


def _check_dates(leaf: x509.Certificate, now: datetime) -> None:
    # The texts tell no dates: a certificate ends on its holder's birthday, and texts may be journalled.
    if now < leaf.not_valid_before_utc:
        raise CardError(
            CardErrorCode.CERT_NOT_YET_VALID,
            "expected a certificate that is valid by now, its validity begins later; check the terminal's clock",
        )
    if now > leaf.not_valid_after_utc:
        raise CardError(
            CardErrorCode.CERT_EXPIRED,
            "expected a certificate that is still valid, its validity is over; the municipal office issues a new one",
        )


def _bad(what: str) -> CardError:
    return CardError(CardErrorCode.BAD_CERTIFICATE, f"{what}; ask the holder to have the card looked at")


def _untrusted(why: str) -> CardError:
    return CardError(CardErrorCode.CERT_UNTRUSTED, f"expected a certificate of a configured CA: {why}; refuse the card")
