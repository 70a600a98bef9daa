"""Sides of a sheet as whoever holds them has them: pages of a PDF, or pictures (PNG, JPEG) of whole A4 sides.

Every side becomes grey pixels of the whole page, 150 to 300 dpi; a PDF's side also has its text. Whatever bytes come in, the
answer is a side or ``UnreadablePdf`` / ``ValueError``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from printer_templates.errors import FormError
from printer_templates.marks import scramble
from printer_templates.marks.scramble import SOURCE, SOURCE_ROWS
from printer_templates.regions import BACK, FRONT, PAGE_HEIGHT_MM, PAGE_WIDTH_MM, SCRAMBLE_COLUMNS, RegionName
from terminal.verification.page_codes import content_digest
from terminal.verification.pictures import Ink, dark_ink, open_picture
from terminal.verification.reading import WHOLE_PAGE, Pixels, Raster, ReadPage, open_pdf

SIDE_DPI = 150.0
_WIDTH_PX = round(PAGE_WIDTH_MM / 25.4 * SIDE_DPI)
_HEIGHT_PX = round(PAGE_HEIGHT_MM / 25.4 * SIDE_DPI)
_WIDEST_PX = 2 * _WIDTH_PX
_RATIO_TOLERANCE = 0.02
_SHADE_MIN, _SHADE_MAX = 0.35, 0.65


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """One side: ``source`` names it for people, ``digest`` is its content's where the text could be read."""

    source: str
    pixels: Pixels
    digest: bytes | None

    @property
    def is_back(self) -> bool:
        """Whether the middle of the side is as grey as scrambled cells are."""
        try:
            share = float(scramble.read_cells(self.pixels).mean())
        except FormError:
            return False
        return _SHADE_MIN <= share <= _SHADE_MAX

    @property
    def code_pixels(self) -> Pixels:
        """The lower left part of the side, where both sides have their 2D code."""
        regions = (BACK[RegionName.PAGE_CODE], next(iter(FRONT.values()))[RegionName.PAGE_CODE])
        px_per_mm = self.pixels.shape[1] / PAGE_WIDTH_MM
        top_px = int((min(region.y_mm for region in regions) - 10) * px_per_mm)
        right_px = int((max(region.right_mm for region in regions) + 6) * px_per_mm)
        part: Pixels = self.pixels[top_px:, :right_px]
        return part

    def front_ink(self) -> Ink:
        """How dark the side is on the grid of the scramble image: (rows, columns), 0.0 paper to 1.0 black."""
        scale = (_WIDTH_PX / PAGE_WIDTH_MM, _HEIGHT_PX / PAGE_HEIGHT_MM)
        raster = Raster(_sized(Image.fromarray(self.pixels), _WIDTH_PX, _HEIGHT_PX), 0, 0, scale)
        return dark_ink(raster.sampled(SOURCE, SOURCE_ROWS, SCRAMBLE_COLUMNS, per_cell=2))


def sides_of_pdf(name: str, pdf: bytes) -> Iterator[Side]:
    """Every page side of ``pdf``; raise ``UnreadablePdf``."""
    with open_pdf(pdf) as document:
        for index in range(len(document)):
            with document.page(index) as page:
                side = "front" if index % 2 == 0 else "back"
                yield _page_side(f"{name} page {index // 2 + 1} {side}", page)


def side_of_picture(name: str, data: bytes) -> Side:
    """The side in a PNG or JPEG of the whole page; raise ``ValueError`` for no picture or one of another shape than A4."""
    picture = open_picture(data)
    ratio = picture.height / max(picture.width, 1) * PAGE_WIDTH_MM / PAGE_HEIGHT_MM
    if abs(ratio - 1) > _RATIO_TOLERANCE:
        raise ValueError(f"expected a picture of a whole A4 side, {picture.width} x {picture.height} pixels came")
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        picture = paper
    grey = picture.convert("L")
    if grey.width > _WIDEST_PX:
        return Side(name, _sized(grey, _WIDEST_PX, round(_WIDEST_PX * grey.height / grey.width)), None)
    return Side(name, np.asarray(grey, dtype=np.uint8), None)


def _page_side(name: str, page: ReadPage) -> Side:
    return Side(name, page.grey(WHOLE_PAGE, SIDE_DPI, smooth=True).pixels, content_digest(page.text))


def _sized(grey: Image.Image, width: int, height: int) -> Pixels:
    return np.asarray(grey.resize((width, height), Image.Resampling.BILINEAR), dtype=np.uint8)
