"""The surface, common and register applications: images that show every glyph, and the card's own record."""

import io
import struct

import pytest
from PIL import Image

from simulator.devices.card_reader import images
from simulator.devices.card_reader.model import Card
from simulator.people.residents import BY_KEY
from tests.emulated_card_kit import exchange, powered_card, status_word

SELECT_SURFACE = "00A4040C 0A D3921000310001010402"
needs_font = pytest.mark.skipif(images.faithful_font() is None, reason="IPAmj Mincho is not installed")


def opened_with_number_a(profile: str = "adult") -> Card:
    card = powered_card(profile)
    assert status_word(card, SELECT_SURFACE) == "9000"
    assert status_word(card, f"00200093 0C {BY_KEY[profile].my_number.encode().hex()}") == "9000"
    return card


def face(profile: str) -> dict[int, bytes]:
    card = opened_with_number_a(profile)
    status_word(card, "00A4020C 02 0002")
    content, sw = exchange(card, "00B0 0000 00 0000")
    assert sw == "9000"
    table = content.index(b"\xdf\x21") + 3
    offsets = struct.unpack(f">{content[table - 1] // 2}H", content[table : table + content[table - 1]])
    objects = {}
    for offset in offsets:
        tag = int.from_bytes(content[offset : offset + 2], "big")
        octets = content[offset + 2] & 0x7F if content[offset + 2] & 0x80 else 0
        length = int.from_bytes(content[offset + 3 : offset + 3 + octets], "big") if octets else content[offset + 2]
        objects[tag] = content[offset + 3 + octets : offset + 3 + octets + length]
    return objects


def test_the_face_holds_images_and_dates() -> None:
    objects = face("adult")
    assert sorted(objects) == list(range(0xDF22, 0xDF2B))
    assert objects[0xDF22] == b"19820203"
    for tag in (0xDF25, 0xDF26, 0xDF2A):
        image = Image.open(io.BytesIO(objects[tag]))
        assert (image.format, image.mode) == ("PNG", "1")
    assert Image.open(io.BytesIO(objects[0xDF2A])).size == (24, 12)
    photo = Image.open(io.BytesIO(objects[0xDF27]))
    assert (photo.format, photo.mode) == ("JPEG2000", "L")


@needs_font
@pytest.mark.parametrize(("one", "other"), [("渡邉", "渡邊"), ("𠮷田", "吉田"), ("髙橋", "高橋"), ("山﨑", "山崎")])
def test_variants_of_a_character_look_different(one: str, other: str) -> None:
    assert images.text_png(one) != images.text_png(other)


@needs_font
def test_a_variation_sequence_is_drawn_as_its_own_glyph_not_as_two() -> None:
    one, sequence = (Image.open(io.BytesIO(images.text_png(f"辻{chr(0xE0102 + n)}"))) for n in (0, 1))
    assert one.tobytes() != sequence.tobytes()
    assert sequence.crop((28, 0, sequence.width, sequence.height)).getextrema() == (255, 255), "one glyph wide"


@needs_font
def test_a_long_address_takes_several_lines() -> None:
    image = Image.open(io.BytesIO(face("long-address")[0xDF26]))
    assert image.height > 4 * 24


def test_without_the_font_the_image_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "faithful_font", lambda: None)
    uncached = images.text_png.__wrapped__
    assert uncached("𠮷田") == uncached("吉田"), "no guess at glyphs"
    assert Image.open(io.BytesIO(uncached("𠮷田"))).convert("L").getextrema() == (0, 255)


def test_the_face_needs_a_verification_number() -> None:
    card = powered_card()
    status_word(card, SELECT_SURFACE)
    for file in ("0001", "0002", "0005"):
        status_word(card, f"00A4020C 02 {file}")
        assert status_word(card, "00B0000000") == "6982"


def test_the_number_image_opens_for_number_a_only() -> None:
    card = opened_with_number_a()
    status_word(card, "00A4020C 02 0005")
    assert status_word(card, "00B0000000") == "9000"


def test_the_age_record_opens_with_the_birth_date() -> None:
    card = powered_card()
    status_word(card, SELECT_SURFACE)
    assert status_word(card, "00200091 06 353730323033") == "9000", "昭和57年2月3日"
    status_word(card, "00A4020C 02 0001")
    data, _ = exchange(card, "00B0000000")
    assert b"19820203" in data


def test_the_common_application_tells_its_record_to_everybody() -> None:
    card = powered_card()
    assert status_word(card, "00A4040C 0A D3921000310001010100") == "9000"
    status_word(card, "00A4020C 02 0001")
    record, sw = exchange(card, "00B2010400")
    assert (record[:2], len(record), sw) == (b"\x01\x1c", 30, "9000")
    assert record[2:].isdigit()
    assert record[17:22] == b"99101"
    assert exchange(card, "00B2010C00")[0] == record
    assert status_word(card, "00B2020400") == "6A83"
    assert status_word(card, "00B2010000") == "6A86"
    assert status_word(card, "00B0000000") == "6981"


def test_the_register_application_has_only_its_pin_to_show() -> None:
    card = powered_card()
    assert status_word(card, "00A4040C 0A D3921000310001010401") == "9000"
    status_word(card, "00A4020C 02 0002")
    assert status_word(card, "00B2010400") == "6982"
    status_word(card, "00A4020C 02 001C")
    assert status_word(card, "00200080") == "63C3"
    assert status_word(card, "00200080 04 31323334") == "9000"
    assert status_word(card, "80320080 04 35363738") == "9000"
    assert status_word(card, "00200080 04 31323334") == "63C2"


def test_a_secret_of_one_application_opens_nothing_in_another_with_the_same_file_number() -> None:
    card = powered_card()
    status_word(card, "00A4040C 0A D3921000310001010408")
    assert status_word(card, "00200091 04 31323334") == "9000", "text PIN, file 0011"
    status_word(card, SELECT_SURFACE)
    status_word(card, "00A4020C 02 0001")
    assert status_word(card, "00B0000000") == "6982", "birth-date key, file 0011 too"
    status_word(card, "00A4040C 0A D3921000310001010100")
    assert status_word(card, "0020009C 04 31323334") == "9000", "PIN of the common application, file 001C"
    status_word(card, "00A4040C 0A D3921000310001010401")
    status_word(card, "00A4020C 02 0002")
    assert status_word(card, "00B2010400") == "6982", "PIN of the register application, file 001C too"
