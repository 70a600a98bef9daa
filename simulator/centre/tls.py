"""The throw-away TLS authority of the simulated centre: who may speak to it, and whom terminals may believe."""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from simulator.home import write_private
from terminal.centre.client import TlsFiles

TERMINAL_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LIFETIME = timedelta(days=20 * 365)
_BACKDATED = timedelta(days=1)
_ORGANISATION = "HONNIN SIMULATOR - SPECIMEN"


@dataclass(frozen=True, slots=True, repr=False)
class TlsAuthority:
    """The authority below ``directory``; certificates are made on demand and then stay."""

    directory: Path
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def server_files(self) -> TlsFiles:
        """The server's certificate for ``localhost``, 127.0.0.1 and ::1."""
        return self._files("server")

    def terminal_files(self, terminal_id: str) -> TlsFiles:
        """A terminal's client certificate; raise ``ValueError`` for an id that is no file name."""
        if not TERMINAL_ID_PATTERN.fullmatch(terminal_id):
            raise ValueError(f"a terminal id is 1-64 of A-Z a-z 0-9 . _ -, not {terminal_id!r}")
        files = self._files(f"terminals/{terminal_id}")
        if not files.certificate.exists():
            moment = self.certificate.not_valid_before_utc + _BACKDATED
            _write_leaf(files, self.certificate, self.key, terminal_id, ExtendedKeyUsageOID.CLIENT_AUTH, None, moment)
        return files

    def _files(self, stem: str) -> TlsFiles:
        return TlsFiles(
            ca=self.directory / "ca.pem",
            certificate=self.directory / f"{stem}.pem",
            key=self.directory / f"{stem}.key.pem",
        )


def create_tls(directory: Path, now: datetime) -> None:
    """Make the authority and the server's certificate in the new ``directory``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Honnin throw-away TLS CA")
    certificate = (
        _builder(name, name, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    write_private(directory / "ca.key.pem", _key_pem(key))
    write_private(directory / "ca.pem", certificate.public_bytes(Encoding.PEM))
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.IPAddress(ipaddress.ip_address("::1")),
        ]
    )
    files = TlsAuthority(directory, certificate, key).server_files()
    _write_leaf(files, certificate, key, "Honnin simulated centre", ExtendedKeyUsageOID.SERVER_AUTH, names, now)


def load_tls(directory: Path) -> TlsAuthority:
    """The authority that ``create_tls`` made."""
    key = load_pem_private_key((directory / "ca.key.pem").read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(
            f"expected an EC key in ca.key.pem, found {type(key).__name__}; delete the home and start again"
        )
    return TlsAuthority(directory, x509.load_pem_x509_certificate((directory / "ca.pem").read_bytes()), key)


def _write_leaf(
    files: TlsFiles,
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    common_name: str,
    purpose: x509.ObjectIdentifier,
    names: x509.SubjectAlternativeName | None,
    now: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(_name(common_name), issuer.subject, key.public_key(), now)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    # The certificate comes last: it is what tells others that both are there.
    write_private(files.key, _key_pem(key))
    write_private(files.certificate, builder.sign(issuer_key, SHA256()).public_bytes(Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + _LIFETIME)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
