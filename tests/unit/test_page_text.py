"""A page's text by place: the arrays say what the plain definition says, and half a character is no character."""

import re

import numpy as np
import pikepdf
import pypdfium2.raw as pdfium_c
import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer_templates.records import SealRecord
from printer_templates.regions import Region
from simulator.explore.gates.spoiling import changed
from simulator.people.residents import resident
from terminal.verification.page_text import PlacedCharacter, PlacedText, visible
from terminal.verification.reading import ReadPage, open_pdf
from terminal.verification.reasons import Reason
from tests.gates_world import seal_record, serve
from tests.sheets_kit import drawn, gate_c, told

_PLACES = st.floats(-20, 120, allow_nan=False, width=32) | st.sampled_from([10.0, 10.4, 10.5, 11.5, 10.6])
_CHARACTERS = st.characters(exclude_categories=("Zs", "Zl", "Zp", "Cc"))
_TEXTS = st.lists(st.builds(PlacedCharacter, _PLACES, _PLACES, _CHARACTERS), max_size=25)
_REGIONS = st.lists(
    st.builds(Region, st.floats(0, 30), st.floats(250, 297), st.floats(0, 30), st.floats(0, 30)), max_size=4
)


def _lies_in(region: Region, each: PlacedCharacter) -> bool:
    left, bottom, right, top = region.points()
    return left <= each.x_pt <= right and bottom <= each.y_pt <= top


@given(_TEXTS, _REGIONS)
def test_text_by_place_is_what_each_characters_own_place_says(
    characters: list[PlacedCharacter], regions: list[Region]
) -> None:
    text = PlacedText.of(characters)
    in_order = sorted(characters, key=lambda each: (-round(each.y_pt), each.x_pt))
    texts, rest = text.by_place(regions)
    assert texts == ["".join(each.character for each in in_order if _lies_in(region, each)) for region in regions]
    assert rest == "".join(each.character for each in in_order if not any(_lies_in(region, each) for region in regions))


@given(_TEXTS)
def test_lines_hold_every_character_once_from_the_top_down(characters: list[PlacedCharacter]) -> None:
    text = PlacedText.of(characters)
    lines = list(text.lines())
    heights = [height for height, _ in lines]
    assert heights == sorted({round(each.y_pt) for each in characters}, reverse=True)
    for height, line in lines:
        in_line = sorted((each for each in characters if round(each.y_pt) == height), key=lambda each: each.x_pt)
        assert line == "".join(each.character for each in in_line)
    assert text.characters() == tuple(characters)
    assert len(text) == len(str(text)) == len(characters)


@pytest.mark.parametrize(
    ("reported", "characters"),
    [
        ([0x90F7, 0x20, 0x41, 0x3000, 0x00, 0xA0], "郷A"),
        ([0xD842, 0xDFB7, 0x7530], "𠮷田"),
        ([0xD842, 0x7530], "\ud842田"),
        ([0xDFB7, 0xD842], "\udfb7\ud842"),
        ([0xD842, 0xD842, 0xDFB7], "\ud842𠮷"),
        ([0x02, 0xFFFE, 0x2D], "---"),
        ([0x110000, 0xFFFFFFFF, 0x10FFFF], "\ufffd\ufffd\U0010ffff"),
    ],
)
def test_what_pdfium_reports_becomes_the_characters_it_stands_for(reported: list[int], characters: str) -> None:
    points, kept = visible(np.array(reported, dtype=np.uint32), np.zeros(len(reported), dtype=np.bool_))
    assert "".join(map(chr, points[kept])) == characters


def test_a_glyph_without_a_character_is_never_read_as_its_code() -> None:
    def forget_characters(document: pikepdf.Pdf) -> None:
        for font in document.pages[0].Resources.Font.values():
            del font["/ToUnicode"]

    pdf = changed(drawn(serve("head").bundle), forget_characters)
    with open_pdf(pdf) as opened, opened.page(0) as page:
        assert set(str(page.text)) == {"\ufffd"}


def _one_by_one(page: ReadPage) -> list[int]:
    texts = page._page.get_textpage()
    return [pdfium_c.FPDFText_GetUnicode(texts, index) for index in range(texts.count_chars())]


@pytest.mark.parametrize("key", ["foreign", "katsuragi", "yoshida", "long-address", "head"])
def test_read_at_once_a_page_says_what_it_says_character_by_character(key: str) -> None:
    with open_pdf(drawn(serve(key).bundle)) as opened:
        for index in range(len(opened)):
            with opened.page(index) as page:
                reported = np.array(_one_by_one(page), dtype=np.uint32)
                points, kept = visible(reported, np.zeros(len(reported), dtype=np.bool_))
                assert str(page.text) == "".join(map(chr, points[kept]))


def test_a_control_character_does_not_shift_what_stands_after_it() -> None:
    """PDFium's whole text leaves it out; a reader that counted on would give every later character its neighbour's place."""
    pdf = drawn(serve("head").bundle)

    def control(document: pikepdf.Pdf) -> None:
        for font in document.pages[0].Resources.Font.values():
            table = font.ToUnicode.read_bytes()
            font.ToUnicode = document.make_stream(table.replace(b"> <%04X>\n" % ord("票"), b"> <0003>\n"))

    with (
        open_pdf(pdf) as whole,
        whole.page(0) as page,
        open_pdf(changed(pdf, control)) as opened,
        opened.page(0) as other,
    ):
        expected = [each._replace(character="\x03") if each.character == "票" else each for each in page.characters]
        assert list(other.characters) == expected
        assert other.has_unmapped_character


def test_half_a_utf16_character_is_kept_and_named() -> None:
    """A reader that left lone halves out would let a glyph stand on the paper that no check has seen."""
    served = serve("head", seal_record(resident("head")))
    assert isinstance(served.bundle.record, SealRecord)
    first = served.bundle.record.applicant.name[0]
    pdf = drawn(served.bundle)

    def halve(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            for font in page.Resources.Font.values():
                mapped = b"<%04X>\n" % ord(first)
                table = font.ToUnicode.read_bytes()
                if re.search(rb"> " + mapped, table):
                    font.ToUnicode = document.make_stream(table.replace(b"> " + mapped, b"> <D842>\n"))

    spoilt = changed(pdf, halve)
    with open_pdf(pdf) as whole, whole.page(0) as page, open_pdf(spoilt) as halved, halved.page(0) as other:
        assert len(other.text) == len(page.text)
        assert other.has_unmapped_character
        assert not page.has_unmapped_character
    assert Reason.MISSING_GLYPH in {finding.reason for finding in told(gate_c(spoilt, served))}
