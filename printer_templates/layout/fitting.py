"""Text into regions: the largest size that fits, lines broken between words and characters, and never a cut-off end."""

from collections.abc import Sequence
from enum import Enum

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import Glyph, Typeface
from printer_templates.layout.sheet import Ink, PlacedText, baseline_from_top
from printer_templates.regions import MM_PT, Region

VALUE_SIZES_PT = (11.0, 10.0, 9.0, 8.0, 7.0, 6.5)
LEADING = 1.14
_ASCENT = 0.87
_PADDING_MM = 1.2
_ONE_LINE_SHARE = 0.75


class Align(Enum):
    """Where a line stands in its region."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


def _width(glyphs: Sequence[Glyph], typeface: Typeface, size_pt: float) -> float:
    # A list is faster to fill here than a generator.
    return sum([glyph.advance for glyph in glyphs]) * size_pt / typeface.units_per_em


def _joins(before: Glyph, after: Glyph) -> bool:
    """Whether a line must not end between the two if that can be helped: inside a Latin word or a number."""
    return before.text.isascii() and after.text.isascii() and before.text != " "


def _break(glyphs: Sequence[Glyph], room: float) -> list[Sequence[Glyph]]:
    lines: list[Sequence[Glyph]] = []
    line: list[Glyph] = []
    used = 0
    for glyph in glyphs:
        if line and used + glyph.advance > room and glyph.text != " ":
            cut = len(line)
            while cut > 0 and _joins(line[cut - 1], line[cut] if cut < len(line) else glyph):
                cut -= 1
            cut = cut or len(line)
            lines.append(line[:cut])
            line = line[cut:]
            used = sum(kept.advance for kept in line)
        line.append(glyph)
        used += glyph.advance
    return [*lines, line]


def _guard_hyphen(line: Sequence[Glyph], typeface: Typeface) -> Sequence[Glyph]:
    """Put U+3000 behind a hyphen at a line's end: PDFium takes it for a broken word, even over following U+0020."""
    return [*line, *typeface.glyphs("\u3000")] if line[-1].text == "-" else line


def place(
    typeface: Typeface,
    region: Region,
    text: str,
    *,
    what: str,
    sizes_pt: Sequence[float] = VALUE_SIZES_PT,
    align: Align = Align.LEFT,
    ink: Ink = Ink.BLACK,
) -> list[PlacedText]:
    """Lines of ``text`` in ``region``, centred in height; raise ``FormError`` TEXT_TOO_LONG or GLYPH_MISSING.

    Sizes are tried from the first on: one line in any of them goes before two lines in a larger one if it is at least
    ``_ONE_LINE_SHARE`` of the first. ``what`` names the field for the error text, never its content.
    """
    glyphs = typeface.glyphs(text)
    room_pt = (region.width_mm - 2 * _PADDING_MM) * MM_PT
    whole_pt = _width(glyphs, typeface, 1.0)
    for size_pt in sizes_pt:
        if whole_pt * size_pt <= room_pt and size_pt >= sizes_pt[0] * _ONE_LINE_SHARE:
            return _set(typeface, region, [glyphs], size_pt, align, ink)
    for size_pt in sizes_pt:
        lines = _break(glyphs, int(room_pt * typeface.units_per_em / size_pt))
        if len(lines) * size_pt * LEADING <= region.height_mm * MM_PT:
            return _set(typeface, region, lines, size_pt, align, ink)
    raise FormError(
        FormErrorCode.TEXT_TOO_LONG,
        f"{what} was expected to fit its place on the form at {sizes_pt[-1]} pt, but it does not; the counter must issue it",
    )


def _set(
    typeface: Typeface, region: Region, lines: Sequence[Sequence[Glyph]], size_pt: float, align: Align, ink: Ink
) -> list[PlacedText]:
    left_pt, width_pt = (region.x_mm + _PADDING_MM) * MM_PT, (region.width_mm - 2 * _PADDING_MM) * MM_PT
    leading_pt = size_pt * LEADING
    top_pt = region.y_mm * MM_PT + (region.height_mm * MM_PT - len(lines) * leading_pt) / 2
    placed: list[PlacedText] = []
    for index, line in enumerate(lines):
        if not line:
            continue
        shift_pt = 0.0
        if align is not Align.LEFT:
            spare_pt = width_pt - _width(line, typeface, size_pt)
            shift_pt = spare_pt / 2 if align is Align.CENTRE else spare_pt
        baseline = baseline_from_top(top_pt + index * leading_pt + (leading_pt - size_pt) / 2 + _ASCENT * size_pt)
        placed.append(
            PlacedText(round(left_pt + shift_pt, 2), baseline, size_pt, tuple(_guard_hyphen(line, typeface)), ink)
        )
    return placed
