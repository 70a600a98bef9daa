"""The two end-entity certificates of a card. Source: reference jpki-card.md sections 4.2 and 4.3."""

import hashlib
import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from simulator.devices.card_reader.person import CardHolder, era_year
from simulator.devices.card_reader.tlv import tlv
from simulator.pki import (
    AUTHENTICATION_UNIT,
    DIGITAL_SIGNATURE,
    NON_REPUDIATION,
    SIGNING_UNIT,
    Authority,
    distribution_points,
    japanese_name,
    key_usage,
)

# Our own arc, so that no verifier takes a specimen for a certificate under JPKI's policies (1.2.392.200149.8.5.1).
AUTHENTICATION_POLICY = x509.ObjectIdentifier("2.25.329800735698586629295641978511506172918.1")
SIGNING_POLICY = x509.ObjectIdentifier("2.25.329800735698586629295641978511506172918.2")
PRACTICE_STATEMENT = "http://simulator.invalid/specimen-only"
STATUS_SERVICE = "http://ocsp.simulator.invalid/"

_ATTRIBUTE_ARC = "1.2.392.200149.8.5.5."
_UTF8_STRING = 0x0C
_PLACES = re.compile("(.+?[都道府県])(.+?[市区町村])")


def serial_number(profile: str, purpose: str) -> int:
    """The serial (発行番号, up to 4 bytes) of a profile's certificate: the same in every home."""
    digest = hashlib.sha256(f"honnin specimen {purpose} {profile}".encode()).digest()
    return int.from_bytes(digest[:4], "big") & 0x0FFFFFFF | 0x10000000


def authentication_certificate(
    authority: Authority,
    holder: CardHolder,
    key: rsa.RSAPublicKey,
    serial: int,
    usages: tuple[str, ...] = (DIGITAL_SIGNATURE,),
) -> x509.Certificate:
    """The user-authentication certificate: it holds no name, address, birth date, sex or My Number."""
    digest = hashlib.sha256(serial.to_bytes(4, "big")).hexdigest().upper()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"SPECIMEN{digest[:6]}{holder.resident.municipality_code}003A"),
        ]
    )
    builder = _builder(authority, holder, key, serial, subject)
    builder = builder.add_extension(key_usage(*usages), critical=True)
    builder = _with_policy(builder, AUTHENTICATION_POLICY)
    builder = builder.add_extension(x509.IssuerAlternativeName([japanese_name(AUTHENTICATION_UNIT)]), critical=False)
    return _signed(builder, authority, key)


def signing_certificate(
    authority: Authority, holder: CardHolder, key: rsa.RSAPublicKey, serial: int
) -> x509.Certificate:
    """The digital-signature certificate: it holds the basic four as otherName attributes."""
    prefecture, municipality = _places(holder.resident.address)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, prefecture),
            x509.NameAttribute(NameOID.LOCALITY_NAME, municipality),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{holder.issued_at:%Y%m%d%H%M%S}SPECIMEN{serial:08X}"),
        ]
    )
    builder = _builder(authority, holder, key, serial, subject)
    builder = builder.add_extension(key_usage(DIGITAL_SIGNATURE, NON_REPUDIATION), critical=True)
    builder = _with_policy(builder, SIGNING_POLICY)
    builder = builder.add_extension(x509.SubjectAlternativeName(_basic_four(holder)), critical=False)
    builder = builder.add_extension(x509.IssuerAlternativeName([japanese_name(SIGNING_UNIT)]), critical=False)
    return _signed(builder, authority, key)


def _builder(
    authority: Authority, holder: CardHolder, key: rsa.RSAPublicKey, serial: int, subject: x509.Name
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.certificate.subject)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(holder.issued_at)
        .not_valid_after(holder.certificates_expire_at)
    )


def _with_policy(builder: x509.CertificateBuilder, policy: x509.ObjectIdentifier) -> x509.CertificateBuilder:
    information = x509.PolicyInformation(policy, [PRACTICE_STATEMENT])
    return builder.add_extension(x509.CertificatePolicies([information]), critical=True)


def _signed(builder: x509.CertificateBuilder, authority: Authority, key: rsa.RSAPublicKey) -> x509.Certificate:
    service = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(STATUS_SERVICE))
    issuer_key = x509.AuthorityKeyIdentifier(authority.key_id, None, None)
    builder = builder.add_extension(distribution_points(authority.certificate.subject), critical=False)
    builder = builder.add_extension(x509.AuthorityInformationAccess([service]), critical=False)
    builder = builder.add_extension(issuer_key, critical=False)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    return builder.sign(authority.key, hashes.SHA256())


def _basic_four(holder: CardHolder) -> list[x509.GeneralName]:
    person = holder.resident
    era, year = era_year(person.birth_date)
    attributes = {
        1: holder.name_text,
        2: _substitution_marks(person.name, holder.name_text),
        3: person.sex.value,
        4: f"{era}{year:02d}{person.birth_date:%m%d}",
        5: holder.address_text,
        6: _substitution_marks(person.address, holder.address_text),
    }
    return [
        x509.OtherName(x509.ObjectIdentifier(f"{_ATTRIBUTE_ARC}{number}"), tlv(_UTF8_STRING, text.encode()))
        for number, text in attributes.items()
    ]


def _substitution_marks(faithful: str, carried: str) -> str:
    """One digit a character: 1 where the card carries a replacement, 0 where it is faithful."""
    selectors = [character for character in faithful if not "\U000e0100" <= character <= "\U000e01ef"]
    if len(selectors) != len(carried):
        return "0" * len(carried)
    return "".join(
        "0" if mine == theirs or theirs.isdigit() else "1" for mine, theirs in zip(selectors, carried, strict=True)
    )


def _places(address: str) -> tuple[str, str]:
    """Prefecture and municipality as the subject names them."""
    found = _PLACES.match(address)
    return (found[1], found[2]) if found else ("見本県", "不明")
