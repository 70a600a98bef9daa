"""The authentication certificate, checked offline: by key and signature, never by name."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from simulator import pki
from simulator.devices.card_reader.personalisation import load_material
from simulator.devices.card_reader.profiles import profile
from terminal.devices.card_reader.api import CardError, CardErrorCode
from terminal.devices.card_reader.certificate import TrustedCas, is_same_card
from tests.card_kit import NOW, certificate_of, home, trust


def _authority() -> pki.Authority:
    return pki.load_or_create(home(), NOW).authentication


_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_USAGE = pki.key_usage(pki.DIGITAL_SIGNATURE)


def _leaf(
    *,
    signer: pki.Authority | None = None,
    issuer: x509.Name | None = None,
    key_id: bytes | None = b"of the signer",
    usage: x509.KeyUsage | None = _USAGE,
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | None = None,
    begins_days: float = -10,
    ends_days: float = 10,
    ca: bool | None = None,
) -> bytes:
    """A certificate that is right but for what is given."""
    authority = signer or _authority()
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer or authority.certificate.subject)
        .public_key(key or _KEY.public_key())
        .serial_number(4711)
        .not_valid_before(NOW + timedelta(days=begins_days))
        .not_valid_after(NOW + timedelta(days=ends_days))
    )
    if usage is not None:
        builder = builder.add_extension(usage, critical=True)
    if key_id is not None:
        named = authority.key_id if key_id == b"of the signer" else key_id
        builder = builder.add_extension(x509.AuthorityKeyIdentifier(named, None, None), critical=False)
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _refusal(der: bytes, cas: TrustedCas | None = None) -> str:
    with pytest.raises(CardError) as error:
        (cas or trust()).check(der, NOW)
    return error.value.code


def test_a_certificate_of_the_configured_ca_names_the_person_by_key_id_and_serial() -> None:
    checked = trust().check(_leaf(), NOW)
    assert checked.issuer_key_id == _authority().key_id
    assert checked.serial == 4711
    assert checked.scheme.name == "RS256"


def test_a_certificate_of_another_ca_is_untrusted() -> None:
    stranger = pki.make_authority("Other unit", NOW)
    assert _refusal(_leaf(signer=stranger)) == CardErrorCode.CERT_UNTRUSTED


def test_a_ca_of_the_same_name_with_another_key_is_untrusted() -> None:
    twin = pki.make_authority(pki.AUTHENTICATION_UNIT, NOW)
    assert twin.certificate.subject == _authority().certificate.subject
    assert _refusal(_leaf(signer=twin)) == CardErrorCode.CERT_UNTRUSTED


def test_a_twin_that_names_the_trusted_key_is_found_out_by_its_signature() -> None:
    twin = pki.make_authority(pki.AUTHENTICATION_UNIT, NOW)
    assert _refusal(_leaf(signer=twin, key_id=_authority().key_id)) == CardErrorCode.CERT_UNTRUSTED


def test_of_two_trusted_generations_with_one_name_the_one_that_signed_is_taken() -> None:
    second = pki.make_authority(pki.AUTHENTICATION_UNIT, NOW)
    cas = TrustedCas.from_pem(_authority().pem + second.pem)
    assert cas.check(_leaf(), NOW).issuer_key_id == _authority().key_id
    assert cas.check(_leaf(signer=second), NOW).issuer_key_id == second.key_id


def test_an_issuer_of_another_name_is_untrusted_even_with_the_right_signature() -> None:
    assert _refusal(_leaf(issuer=pki.authority_name("Other unit"))) == CardErrorCode.CERT_UNTRUSTED


def test_a_certificate_that_names_no_issuing_key_is_never_matched() -> None:
    assert _refusal(_leaf(key_id=None)) == CardErrorCode.BAD_CERTIFICATE


def test_expired_and_not_yet_valid_are_told_apart_by_the_given_clock() -> None:
    assert _refusal(_leaf(ends_days=-1)) == CardErrorCode.CERT_EXPIRED
    assert _refusal(_leaf(begins_days=1)) == CardErrorCode.CERT_NOT_YET_VALID


def test_the_expired_profile_is_expired() -> None:
    material = load_material(home(), profile("expired"), pki.load_or_create(home(), NOW), NOW)
    assert _refusal(material.authentication_certificate.public_bytes(Encoding.DER)) == CardErrorCode.CERT_EXPIRED


def test_a_strangers_expired_certificate_is_a_strangers_first() -> None:
    stranger = pki.make_authority("Other unit", NOW)
    assert _refusal(_leaf(signer=stranger, ends_days=-1)) == CardErrorCode.CERT_UNTRUSTED


def test_no_text_tells_when_a_certificate_ends_because_that_is_a_birthday() -> None:
    for der in (_leaf(ends_days=-1), _leaf(begins_days=1)):
        with pytest.raises(CardError) as error:
            trust().check(der, NOW)
        assert not any(character.isdigit() for character in error.value.failure.text)
    assert str(certificate_of().not_after.year) not in repr(certificate_of())


@pytest.mark.parametrize(
    "usage",
    [
        None,
        pki.key_usage(pki.DIGITAL_SIGNATURE, pki.NON_REPUDIATION),
        pki.key_usage(pki.NON_REPUDIATION),
        pki.key_usage("key_encipherment"),
        pki.key_usage(pki.DIGITAL_SIGNATURE, "key_cert_sign"),
    ],
)
def test_only_digital_signature_alone_is_the_right_key_usage(usage: x509.KeyUsage | None) -> None:
    assert _refusal(_leaf(usage=usage)) == CardErrorCode.CERT_KEY_USAGE


def test_the_signing_certificate_of_the_same_card_is_not_an_authentication_certificate() -> None:
    authorities = pki.load_or_create(home(), NOW)
    material = load_material(home(), profile("adult"), authorities, NOW)
    assert material.signing_certificate is not None
    both = TrustedCas.from_pem(authorities.authentication.pem + authorities.signing.pem)
    der = material.signing_certificate.public_bytes(Encoding.DER)
    assert _refusal(der) == CardErrorCode.CERT_UNTRUSTED
    assert _refusal(der, both) == CardErrorCode.CERT_KEY_USAGE


def test_the_certificate_of_a_ca_is_no_persons() -> None:
    assert _refusal(_leaf(ca=True)) == CardErrorCode.CERT_KEY_USAGE


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(public_exponent=65537, key_size=3072).public_key(),
        rsa.generate_private_key(public_exponent=3, key_size=2048).public_key(),
        ec.generate_private_key(ec.SECP384R1()).public_key(),
    ],
)
def test_a_key_that_no_card_of_today_has_is_refused(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> None:
    assert _refusal(_leaf(key=key)) == CardErrorCode.CERT_ALGORITHM


def test_a_ca_beyond_its_own_validity_is_no_anchor() -> None:
    der = _leaf(begins_days=-10, ends_days=365 * 30)
    with pytest.raises(CardError) as error:
        trust().check(der, NOW + timedelta(days=365 * 25))
    assert error.value.code == CardErrorCode.CERT_UNTRUSTED


def test_bytes_behind_a_certificate_are_not_tolerated() -> None:
    assert _refusal(_leaf() + b"\x00") == CardErrorCode.BAD_CERTIFICATE


@pytest.mark.parametrize("pem", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_trust_file_without_certificates_is_an_error(pem: bytes) -> None:
    with pytest.raises(CardError) as error:
        TrustedCas.from_pem(pem)
    assert error.value.code == CardErrorCode.BAD_CERTIFICATE


def test_a_trust_file_with_a_certificate_that_is_no_ca_is_an_error() -> None:
    leaf = x509.load_der_x509_certificate(_leaf()).public_bytes(Encoding.PEM)
    with pytest.raises(CardError, match="CA:TRUE"):
        TrustedCas.from_pem(leaf)


def test_nothing_read_is_never_the_same_card_as_nothing_read() -> None:
    adult, other = certificate_of("adult"), certificate_of("head")
    assert is_same_card(adult, certificate_of("adult"))
    assert not is_same_card(adult, other)
    assert not is_same_card(None, None)
    assert not is_same_card(adult, None)
