"""Pages of a PDF as the printer's interpreter sees them."""

from io import BytesIO

import pypdfium2

from simulator.pdfium_lock import PDFIUM


class NotPrintableError(ValueError):
    """The bytes are no PDF that can be printed."""


def count_pages(pdf: bytes) -> int:
    """Return the number of pages; raise ``NotPrintableError`` for anything that is no PDF with at least one."""
    with PDFIUM:
        document = _open(pdf)
        try:
            pages = len(document)
        finally:
            document.close()
    if pages == 0:
        raise NotPrintableError("a PDF without pages")
    return pages


def first_pages(pdf: bytes, count: int) -> bytes:
    """Return a PDF of the first ``count`` pages: what lies in the tray when a job did not end."""
    with PDFIUM:
        document = _open(pdf)
        cut = pypdfium2.PdfDocument.new()
        try:
            cut.import_pages(document, list(range(count)))
            out = BytesIO()
            cut.save(out)
            return out.getvalue()
        finally:
            cut.close()
            document.close()


def _open(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise NotPrintableError("bytes that PDFium cannot open") from error
