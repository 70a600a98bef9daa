"""The throw-away certificate authorities of the simulated card: shaped like JPKI's, named so that nobody can mistake them.

Source: reference jpki-card.md section 4.1. Policy identifiers and URLs are our own (2.25 arc, ``.invalid`` hosts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from simulator.home import Home, damaged, unusable, write_private
from terminal.clock import SystemClock

ORGANISATION = "HONNIN SIMULATOR"
AUTHENTICATION_UNIT = "NOT JPKI - SPECIMEN for user authentication"
SIGNING_UNIT = "NOT JPKI - SPECIMEN for digital signature"
OPERATOR_UNIT = "Honnin throw-away CA"
RSA_BITS = 2048
DIGITAL_SIGNATURE = "digital_signature"
NON_REPUDIATION = "content_commitment"

_LIFETIME_YEARS = 20
_AGE_YEARS = 8  # an expired card was issued years before the set-up
_KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True, repr=False)
class Authority:
    """One certificate authority: its self-signed certificate and its private key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def key_id(self) -> bytes:
        """The subject key identifier: with a serial it names a person (design section 3.1)."""
        return issuer_key_id(self.certificate)

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The certificate as DER, as a card carries it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True, slots=True, repr=False)
class CardPki:
    """The authorities behind every card of one home.

    ``card_root`` certifies ``card_document``, which signs what the text and surface applications hold.
    """

    authentication: Authority
    signing: Authority
    card_root: rsa.RSAPrivateKey
    card_document: rsa.RSAPrivateKey


def issuer_key_id(certificate: x509.Certificate) -> bytes:
    """The issuing CA's subject key identifier, from a CA's or an end entity's certificate.

    :raises ValueError: the certificate names no issuer key at all.
    """
    try:
        authority = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    except x509.ExtensionNotFound:
        pass
    else:
        if authority.key_identifier:
            return authority.key_identifier
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        raise ValueError("expected an authority or subject key identifier, found neither; use a Honnin home") from None


def load_or_create(home: Home, now: datetime | None = None) -> CardPki:
    """The home's authorities, made at the first call; also publishes ``trust/auth-ca.pem`` and ``trust/sign-ca.pem``.

    :raises HomeError: the home cannot be written, or holds something else than what was made there.
    """
    moment = SystemClock().wall() if now is None else now
    directory = home.publish("pki", lambda draft: _create(draft, moment))
    pki = CardPki(
        authentication=_load_authority(directory, "auth-ca"),
        signing=_load_authority(directory, "sign-ca"),
        card_root=load_key(directory / "card-root.key.pem"),
        card_document=load_key(directory / "card-document.key.pem"),
    )
    _publish_trust(home.trust / "auth-ca.pem", pki.authentication)
    _publish_trust(home.trust / "sign-ca.pem", pki.signing)
    return pki


def make_key() -> rsa.RSAPrivateKey:
    """A fresh RSA-2048 key, e = 65537."""
    return rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)


def make_authority(unit: str, now: datetime, key: rsa.RSAPrivateKey | None = None) -> Authority:
    """A self-signed CA with JPKI's extensions; another ``key`` under the same ``unit`` is an evil twin."""
    signing_key = make_key() if key is None else key
    name = authority_name(unit)
    start = datetime(now.year - _AGE_YEARS, 7, 16, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(signing_key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(datetime(start.year + _LIFETIME_YEARS, 7, 15, 14, 59, 59, tzinfo=UTC))
        .add_extension(key_usage("key_cert_sign", "crl_sign"), critical=True)
        .add_extension(x509.SubjectAlternativeName([japanese_name(unit)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(distribution_points(name), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(signing_key.public_key()), critical=False)
    )
    return Authority(builder.sign(signing_key, hashes.SHA256()), signing_key)


def authority_name(unit: str) -> x509.Name:
    """The DN of a CA: every part says that this is not JPKI."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, OPERATOR_UNIT),
        ]
    )


def japanese_name(unit: str) -> x509.DirectoryName:
    """The CA's alternative name, in Japanese as on real cards, and marked 見本."""
    purpose = "利用者証明用" if unit == AUTHENTICATION_UNIT else "署名用"
    return x509.DirectoryName(
        x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "見本・模擬認証局(公的個人認証ではない)"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"見本{purpose}"),
            ]
        )
    )


def distribution_points(issuer: x509.Name) -> x509.CRLDistributionPoints:
    """A distribution point that is a directory name, without any URL."""
    return x509.CRLDistributionPoints([x509.DistributionPoint([x509.DirectoryName(issuer)], None, None, None)])


def key_usage(*allowed: str) -> x509.KeyUsage:
    """A keyUsage of exactly the ``allowed`` bits, named as in ``cryptography.x509.KeyUsage``."""
    unknown = set(allowed) - set(_KEY_USAGES)
    if unknown:
        raise ValueError(f"unknown key usages {sorted(unknown)}; known: {', '.join(_KEY_USAGES)}")
    return x509.KeyUsage(**{name: name in allowed for name in _KEY_USAGES})


def store_key(path: Path, key: rsa.RSAPrivateKey) -> None:
    """Write a private key as unencrypted PKCS#8 PEM, mode 0600: it guards nothing but invented people."""
    write_private(
        path,
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


def load_key(path: Path) -> rsa.RSAPrivateKey:
    """Read a key that ``store_key`` wrote; raise ``HomeError`` when it is no such key."""
    try:
        # Checking the primes again costs 40 ms a key, and the file is ours alone.
        key = serialization.load_pem_private_key(path.read_bytes(), password=None, unsafe_skip_rsa_key_validation=True)
    except (OSError, ValueError, TypeError):
        raise damaged(path, "an RSA key") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise damaged(path, "an RSA key")
    return key


def load_certificate(path: Path) -> x509.Certificate:
    """Read a certificate in PEM; raise ``HomeError`` when it is none."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        raise damaged(path, "a certificate") from None


def _publish_trust(path: Path, authority: Authority) -> None:
    try:
        if not path.exists() or path.read_bytes() != authority.pem:
            write_private(path, authority.pem)
    except OSError as error:
        raise unusable(path, error) from None


def _create(directory: Path, now: datetime) -> None:
    makers: tuple[tuple[str, Callable[[], Authority]], ...] = (
        ("auth-ca", lambda: make_authority(AUTHENTICATION_UNIT, now)),
        ("sign-ca", lambda: make_authority(SIGNING_UNIT, now)),
    )
    for stem, make in makers:
        authority = make()
        store_key(directory / f"{stem}.key.pem", authority.key)
        write_private(directory / f"{stem}.pem", authority.pem)
    store_key(directory / "card-root.key.pem", make_key())
    store_key(directory / "card-document.key.pem", make_key())


def _load_authority(directory: Path, stem: str) -> Authority:
    return Authority(load_certificate(directory / f"{stem}.pem"), load_key(directory / f"{stem}.key.pem"))
