"""Pages of the municipality's documents, taken apart and put together. A page is two sides, front and back."""

import io

import pypdfium2 as pdfium

from simulator.pdfium_lock import PDFIUM

_SIDES_PER_PAGE = 2


def cut(pdf: bytes, sides: int) -> tuple[bytes, ...]:
    """A job of several copies as one PDF for each copy of ``sides`` sides."""
    with PDFIUM:
        whole = pdfium.PdfDocument(pdf)
        copies = []
        for start in range(0, len(whole), sides):
            copy = pdfium.PdfDocument.new()
            copy.import_pages(whole, list(range(start, start + sides)))
            copies.append(_saved(copy))
        return tuple(copies)


def count(pdf: bytes) -> int:
    """How many pages a document has."""
    with PDFIUM:
        return len(pdfium.PdfDocument(pdf)) // _SIDES_PER_PAGE


def check_page(page: int, count: int, what: str) -> None:
    """Raise ``ValueError`` unless ``page`` is one of ``count``, counted from 1."""
    if not 1 <= page <= count:
        raise ValueError(f"the sheet has {count} {what}, there is no number {page} to exchange; plan another fault")


def _sides(page: int) -> list[int]:
    return [(page - 1) * _SIDES_PER_PAGE, (page - 1) * _SIDES_PER_PAGE + 1]


def page_exchanged(pdf: bytes, page: int, foreign: bytes) -> bytes:
    """``pdf`` with its ``page`` taken from ``foreign`` (the same page, or its last)."""
    with PDFIUM:
        own, other = pdfium.PdfDocument(pdf), pdfium.PdfDocument(foreign)
        out = pdfium.PdfDocument.new()
        pages = len(own) // _SIDES_PER_PAGE
        check_page(page, pages, "pages")
        for number in range(1, pages + 1):
            if number == page:
                out.import_pages(other, _sides(min(page, len(other) // _SIDES_PER_PAGE)))
            else:
                out.import_pages(own, _sides(number))
        return _saved(out)


def page_dropped(pdf: bytes, page: int) -> bytes:
    """``pdf`` without ``page``."""
    with PDFIUM:
        own = pdfium.PdfDocument(pdf)
        check_page(page, len(own) // _SIDES_PER_PAGE, "pages")
        out = pdfium.PdfDocument.new()
        out.import_pages(own, [side for side in range(len(own)) if side not in _sides(page)])
        return _saved(out)


def page_added(pdf: bytes, foreign: bytes) -> bytes:
    """``pdf`` followed by the first page of ``foreign``."""
    with PDFIUM:
        out = pdfium.PdfDocument.new()
        out.import_pages(pdfium.PdfDocument(pdf))
        out.import_pages(pdfium.PdfDocument(foreign), _sides(1))
        return _saved(out)


def _saved(document: pdfium.PdfDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
