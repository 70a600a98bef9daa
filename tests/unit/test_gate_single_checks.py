"""Checks of gate C that another one usually comes before: each alone, so that it stands when the other does not see."""

import io
from collections import Counter

import pikepdf
import pytest
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from printer_templates.regions import BACK, RegionName
from simulator.explore.gates.spoiling import without_picture
from simulator.people.residents import resident
from terminal.verification.front import check_other_words
from terminal.verification.reading import UnreadablePdf, open_pdf
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed, Severity
from tests.gates_world import seal_record, serve
from tests.sheets_kit import drawn, gate_c, told


def test_a_word_that_the_form_does_not_have_is_a_finding_and_one_that_it_lacks_a_failure() -> None:
    words = Counter("氏名住所")
    assert check_other_words("住所氏名", words).severity is Severity.PASSES
    assert check_other_words("住所氏名者", words).reason is Reason.TEXT_OUTSIDE_FIELDS
    assert check_other_words("住所氏", words).reason is Reason.FORM_WORDS
    assert check_other_words("住所氏者", words).reason is Reason.TEXT_OUTSIDE_FIELDS


def test_the_check_row_alone_tells_another_sheets_back() -> None:
    """No code of the front to go by, so no band is compared: the first row of cells still names the wrong key."""
    served = serve("head", seal_record(resident("head")))
    [copy] = served.bundle.copies
    other = served.with_bundle(copies=(copy.model_copy(update={"scramble_key": b"\x77" * 32}),))
    result = gate_c(without_picture(drawn(other.bundle), 0, "Qr"), served)
    assert isinstance(result, Different)
    assert ("copy 1 page 1 back: scramble image", Reason.OTHER_BACK) in {
        (finding.field, finding.reason) for finding in told(result)
    }


@pytest.mark.parametrize("page_size", [A5, (72.0, 72.0)])
def test_a_place_beyond_the_pages_edge_has_no_pixels_and_is_no_crash(page_size: tuple[float, float]) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=page_size)
    canvas.drawString(10, 10, "SPECIMEN")
    canvas.save()
    with open_pdf(buffer.getvalue()) as pdf, pdf.page(0) as page, pytest.raises(UnreadablePdf) as refused:
        page.grey(BACK[RegionName.NOTES].moved(-250), 150)
    assert refused.value.reason is Reason.NOT_A4


def test_a_job_of_tiny_pages_fails_as_not_a4() -> None:
    served = serve("head", seal_record(resident("head")))
    document = pikepdf.open(io.BytesIO(drawn(served.bundle)))
    for page in document.pages:
        page.MediaBox = pikepdf.Array([0, 0, 20, 20])
    buffer = io.BytesIO()
    document.save(buffer)
    assert isinstance(gate_c(buffer.getvalue(), served), Failed)
