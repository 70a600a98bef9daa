"""Pages as any library could draw them: texts, rules and ready-made pictures, taken from Honnin's own layout of the same record.

Left out, for they are Honnin's marks and no part of "a like page": copy-deterrent tiles, latent image, specimen watermark. What
is in stands ready: nobody here has to lay out, fit, encode, sign or encrypt anything.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import uharfbuzz as hb
from PIL import Image

from printer_templates import residence_certificate, seal_certificate
from printer_templates.fonts.typeface import DEFAULT_FONT, Typeface, typeface
from printer_templates.layout import back
from printer_templates.layout.sheet import Ink, PlacedText, Sheet
from printer_templates.marks import code_image
from printer_templates.marks.scramble import Bits
from printer_templates.records import Record, ResidenceRecord
from printer_templates.regions import (
    BACK,
    FRONT,
    MM_PT,
    PAGE_HEIGHT_PT,
    SCRAMBLE_COLUMNS,
    SCRAMBLE_ROWS,
    Region,
    RegionName,
)

_CODE_BYTES = 230
_SPECIMEN = "見本 SPECIMEN"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; points from the lower left corner."""

    x_pt: float
    y_pt: float
    size_pt: float
    text: str
    red: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One straight line, points from the lower left corner."""

    x0_pt: float
    y0_pt: float
    x1_pt: float
    y1_pt: float
    width_pt: float


@dataclass(frozen=True, slots=True, repr=False)
class Picture:
    """A PNG and the rectangle it fills: left, bottom, width, height in points. ``bits`` are its cells, if it is one-bit."""

    png: bytes
    x_pt: float
    y_pt: float
    width_pt: float
    height_pt: float
    bits: Bits | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PagePlan:
    """One page side."""

    texts: tuple[Text, ...]
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...]


def plan(record: Record, seed: int = 1) -> tuple[PagePlan, ...]:
    """Front and back of every page of one copy; the pictures' noise comes from ``seed``."""
    face = typeface()
    random = np.random.default_rng(seed)
    code = code_image.modules(random.bytes(_CODE_BYTES))
    sheets = (
        residence_certificate.pages(record, face)
        if isinstance(record, ResidenceRecord)
        else seal_certificate.pages(record, face)
    )
    sides = []
    for number, sheet in enumerate(sheets, start=1):
        page = f"{number} / {len(sheets)}"
        regions = FRONT[record.kind]
        seal = _picture(bytes(record.issuer.official_seal_png), regions[RegionName.OFFICIAL_SEAL])
        pictures = [seal, _bilevel(code, regions[RegionName.PAGE_CODE])]
        if not isinstance(record, ResidenceRecord):
            pictures.append(_picture(bytes(record.impression_png), regions[RegionName.SEAL_IMPRESSION]))
        sides.append(PagePlan(_texts(sheet, page), _lines(sheet), tuple(pictures)))
        sides.append(_back(face, page, code, random))
    return tuple(sides)


def _back(face: Typeface, page: str, code: Bits, random: np.random.Generator) -> PagePlan:
    cells = random.integers(0, 2, (SCRAMBLE_ROWS, SCRAMBLE_COLUMNS)).astype(np.bool_)
    pictures = (
        _bilevel(cells, BACK[RegionName.SCRAMBLE]),
        _bilevel(code, BACK[RegionName.PAGE_CODE]),
    )
    return PagePlan(_texts(Sheet(back.standing(face)), page), (), pictures)


def _texts(sheet: Sheet, page: str) -> tuple[Text, ...]:
    header = (
        Text(48, PAGE_HEIGHT_PT - 36, 9, page),
        Text(360, PAGE_HEIGHT_PT - 36, 9, "発行番号 99101-ABC123-DEF456"),
        Text(200, PAGE_HEIGHT_PT - 36, 17, _SPECIMEN, red=True),
        Text(300, 24, 17, _SPECIMEN, red=True),
    )
    return (*header, *(_text(placed) for placed in sheet.all_texts))


def _text(placed: PlacedText) -> Text:
    words = "".join(glyph.text for glyph in placed.glyphs)
    return Text(placed.x_pt, placed.baseline_pt, placed.size_pt, words, placed.ink is Ink.RED)


def _lines(sheet: Sheet) -> tuple[Line, ...]:
    return tuple(
        Line(
            rule.x0_mm * MM_PT,
            PAGE_HEIGHT_PT - rule.y0_mm * MM_PT,
            rule.x1_mm * MM_PT,
            PAGE_HEIGHT_PT - rule.y1_mm * MM_PT,
            rule.width_pt,
        )
        for rule in (*sheet.standing.rules, *sheet.rules)
    )


def _picture(png: bytes, region: Region, bits: Bits | None = None) -> Picture:
    left, bottom, right, top = region.points()
    return Picture(png, left, bottom, right - left, top - bottom, bits)


def _bilevel(black: Bits, region: Region) -> Picture:
    out = io.BytesIO()
    Image.fromarray(~black).save(out, "PNG")
    return _picture(out.getvalue(), region, black)


@lru_cache(maxsize=1)
def cut_font() -> bytes:
    """IPAmj Mincho cut to JIS X 0213 and Latin beforehand, about what IPAex Mincho holds, as a whole font file.

    Out of the full font these libraries take several times as long (the issue's own measurement: 34 ms against 5 ms).
    """
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(ord(character) for character in _repertoire())
    face = hb.Face(hb.Blob.from_file_path(str(DEFAULT_FONT)))
    data: bytes = hb.subset(face, wanted).blob.data
    return data


def write_cut_font(folder: Path) -> Path:
    """The cut font as a file below ``folder``."""
    path = folder / "cut.ttf"
    path.write_bytes(cut_font())
    return path


def _repertoire() -> set[str]:
    characters = {chr(point) for point in range(0x20, 0x180) if chr(point).isprintable()}
    for first in range(0xA1, 0xFF):
        for second in range(0xA1, 0xFF):
            text = bytes((first, second)).decode("euc_jis_2004", errors="ignore")
            characters.update(text if len(text) == 1 else "")
    return characters
