"""One document's embedded font, in reportlab's object layer: Type0, Identity-H, one CID for each different piece of text.

A CID stands for (glyph, text), not for a glyph: the same glyph may be 邉 here and 邉 with a selector there, and both must be
read back as written. ToUnicode says UTF-16BE, surrogate pairs and selectors included (ISO 32000-1, 9.7.4, 9.7.6, 9.10.3).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

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
_IN_COMMON = itemgetter(0)


@dataclass(slots=True)
class _Subset:
    """The glyphs that one embedded font of the document has to hold, in order of first use: CIDs from 1 on."""

    name: bytes
    common: bool
    glyphs: list[Glyph] = field(default_factory=list)

    def code(self, glyph: Glyph) -> str:
        """Take ``glyph`` in; the hex digits of its CID."""
        self.glyphs.append(glyph)
        return f"{len(self.glyphs):04X}"


@dataclass(slots=True)
class DocumentFonts:
    """Collects the text of a document and embeds what it used."""

    typeface: Typeface
    _common: _Subset = field(init=False)
    _rare: _Subset = field(default_factory=lambda: _Subset(b"F2", common=False))
    _codes: dict[str, tuple[bool, str]] = field(init=False)
    """Whether it is in the common font, and the hex digits of its CID, by text."""

    def __post_init__(self) -> None:
        glyphs, codes = _vocabulary(self.typeface)
        self._common = _Subset(b"F1", common=True, glyphs=list(glyphs))
        self._codes = dict(codes)

    def show(self, glyphs: Sequence[Glyph], size_pt: float) -> bytes:
        """The text-showing operators for a run of glyphs (between BT with its matrix and ET)."""
        known = self._codes
        placed = [known.get(glyph.text) or self._take(glyph) for glyph in glyphs]
        return b" ".join(
            [
                b"/%s %g Tf <%s> Tj"
                % ((self._common if common else self._rare).name, size_pt, "".join([code for _, code in run]).encode())
                for common, run in groupby(placed, _IN_COMMON)
            ]
        )

    def _take(self, glyph: Glyph) -> tuple[bool, str]:
        common = self.typeface.is_common(glyph.glyph_id)
        taken = self._codes[glyph.text] = common, (self._common if common else self._rare).code(glyph)
        return taken

    def embed(self, document: PDFDocument) -> bytes:
        """Add the fonts' objects to ``document``; the value of the /Font resource dictionary."""
        entries = [
            b"/" + subset.name + b" " + _embed(document, self.typeface, subset)
            for subset in (self._common, self._rare)
            if subset.glyphs
        ]
        return b"<< " + b" ".join(entries) + b" >>"


@lru_cache(maxsize=2)
def _vocabulary(typeface: Typeface) -> tuple[tuple[Glyph, ...], Mapping[str, tuple[bool, str]]]:
    """The common font as every document begins: the forms' own words have the same CIDs everywhere, so they are set once."""
    subset = _Subset(b"F1", common=True)
    glyphs = {glyph.text: glyph for glyph in typeface.glyphs(VOCABULARY)}
    codes = {text: (True, subset.code(glyph)) for text, glyph in glyphs.items()}
    return tuple(subset.glyphs), MappingProxyType(codes)


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
    rest = tuple(texts)
    blocks = [_CMAP_HEAD]
    for start in range(0, len(rest), _BFCHAR_LIMIT):
        block = rest[start : start + _BFCHAR_LIMIT]
        standing = block == tuple(VOCABULARY[start : start + _BFCHAR_LIMIT])
        blocks.append(_vocabulary_block(start) if standing else _bfchar(start, block))
    return b"".join([*blocks, _CMAP_TAIL])


@lru_cache(maxsize=-(-len(VOCABULARY) // _BFCHAR_LIMIT))
def _vocabulary_block(start: int) -> bytes:
    """The same lines in every document, made once; nothing but the forms' own words is in them."""
    return _bfchar(start, VOCABULARY[start : start + _BFCHAR_LIMIT])


def _bfchar(start: int, texts: Iterable[str]) -> bytes:
    lines = [
        f"<{cid:04X}> <{text.encode('utf-16-be').hex().upper()}>\n" for cid, text in enumerate(texts, start=start + 1)
    ]
    return f"{len(lines)} beginbfchar\n{''.join(lines)}endbfchar\n".encode()
