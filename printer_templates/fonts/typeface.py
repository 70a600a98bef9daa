"""IPAmj Mincho as the forms use it: text to glyphs, with variation sequences, and never a glyph that is not there.

The font holds the registry's own 60,000 glyphs (46 MB, Debian fonts-ipamj-mincho). It is mapped, not read. Glyphs of everyday
text are cut out once into a small font in memory, because cutting a document's subset out of that takes 0.06 ms against 3 ms
out of the whole font; rare glyphs still come from the whole. Why so: docs/decisions/0005-fonts.md.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import uharfbuzz as hb

from printer_templates.errors import FormError, FormErrorCode

DEFAULT_FONT = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")

_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SPACES = " \u3000"
_LATIN_LIGATURES = range(0xFB00, 0xFB07)
_SHAPING = {"kern": False, "liga": False, "calt": False, "clig": False}
_DROPPED_TABLES = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "name", "post", "OS/2", "cmap", "gasp")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of the whole font for ``text`` (a character with what follows it: selector, combining mark)."""

    text: str
    glyph_id: int
    advance: int


@dataclass(frozen=True, slots=True)
class CutFont:
    """A TrueType font cut to a document's glyphs: ``new_ids`` maps glyph ids of the whole font to those of ``data``."""

    data: bytes
    new_ids: dict[int, int]


@dataclass(slots=True, eq=False)
class Typeface:
    """The opened font. Safe to share: nothing of a text stays in it."""

    path: Path
    face: hb.Face = field(repr=False)
    font: hb.Font = field(repr=False)
    units_per_em: int
    _common_face: hb.Face = field(repr=False)
    _common_ids: dict[int, int] = field(repr=False)
    _plain: dict[str, Glyph] = field(repr=False)

    def glyphs(self, text: str) -> tuple[Glyph, ...]:
        """Shape ``text``, one glyph a cluster; raise ``FormError`` GLYPH_MISSING that names the code points."""
        plain = self._plain
        try:
            return tuple([plain[character] for character in text])  # a list is faster to fill here than a generator
        except KeyError:
            return tuple(self._glyph(cluster) for cluster in _clusters(text))

    def is_common(self, glyph_id: int) -> bool:
        """Whether the glyph was cut into the small font."""
        return glyph_id in self._common_ids

    def cut(self, glyph_ids: Iterable[int], *, common: bool) -> CutFont:
        """A font of just these glyphs, all common or all rare."""
        if not common:
            return _subset(self.face, set(glyph_ids))
        wanted = {self._common_ids[glyph_id]: glyph_id for glyph_id in glyph_ids}
        small = _subset(self._common_face, set(wanted))
        return CutFont(small.data, {whole: small.new_ids[common_id] for common_id, whole in wanted.items()})

    def _glyph(self, cluster: str) -> Glyph:
        if len(cluster) == 1:
            glyph_id = self.font.get_nominal_glyph(ord(cluster)) if _is_printable(cluster) else None
        elif len(cluster) == 2 and is_variation_selector(cluster[1]):
            glyph_id = (
                self.font.get_variation_glyph(ord(cluster[0]), ord(cluster[1])) if _is_printable(cluster[0]) else None
            )
        else:
            glyph_id = self._combined(cluster)
        if not glyph_id:
            points = " ".join(f"U+{ord(character):04X}" for character in cluster)
            raise FormError(
                FormErrorCode.GLYPH_MISSING,
                f"a glyph for {points} was expected, but the form's font has none; the counter must issue this certificate",
            )
        return Glyph(cluster, glyph_id, self.font.get_glyph_h_advance(glyph_id))

    def _combined(self, cluster: str) -> int | None:
        if not all(_is_printable(character) for character in cluster) or unicodedata.combining(cluster[0]):
            return None
        buffer = hb.Buffer()
        buffer.add_str(cluster)
        buffer.guess_segment_properties()
        hb.shape(self.font, buffer, _SHAPING)
        infos = buffer.glyph_infos
        return infos[0].codepoint if len(infos) == 1 else None


def is_variation_selector(character: str) -> bool:
    """VS1 to VS16 or VS17 to VS256 (Unicode 23.4)."""
    point = ord(character)
    return 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF


def _is_printable(character: str) -> bool:
    if unicodedata.category(character) in _REFUSED_CATEGORIES or ord(character) in _LATIN_LIGATURES:
        return False
    return not character.isspace() or character in _SPACES


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    return is_variation_selector(character) or unicodedata.category(character).startswith("M")


def _clusters(text: str) -> Iterator[str]:
    start = 0
    for index, character in enumerate(text):
        if index > start and not _joins(character):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _subset(face: hb.Face, glyph_ids: set[int]) -> CutFont:
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyph_ids)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    for table in _DROPPED_TABLES:
        wanted.drop_table_tag_set.add(int.from_bytes(table.ljust(4).encode(), "big"))
    plan = hb.SubsetPlan(face, wanted)
    data: bytes = plan.execute().blob.data
    return CutFont(data, dict(plan.old_to_new_glyph_mapping))


def _everyday_characters() -> set[str]:
    """JIS X 0213, Windows-31J, Latin, half-width kana, compatibility ideographs and 𠮷."""
    characters = {
        chr(point) for point in (*range(0x20, 0x180), *range(0xFF61, 0xFFA0), *range(0xF900, 0xFB00), 0x20BB7)
    }
    for codec, lead in (("euc_jis_2004", range(0xA1, 0xFF)), ("cp932", range(0x81, 0xFD))):
        for first in lead:
            for second in range(0x40, 0xFF):
                characters.update(bytes((first, second)).decode(codec, errors="ignore"))
    return characters


def _map(path: Path) -> hb.Face:
    try:
        return hb.Face(hb.Blob.from_file_path(str(path)))
    except (OSError, hb.HarfBuzzError):
        raise FormError(
            FormErrorCode.FONT_MISSING,
            f"IPAmj Mincho was expected at {path}, but there is no readable font; apt-get install fonts-ipamj-mincho",
        ) from None


def _open(path: Path) -> Typeface:
    face = _map(path)
    font = hb.Font(face)
    if face.glyph_count < 50_000 or font.get_variation_glyph(0x845B, 0xE0102) is None:
        raise FormError(
            FormErrorCode.FONT_UNUSABLE,
            f"IPAmj Mincho with its variation sequences was expected at {path}; apt-get install --reinstall fonts-ipamj-mincho",
        )
    plain = {glyph.text: glyph for glyph in _everyday_glyphs(font)}
    common = _subset(face, {glyph.glyph_id for glyph in plain.values()})
    # Mapped anew: the pages that cutting touched, some 20 MB, go with the first mapping.
    whole = _map(path)
    return Typeface(path, whole, hb.Font(whole), whole.upem, hb.Face(common.data), common.new_ids, plain)


def _everyday_glyphs(font: hb.Font) -> Iterator[Glyph]:
    """Glyphs of characters that stand alone; a text with a selector or combining mark is shaped cluster by cluster."""
    for character in _everyday_characters():
        if _is_printable(character) and not _joins(character):
            glyph_id = font.get_nominal_glyph(ord(character))
            if glyph_id:
                yield Glyph(character, glyph_id, font.get_glyph_h_advance(glyph_id))


_opened = lru_cache(maxsize=2)(_open)


def typeface(path: Path = DEFAULT_FONT) -> Typeface:
    """The font at ``path``, opened once (about 0.1 s); raise ``FormError`` FONT_MISSING or FONT_UNUSABLE."""
    return _opened(path)
