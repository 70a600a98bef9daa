"""Profiles, their certificates and what the centre is told of them: nothing can be mistaken for JPKI."""

from datetime import date, datetime

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtensionOID

from simulator import pki
from simulator.devices.card_reader.command import list_cards
from simulator.devices.card_reader.forgeries import Forgery, forged_card
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.person import birthday_after, era_year
from simulator.devices.card_reader.personalisation import CardMaterial, holder_of, load_material
from simulator.devices.card_reader.profiles import PROFILES, CertificateState, ProfileError, profile
from simulator.devices.card_reader.registrations import registrations
from simulator.people.residents import RESIDENTS
from terminal.clock import JST, SystemClock
from tests.emulated_card_kit import exchange, shared_home

REQUIRED = {
    "adult",
    "head",
    "child",
    "foreign",
    "expired",
    "revoked",
    "suspended",
    "auth-last-try",
    "auth-locked",
    "sign-last-try",
    "sign-locked",
    "text-last-try",
    "text-locked",
    "text-pin-differs",
    "android",
    "damaged-6f00",
    "damaged-short-reads",
}


def material(name: str) -> CardMaterial:
    home = shared_home()
    return load_material(home, profile(name), pki.load_or_create(home))


def certificate_on(card: Card) -> x509.Certificate:
    card.power_on()
    exchange(card, "00A4040C 0A D392F000260100000001")
    exchange(card, "00A4020C 02 000A")
    content, _ = exchange(card, "00B0 0000 00 0000")
    return x509.load_der_x509_certificate(content[: int.from_bytes(content[2:4], "big") + 4])


def test_every_required_profile_and_every_resident_has_a_card() -> None:
    assert set(PROFILES) >= REQUIRED
    assert {resident.key for resident in RESIDENTS} <= set(PROFILES)
    assert next(iter(PROFILES)) == "adult", "the default comes first"


def test_an_unknown_profile_lists_the_known_ones() -> None:
    with pytest.raises(ProfileError) as caught:
        profile("nobody")
    assert all(name in caught.value.failure.text for name in PROFILES)


def test_the_list_has_one_line_each_and_says_specimen() -> None:
    lines = list_cards().splitlines()
    assert "SPECIMEN" in lines[0]
    assert [line.split()[0] for line in lines[1:]] == list(PROFILES)
    assert all(len(line.split()) > 1 for line in lines)


def test_registrations_are_unique_complete_and_the_same_each_time() -> None:
    first = list(registrations(shared_home()))
    assert first == list(registrations(shared_home()))
    assert len({(entry.issuer_key_id, entry.serial) for entry in first}) == len(PROFILES)
    assert {entry.resident_key for entry in first} == {resident.key for resident in RESIDENTS}
    states = {entry.resident_key: entry.state for entry in first}
    assert (states["expired"], states["revoked"], states["suspended"]) == ("expired", "revoked", "suspended")
    assert sum(entry.state is not CertificateState.VALID for entry in first) == 3


@pytest.mark.parametrize("name", ["adult", "expired", "android"])
def test_the_card_and_the_registration_name_the_same_person(name: str) -> None:
    certificate = material(name).authentication_certificate
    entry = next(found for found in registrations(shared_home()) if found.serial == certificate.serial_number)
    assert entry.issuer_key_id == pki.issuer_key_id(certificate)
    assert entry.resident_key == profile(name).resident_key


def test_no_name_anywhere_in_the_authorities_is_jpkis() -> None:
    authorities = pki.load_or_create(shared_home())
    for authority in (authorities.authentication, authorities.signing):
        name = authority.certificate.subject.rfc4514_string()
        assert "HONNIN SIMULATOR" in name
        assert "NOT JPKI" in name
        assert "O=JPKI" not in name


def test_the_authority_has_the_extensions_of_the_real_one() -> None:
    certificate = pki.load_or_create(shared_home()).authentication.certificate
    found = {extension.oid: extension.critical for extension in certificate.extensions}
    assert found == {
        ExtensionOID.KEY_USAGE: True,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME: False,
        ExtensionOID.BASIC_CONSTRAINTS: True,
        ExtensionOID.CRL_DISTRIBUTION_POINTS: False,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER: False,
    }
    assert certificate.not_valid_after_utc.astimezone(JST).strftime("%H:%M:%S") == "23:59:59"


def test_the_authentication_certificate_is_for_digital_signatures_only_and_under_no_policy_of_jpki() -> None:
    certificate = material("adult").authentication_certificate
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value == pki.key_usage("digital_signature")
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert not any(policy.policy_identifier.dotted_string.startswith("1.2.392.200149") for policy in policies)


def test_the_signing_certificate_carries_the_basic_four_and_marks_what_was_replaced() -> None:
    certificate = material("yoshida").signing_certificate
    assert certificate is not None
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    texts = {
        name.type_id.dotted_string.rpartition(".")[2]: name.value[2:].decode()
        for name in names.get_values_for_type(x509.OtherName)
    }
    assert texts["1"] == "吉田\u3000見本子"
    assert texts["2"] == "100000"
    assert (texts["3"], texts["4"]) == ("2", "3500301")
    assert material("child").signing_certificate is None


def test_only_the_expired_card_is_expired() -> None:
    now = SystemClock().wall()
    assert material("expired").authentication_certificate.not_valid_after_utc < now
    for name in ("adult", "revoked", "suspended", "child", "foreign"):
        found = material(name).authentication_certificate
        assert found.not_valid_before_utc < now < found.not_valid_after_utc


def test_certificates_end_with_the_day_of_the_fifth_birthday() -> None:
    end = material("adult").authentication_certificate.not_valid_after_utc.astimezone(JST)
    assert (end.month, end.day, end.strftime("%H:%M:%S")) == (2, 3, "23:59:59")


@pytest.mark.parametrize(
    ("birth", "issued", "count", "expected"),
    [
        (date(1982, 2, 3), date(2026, 2, 2), 1, date(2026, 2, 3)),
        (date(1982, 2, 3), date(2026, 2, 3), 1, date(2027, 2, 3)),
        (date(1984, 2, 29), date(2026, 3, 1), 5, date(2031, 2, 28)),
        (date(1984, 2, 29), date(2027, 3, 1), 1, date(2028, 2, 29)),
    ],
)
def test_birthdays_after_issue(birth: date, issued: date, count: int, expected: date) -> None:
    assert birthday_after(birth, issued, count) == expected


@pytest.mark.parametrize(
    ("day", "era"),
    [
        (date(2019, 5, 1), (5, 1)),
        (date(2019, 4, 30), (4, 31)),
        (date(1989, 1, 7), (3, 64)),
        (date(1926, 12, 24), (2, 15)),
        (date(1912, 7, 29), (1, 45)),
    ],
)
def test_eras(day: date, era: tuple[int, int]) -> None:
    assert era_year(day) == era


def test_a_childs_card_lasts_five_birthdays_an_adults_ten() -> None:
    child = holder_of(profile("child"), material("child"))
    adult = holder_of(profile("adult"), material("adult"))
    assert child.card_expires_on.year - child.issued_at.year in (4, 5)
    assert adult.card_expires_on.year - adult.issued_at.year in (9, 10)


def chains(certificate: x509.Certificate, moment: datetime) -> bool:
    """Whether an independent check of signature, issuer and time takes the certificate."""
    authority = pki.load_or_create(shared_home()).authentication.certificate
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError):
        return False
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def test_the_sound_card_chains() -> None:
    assert chains(material("adult").authentication_certificate, SystemClock().wall())


@pytest.mark.parametrize("forgery", [forgery for forgery in Forgery if forgery is not Forgery.WRONG_KEY_USAGE])
def test_a_forgery_does_not_chain(forgery: Forgery) -> None:
    certificate = certificate_on(forged_card(shared_home(), "adult", forgery))
    assert certificate.serial_number == profile("adult").authentication_serial
    assert not chains(certificate, SystemClock().wall())


def test_the_twin_has_the_same_name_and_only_its_key_differs() -> None:
    true = material("adult").authentication_certificate
    twin = certificate_on(forged_card(shared_home(), "adult", Forgery.TWIN_AUTHORITY))
    copied = certificate_on(forged_card(shared_home(), "adult", Forgery.TWIN_AUTHORITY_COPIED_KEY_ID))
    assert twin.issuer == copied.issuer == true.issuer
    assert pki.issuer_key_id(twin) != pki.issuer_key_id(true) == pki.issuer_key_id(copied)


def test_the_wrong_key_usage_is_all_that_is_wrong_with_that_one() -> None:
    certificate = certificate_on(forged_card(shared_home(), "adult", Forgery.WRONG_KEY_USAGE))
    assert chains(certificate, SystemClock().wall())
    assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.content_commitment


def test_a_certificate_without_any_key_identifier_has_no_issuer() -> None:
    key = pki.make_key()
    name = pki.authority_name("SPECIMEN nameless")
    moment = SystemClock().wall()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(moment).not_valid_after(moment)
    with pytest.raises(ValueError, match="identifier"):
        pki.issuer_key_id(builder.sign(key, hashes.SHA256()))
