"""The front as a coarse black-and-white raster, drawn from the same placed things as the PDF: what the scramble image holds."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import uharfbuzz as hb
from PIL import Image

from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.images import FormImage
from printer_templates.layout.sheet import PlacedImage, PlacedText, Rule, Sheet, Standing
from printer_templates.marks.scramble import SOURCE, SOURCE_ROWS, Bits
from printer_templates.regions import CELL_MM, MM_PT, PAGE_HEIGHT_PT, SCRAMBLE_COLUMNS

_SUBPIXELS = 64
_CELLS_PER_PT = 1 / (CELL_MM * MM_PT)
_INK_LEVEL = 60
_SEAL_LEVEL = 190


@lru_cache(maxsize=64)
def _font(typeface: Typeface, size_pt: float) -> hb.Font:
    font = hb.Font(typeface.face)
    units = round(size_pt * _CELLS_PER_PT * _SUBPIXELS)
    font.scale = (units, units)
    return font


def draw(sheet: Sheet, typeface: Typeface) -> Bits:
    """The part of the front that ``regions.SCRAMBLE_SOURCE`` names, True is ink."""
    ink = standing_raster(sheet.standing, typeface) | _texts(sheet.texts, typeface)
    for rule in sheet.rules:
        _rule(ink, rule)
    for placed in sheet.images:
        _image(ink, placed)
    return ink


def draw_texts(texts: Sequence[PlacedText], typeface: Typeface) -> Bits:
    """The same part with nothing but ``texts`` on it, to be laid over a sheet's raster."""
    return _texts(texts, typeface)


@lru_cache(maxsize=64)
def standing_raster(standing: Standing, typeface: Typeface) -> Bits:
    """The raster of a form's standing part, made once."""
    ink = _texts(standing.texts, typeface)
    for rule in standing.rules:
        _rule(ink, rule)
    ink.setflags(write=False)
    return ink


def _texts(texts: Sequence[PlacedText], typeface: Typeface) -> Bits:
    rasterizer = hb.RasterDraw()
    rasterizer.scale_factor = (_SUBPIXELS, _SUBPIXELS)
    foot_pt = PAGE_HEIGHT_PT - SOURCE.bottom_mm * MM_PT
    for text in texts:
        if text.baseline_pt < foot_pt:
            continue
        font = _font(typeface, text.size_pt)
        to_cells = text.size_pt / typeface.units_per_em * _CELLS_PER_PT * _SUBPIXELS
        x = (text.x_pt - SOURCE.x_mm * MM_PT) * _CELLS_PER_PT * _SUBPIXELS
        y = (text.baseline_pt - foot_pt) * _CELLS_PER_PT * _SUBPIXELS
        for glyph in text.glyphs:
            if not glyph.text.isspace():
                rasterizer.transform = (1, 0, 0, 1, x, y)
                rasterizer.draw_glyph(font, glyph.glyph_id)
            x += glyph.advance * to_cells
    stride = -(-SCRAMBLE_COLUMNS // 4) * 4
    rasterizer.extents = hb.RasterExtents(0, 0, SCRAMBLE_COLUMNS, SOURCE_ROWS, stride)
    image = rasterizer.render()
    levels = np.frombuffer(image.buffer, np.uint8).reshape(SOURCE_ROWS, image.extents.stride)
    return np.ascontiguousarray(levels[::-1, :SCRAMBLE_COLUMNS] > _INK_LEVEL)


def _cells(x_mm: float, y_mm: float) -> tuple[int, int]:
    column, row = int((x_mm - SOURCE.x_mm) / CELL_MM), int((y_mm - SOURCE.y_mm) / CELL_MM)
    return min(max(column, 0), SCRAMBLE_COLUMNS - 1), min(max(row, 0), SOURCE_ROWS - 1)


def _rule(ink: Bits, rule: Rule) -> None:
    left, top = _cells(rule.x0_mm, rule.y0_mm)
    right, bottom = _cells(rule.x1_mm, rule.y1_mm)
    steps = max(abs(right - left), abs(bottom - top)) + 1
    ink[np.linspace(top, bottom, steps).round().astype(int), np.linspace(left, right, steps).round().astype(int)] = True


def _image(ink: Bits, placed: PlacedImage) -> None:
    left, top = _cells(placed.region.x_mm, placed.region.y_mm)
    right, bottom = _cells(placed.region.right_mm, placed.region.bottom_mm)
    raster = kept_raster if placed.image.lasting else _raster
    ink[top:bottom, left:right] |= raster(placed.image, bottom - top, right - left)


def _raster(image: FormImage, rows: int, columns: int) -> Bits:
    small: npt.NDArray[np.uint8] = np.asarray(image.grey.resize((columns, rows), Image.Resampling.BOX))
    return small < _SEAL_LEVEL


@lru_cache(maxsize=32)
def kept_raster(image: FormImage, rows: int, columns: int) -> Bits:
    """The raster of a lasting picture on so many cells, made once."""
    bits = _raster(image, rows, columns)
    bits.setflags(write=False)
    return bits
