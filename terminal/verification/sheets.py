"""Gate C: the very bytes that go to the printer, opened again by another engine than drew them, page by page.

Every front and back must be the side that is due at its place: document number, page n of m, the record's values where the form
has them and no other text, the official seal, the impression, and a 2D code, read from pixels and signed, that names this
request, document, page and content. One foreign side among many is found whichever it is. Source: design section 3.7; reference
service-and-incidents.md sections 2.1 (Tokushima: the second of three sheets was another person's; Soja: sheets without seal).
"""

import io
from collections.abc import Sequence

import pypdfium2 as pdfium

from printer_templates.records import ResidenceRecord, SealRecord
from printer_templates.regions import FRONT, Region, RegionName, person_regions
from terminal.centre.messages import Bundle, BundleMode
from terminal.verification.back import check_back
from terminal.verification.expected_sheet import ExpectedFront, expected_fronts
from terminal.verification.front import check_front
from terminal.verification.page_codes import DuePage, SheetKeys
from terminal.verification.reading import PDF_BYTES_MAX, ReadPdf, UnreadablePdf, open_pdf
from terminal.verification.reasons import Reason
from terminal.verification.restrictions import forbidden_content
from terminal.verification.verdict import FieldFinding, Gate, GateResult, different, same, settle, unusable

__all__ = ["SheetKeys", "check_sheets", "join_documents"]


def check_sheets(pdf: bytes, bundle: Bundle, keys: SheetKeys, *, specimen: bool) -> GateResult:
    """Gate C over the job ``pdf``; never raises for any bytes. ``specimen`` says whether the sheets must say 見本 / SPECIMEN."""
    refused = _restrictions(pdf, bundle)
    if refused is not None:
        return settle(Gate.SHEETS, [unusable("print data", refused)])
    try:
        with open_pdf(pdf) as document:
            return settle(Gate.SHEETS, _document(document, bundle, keys, specimen))
    except UnreadablePdf as error:
        return settle(Gate.SHEETS, [unusable("print data", error.reason)])


def join_documents(documents: Sequence[bytes]) -> tuple[bytes, int]:
    """The PDFs of all copies as one job, and its number of page sides.

    What cannot be joined comes back as (``b""``, 0): gate C refuses that as no PDF.
    """
    if sum(len(document) for document in documents) > PDF_BYTES_MAX:
        return b"", 0
    try:
        if len(documents) == 1:
            with open_pdf(documents[0]) as single:
                return documents[0], len(single)
        return _joined(documents)
    except (UnreadablePdf, pdfium.PdfiumError):
        return b"", 0


def _joined(documents: Sequence[bytes]) -> tuple[bytes, int]:
    joined = pdfium.PdfDocument.new()
    try:
        for document in documents:
            part = pdfium.PdfDocument(document)
            try:
                joined.import_pages(part)
            finally:
                part.close()
        buffer = io.BytesIO()
        joined.save(buffer)
        return buffer.getvalue(), len(joined)
    finally:
        joined.close()


def _restrictions(pdf: bytes, bundle: Bundle) -> Reason | None:
    """What forbids the municipality's own PDFs; a record is drawn by ourselves, and PDFium's own questions suffice."""
    if bundle.mode is BundleMode.RECORD:
        return None
    parts = (pdf, *(bytes(copy.document_pdf or b"") for copy in bundle.copies))
    return next((reason for part in dict.fromkeys(parts) if (reason := forbidden_content(part)) is not None), None)


def _document(document: ReadPdf, bundle: Bundle, keys: SheetKeys, specimen: bool) -> list[FieldFinding]:
    fronts = expected_fronts(bundle.record)
    due = 2 * len(fronts) * len(bundle.copies)
    findings = [
        same("pages") if len(document) == due else unusable("pages", Reason.WRONG_PAGE_COUNT),
        unusable("document", Reason.ACTIVE_CONTENT) if document.has_active_content else same("document"),
    ]
    # A job of the wrong length is still read as far as it goes: a foreign page in it is a finding, not just a failure.
    for index in range(min(-(-len(document) // 2), due // 2)):
        copy, page = divmod(index, len(fronts))
        place = DuePage(copy + 1, page + 1, len(fronts))
        findings += _sheet(document, 2 * index, bundle, place, fronts[page], keys, specimen=specimen)
    findings += [_surplus(document, index, bundle) for index in range(due, len(document))]
    return findings


def _sheet(
    document: ReadPdf, index: int, bundle: Bundle, due: DuePage, expected: ExpectedFront, keys: SheetKeys, *, specimen: bool
) -> list[FieldFinding]:  # fmt: skip
    """The findings on one sheet of paper: the front at ``index`` and the back after it."""
    where = f"copy {due.copy} page {due.page}"
    with document.page(index) as front:
        reading = check_front(front, bundle, due, expected, keys, specimen=specimen)
        findings = [finding.at(f"{where} front") for finding in reading.findings]
        if index + 1 >= len(document):
            return [*findings, unusable(f"{where} back", Reason.BACK_MISSING)]
        with document.page(index + 1) as back:
            name = _first_name(bundle.record)
            backs = check_back(back, front, name, bundle, due, keys, reading.code, specimen=specimen)
    return findings + [finding.at(f"{where} back") for finding in backs]


def _first_name(record: ResidenceRecord | SealRecord) -> Region:
    if isinstance(record, SealRecord):
        return FRONT[record.kind][RegionName.NAME]
    return person_regions(0)[RegionName.NAME]


def _surplus(document: ReadPdf, index: int, bundle: Bundle) -> FieldFinding:
    """A page too many: foreign unless it is blank or bears one of our own numbers."""
    field = f"surplus side {index + 1}"
    with document.page(index) as page:
        text = str(page.text)
    if text and not any(copy.document_number in text for copy in bundle.copies):
        return different(field, Reason.OTHER_DOCUMENT_NUMBER)
    return unusable(field, Reason.WRONG_PAGE_COUNT)
