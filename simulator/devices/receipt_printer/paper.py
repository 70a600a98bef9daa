"""Paper of 80 mm at 203 dpi as a picture: 640 dots wide, 576 of them printable, SPECIMEN 見本 along both edges (promise P9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from math import ceil
from typing import Final, TypeAlias, assert_never

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from printer_templates.fonts.typeface import DEFAULT_FONT

WIDTH_DOTS: Final = 640
PRINTABLE_DOTS: Final = 576
LINE_DOTS: Final = 34
"""A sixth of an inch, the line spacing after ESC @."""
MARK: Final = "SPECIMEN 見本"
_CELL_DOTS: Final = 24
_EDGE_DOTS: Final = (WIDTH_DOTS - PRINTABLE_DOTS) // 2
_MARK_EVERY_DOTS: Final = 220
_BLACK_BELOW: Final = 128
_BLACK_BELOW_SQUEEZED: Final = 190
"""Thin strokes grow pale when a letter is squeezed."""


class Align(Enum):
    """ESC a."""

    LEFT = 0
    CENTRE = 1
    RIGHT = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One character as it is printed: its columns (1 or 2) and how many times wider and higher than usual."""

    character: str
    columns: int
    wide: int = 1
    high: int = 1
    bold: bool = False
    underlined: bool = False
    inverted: bool = False

    @property
    def dots(self) -> int:
        """Width on paper."""
        return self.columns * self.wide * _CELL_DOTS // 2


@dataclass(frozen=True, slots=True)
class TextRow:
    """One printed line."""

    cells: tuple[Cell, ...]
    align: Align

    @property
    def text(self) -> str:
        """What a person reads, without spaces at the end."""
        return "".join(cell.character for cell in self.cells).rstrip()

    @property
    def dots(self) -> int:
        """Height on paper with the line spacing."""
        return max([LINE_DOTS, *(cell.high * _CELL_DOTS + 10 for cell in self.cells)])


@dataclass(frozen=True, slots=True)
class PictureRow:
    """Dots of an image or a 2D code; ``code`` is the payload of the latter."""

    picture: Image.Image
    align: Align
    code: bytes | None = None

    @property
    def dots(self) -> int:
        """Height on paper."""
        return self.picture.height


@dataclass(frozen=True, slots=True)
class FeedRow:
    """Paper moved on."""

    dots: int


Row: TypeAlias = TextRow | PictureRow | FeedRow


def code_picture(payload: bytes, level: str, size: int) -> Image.Image | None:
    """A QR code, ``size`` dots a module, no quiet zone; None for what a printer refuses: too long, or wider than the paper."""
    try:
        barcode = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except ValueError:
        return None
    picture = Image.fromarray(barcode.to_image(scale=1, add_quiet_zones=False)).convert("L")
    picture = picture.resize((picture.width * size, picture.height * size), Image.Resampling.NEAREST)
    return picture if picture.width <= PRINTABLE_DOTS else None


def draw(rows: Sequence[Row]) -> Image.Image:
    """The strip of paper with ``rows`` on it, grey levels 0 and 255 only."""
    paper = Image.new("L", (WIDTH_DOTS, max(LINE_DOTS, sum(row.dots for row in rows))), 255)
    top = 0
    for row in rows:
        match row:
            case TextRow(cells, align):
                _draw_cells(paper, cells, align, top + row.dots - 10)
            case PictureRow(picture, align):
                paper.paste(picture, (_left(align, picture.width), top))
            case FeedRow():
                pass
            case never:
                assert_never(never)
        top += row.dots
    _mark_edges(paper)
    return paper


def _left(align: Align, dots: int) -> int:
    free = PRINTABLE_DOTS - dots
    return _EDGE_DOTS + {Align.LEFT: 0, Align.CENTRE: free // 2, Align.RIGHT: free}[align]


def _draw_cells(paper: Image.Image, cells: tuple[Cell, ...], align: Align, baseline: int) -> None:
    left = _left(align, sum(cell.dots for cell in cells))
    for cell in cells:
        paper.paste(_glyph(cell), (left, baseline - cell.high * _CELL_DOTS))
        left += cell.dots


@lru_cache(maxsize=512)
def _glyph(cell: Cell) -> Image.Image:
    width = cell.columns * _CELL_DOTS // 2
    # The font's M is wider than half a square: it is drawn whole and squeezed, for cut at the edges it reads as another letter.
    picture = Image.new("L", (max(width, ceil(_font().getlength(cell.character)) + cell.bold), _CELL_DOTS), 255)
    pen = ImageDraw.Draw(picture)
    for shift in (0, 1) if cell.bold else (0,):
        pen.text((picture.width / 2 + shift, 1), cell.character, font=_font(), fill=0, anchor="ma")
    if cell.underlined:
        pen.line((0, _CELL_DOTS - 1, picture.width, _CELL_DOTS - 1), fill=0)
    black_below = _BLACK_BELOW
    if picture.width > width:
        picture, black_below = picture.resize((width, _CELL_DOTS), Image.Resampling.BOX), _BLACK_BELOW_SQUEEZED
    hard = picture.point(lambda level: 255 if (level >= black_below) != cell.inverted else 0)
    return hard.resize((cell.dots, cell.high * _CELL_DOTS), Image.Resampling.NEAREST)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(DEFAULT_FONT), _CELL_DOTS - 2)


def _mark_edges(paper: Image.Image) -> None:
    mark = Image.new("L", (170, _EDGE_DOTS - 6), 255)
    ImageDraw.Draw(mark).text((85, 1), MARK, font=_font(), fill=0, anchor="ma")
    upright = mark.rotate(90, expand=True)
    for top in range(0, paper.height, _MARK_EVERY_DOTS):
        for left in (2, WIDTH_DOTS - _EDGE_DOTS + 4):
            paper.paste(upright, (left, top))
