"""Reading a PDF back with pypdfium2, another engine than the one that draws: pages, text by place, pixels by place.

Boxes are in millimetres from the page's top left corner. Everything is bounded: bytes, pages, page size, resolution. Whatever
bytes come in, the answer is a reading or ``UnreadablePdf``. PDFium is not thread-safe: one thread at a time.
"""

import ctypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from terminal.errors import HonninError
from terminal.verification.reasons import Reason, words_of

Pixels: TypeAlias = npt.NDArray[np.uint8]

PDF_BYTES_MAX = 32_000_000
PAGES_MAX = 400
A4_WIDTH_MM = 210.0
A4_HEIGHT_MM = 297.0
A4_TOLERANCE_MM = 0.6
RESOLUTION_MAX_DPI = 600.0
CHARACTERS_MAX = 20_000
"""Of one page; a full page of 9-point text has 5,000."""

_POINTS_PER_MM = 72.0 / 25.4
_SAYS_NOTHING = re.compile("[\x00\ufffd-\uffff\ue000-\uf8ff\U000f0000-\U0010ffff]")


class UnreadablePdf(HonninError):  # noqa: N818 - it names what the bytes are
    """The bytes are no PDF that a gate may read; ``reason`` is the finding's."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        super().__init__(reason, f"expected a printable A4 PDF; {words_of(reason).en}: {detail}; ask for a new one")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres from the page's top left corner."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


class ReadPage:
    """One page side of an open ``ReadPdf``; it is good as long as that is open."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._text_page: pdfium.PdfTextPage | None = None
        self._width_pt, self._height_pt = page.get_size()

    @property
    def is_a4_upright(self) -> bool:
        """Whether the page is A4 portrait, not turned, with nothing cut off or hidden beyond its edges."""
        right_size = (
            abs(self._width_pt / _POINTS_PER_MM - A4_WIDTH_MM) <= A4_TOLERANCE_MM
            and abs(self._height_pt / _POINTS_PER_MM - A4_HEIGHT_MM) <= A4_TOLERANCE_MM
        )
        media = self._page.get_mediabox()
        at_origin = abs(media[0]) < 1 and abs(media[1]) < 1 and media == self._page.get_cropbox()
        return bool(right_size and at_origin and self._page.get_rotation() == 0)

    @property
    def has_annotations(self) -> bool:
        """Whether anything lies over the page that is not its content: notes, links, form fields."""
        return bool(pdfium_c.FPDFPage_GetAnnotCount(self._page) != 0)

    def text(self) -> str:
        """All text of the page in the order of its content, lines parted by CR LF where PDFium sees them."""
        text_page = self._texts()
        return str(text_page.get_text_bounded(-1e4, -1e4, 1e4, 1e4, errors="replace"))

    def text_in(self, box: Box) -> str:
        """The text whose characters stand in ``box``."""
        left, bottom, right, top = self._points(box)
        return str(self._texts().get_text_bounded(left, bottom, right, top, errors="replace"))

    def has_unmapped_character(self) -> bool:
        """Whether some glyph has no character, a replacement character, or one of private use."""
        texts = self._texts()
        failed, raw = pdfium_c.FPDFText_HasUnicodeMapError, texts.raw
        if any(failed(raw, index) for index in range(texts.count_chars())):
            return True
        return _SAYS_NOTHING.search(self.text()) is not None

    def grey(self, box: Box, dpi: float) -> Pixels:
        """The pixels of ``box`` in grey: an array (height, width), 0 black to 255 white."""
        return self._render(box, dpi, grayscale=True)

    def rgb(self, box: Box, dpi: float) -> Pixels:
        """The pixels of ``box`` in colour: an array (height, width, 3) in the order red, green, blue."""
        return self._render(box, dpi, rev_byteorder=True)

    def _render(self, box: Box, dpi: float, **options: bool) -> Pixels:
        if not 1.0 <= dpi <= RESOLUTION_MAX_DPI:
            raise ValueError(f"expected 1 to {RESOLUTION_MAX_DPI:.0f} dpi, not {dpi}")
        left, bottom, right, top = self._points(box)
        crop = (max(left, 0.0), max(bottom, 0.0), max(self._width_pt - right, 0.0), max(self._height_pt - top, 0.0))
        bitmap = self._page.render(scale=dpi / 72.0, crop=crop, draw_annots=False, may_draw_forms=False, **options)
        try:
            return np.array(bitmap.to_numpy(), dtype=np.uint8)
        finally:
            bitmap.close()

    def _texts(self) -> pdfium.PdfTextPage:
        if self._text_page is None:
            self._text_page = self._page.get_textpage()
            if self._text_page.count_chars() > CHARACTERS_MAX:
                raise UnreadablePdf(Reason.TOO_LARGE, f"more than {CHARACTERS_MAX} characters on one page")
        return self._text_page

    def _points(self, box: Box) -> tuple[float, float, float, float]:
        left = box.left_mm * _POINTS_PER_MM
        top = self._height_pt - box.top_mm * _POINTS_PER_MM
        return left, top - box.height_mm * _POINTS_PER_MM, left + box.width_mm * _POINTS_PER_MM, top


class ReadPdf:
    """An opened PDF; obtain one with ``open_pdf``."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document

    def __len__(self) -> int:
        return len(self._document)

    @property
    def has_active_content(self) -> bool:
        """What PDFium itself knows of active content: scripts, attachments, forms, encryption. ``restrictions.py`` knows more."""
        raw = self._document.raw
        return bool(
            pdfium_c.FPDFDoc_GetJavaScriptActionCount(raw) != 0
            or pdfium_c.FPDFDoc_GetAttachmentCount(raw) != 0
            or pdfium_c.FPDF_GetFormType(raw) != pdfium_c.FORMTYPE_NONE
            or pdfium_c.FPDF_GetSecurityHandlerRevision(raw) != -1
        )

    @contextmanager
    def page(self, index: int) -> Iterator[ReadPage]:
        """Page side ``index`` (from 0), closed at the end of the block."""
        try:
            page = self._document[index]
        except pdfium.PdfiumError:
            raise UnreadablePdf(Reason.NOT_A_PDF, f"page {index + 1} cannot be opened") from None
        try:
            yield ReadPage(page)
        except (pdfium.PdfiumError, ctypes.ArgumentError):
            raise UnreadablePdf(Reason.NOT_A_PDF, f"page {index + 1} cannot be read") from None
        finally:
            page.close()


@contextmanager
def open_pdf(pdf: bytes) -> Iterator[ReadPdf]:
    """Open ``pdf`` for the length of the block.

    :raises UnreadablePdf: no PDF, encrypted, more than ``PDF_BYTES_MAX`` bytes or ``PAGES_MAX`` pages, or a page that cannot
        be read.
    """
    if len(pdf) > PDF_BYTES_MAX:
        raise UnreadablePdf(Reason.TOO_LARGE, f"{len(pdf)} bytes, at most {PDF_BYTES_MAX} allowed")
    if not pdf.startswith(b"%PDF-"):
        raise UnreadablePdf(Reason.NOT_A_PDF, "it does not begin as one")
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        raise UnreadablePdf(Reason.NOT_A_PDF, "it cannot be opened") from None
    try:
        if len(document) > PAGES_MAX:
            raise UnreadablePdf(Reason.TOO_LARGE, f"{len(document)} pages, at most {PAGES_MAX} allowed")
        yield ReadPdf(document)
    finally:
        document.close()
