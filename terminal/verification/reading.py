"""Reading a PDF back with pypdfium2, another engine than the one that draws: pages, text by place, pixels by place.

Regions are the forms' (millimetres from the page's top left corner). Everything is bounded: bytes, pages, characters, resolution.
Whatever bytes come in, the answer is a reading or ``UnreadablePdf``. PDFium is not thread-safe: one thread at a time.
"""

import ctypes
import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from printer_templates.regions import MM_PT, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, Region
from terminal.errors import HonninError
from terminal.verification.page_text import PlacedCharacter, PlacedText, read_text
from terminal.verification.reasons import Reason, words_of

Pixels: TypeAlias = npt.NDArray[np.uint8]

PDF_BYTES_MAX = 32_000_000
PAGES_MAX = 400
A4_TOLERANCE_MM = 0.6
_UPRIGHT = 0
RESOLUTION_MAX_DPI = 600.0
CHARACTERS_MAX = 20_000
"""Of one page; a full page of 9-point text has 5,000."""

WHOLE_PAGE = Region(0.0, 0.0, PAGE_WIDTH_MM, PAGE_HEIGHT_MM)

_SAYS_NOTHING = re.compile("[\x00-\x1f\ufffc-\uffff\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")


class UnreadablePdf(HonninError):  # noqa: N818 - it names what the bytes are
    """The bytes are no PDF that a gate may read; ``reason`` is the finding's."""

    def __init__(self, reason: Reason, detail: str) -> None:
        self.reason = reason
        super().__init__(reason, f"expected a printable A4 PDF; {words_of(reason).en}: {detail}; ask for a new one")


@dataclass(frozen=True, slots=True, repr=False)
class Raster:
    """Part of a page as pixels; ``left_px`` and ``top_px`` tell where it lies in the page's whole picture."""

    pixels: Pixels
    left_px: int
    top_px: int
    px_per_mm: tuple[float, float]

    def sampled(self, region: Region, rows: int, columns: int, per_cell: int = 1) -> npt.NDArray[np.float32]:
        """``region`` cut into ``rows`` x ``columns`` cells: the mean of ``per_cell`` squared points in each, 0 to 255.

        Points are taken where the cells lie, to a fraction of a pixel, so that grids of unlike resolution can be compared.
        """
        down = self._points(region.y_mm, region.height_mm, rows * per_cell, 1) - self.top_px
        across = self._points(region.x_mm, region.width_mm, columns * per_cell, 0) - self.left_px
        down, across = np.clip(down, 0, self.pixels.shape[0] - 1), np.clip(across, 0, self.pixels.shape[1] - 1)
        # Row by row and then column by column in whole numbers: the same sums as point by point, many times faster.
        in_rows = _added([self.pixels.take(down[part::per_cell], 0) for part in range(per_cell)])
        cells = _added([in_rows.take(across[part::per_cell], 1) for part in range(per_cell)])
        return np.divide(cells, np.float32(per_cell * per_cell), dtype=np.float32)

    def _points(self, start_mm: float, length_mm: float, count: int, axis: int) -> npt.NDArray[np.int64]:
        places = (start_mm + (np.arange(count) + 0.5) * (length_mm / count)) * self.px_per_mm[axis]
        points: npt.NDArray[np.int64] = np.floor(places).astype(np.int64)
        return points


def _added(parts: Sequence[npt.NDArray[np.uint8] | npt.NDArray[np.uint16]]) -> npt.NDArray[np.uint16]:
    """The sum of a few arrays of bytes; 257 of them would still fit."""
    first, *others = parts
    return reduce(partial(np.add, dtype=np.uint16), others, first.astype(np.uint16))


class ReadPage:
    """One page side of an open ``ReadPdf``; it is good as long as that is open."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._page = page
        self._text: PlacedText | None = None
        self._width_pt, self._height_pt = page.get_size()

    @property
    def is_a4_upright(self) -> bool:
        """Whether the page is A4 portrait, not turned, with nothing cut off or hidden beyond its edges."""
        right_size = (
            abs(self._width_pt / MM_PT - PAGE_WIDTH_MM) <= A4_TOLERANCE_MM
            and abs(self._height_pt / MM_PT - PAGE_HEIGHT_MM) <= A4_TOLERANCE_MM
        )
        media = self._page.get_mediabox()
        at_origin = abs(media[0]) < 1 and abs(media[1]) < 1 and media == self._page.get_cropbox()
        return bool(right_size and at_origin and self._page.get_rotation() == 0)

    @property
    def has_annotations(self) -> bool:
        """Whether anything lies over the page that is not its content: notes, links, form fields."""
        return bool(pdfium_c.FPDFPage_GetAnnotCount(self._page) != 0)

    @property
    def text(self) -> PlacedText:
        """Every visible character with its place."""
        if self._text is None:
            texts = self._page.get_textpage()
            count = texts.count_chars()
            if count > CHARACTERS_MAX:
                raise UnreadablePdf(Reason.TOO_LARGE, f"more than {CHARACTERS_MAX} characters on one page")
            self._text = read_text(texts.raw, count)
        return self._text

    @property
    def characters(self) -> tuple[PlacedCharacter, ...]:
        """Every visible character with the origin of its glyph, in the order of the content; no spaces, none made up."""
        return self.text.characters()

    @property
    def has_unmapped_character(self) -> bool:
        """Whether some glyph has no character, a replacement character, or one of private use."""
        return _SAYS_NOTHING.search(str(self.text)) is not None

    def text_in(self, region: Region) -> str:
        """The characters whose origins lie in ``region``, line by line from the top, without spaces."""
        [text], _ = self.text.by_place([region])
        return text

    def grey(self, region: Region, dpi: float, *, smooth: bool = False) -> Raster:
        """The pixels of ``region`` in grey: (height, width), 0 black to 255 white."""
        return self._render(region, dpi, smooth, colour=False)

    def rgb(self, region: Region, dpi: float, *, smooth: bool = False) -> Raster:
        """The pixels of ``region`` in colour: (height, width, 3) in the order red, green, blue."""
        return self._render(region, dpi, smooth, colour=True)

    def _render(self, region: Region, dpi: float, smooth: bool, *, colour: bool) -> Raster:
        if not 1.0 <= dpi <= RESOLUTION_MAX_DPI:
            raise ValueError(f"expected 1 to {RESOLUTION_MAX_DPI:.0f} dpi, not {dpi}")
        scale = dpi / 72.0
        left, bottom, right, top = region.points()
        margins_pt = (left, self._height_pt - top, self._width_pt - right, bottom)
        left_px, top_px, right_px, bottom_px = (math.ceil(max(margin_pt, 0.0) * scale) for margin_pt in margins_pt)
        # PDFium stretches the page to whole pixels, which shows at the far edge.
        whole_width, whole_height = math.ceil(self._width_pt * scale), math.ceil(self._height_pt * scale)
        width, height = whole_width - left_px - right_px, whole_height - top_px - bottom_px
        if width < 1 or height < 1:
            raise UnreadablePdf(Reason.NOT_A4, "a page is smaller than a place on the form")
        pixels = np.full((height, width, 3) if colour else (height, width), 255, dtype=np.uint8)
        self._draw(pixels, (-left_px, -top_px, whole_width, whole_height), smooth)
        px_per_mm = (whole_width / self._width_pt * MM_PT, whole_height / self._height_pt * MM_PT)
        return Raster(pixels, left_px, top_px, px_per_mm)

    def _draw(self, pixels: Pixels, place: tuple[int, int, int, int], smooth: bool) -> None:
        """Draw the whole page at ``place`` (left, top, width, height) over ``pixels``; what lies beyond them is left out."""
        colour = pixels.ndim == 3
        bitmap = pdfium_c.FPDFBitmap_CreateEx(
            pixels.shape[1],
            pixels.shape[0],
            pdfium_c.FPDFBitmap_BGR if colour else pdfium_c.FPDFBitmap_Gray,
            pixels.ctypes.data,
            pixels.strides[0],
        )
        flags = pdfium_c.FPDF_REVERSE_BYTE_ORDER if colour else pdfium_c.FPDF_GRAYSCALE
        if not smooth:
            flags |= pdfium_c.FPDF_RENDER_NO_SMOOTHIMAGE
        try:
            pdfium_c.FPDF_RenderPageBitmap(bitmap, self._page, *place, _UPRIGHT, flags)
        finally:
            pdfium_c.FPDFBitmap_Destroy(bitmap)


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


def wider(region: Region, margin_mm: float = 1.0) -> Region:
    """``region`` with a margin, so that its edges are rendered whole."""
    return Region(
        region.x_mm - margin_mm,
        region.y_mm - margin_mm,
        region.width_mm + 2 * margin_mm,
        region.height_mm + 2 * margin_mm,
    )
