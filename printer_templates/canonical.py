"""The canonical text of a page front: what the page code's digest covers, computable from the PDF by any reader.

Definition, version 1. Take every character that PDFium reports for the page (``FPDFText_GetUnicode``), with the origin of its
glyph (``FPDFText_GetCharOrigin``, PDF points from the page's lower left corner). UTF-16 halves belong together; U+0002 and U+FFFE
(PDFium's word for a hyphen at a line's end) count as U+002D. Drop generated characters and all white space. No Unicode
normalisation: 神 U+FA19 and 神 U+795E are different characters of the register, and NFC would make them one. Characters whose
origins round to the same whole point of height make a line (the forms set baselines on whole points). Lines go from the top
down, characters in a line from the left to the right (equal origins stay in reported order). Each line is written as height,
colon, characters, line feed. The digest is SHA-256 over ``honnin front v1``, a line feed and these lines in UTF-8.

So changed, added, removed or moved text changes the digest; pictures, lines and marks are not covered.
"""

import ctypes
import hashlib
from collections.abc import Iterable
from functools import lru_cache

import pypdfium2.raw as pdfium_c
from pypdfium2 import PdfTextPage

from printer_templates.layout.sheet import PlacedText, Sheet, Standing

_HEADER = "honnin front v1\n"
_HYPHEN_POINTS = frozenset({0x2, 0xFFFE})


def _write(characters: Iterable[tuple[int, float, str]]) -> str:
    lines: dict[int, list[tuple[float, str]]] = {}
    for height, x_pt, character in characters:
        lines.setdefault(height, []).append((x_pt, character))
    written = [_HEADER]
    for height in sorted(lines, reverse=True):
        in_order = sorted(lines[height], key=lambda placed: placed[0])
        written.append(f"{height}:{''.join(character for _, character in in_order)}\n")
    return "".join(written)


def text_of_sheet(sheet: Sheet) -> str:
    """The canonical text of a front that is about to be drawn.

    Whole runs are put in order instead of single characters, which is the same because runs never overlap.
    """
    return _write([*standing_runs(sheet.standing), *_runs(sheet.texts)])


@lru_cache(maxsize=64)
def standing_runs(standing: Standing) -> tuple[tuple[int, float, str], ...]:
    """The runs of a form's standing part, made once."""
    return tuple(_runs(standing.texts))


def _runs(texts: Iterable[PlacedText]) -> Iterable[tuple[int, float, str]]:
    for text in texts:
        yield text.baseline_pt, text.x_pt, "".join([glyph.text for glyph in text.glyphs if not glyph.text.isspace()])


def text_of_pdf(page: PdfTextPage) -> str:
    """The canonical text of a page that PDFium opened."""
    characters: list[tuple[int, float, str]] = []
    x, y = ctypes.c_double(), ctypes.c_double()
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    raw, high = page.raw, 0
    for index in range(page.count_chars()):
        point = pdfium_c.FPDFText_GetUnicode(raw, index)
        if 0xD800 <= point <= 0xDBFF:
            high = point
            continue
        if 0xDC00 <= point <= 0xDFFF and high:
            point = 0x10000 + ((high - 0xD800) << 10) + (point - 0xDC00)
        high = 0
        character = "-" if point in _HYPHEN_POINTS else chr(point)
        if character.isspace() or point == 0:
            continue
        pdfium_c.FPDFText_GetCharOrigin(raw, index, x_ref, y_ref)
        characters.append((round(y.value), x.value, character))
    return _write(characters)


def digest(canonical_text: str) -> bytes:
    """The 32 byte digest that a page code carries."""
    return hashlib.sha256(canonical_text.encode("utf-8", "surrogatepass")).digest()
