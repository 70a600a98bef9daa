"""The card procedures of a customer, against the emulated card without a reader in between."""

import logging

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from printer_templates.records import BasicFour
from simulator.people.residents import resident
from terminal.devices.card_reader.apdu import PERFORM_SECURITY_OPERATION, VERIFY
from terminal.devices.card_reader.api import CardError, CardErrorCode, ResponseApdu
from terminal.devices.card_reader.certificate import CardCertificate
from terminal.devices.card_reader.files import StatusWordError
from terminal.devices.card_reader.jpki import CardVariant, JpkiApplication, PinReference
from terminal.devices.card_reader.pin_entry import LastTryUnconfirmed, PinAccepted, PinBlocked, PinRefused
from terminal.devices.card_reader.reading import (
    Authenticated,
    CardOpened,
    CardRead,
    TextAbsent,
    TextLastTryUnconfirmed,
    TextPinBlocked,
    TextPinNeeded,
    TextPinRefused,
    authenticate,
    open_with_pin,
    read_again,
    read_basic_four,
    read_card,
    sign_message,
)
from tests.card_kit import WRONG_PIN, Direct, Spoilt, card, certificate_of, clock, pin, trust


def _read(connection: Direct | Spoilt) -> CardRead:
    return read_card(connection, trust(), clock())


def _transcript(certificate: CardCertificate) -> bytes:
    return b"opaque transcript over " + certificate.sha256


def test_a_card_is_read_without_any_pin() -> None:
    connection = Direct(card())
    read = _read(connection)
    assert read == CardRead(CardVariant.CARD, certificate_of(), 3, 3)
    assert not read.pin_before_certificate
    assert all(len(apdu) == 4 for apdu in connection.sent if apdu[1] == VERIFY)


def test_the_certificates_of_the_card_end_where_der_says() -> None:
    connection = Direct(card())
    jpki = JpkiApplication.select(connection)
    assert jpki.authentication_certificate() == certificate_of().der
    ca = load_der_x509_certificate(jpki.authentication_ca())
    load_der_x509_certificate(certificate_of().der).verify_directly_issued_by(ca)
    assert jpki.tries_left(PinReference.SIGNING) == 5


def test_the_signature_is_verified_by_a_stranger() -> None:
    connection = Direct(card())
    outcome = authenticate(connection, pin(), _read(connection), trust(), clock(), _transcript)
    assert isinstance(outcome, Authenticated)
    assert outcome.algorithm == "RS256"
    key = load_der_x509_certificate(outcome.certificate.der).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(outcome.signature, _transcript(outcome.certificate), padding.PKCS1v15(), SHA256())


def test_a_phone_shows_its_certificate_only_after_the_pin() -> None:
    connection = Direct(card("android"))
    read = _read(connection)
    assert (read.variant, read.certificate, read.text_tries_left) == (CardVariant.ANDROID, None, None)
    assert read.pin_before_certificate
    outcome = authenticate(connection, pin(), read, trust(), clock(), _transcript)
    assert isinstance(outcome, Authenticated)
    assert outcome.certificate == certificate_of("android")
    assert read_basic_four(connection, pin(), same_digits=True) == TextAbsent()


def test_wrong_pins_count_down_to_the_last_try_and_stop_there() -> None:
    connection = Direct(card())
    read = _read(connection)
    for left in (2, 1):
        assert authenticate(connection, pin(WRONG_PIN), read, trust(), clock(), _transcript) == PinRefused(left)
    assert authenticate(connection, pin(WRONG_PIN), read, trust(), clock(), _transcript) == LastTryUnconfirmed()
    assert _read(connection).tries_left == 1
    last = authenticate(connection, pin(WRONG_PIN), read, trust(), clock(), _transcript, last_try_confirmed=True)
    assert last == PinBlocked()
    assert _read(connection).tries_left == 0
    assert authenticate(connection, pin(), read, trust(), clock(), _transcript) == PinBlocked()


def test_a_pin_is_not_offered_to_another_card_than_the_one_that_was_read() -> None:
    read = _read(Direct(card("head")))
    other = Direct(card("adult"))
    with pytest.raises(CardError) as error:
        open_with_pin(other, pin(WRONG_PIN), read, trust(), clock())
    assert error.value.code == CardErrorCode.OTHER_CARD
    assert other.count(VERIFY) == 0


def test_reading_again_proves_that_it_is_the_same_card() -> None:
    connection = Direct(card())
    before = _read(connection)
    JpkiApplication.select(connection).verify(pin(WRONG_PIN))
    assert read_again(connection, before, trust(), clock()).tries_left == 2
    with pytest.raises(CardError) as error:
        read_again(Direct(card("head")), before, trust(), clock())
    assert error.value.code == CardErrorCode.OTHER_CARD


def test_two_phones_without_a_certificate_are_never_taken_for_the_same() -> None:
    connection = Direct(card("android"))
    with pytest.raises(CardError) as error:
        read_again(connection, _read(connection), trust(), clock())
    assert error.value.code == CardErrorCode.OTHER_CARD


def test_a_signature_by_another_key_is_not_believed() -> None:
    def forge(apdu: bytes, honest: ResponseApdu) -> ResponseApdu:
        return ResponseApdu(bytes(256), 0x9000) if apdu[1] == PERFORM_SECURITY_OPERATION else honest

    connection = Spoilt(Direct(card()), forge)
    with pytest.raises(CardError) as error:
        authenticate(connection, pin(), _read(connection), trust(), clock(), _transcript)
    assert error.value.code == CardErrorCode.BAD_SIGNATURE


@pytest.mark.parametrize("size", [0, 255, 257])
def test_a_signature_of_another_length_is_a_bad_answer(size: int) -> None:
    def cut(apdu: bytes, honest: ResponseApdu) -> ResponseApdu:
        return ResponseApdu(bytes(size), 0x9000) if apdu[1] == PERFORM_SECURITY_OPERATION else honest

    connection = Spoilt(Direct(card()), cut)
    with pytest.raises(CardError) as error:
        authenticate(connection, pin(), _read(connection), trust(), clock(), _transcript)
    assert error.value.code == CardErrorCode.BAD_ANSWER


def test_without_a_pin_the_card_does_not_sign_and_the_driver_says_so() -> None:
    with pytest.raises(StatusWordError) as error:
        sign_message(Direct(card()), certificate_of(), b"message")
    assert error.value.sw == 0x6982


def test_a_card_that_closed_meanwhile_takes_the_accepted_pin_once_more() -> None:
    emulated = card()
    connection = Direct(emulated)
    assert isinstance(open_with_pin(connection, pin(), _read(connection), trust(), clock()), CardOpened)
    emulated.power_off()
    emulated.power_on()
    assert len(sign_message(connection, certificate_of(), b"message", accepted_pin=pin())) == 256


def test_a_pin_is_not_given_once_more_when_a_try_is_missing() -> None:
    connection = Direct(card())
    JpkiApplication.select(connection).verify(pin(WRONG_PIN))
    offered = connection.count(VERIFY, minimal_bytes=9)
    with pytest.raises(StatusWordError):
        sign_message(connection, certificate_of(), b"message", accepted_pin=pin())
    assert connection.count(VERIFY, minimal_bytes=9) == offered


def test_a_pin_is_not_given_once_more_to_another_card() -> None:
    other = Direct(card("head"))
    with pytest.raises(CardError) as error:
        sign_message(other, certificate_of("adult"), b"message", accepted_pin=pin())
    assert error.value.code == CardErrorCode.OTHER_CARD
    assert other.count(VERIFY, minimal_bytes=9) == 0


def test_the_same_digits_open_the_text_application_while_all_its_tries_are_left() -> None:
    four = read_basic_four(Direct(card()), pin(), same_digits=True)
    assert isinstance(four, BasicFour)
    person = resident("adult")
    assert (four.name, four.birth_date, four.sex) == (person.name, person.birth_date, person.sex)


def test_the_same_digits_are_not_offered_when_a_text_try_is_gone() -> None:
    emulated = card("text-pin-differs")
    connection = Direct(emulated)
    assert read_basic_four(connection, pin(), same_digits=True) == TextPinRefused(2)
    offered = connection.count(VERIFY, minimal_bytes=9)
    assert read_basic_four(connection, pin(), same_digits=True) == TextPinNeeded(2)
    assert connection.count(VERIFY, minimal_bytes=9) == offered
    assert isinstance(read_basic_four(connection, pin("5678"), same_digits=False), BasicFour)
    assert _read(connection).text_tries_left == 3


def test_the_last_text_try_is_asked_for_then_confirmed_then_used() -> None:
    connection = Direct(card("text-last-try"))
    assert read_basic_four(connection, pin(), same_digits=True) == TextPinNeeded(1)
    assert read_basic_four(connection, pin(), same_digits=False) == TextLastTryUnconfirmed()
    assert connection.count(VERIFY, minimal_bytes=9) == 0
    four = read_basic_four(connection, pin(), same_digits=False, last_try_confirmed=True)
    assert isinstance(four, BasicFour)


@pytest.mark.parametrize("same_digits", [True, False])
def test_a_blocked_text_pin_is_offered_nothing(same_digits: bool) -> None:
    connection = Direct(card("text-locked"))
    assert read_basic_four(connection, pin(), same_digits=same_digits) == TextPinBlocked()
    assert connection.count(VERIFY, minimal_bytes=9) == 0


def test_the_two_pins_have_counters_of_their_own() -> None:
    connection = Direct(card())
    read_basic_four(connection, pin(WRONG_PIN), same_digits=True)
    assert (_read(connection).tries_left, _read(connection).text_tries_left) == (3, 2)


@pytest.mark.parametrize(
    "name", ["yoshida", "takahashi", "foreign", "katsuragi", "long-address", "watanabe-1", "watanabe-2"]
)
def test_hard_names_come_off_the_card(name: str) -> None:
    four = read_basic_four(Direct(card(name)), pin(), same_digits=True)
    assert isinstance(four, BasicFour)
    assert four.birth_date == resident(name).birth_date
    assert len(four.address) == len(resident(name).address)


@pytest.mark.parametrize(
    ("profile", "code"),
    [
        ("expired", CardErrorCode.CERT_EXPIRED),
        ("damaged-6f00", CardErrorCode.STATUS_WORD),
        ("damaged-short-reads", CardErrorCode.BAD_FILE),
    ],
)
def test_each_unusable_card_has_its_code(profile: str, code: CardErrorCode) -> None:
    with pytest.raises(CardError) as error:
        _read(Direct(card(profile)))
    assert error.value.code == code


def test_a_sound_card_that_stumbles_at_its_first_command_is_read() -> None:
    assert _read(Direct(card("first-command-6f00"))).tries_left == 3


@pytest.mark.parametrize(
    ("label", "code"),
    [
        (b"JPKIAPIOSTOKEN", CardErrorCode.VARIANT_UNSUPPORTED),
        (b"JPKIAPICCTOKEN", CardErrorCode.NOT_MY_NUMBER_CARD),
        (b"", CardErrorCode.NOT_MY_NUMBER_CARD),
        (b"\x00\xff", CardErrorCode.BAD_FILE),
    ],
)
def test_other_tokens_than_card_and_android_are_refused(label: bytes, code: CardErrorCode) -> None:
    def relabel(apdu: bytes, honest: ResponseApdu) -> ResponseApdu:
        return ResponseApdu(label.ljust(32, b" "), 0x9000) if apdu == bytes.fromhex("00B0000020") else honest

    with pytest.raises(CardError) as error:
        _read(Spoilt(Direct(card()), relabel))
    assert error.value.code == code


def test_no_log_of_any_level_holds_a_pin_or_what_was_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    connection = Direct(card())
    authenticate(connection, pin(), _read(connection), trust(), clock(), _transcript)
    four = read_basic_four(connection, pin(), same_digits=True)
    logging.getLogger("probe").debug("%r %r", _read(connection), connection)
    assert isinstance(four, BasicFour)
    for canary in ("1234", "31323334", "31 32 33 34", four.name, four.address):
        assert canary not in caplog.text


def test_a_verified_card_says_accepted() -> None:
    assert JpkiApplication.select(Direct(card())).verify(pin()) == PinAccepted()
