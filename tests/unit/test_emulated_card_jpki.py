"""The JPKI application answers as jpki-card.md sections 2 and 5.5 say."""

import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import load_throwaway_card
from tests.emulated_card_kit import exchange, fresh_card, powered_card, shared_home, status_word

SELECT_JPKI = "00A4040C 0A D392F000260100000001"
VERIFY_PIN = "00200080 04 31323334"
VERIFY_WRONG = "00200080 04 39393939"
VERIFY_PASSWORD = "00200080 06 414243313233"


def select(card: Card, *files: str) -> None:
    assert status_word(card, SELECT_JPKI) == "9000"
    for file in files:
        assert status_word(card, f"00A4020C 02 {file}") == "9000"


def verified(profile: str = "adult", pin_file: str = "0018", verify: str = VERIFY_PIN) -> Card:
    card = powered_card(profile)
    select(card, pin_file)
    assert status_word(card, verify) == "9000"
    return card


def read_file(card: Card, file: str) -> bytes:
    select(card, file)
    content = b""
    while True:
        data, sw = exchange(card, f"00B0 {len(content):04X} 00")
        if sw == "6B00":
            return content
        assert sw == "9000"
        content += data


def certificate(card: Card, file: str) -> x509.Certificate:
    content = read_file(card, file)
    length = int.from_bytes(content[2:4], "big") + 4
    assert content[:2] == b"\x30\x82"
    assert not any(content[length:]), "a certificate's file is filled with zeros"
    return x509.load_der_x509_certificate(content[:length])


def authentication_key(card: Card) -> rsa.RSAPublicKey:
    key = certificate(card, "000A").public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def unpadded(key: rsa.RSAPublicKey, signature: bytes) -> bytes:
    """What lies in the PKCS#1 v1.5 block of type 1 that was signed, by plain arithmetic."""
    numbers = key.public_numbers()
    block = pow(int.from_bytes(signature, "big"), numbers.e, numbers.n).to_bytes(256, "big")
    padding_bytes, _, data = block[2:].partition(b"\x00")
    assert block[:2] == b"\x00\x01"
    assert padding_bytes == b"\xff" * len(padding_bytes)
    assert len(padding_bytes) >= 8
    return data


@pytest.mark.parametrize(
    "file",
    [f"{number:04X}" for number in (*range(1, 3), 5, 6, 8, 9, 0xA, 0xB, 0x10, *range(0x16, 0x1D), 0x1E)],
)
def test_every_known_file_can_be_selected(file: str) -> None:
    select(powered_card(), file)


@pytest.mark.parametrize(
    ("apdu", "answer"),
    [
        ("00A4040C 0A D392F000260100000099", "6A82"),
        ("00A4040C 07 62760100000000", "6A82"),
        ("00A4020C 02 0018", "6A82"),
        ("00A40000", "6A86"),
        ("00A4000C 02 3F00", "6A82"),
        ("00B0000000", "6986"),
        ("00200080", "6986"),
        ("802A0080 01 00 00", "6986"),
        ("00CADF3005", "6D00"),
        ("00CB3FFF 03 5C017E 08", "6D00"),
        ("01A4040C 00", "6881"),
        ("0CB0000000", "6882"),
        ("A0A40000 02 3F00", "6E00"),
        ("80FC0000", "6700"),
        ("8044000000", "6D00"),
        ("00A404", "6700"),
        ("00A4040C 0A D392", "6700"),
    ],
)
def test_before_an_application_is_selected(apdu: str, answer: str) -> None:
    assert status_word(powered_card(), apdu) == answer


@pytest.mark.parametrize(
    ("apdu", "answer"),
    [
        ("00A40000", "9000"),
        ("00A4000C 02 3F00", "6A82"),
        ("00A4020C 02 0003", "6A82"),
        ("00A4020C 01 00", "6700"),
        ("00A4050C 02 0018", "6A86"),
        ("00B0000000", "6986"),
        ("00B0000A", "6700"),
        ("00CA005F00", "6D00"),
        ("00200180", "6A86"),
        ("00200000", "6A86"),
        ("00208300", "6A86"),
        ("802A0680 01 00 00", "6A86"),
        ("802A0000 01 00 00", "6A86"),
    ],
)
def test_with_the_application_selected(apdu: str, answer: str) -> None:
    card = powered_card()
    select(card)
    assert status_word(card, apdu) == answer


def test_selecting_the_card_manager_goes_back_to_the_master_file() -> None:
    card = powered_card()
    select(card)
    assert status_word(card, "00A4040C 07 A0000001510000") == "9000"
    assert exchange(card, "00CA 5F51 00") == (card.atr[1:], "9000")


def test_data_of_the_master_file_is_there_only_without_an_application() -> None:
    card = powered_card()
    assert exchange(card, "00CA 00F0 00") == (b"99101", "9000")
    select(card)
    assert status_word(card, "00CA 00F0 00") == "6D00"


def test_the_authentication_certificate_is_free_and_names_nobody() -> None:
    found = certificate(powered_card(), "000A")
    assert {attribute.oid.dotted_string for attribute in found.subject} == {"2.5.4.6", "2.5.4.3"}
    assert "SPECIMEN" in found.subject.rfc4514_string()


def test_the_signing_certificate_wants_its_password_not_the_pin() -> None:
    card = verified()
    select(card, "0001")
    assert status_word(card, "00B0000004") == "6982"
    select(card, "001B")
    assert status_word(card, VERIFY_PASSWORD) == "9000"
    assert certificate(card, "0001").serial_number != certificate(card, "000A").serial_number


def test_reading_by_short_identifier_makes_the_file_current() -> None:
    card = powered_card()
    select(card)
    head, sw = exchange(card, "00B0 8A 00 04")
    assert (head[:2], sw) == (b"\x30\x82", "9000")
    assert exchange(card, "00B0 0000 04") == (head, "9000")
    assert status_word(card, "00B0 83 00 04") == "6A82"
    assert status_word(card, "00B0 AA 00 04") == "6A86"


def test_a_read_beyond_the_end_gets_what_is_left_and_past_it_an_error() -> None:
    card = powered_card()
    select(card, "0008")
    assert exchange(card, "00B0 0000 00") == (bytes.fromhex("8F8F00"), "9000")
    assert exchange(card, "00B0 0002 10") == (b"\x00", "9000")
    assert status_word(card, "00B0 0003 01") == "6B00"


@pytest.mark.parametrize("file", ["0017", "0018", "001A", "0016"])
def test_keys_and_pins_cannot_be_read(file: str) -> None:
    card = verified()
    select(card, file)
    assert status_word(card, "00B0000000") == "6981"


@pytest.mark.parametrize("file", ["0005", "0009", "0010"])
def test_files_of_unknown_purpose_stay_shut(file: str) -> None:
    card = verified()
    select(card, file)
    assert status_word(card, "00B0000000") == "6982"


def test_token_information_is_160_bytes_and_says_specimen() -> None:
    information = read_file(powered_card(), "0006")
    assert len(information) == 160
    assert information[:32] == b"JPKIAPICCTOKEN2".ljust(32)
    assert b"SPECIMEN" in information[64:80]


def test_asking_for_the_tries_costs_nothing() -> None:
    card = powered_card()
    select(card, "0018")
    assert [status_word(card, "00200080") for _ in range(5)] == ["63C3"] * 5


def test_wrong_pins_count_down_to_a_block_that_power_does_not_lift() -> None:
    card = powered_card()
    select(card, "0018")
    assert [status_word(card, VERIFY_WRONG) for _ in range(4)] == ["63C2", "63C1", "63C0", "6984"]
    card.power_off()
    card.power_on()
    select(card, "0018")
    assert status_word(card, VERIFY_PIN) == "6984"
    assert status_word(card, "00200080") == "63C0", "6984 here would make OpenSC refuse the card"


def test_the_right_pin_restores_the_tries() -> None:
    card = powered_card()
    select(card, "0018")
    status_word(card, VERIFY_WRONG)
    assert status_word(card, VERIFY_PIN) == "9000"
    assert status_word(card, "00200080") == "63C3"


def test_the_password_has_five_tries_and_upper_case_letters() -> None:
    card = powered_card()
    select(card, "001B")
    assert status_word(card, "00200080 06 616263313233") == "63C4"
    assert status_word(card, VERIFY_PASSWORD) == "9000"


@pytest.mark.parametrize(("reference", "verify"), [("98", "04 31323334"), ("9B", "06 414243313233")])
def test_a_pin_is_reached_by_short_identifier(reference: str, verify: str) -> None:
    card = powered_card()
    select(card)
    assert status_word(card, f"002000 {reference} {verify}") == "9000"


def test_a_pin_command_on_another_file_is_refused() -> None:
    card = powered_card()
    select(card, "000A")
    assert status_word(card, VERIFY_PIN) == "6981"
    assert status_word(card, "0020008A") == "6981"
    assert status_word(card, "00200083") == "6A82"


def test_a_signature_needs_the_pin() -> None:
    card = powered_card()
    select(card, "0017")
    assert status_word(card, "802A0080 01 00 00") == "6982"


def test_pin_status_survives_a_warm_reset_but_no_power_off() -> None:
    card = verified()
    card.reset()
    select(card, "0017")
    assert status_word(card, "802A0080 01 00 00") == "9000"
    card.power_off()
    card.power_on()
    select(card, "0017")
    assert status_word(card, "802A0080 01 00 00") == "6982"


def test_a_wrong_pin_takes_an_earlier_right_one_back() -> None:
    card = verified()
    status_word(card, VERIFY_WRONG)
    select(card, "0017")
    assert status_word(card, "802A0080 01 00 00") == "6982"


def test_the_two_keys_want_their_own_secret() -> None:
    card = verified()
    select(card, "001A")
    assert status_word(card, "802A0080 01 00 00") == "6982"


def test_mode_00_signs_the_callers_bytes_verbatim() -> None:
    card = verified()
    key = authentication_key(card)
    for data in (b"\x01", b"\xff" * 245):
        select(card, "0017")
        signature, sw = exchange(card, f"802A0080 {len(data):02X} {data.hex()} 00")
        assert (len(signature), sw) == (256, "9000")
        assert unpadded(key, signature) == data


@pytest.mark.parametrize("data", ["", "F6" + "00" * 246], ids=["nothing", "246 bytes"])
def test_mode_00_refuses_what_does_not_fit(data: str) -> None:
    card = verified()
    select(card, "0017")
    assert status_word(card, f"802A0080 {data} 00") == "6700"


@pytest.mark.parametrize("mode", ["01", "02", "03", "04", "05"])
def test_every_other_mode_signs_as_it_should(mode: str) -> None:
    card = verified()
    key = authentication_key(card)
    message = b"SPECIMEN message"
    digest = hashlib.sha256(message).digest()
    data = digest if mode in ("02", "04") else message
    signature, sw = exchange(card, f"802A{mode}97 {len(data):02X} {data.hex()} 00")
    assert (len(signature), sw) == (256, "9000")
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)
    match mode:
        case "01":
            assert unpadded(key, signature) == digest
        case "02" | "03":
            key.verify(signature, digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))
        case _:
            key.verify(signature, digest, pss, Prehashed(hashes.SHA256()))


@pytest.mark.parametrize(
    ("mode", "answer"), [("01", "6700"), ("02", "6985"), ("03", "6700"), ("04", "6985"), ("05", "6700")]
)
def test_modes_refuse_bad_input(mode: str, answer: str) -> None:
    card = verified()
    select(card, "0017")
    data = "" if answer == "6700" else "03 010203"
    assert status_word(card, f"802A{mode}80 {data} 00") == answer


def test_a_signature_with_something_else_than_a_key_is_refused() -> None:
    card = verified()
    select(card, "000A")
    assert status_word(card, "802A0080 01 00 00") == "6981"
    select(card, "0016")
    assert status_word(card, "802A0080 01 00 00") == "6982"


def test_the_pin_is_changed_only_after_it_was_verified_and_only_to_four_digits() -> None:
    card = powered_card()
    select(card, "0018")
    assert status_word(card, "00240180 04 35363738") == "6982"
    assert status_word(card, VERIFY_PIN) == "9000"
    assert status_word(card, "00240080 04 35363738") == "6A86"
    assert status_word(card, "00240180") == "6700"
    assert status_word(card, "00240180 04 35363741") == "6A80"
    assert status_word(card, "00240180 05 3536373839") == "6A80"
    assert status_word(card, "00240180 04 35363738") == "9000"
    assert status_word(card, VERIFY_PIN) == "63C2"
    assert status_word(card, "00200080 04 35363738") == "9000"


@pytest.mark.parametrize("password", [b"ABCDEF", b"123456", b"abc123", b"ABC12", b"ABC12345678901234"])
def test_a_new_password_has_letters_and_digits_in_six_to_sixteen_characters(password: bytes) -> None:
    card = verified(pin_file="001B", verify=VERIFY_PASSWORD)
    select(card, "001B")
    assert status_word(card, f"00240180 {len(password):02X} {password.hex()}") == "6A80"


def test_challenges_are_as_long_as_asked_and_never_the_same() -> None:
    card = powered_card()
    first, sw = exchange(card, "0084000008")
    assert (len(first), sw) == (8, "9000")
    assert exchange(card, "0084000008")[0] != first
    assert len(exchange(card, "0084000000")[0]) == 256
    assert status_word(card, "00840000") == "6700"
    assert status_word(card, "0084000108") == "6A86"


def test_a_child_has_no_signing_certificate_and_cannot_sign_with_that_key() -> None:
    card = verified("child", "001B", VERIFY_PASSWORD)
    assert read_file(card, "0008") == bytes.fromhex("008F00")
    assert not any(read_file(card, "0001"))
    select(card, "001A")
    assert status_word(card, "802A0080 01 00 00") == "6985"


def test_a_telephone_shows_its_certificate_only_after_the_pin_and_has_no_other_application() -> None:
    card = powered_card("android")
    select(card, "000A")
    assert status_word(card, "00B0000004") == "6982"
    assert read_file(card, "0006").startswith(b"JPKIAPGPSETOKEN ")
    select(card, "0018")
    status_word(card, VERIFY_PIN)
    assert certificate(card, "000A").serial_number
    assert status_word(card, "00A4040C 0A D3921000310001010408") == "6A82"


def test_a_damaged_chip_answers_6f00_to_every_read() -> None:
    card = verified("damaged-6f00")
    select(card, "000A")
    assert [status_word(card, "00B0000004") for _ in range(3)] == ["6F00"] * 3
    select(card, "0017")
    assert status_word(card, "802A0080 01 00 00") == "6F00"


def test_short_reads_give_half_and_the_certificates_file_breaks_off() -> None:
    card = powered_card("damaged-short-reads")
    select(card, "000A")
    data, sw = exchange(card, "00B0000000")
    assert (len(data), sw) == (128, "9000")
    assert status_word(card, "00B0 02BC 01") == "6B00"


def test_the_first_command_after_power_up_may_fail_once() -> None:
    card = powered_card("first-command-6f00")
    assert [status_word(card, SELECT_JPKI) for _ in range(2)] == ["6F00", "9000"]
    card.power_off()
    card.power_on()
    assert [status_word(card, SELECT_JPKI) for _ in range(2)] == ["6F00", "9000"]


def test_without_power_nothing_works() -> None:
    card = fresh_card()
    assert status_word(card, SELECT_JPKI) == "6F00"


def test_extended_lengths_are_understood() -> None:
    card = powered_card()
    select(card, "000A")
    data, sw = exchange(card, "00B0 0000 00 0000")
    assert sw == "9000"
    assert len(data) == 0x76C
    assert status_word(card, "00A4040C 00000A D392F000260100000001") == "9000"


def test_two_cards_of_one_profile_share_keys_but_no_counters() -> None:
    first, second = (load_throwaway_card(shared_home(), "adult") for _ in range(2))
    for card in (first, second):
        card.power_on()
    select(first, "0018")
    select(second, "0018")
    status_word(first, VERIFY_WRONG)
    assert status_word(second, "00200080") == "63C3"
    assert certificate(first, "000A") == certificate(second, "000A")
