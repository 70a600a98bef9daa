"""The canonical text of a front: the writer and the reader come to the same, and PDFium's habits do not get in."""

import pypdfium2 as pdfium
import pytest

from printer_templates import canonical
from printer_templates.fonts.embedding import DocumentFonts
from printer_templates.fonts.typeface import typeface
from printer_templates.layout.pdf_objects import add_page, finish, new_document, reference, stream
from printer_templates.layout.sheet import PlacedText, Sheet


def at(x_pt: float, baseline_pt: int, text: str) -> PlacedText:
    return PlacedText(x_pt, baseline_pt, 10.0, typeface().glyphs(text))


def read_back(texts: list[PlacedText]) -> str:
    """Draw runs in the given order with no form around them, and read them with PDFium."""
    fonts, document = DocumentFonts(typeface()), new_document()
    shown = [
        b"BT 1 0 0 1 %.2f %d Tm %s ET" % (run.x_pt, run.baseline_pt, fonts.show(run.glyphs, 10.0)) for run in texts
    ]
    resources = b"<< /Font %s >>" % fonts.embed(document)
    add_page(document, reference(document, stream(b"\n".join(shown))), resources)
    return canonical.text_of_pdf(pdfium.PdfDocument(finish(document))[0].get_textpage())


RUNS = [
    at(50, 700, "渡邉\u3000邉\U000e010f"),
    at(300, 700, "葛\U000e0102葛"),
    at(50, 650, "𠮷田 か\u3099が"),
    at(50, 600, "神\ufa19①ｶﾞ"),
]


def test_writer_and_reader_agree() -> None:
    assert read_back(RUNS) == canonical.text_of_sheet(Sheet(texts=RUNS))


def test_it_is_written_as_defined() -> None:
    assert read_back(RUNS) == (
        "honnin front v1\n700:渡邉邉\U000e010f葛\U000e0102葛\n650:𠮷田か\u3099が\n600:神\ufa19①ｶﾞ\n"
    )


def test_the_order_in_the_file_does_not_matter() -> None:
    assert read_back(RUNS[::-1]) == read_back(RUNS)


@pytest.mark.parametrize("text", ["ANNA-", "ANNA- ", "MARIA-ANNA-"])
def test_a_hyphen_before_a_line_break_is_a_hyphen(text: str) -> None:
    read = read_back([at(50, 700, text), at(50, 650, "見本")])
    assert read == f"honnin front v1\n700:{text.strip()}\n650:見本\n"


def test_two_names_changed_places_are_another_text() -> None:
    first, second = at(50, 700, "見本花子"), at(50, 650, "架空太郎")
    changed = [at(50, 650, "見本花子"), at(50, 700, "架空太郎")]
    assert read_back([first, second]) != read_back(changed)


def test_compatibility_characters_are_not_made_one() -> None:
    assert canonical.digest(read_back([at(50, 700, "\ufa19")])) != canonical.digest(read_back([at(50, 700, "\u795e")]))
