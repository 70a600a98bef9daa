"""One document's embedded font, in reportlab's object layer: Type0, Identity-H, one CID for each different piece of text.

A CID stands for (glyph, text), not for a glyph: the same glyph may be 邉 here and 邉 with a selector there, and both must be
read back as written. ToUnicode says UTF-16BE, surrogate pairs and selectors included (ISO 32000-1, 9.7.4, 9.7.6, 9.10.3).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from reportlab.pdfbase.pdfdoc import PDFDocument

from printer_templates.fonts.typeface import CutFont, Glyph, Typeface
from printer_templates.layout.pdf_objects import reference, stream
from printer_templates.layout.words import VOCABULARY

_CMAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_CMAP_TAIL = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_BFCHAR_LIMIT = 100


@dataclass(slots=True)
class _Subset:
    """The glyphs that one embedded font of the document has to hold, by text, in order of first use."""

    name: bytes
    common: bool
    cids: dict[str, int] = field(default_factory=dict)
    glyphs: list[Glyph] = field(default_factory=list)

    def copy(self) -> "_Subset":
        return _Subset(self.name, self.common, self.cids.copy(), self.glyphs.copy())

    def cid(self, glyph: Glyph) -> int:
        known = self.cids.get(glyph.text)
        if known is None:
            self.glyphs.append(glyph)
            known = self.cids[glyph.text] = len(self.glyphs)
        return known


@dataclass(slots=True)
class DocumentFonts:
    """Collects the text of a document and embeds what it used."""

    typeface: Typeface
    _common: _Subset = field(init=False)
    _rare: _Subset = field(default_factory=lambda: _Subset(b"F2", common=False))

    def __post_init__(self) -> None:
        self._common = _vocabulary(self.typeface).copy()

    def show(self, glyphs: Sequence[Glyph], size_pt: float) -> bytes:
        """The text-showing operators for a run of glyphs (between BT with its matrix and ET)."""
        parts: list[bytes] = []
        current: _Subset | None = None
        codes: list[str] = []
        for glyph in glyphs:
            subset = self._common if self.typeface.is_common(glyph.glyph_id) else self._rare
            if subset is not current:
                if current is not None:
                    parts.append(_run(current.name, size_pt, codes))
                current, codes = subset, []
            codes.append(f"{subset.cid(glyph):04X}")
        if current is not None:
            parts.append(_run(current.name, size_pt, codes))
        return b" ".join(parts)

    def embed(self, document: PDFDocument) -> bytes:
        """Add the fonts' objects to ``document``; the value of the /Font resource dictionary."""
        entries = [
            b"/" + subset.name + b" " + _embed(document, self.typeface, subset)
            for subset in (self._common, self._rare)
            if subset.glyphs
        ]
        return b"<< " + b" ".join(entries) + b" >>"


@lru_cache(maxsize=2)
def _vocabulary(typeface: Typeface) -> _Subset:
    """The common font as every document begins: the forms' own words have the same CIDs everywhere, so they are set once."""
    subset = _Subset(b"F1", common=True)
    for glyph in typeface.glyphs(VOCABULARY):
        subset.cid(glyph)
    return subset


def _run(name: bytes, size_pt: float, codes: list[str]) -> bytes:
    return b"/%s %s Tf <%s> Tj" % (name, b"%g" % size_pt, "".join(codes).encode())


def _embed(document: PDFDocument, typeface: Typeface, subset: _Subset) -> bytes:
    cut = typeface.cut((glyph.glyph_id for glyph in subset.glyphs), common=subset.common)
    base = b"/HONNIN+IPAmjMincho" if subset.common else b"/HONNIO+IPAmjMincho"
    file = reference(document, stream(cut.data, b"/Length1 %d" % len(cut.data)))
    descriptor = reference(
        document,
        b"<< /Type /FontDescriptor /FontName %s /Flags 4 /FontBBox [-500 -400 2000 1200] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 740 /StemV 80 /FontFile2 %s >>" % (base, file),
    )
    descendant = reference(
        document,
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont %s"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        b" /FontDescriptor %s /DW 1000 /W [%s] /CIDToGIDMap %s >>"
        % (
            base,
            descriptor,
            _widths(typeface, subset.glyphs),
            reference(document, stream(_gid_map(cut, subset.glyphs))),
        ),
    )
    return reference(
        document,
        b"<< /Type /Font /Subtype /Type0 /BaseFont %s /Encoding /Identity-H /DescendantFonts [%s] /ToUnicode %s >>"
        % (base, descendant, reference(document, stream(to_unicode(glyph.text for glyph in subset.glyphs)))),
    )


def _widths(typeface: Typeface, glyphs: Sequence[Glyph]) -> bytes:
    """Widths of the CIDs that are not a full em wide, in thousandths of it, each run of them from its first CID on."""
    em = typeface.units_per_em
    runs: list[bytes] = []
    after = 0
    for cid, glyph in enumerate(glyphs, start=1):
        if glyph.advance != em:
            runs.append(b"%s%g" % (b" " if cid == after else b"] %d [" % cid, round(glyph.advance * 1000 / em, 2)))
            after = cid + 1
    return b"".join(runs)[2:] + b"]" if runs else b""


def _gid_map(cut: CutFont, glyphs: Iterable[Glyph]) -> bytes:
    return b"\x00\x00" + b"".join(cut.new_ids[glyph.glyph_id].to_bytes(2, "big") for glyph in glyphs)


def to_unicode(texts: Iterable[str]) -> bytes:
    """A ToUnicode CMap for CIDs 1, 2, 3 ... standing for ``texts``."""
    lines = [f"<{cid:04X}> <{text.encode('utf-16-be').hex().upper()}>\n" for cid, text in enumerate(texts, start=1)]
    blocks = [lines[start : start + _BFCHAR_LIMIT] for start in range(0, len(lines), _BFCHAR_LIMIT)]
    body = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    return _CMAP_HEAD + body.encode() + _CMAP_TAIL
