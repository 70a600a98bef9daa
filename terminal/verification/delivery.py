"""Gate D: the sheets in the tray are the job, whole, no more and no less (promise P5).

Accepted is not printed and "completed" is not enough: the printer's completed impressions must equal the pages of our job.
Where a terminal scans the sheets on their way out, their pictures must be the pictures that gate C passed.
"""

from collections.abc import Sequence
from typing import Protocol, assert_never

from terminal.devices.printer.api import (
    PrintCanceled,
    PrintCompleted,
    PrintCompletion,
    PrintDocument,
    PrintFailed,
    PrintTimedOut,
)
from terminal.verification.pictures import pictures_agree
from terminal.verification.reading import (
    WHOLE_PAGE,
    Pixels,
    ReadPdf,
    UnreadablePdf,
    open_pdf,
)
from terminal.verification.reasons import Reason
from terminal.verification.verdict import FieldFinding, Gate, GateResult, Severity, different, same, settle, unusable

SCAN_DPI = 50.0


class ScannedBack(Protocol):
    """A scanner in the paper path, where one is fitted."""

    def sides(self) -> Sequence[Pixels]:
        """Every side that came out, in order, in grey (height, width), A4 whole; empty when nothing was scanned."""
        ...


def check_delivery(
    document: PrintDocument, completion: PrintCompletion, scanner: ScannedBack | None = None
) -> GateResult:
    """Gate D over one job: its completion, and the scanned sides where ``scanner`` is fitted."""
    finding = _completion(document.impressions, completion)
    if scanner is None or finding.severity is not Severity.PASSES:
        return settle(Gate.DELIVERY, [finding])
    return settle(Gate.DELIVERY, [finding, *_scanned(document, scanner.sides())])


def _completion(impressions: int, completion: PrintCompletion) -> FieldFinding:
    match completion:
        case PrintCompleted(impressions_completed=completed):
            if completed < impressions:
                return unusable("impressions", Reason.TOO_FEW_IMPRESSIONS)
            if completed > impressions:
                # More sides than ours came out under our job: whose they are nobody knows.
                return different("impressions", Reason.TOO_MANY_IMPRESSIONS)
            return same("impressions")
        case PrintFailed() | PrintCanceled() | PrintTimedOut():
            return unusable("job", Reason.NOT_DELIVERED)
        case _:
            assert_never(completion)


def _scanned(document: PrintDocument, sides: Sequence[Pixels]) -> list[FieldFinding]:
    if len(sides) != document.impressions:
        few = len(sides) < document.impressions
        return [
            unusable("scanned sides", Reason.TOO_FEW_IMPRESSIONS)
            if few
            else different("scanned sides", Reason.TOO_MANY_IMPRESSIONS)
        ]
    try:
        with open_pdf(document.pdf) as pdf:
            if len(pdf) != document.impressions:
                return [unusable("pages", Reason.WRONG_PAGE_COUNT)]
            return [_side(pdf, number, scanned) for number, scanned in enumerate(sides, 1)]
    except UnreadablePdf as error:
        return [unusable("print data", error.reason)]


def _side(pdf: ReadPdf, number: int, scanned: Pixels) -> FieldFinding:
    with pdf.page(number - 1) as page:
        sent = page.grey(WHOLE_PAGE, SCAN_DPI, smooth=True).pixels
    field = f"scanned side {number}"
    return same(field) if pictures_agree(sent, scanned) else different(field, Reason.OTHER_SCAN)
