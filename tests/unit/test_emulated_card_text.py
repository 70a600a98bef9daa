"""The text application carries the basic four as text, and replaces what its character set lacks. jpki-card.md section 3.2."""

import hashlib
import struct

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulator import pki
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.person import REPLACEMENT, card_text
from simulator.people.residents import BY_KEY
from tests.emulated_card_kit import exchange, powered_card, shared_home, status_word

SELECT_TEXT = "00A4040C 0A D3921000310001010408"


def opened(profile: str = "adult", pin: bytes = b"1234") -> Card:
    card = powered_card(profile)
    assert status_word(card, SELECT_TEXT) == "9000"
    assert status_word(card, "00A4020C 02 0011") == "9000"
    assert status_word(card, f"00200080 {len(pin):02X} {pin.hex()}") == "9000"
    return card


def read(card: Card, file: str) -> bytes:
    assert status_word(card, f"00A4020C 02 {file}") == "9000"
    data, sw = exchange(card, "00B0 0000 00 0000")
    assert sw == "9000"
    return data


def value_at(content: bytes, offset: int, tag: int) -> bytes:
    assert int.from_bytes(content[offset : offset + 2], "big") == tag
    first = content[offset + 2]
    octets = first & 0x7F if first & 0x80 else 0
    length = int.from_bytes(content[offset + 3 : offset + 3 + octets], "big") if octets else first
    start = offset + 3 + octets
    return content[start : start + length]


def basic_four(profile: str) -> list[str]:
    content = read(opened(profile), "0002")
    table = content.index(b"\xdf\x21\x08") + 3
    offsets = struct.unpack(">4H", content[table : table + 8])
    return [value_at(content, offset, 0xDF22 + index).decode() for index, offset in enumerate(offsets)]


def test_the_basic_four_of_the_adult() -> None:
    assert basic_four("adult") == ["見本\u3000花子", "見本県架空市見本町一丁目１番１号", "19820203", "2"]


def test_the_file_starts_as_on_the_real_sample() -> None:
    head = read(opened(), "0002")[:16]
    assert head[:2] == bytes.fromhex("FF20")
    assert head[3:8] == bytes.fromhex("DF2108000E"), "offsets count from the start of the file"


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("yoshida", "吉田\u3000見本子"),
        ("katsuragi", "葛城\u3000見本子"),
        ("tsuji", "辻\u3000架空"),
        ("takahashi", "髙橋\u3000見本"),
        ("yamazaki", "山﨑\u3000架空"),
        ("watanabe-1", "渡邉\u3000見本"),
        ("watanabe-2", "渡邊\u3000見本"),
    ],
)
def test_glyphs_beyond_the_character_set_are_replaced_and_no_others(profile: str, name: str) -> None:
    assert basic_four(profile)[0] == name


def test_a_glyph_without_an_alternative_becomes_a_visible_mark() -> None:
    assert card_text("𪚥") == REPLACEMENT


@pytest.mark.parametrize("profile", ["foreign", "long-address", "large-14"])
def test_long_texts_are_carried_whole(profile: str) -> None:
    resident = BY_KEY[profile]
    name, address, birth, sex = basic_four(profile)
    assert name == resident.name
    assert len(address) == len(resident.address)
    assert (birth, sex) == (f"{resident.birth_date:%Y%m%d}", resident.sex.value)


def test_the_my_number_is_17_bytes_with_filler() -> None:
    content = read(opened(), "0001")
    assert content == bytes.fromhex("FF100C") + BY_KEY["adult"].my_number.encode() + b"\xff\xff"


def test_nothing_is_read_without_a_secret() -> None:
    card = powered_card()
    status_word(card, SELECT_TEXT)
    for file in ("0001", "0002", "0003", "0006", "0007"):
        status_word(card, f"00A4020C 02 {file}")
        assert status_word(card, "00B0000000") == "6982"
    for file in ("0004", "0005", "0008"):
        status_word(card, f"00A4020C 02 {file}")
        assert status_word(card, "00B0000000") == "9000"


@pytest.mark.parametrize(
    ("secret_file", "secret", "opens", "keeps_shut"),
    [
        ("0014", BY_KEY["adult"].my_number, "0001", "0002"),
        ("0015", None, "0002", "0001"),
    ],
    ids=["number A", "number B"],
)
def test_verification_numbers_open_one_file_each(
    secret_file: str, secret: str | None, opens: str, keeps_shut: str
) -> None:
    card = powered_card()
    status_word(card, SELECT_TEXT)
    status_word(card, f"00A4020C 02 {secret_file}")
    assert status_word(card, "00200080") == "63CA", "ten tries"
    offered = (secret or number_b()).encode()
    assert status_word(card, f"00200080 {len(offered):02X} {offered.hex()}") == "9000"
    read(card, opens)
    status_word(card, f"00A4020C 02 {keeps_shut}")
    assert status_word(card, "00B0000000") == "6982"


def number_b() -> str:
    from simulator.devices.card_reader.personalisation import holder_of, load_material
    from simulator.devices.card_reader.profiles import profile

    home = shared_home()
    material = load_material(home, profile("adult"), pki.load_or_create(home))
    number = holder_of(profile("adult"), material).verification_number_b
    assert number.startswith("570203")
    assert len(number) == 14
    return number


def test_one_reference_is_blocked_for_ever() -> None:
    card = powered_card()
    status_word(card, SELECT_TEXT)
    status_word(card, "00A4020C 02 0012")
    assert status_word(card, "00200080") == "63C0"
    assert status_word(card, "00200080 04 31323334") == "6984"


def test_its_pin_counts_apart_from_the_authentication_pin() -> None:
    card = powered_card()
    status_word(card, SELECT_TEXT)
    status_word(card, "00A4020C 02 0011")
    assert status_word(card, "00200080 04 39393939") == "63C2"
    status_word(card, "00A4040C 0A D392F000260100000001")
    assert status_word(card, "00200098") == "63C3"


def test_a_pin_verified_here_signs_nothing_there() -> None:
    card = opened()
    status_word(card, "00A4040C 0A D392F000260100000001")
    assert status_word(card, "802A0097 01 00 00") == "6982"


def test_the_profile_with_another_text_pin() -> None:
    card = powered_card("text-pin-differs")
    status_word(card, SELECT_TEXT)
    assert status_word(card, "00200091 04 31323334") == "63C2"
    assert status_word(card, "00200091 04 35363738") == "9000"


def test_the_integrity_file_is_signed_by_the_key_that_the_certificate_names() -> None:
    card = opened("foreign")
    number, four, integrity, verifiable = (read(card, file) for file in ("0001", "0002", "0003", "0004"))
    assert integrity[:5] == bytes.fromhex("FF3082014B")
    assert value_at(integrity, 5, 0xDF31) == hashlib.sha256(number).digest()
    table = four.index(b"\xdf\x21\x08") + 11
    end = struct.unpack(">H", four[table - 2 : table])[0] + 4
    assert value_at(integrity, 40, 0xDF32) == hashlib.sha256(four[table:end]).digest()
    modulus = verifiable[verifiable.index(bytes.fromhex("91820100")) + 4 :][:256]
    document = rsa.RSAPublicNumbers(65537, int.from_bytes(modulus, "big")).public_key()
    document.verify(value_at(integrity, 75, 0xDF33), integrity[5:75], padding.PKCS1v15(), hashes.SHA256())


def test_the_certificate_of_the_card_system_verifies() -> None:
    content = read(opened(), "0004")
    assert content[:9] == bytes.fromhex("7F218202335F4E8201")
    body = content[10 : 10 + 0x129]
    signature = content[10 + 0x129 + 5 :][:256]
    root = pki.load_or_create(shared_home()).card_root.public_key()
    root.verify(signature, body, padding.PKCS1v15(), hashes.SHA256())


def test_the_cards_own_key_signs_a_challenge_without_a_pin() -> None:
    card = powered_card()
    status_word(card, SELECT_TEXT)
    status_word(card, "00A4020C 02 0013")
    signature, sw = exchange(card, "802A0080 08 0102030405060708 00")
    assert (len(signature), sw) == (256, "9000")
