"""Reading PDFs back: text and pixels by place, bounds, and what counts as A4."""

import io

import numpy as np
import pytest
from reportlab.lib.pagesizes import A4, A5, landscape
from reportlab.pdfgen.canvas import Canvas

from printer_templates.regions import Region
from terminal.verification import reading
from terminal.verification.reading import UnreadablePdf, open_pdf
from terminal.verification.reasons import Reason

_MM = 72 / 25.4


def drawn(pages: int = 1, size: tuple[float, float] = A4) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    for number in range(1, pages + 1):
        canvas.drawString(100 * _MM, 197 * _MM, f"SPECIMEN {number}")
        canvas.setFillColorRGB(1, 0, 0)
        canvas.rect(20 * _MM, 247 * _MM, 10 * _MM, 10 * _MM, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_text_is_found_where_it_stands_and_nowhere_else() -> None:
    with open_pdf(drawn(2)) as pdf, pdf.page(1) as page:
        assert len(pdf) == 2
        assert "".join(each.character for each in page.characters) == "SPECIMEN2"
        assert page.text_in(Region(95, 95, 60, 8)) == "SPECIMEN2"
        assert page.text_in(Region(95, 110, 60, 8)) == ""


def test_pixels_come_from_the_box_asked_for() -> None:
    with open_pdf(drawn()) as pdf, pdf.page(0) as page:
        square = page.rgb(Region(21, 41, 8, 8), 100).pixels
        paper = page.rgb(Region(41, 41, 8, 8), 100).pixels
        grey = page.grey(Region(0, 0, 210, 297), 25).pixels
    assert np.all(square == (255, 0, 0))
    assert np.all(paper == 255)
    assert grey.shape == (292, 207)
    assert grey.min() < 100


@pytest.mark.parametrize(("size", "upright"), [(A4, True), (landscape(A4), False), (A5, False)])
def test_only_upright_a4_is_a4(size: tuple[float, float], upright: bool) -> None:
    with open_pdf(drawn(size=size)) as pdf, pdf.page(0) as page:
        assert page.is_a4_upright is upright


@pytest.mark.parametrize("change", [b"/Rotate 0", b"/CropBox [ 0 0 300 300 ] /Rotate 0", b"/MediaBox [ 50 0 645 842 ]"])
def test_a_turned_cut_or_shifted_page_is_not_a4(change: bytes) -> None:
    pdf = drawn()
    assert b"/Rotate 0" in pdf
    if change == b"/Rotate 0":
        spoilt = pdf.replace(b"/Rotate 0", b"/Rotate 180")
    elif b"MediaBox" in change:
        spoilt = pdf.replace(b"/MediaBox [ 0 0 595.2756 841.8898 ]", change)
    else:
        spoilt = pdf.replace(b"/Rotate 0", change)
    assert spoilt != pdf
    with open_pdf(spoilt) as opened, opened.page(0) as page:
        assert not page.is_a4_upright


def test_a_page_that_hides_something_beyond_its_edges_is_not_a4() -> None:
    media = b"/MediaBox [ 0 0 595.2756 841.8898 ]"
    hiding = drawn().replace(media, b"/MediaBox [ 0 0 900 900 ] /CropBox [ 0 0 595.2756 841.8898 ]")
    with open_pdf(hiding) as opened, opened.page(0) as page:
        assert not page.is_a4_upright


def test_more_bytes_or_pages_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = drawn(3)
    monkeypatch.setattr(reading, "PAGES_MAX", 2)
    with pytest.raises(UnreadablePdf) as pages, open_pdf(pdf):
        pass
    monkeypatch.setattr(reading, "PAGES_MAX", 3)
    with open_pdf(pdf) as opened:
        assert len(opened) == 3
    monkeypatch.setattr(reading, "PDF_BYTES_MAX", len(pdf) - 1)
    with pytest.raises(UnreadablePdf) as size, open_pdf(pdf):
        pass
    assert pages.value.reason is size.value.reason is Reason.TOO_LARGE


def test_more_text_than_a_page_can_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHARACTERS_MAX", 5)
    with open_pdf(drawn()) as pdf, pdf.page(0) as page, pytest.raises(UnreadablePdf):
        _ = page.characters


def test_a_resolution_out_of_bounds_is_the_callers_error() -> None:
    with open_pdf(drawn()) as pdf, pdf.page(0) as page, pytest.raises(ValueError, match="dpi"):
        page.grey(Region(0, 0, 10, 10), 5000)
