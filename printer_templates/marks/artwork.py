"""The standing artwork of every sheet, made once: copy-deterrent text, latent image, specimen watermark, as ready PDF objects.

- Copy-deterrent text (けん制文字): 複写 in coarse dots on a ground of fine dots of the same tone; copiers lose the fine ones.
- Latent image (偽造防止検出画像): 証 in lines of one slant on lines of the other; a line screen laid over it shows one of them.
- Specimen (見本 SPECIMEN): outlines across the page, red, under everything else, so that marks stay readable (promise P9).
"""

import zlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import uharfbuzz as hb
from PIL import Image, ImageFilter

from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.pdf_objects import stream
from printer_templates.regions import BACK, PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Region, RegionName

ART_DPI = 300
_STROKE_PX = 9
"""Widens the letters' strokes: dots every 8 pixels cannot show a thin one."""
DETERRENT_TILE = Region(0, 0, 35.0, 27.0)
LATENT = BACK[RegionName.LATENT_IMAGE]

Mask = npt.NDArray[np.bool_]


def _pixels(region: Region) -> tuple[int, int]:
    return round(region.height_mm * ART_DPI / 25.4), round(region.width_mm * ART_DPI / 25.4)


def _lettering(typeface: Typeface, text: str, shape: tuple[int, int], em_px: int) -> Mask:
    """``text`` centred in a picture of ``shape`` (height, width), True inside the letters."""
    height, width = shape
    font = hb.Font(typeface.face)
    font.scale = (em_px, em_px)
    rasterizer = hb.RasterDraw()
    glyphs = typeface.glyphs(text)
    x = (width - sum(glyph.advance for glyph in glyphs) * em_px / typeface.units_per_em) / 2
    y = (height - em_px) / 2 + 0.12 * em_px
    for glyph in glyphs:
        rasterizer.transform = (1, 0, 0, 1, x, y)
        rasterizer.draw_glyph(font, glyph.glyph_id)
        x += glyph.advance * em_px / typeface.units_per_em
    rasterizer.extents = hb.RasterExtents(0, 0, width, height, -(-width // 4) * 4)
    image = rasterizer.render()
    levels = np.frombuffer(image.buffer, np.uint8).reshape(height, image.extents.stride)
    return np.ascontiguousarray(levels[::-1, :width] > 127)


def deterrent_tile(typeface: Typeface) -> Mask:
    """複写 in 2 x 2 dots every 8 pixels on single dots every 4 pixels: the same quarter-sixteenth of ink either way."""
    height, width = (side // 8 * 8 for side in _pixels(DETERRENT_TILE))
    thin = Image.fromarray(_lettering(typeface, "複写", (height, width), 200))
    letters: Mask = np.asarray(thin.convert("L").filter(ImageFilter.MaxFilter(_STROKE_PX))) > 0
    rows, columns = np.indices((height, width))
    fine = (rows % 4 == 0) & (columns % 4 == 0)
    coarse = (rows % 8 < 2) & (columns % 8 < 2)
    return np.where(letters, coarse, fine)


def latent_panel(typeface: Typeface) -> Mask:
    """証 in lines falling to the right on lines rising to the right, one in three pixels of the diagonal inked."""
    height, width = _pixels(LATENT)
    letters = _lettering(typeface, "証証", (height, width), 320)
    rows, columns = np.indices((height, width))
    return np.where(letters, (columns - rows) % 6 < 2, (columns + rows) % 6 < 2)


def mask_stream(mask: Mask, *, packed: bool) -> bytes:
    """A stencil mask object that paints where ``mask`` is True (ISO 32000-1, 8.9.6.2), ``packed`` by Flate or as it is."""
    height, width = mask.shape
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ImageMask true /BitsPerComponent 1" % (
        width,
        height,
    )
    data = np.packbits(~mask, axis=1).tobytes()
    return stream(zlib.compress(data, 9), entries + b" /Filter /FlateDecode") if packed else stream(data, entries)


class _PathPen:
    """Writes a glyph's outline as PDF path operators; quadratic curves become cubic ones."""

    def __init__(self, x: float, y: float, scale: float) -> None:
        self._origin, self._scale = (x, y), scale
        self._at = (0.0, 0.0)
        self.operators: list[bytes] = []

    def _add(self, operator: bytes, *points: tuple[float, float]) -> None:
        numbers = (self._origin[axis] + point[axis] * self._scale for point in points for axis in (0, 1))
        self.operators.append(b" ".join(b"%.2f" % number for number in numbers) + b" " + operator)
        self._at = points[-1]

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add(b"m", point)

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._add(b"l", point)

    def qCurveTo(self, control: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: N802
        first = tuple(at + 2 / 3 * (ctrl - at) for at, ctrl in zip(self._at, control, strict=True))
        second = tuple(to + 2 / 3 * (ctrl - to) for to, ctrl in zip(end, control, strict=True))
        self._add(b"c", (first[0], first[1]), (second[0], second[1]), end)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._add(b"c", *points)

    def closePath(self) -> None:  # noqa: N802
        self.operators.append(b"h")


def _outlines(typeface: Typeface, text: str, size_pt: float, y: float) -> bytes:
    """``text`` as filled outlines, centred on x = 0 with its baseline at ``y``."""
    scale = size_pt / typeface.units_per_em
    glyphs = typeface.glyphs(text)
    x = -sum(glyph.advance for glyph in glyphs) * scale / 2
    operators: list[bytes] = []
    for glyph in glyphs:
        pen = _PathPen(x, y, scale)
        typeface.font.draw_glyph_with_pen(glyph.glyph_id, pen)
        operators += [*pen.operators, b"f"] if pen.operators else []
        x += glyph.advance * scale
    return b"\n".join(operators)


def specimen_form(typeface: Typeface) -> bytes:
    """The watermark as a form object: 見本 and SPECIMEN, slanting over the whole page in the page's present colour."""
    body = _outlines(typeface, "見本", 190, 20) + b"\n" + _outlines(typeface, "SPECIMEN", 96, -90)
    turned = b"q 0.8192 0.5736 -0.5736 0.8192 %.2f %.2f cm\n%s\nQ" % (
        PAGE_WIDTH_PT / 2,
        PAGE_HEIGHT_PT / 2,
        body,
    )
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] /Resources << >> /Filter /FlateDecode"
    return stream(zlib.compress(turned, 9), entries % (PAGE_WIDTH_PT, PAGE_HEIGHT_PT))


@lru_cache(maxsize=2)
def standing(typeface: Typeface) -> dict[bytes, bytes]:
    """The ready objects by resource name: ``Dt`` deterrent tile, ``Lt`` latent panel, ``Sp`` specimen watermark.

    The tile is not packed: whoever draws a part of a page unpacks it each time, and gate C draws six parts of each sheet.
    """
    return {
        b"Dt": mask_stream(deterrent_tile(typeface), packed=False),
        b"Lt": mask_stream(latent_panel(typeface), packed=True),
        b"Sp": specimen_form(typeface),
    }
