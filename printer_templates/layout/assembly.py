"""From placed things to the file: content streams, marks and resources of every page side of every copy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from reportlab.pdfbase.pdfdoc import PDFDocument

from printer_templates.fonts.embedding import DocumentFonts
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.images import FormImage
from printer_templates.layout.pdf_objects import add_page, finish, new_document, reference, stream
from printer_templates.layout.sheet import Ink, PlacedText, Rule, Sheet, Standing
from printer_templates.marks.artwork import DETERRENT_TILE, LATENT, standing
from printer_templates.marks.scramble import PRINTED, Bits, with_marks
from printer_templates.regions import MM_PT, PAGE_HEIGHT_MM, PAGE_HEIGHT_PT, PAGE_WIDTH_MM, Region

_QUIET_MODULES = 4
_FRONT_TINT = b"1 0.74 0.74 rg"
_BACK_TINT = b"1 0.62 0.62 rg"
"""Stronger, because half of it lies under the cells; in grey it is still nearer to white than to black."""


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """One page side with its marks: ``code`` are the modules of the 2D code (True is black), ``cells`` the scramble's, if any."""

    sheet: Sheet
    code: Bits
    code_region: Region
    cells: Bits | None = None


@dataclass(slots=True)
class _Pictures:
    """Pictures of the document, each embedded once however often it is drawn."""

    document: PDFDocument
    known: dict[int, tuple[bytes, FormImage]] = field(default_factory=dict)

    def reference(self, image: FormImage) -> bytes:
        if id(image) not in self.known:
            self.known[id(image)] = reference(self.document, stream(image.data, image.entries)), image
        return self.known[id(image)][0]


def assemble(sides: Sequence[Side], fonts: DocumentFonts, *, specimen: bool) -> bytes:
    """The PDF of all page sides in printing order."""
    document = new_document()
    artwork = {
        name: reference(document, data) for name, data in standing(fonts.typeface).items() if specimen or name != b"Sp"
    }
    pictures = _Pictures(document)
    pages = [_side(side, fonts, document, pictures, specimen) for side in sides]
    font_resources = fonts.embed(document)
    for contents, own in pages:
        objects = b" ".join(b"/%s %s" % entry for entry in {**artwork, **own}.items())
        resources = b"<< /Font %s /XObject << %s >> >>" % (font_resources, objects)
        add_page(document, reference(document, stream(contents)), resources)
    return finish(document)


def _side(
    side: Side, fonts: DocumentFonts, document: PDFDocument, pictures: _Pictures, specimen: bool
) -> tuple[bytes, Mapping[bytes, bytes]]:
    objects = {b"Qr": reference(document, _bits_stream(side.code))}
    parts = [_deterrent()]
    if specimen:
        parts.append(b"%s /Sp Do 0 g" % (_FRONT_TINT if side.cells is None else _BACK_TINT))
    for index, placed in enumerate(side.sheet.images):
        name = b"P%d" % index
        objects[name] = pictures.reference(placed.image)
        parts.append(_draw(name, placed.region))
    if side.cells is not None:
        objects[b"Sc"] = reference(document, _bits_stream(with_marks(side.cells)))
        parts += [_draw(b"Sc", PRINTED), b"0.35 g", _draw(b"Lt", LATENT), b"0 g"]
    parts.append(standing_content(side.sheet.standing, fonts.typeface))
    parts += [_rule(rule) for rule in side.sheet.rules]
    parts += [_text(text, fonts) for text in side.sheet.texts]
    parts.append(_code(side.code, side.code_region))
    return b"\n".join(parts), objects


@lru_cache(maxsize=64)
def standing_content(standing: Standing, typeface: Typeface) -> bytes:
    """The operators of a form's standing part; its characters have the same CIDs in every document."""
    fonts = DocumentFonts(typeface)
    return b"\n".join([*(_rule(rule) for rule in standing.rules), *(_text(text, fonts) for text in standing.texts)])


def _bits_stream(black: Bits) -> bytes:
    height, width = black.shape
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ImageMask true /BitsPerComponent 1"
    return stream(np.packbits(~black, axis=1).tobytes(), entries % (width, height))


def _draw(name: bytes, region: Region) -> bytes:
    left, bottom, right, top = region.points()
    return b"q %.3f 0 0 %.3f %.3f %.3f cm /%s Do Q" % (right - left, top - bottom, left, bottom, name)


def _filled(region: Region) -> bytes:
    left, bottom, right, top = region.points()
    return b"%.3f %.3f %.3f %.3f re f" % (left, bottom, right - left, top - bottom)


def _rule(rule: Rule) -> bytes:
    y0, y1 = PAGE_HEIGHT_PT - rule.y0_mm * MM_PT, PAGE_HEIGHT_PT - rule.y1_mm * MM_PT
    return b"%g w %.2f %.2f m %.2f %.2f l S" % (rule.width_pt, rule.x0_mm * MM_PT, y0, rule.x1_mm * MM_PT, y1)


def _text(text: PlacedText, fonts: DocumentFonts) -> bytes:
    shown = b"BT 1 0 0 1 %.2f %d Tm %s ET" % (text.x_pt, text.baseline_pt, fonts.show(text.glyphs, text.size_pt))
    return shown if text.ink is Ink.BLACK else b"%s %s %s" % (text.ink.value, shown, Ink.BLACK.value)


def _code(modules: Bits, region: Region) -> bytes:
    """The 2D code centred in its region on a white ground with its quiet zone (ISO/IEC 18004, 9.1)."""
    module_mm = region.width_mm / (modules.shape[0] + 2 * _QUIET_MODULES)
    inset_mm = _QUIET_MODULES * module_mm
    side_mm = region.width_mm - 2 * inset_mm
    inner = Region(region.x_mm + inset_mm, region.y_mm + inset_mm, side_mm, side_mm)
    return b"q 1 g " + _filled(region) + b" 0 g " + _draw(b"Qr", inner) + b" Q"


@lru_cache(maxsize=1)
def _deterrent() -> bytes:
    """The copy-deterrent tile over the whole side, in a light tone."""
    parts = [b"q 0.80 0.87 0.84 rg"]
    across, down = int(PAGE_WIDTH_MM // DETERRENT_TILE.width_mm), int(PAGE_HEIGHT_MM // DETERRENT_TILE.height_mm)
    for row in range(down):
        for column in range(across):
            tile = Region(
                column * DETERRENT_TILE.width_mm,
                row * DETERRENT_TILE.height_mm,
                DETERRENT_TILE.width_mm,
                DETERRENT_TILE.height_mm,
            )
            parts.append(_draw(b"Dt", tile))
    return b"\n".join([*parts, b"Q"])
