"""Gate D: completed impressions equal the pages of our job, and scanned sheets are the sheets that were sent."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from terminal.devices.printer.api import (
    PrintCanceled,
    PrintCompleted,
    PrintCompletion,
    PrintDocument,
    PrinterCode,
    PrintFailed,
    PrintTimedOut,
)
from terminal.verification.delivery import SCAN_DPI, check_delivery
from terminal.verification.reading import WHOLE_PAGE, Pixels, open_pdf
from terminal.verification.reasons import Reason
from terminal.verification.verdict import Different, Failed, Passed


def job(*names: str) -> PrintDocument:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for name in names:
        for line in range(30):
            canvas.drawString(80, 760 - 20 * line, f"{line} SPECIMEN of a certificate with many words on it")
        canvas.drawString(80, 100, name)
        canvas.showPage()
    canvas.save()
    return PrintDocument(buffer.getvalue(), len(names), "job")


@dataclass(frozen=True)
class Scanner:
    """A scanner that saw ``seen``."""

    seen: Sequence[Pixels]

    def sides(self) -> Sequence[Pixels]:
        return self.seen


def scan(document: PrintDocument) -> list[Pixels]:
    pictures = []
    with open_pdf(document.pdf) as pdf:
        for index in range(len(pdf)):
            with pdf.page(index) as page:
                pictures.append(page.grey(WHOLE_PAGE, SCAN_DPI, smooth=True).pixels)
    return pictures


def test_all_impressions_of_our_job_pass() -> None:
    assert isinstance(check_delivery(job("MIHON", "HANAKO"), PrintCompleted(2)), Passed)


def test_fewer_impressions_than_pages_are_no_delivery() -> None:
    result = check_delivery(job("MIHON", "HANAKO"), PrintCompleted(1))
    assert isinstance(result, Failed)
    assert result.code is Reason.TOO_FEW_IMPRESSIONS


def test_more_impressions_than_pages_are_somebody_elses() -> None:
    result = check_delivery(job("MIHON"), PrintCompleted(2))
    assert isinstance(result, Different)
    assert result.code is Reason.TOO_MANY_IMPRESSIONS


@pytest.mark.parametrize(
    "completion",
    [
        PrintFailed(PrinterCode.PAPER_JAMMED, "jammed", 2),
        PrintCanceled(2),
        PrintTimedOut(PrinterCode.NOT_COMPLETED_IN_TIME, "late", 2),
    ],
)
def test_any_other_end_is_no_delivery_even_with_every_impression_counted(completion: PrintCompletion) -> None:
    result = check_delivery(job("MIHON", "HANAKO"), completion)
    assert isinstance(result, Failed)
    assert result.code is Reason.NOT_DELIVERED


def test_scanned_sheets_that_are_the_job_pass() -> None:
    document = job("MIHON TARO", "MIHON HANAKO")
    assert isinstance(check_delivery(document, PrintCompleted(2), Scanner(scan(document))), Passed)


def test_a_scanned_sheet_of_the_same_form_with_another_name_is_found() -> None:
    document = job("MIHON TARO", "MIHON HANAKO")
    seen = scan(job("MIHON TARO", "FUTABA MIHON"))
    result = check_delivery(document, PrintCompleted(2), Scanner(seen))
    assert isinstance(result, Different)
    assert result.code is Reason.OTHER_SCAN
    assert [finding.field for finding in result.findings if finding.reason is Reason.OTHER_SCAN] == ["scanned side 2"]


def test_a_missing_or_surplus_scanned_side_is_noticed() -> None:
    document = job("MIHON TARO", "MIHON HANAKO")
    seen = scan(document)
    assert isinstance(check_delivery(document, PrintCompleted(2), Scanner(seen[:1])), Failed)
    assert isinstance(check_delivery(document, PrintCompleted(2), Scanner([*seen, seen[0]])), Different)
