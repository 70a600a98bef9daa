"""Text to glyphs: variants stay apart, and a glyph that the font lacks is an error that names it."""

from pathlib import Path

import pytest

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.embedding import to_unicode
from printer_templates.fonts.typeface import typeface
from printer_templates.layout.words import VOCABULARY


def glyph_id(text: str) -> int:
    (glyph,) = typeface().glyphs(text)
    return glyph.glyph_id


def test_a_variation_sequence_is_one_glyph_and_not_that_of_the_bare_character() -> None:
    assert glyph_id("葛\U000e0102") != glyph_id("葛")
    assert glyph_id("辻\U000e0102") != glyph_id("辻")


def test_the_sequence_of_the_default_shape_has_the_glyph_of_the_bare_character_but_its_own_text() -> None:
    bare, sequence = typeface().glyphs("邉邉\U000e010f")
    assert (bare.glyph_id, bare.text) == (sequence.glyph_id, "邉")
    assert sequence.text == "邉\U000e010f"


def test_variants_with_code_points_of_their_own_are_different_glyphs() -> None:
    assert len({glyph_id(character) for character in "邊邉辺"}) == 3
    assert glyph_id("\ufa19") != glyph_id("\u795e")


def test_a_character_and_its_combining_mark_are_one_glyph_of_two_code_points() -> None:
    (glyph,) = typeface().glyphs("か\u3099")
    assert glyph.text == "か\u3099"
    assert glyph.glyph_id == glyph_id("が")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("葛\U000e0100", "U+845B U+E0100"),
        ("田\ufe0f", "U+7530 U+FE0F"),
        ("見本\U0001f600", "U+1F600"),
        ("\ue000", "U+E000"),
        ("一\u0301", "U+4E00 U+0301"),
        ("見\u200b本", "U+200B"),
        ("見\n本", "U+000A"),
        ("a\u00adb", "U+00AD"),
        ("\u202e見本", "U+202E"),
        ("\ud800", "U+D800"),
        ("\U000e0102", "U+E0102"),
        ("見\u00a0本", "U+00A0"),
    ],
)
def test_what_the_font_lacks_or_paper_cannot_show_is_named_by_code_point(text: str, named: str) -> None:
    with pytest.raises(FormError) as refused:
        typeface().glyphs(text)
    assert refused.value.code == FormErrorCode.GLYPH_MISSING
    assert named in refused.value.failure.text


def test_no_accepted_character_is_the_empty_box_or_without_outline() -> None:
    face = typeface()
    for point in (*range(0x21, 0x3400), *range(0xF900, 0x10000), *range(0x20000, 0x20200)):
        try:
            (glyph,) = face.glyphs(chr(point))
        except FormError:
            continue
        extents = face.font.get_glyph_extents(glyph.glyph_id)
        assert glyph.glyph_id != 0, hex(point)
        assert point == 0x3000 or (extents.width and extents.height), hex(point)


def test_the_forms_own_words_are_all_in_the_common_font() -> None:
    face = typeface()
    assert all(face.is_common(glyph.glyph_id) for glyph in face.glyphs(VOCABULARY))


def test_to_unicode_writes_surrogate_pairs_and_selectors() -> None:
    cmap = to_unicode(["𠮷", "葛\U000e0102"])
    assert b"<0001> <D842DFB7>" in cmap
    assert b"<0002> <845BDB40DD02>" in cmap


def test_to_unicode_keeps_to_the_limit_of_100_lines_a_block() -> None:
    cmap = to_unicode([chr(0x4E00 + index) for index in range(250)])
    assert cmap.count(b"100 beginbfchar") == 2
    assert cmap.count(b"50 beginbfchar") == 1


def test_an_absent_font_is_named_with_its_remedy(tmp_path: Path) -> None:
    with pytest.raises(FormError) as refused:
        typeface(tmp_path / "nowhere.ttf")
    assert refused.value.code == FormErrorCode.FONT_MISSING
    assert "fonts-ipamj-mincho" in refused.value.failure.text


def test_another_file_in_the_fonts_place_is_refused(tmp_path: Path) -> None:
    stranger = tmp_path / "ipamjm.ttf"
    stranger.write_bytes(b"\x00\x01\x00\x00" + bytes(2000))
    with pytest.raises(FormError) as refused:
        typeface(stranger)
    assert refused.value.code == FormErrorCode.FONT_UNUSABLE
