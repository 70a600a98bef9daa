"""Characters: which differences are form, which are variants of one character, and which are neither.

Form (``same``): Unicode composition, full-width and half-width, kinds of space. Variants (``undecided``): compatibility
ideographs, variation sequences, registry and Unihan variants, small kana, letters that differ in their marks. All else is
different. Sources: Unicode Standard Annex 15 (normalisation), UTS 37 (ideographic variation sequences), UAX 38 (Unihan);
reference service-and-incidents.md section 3.
"""

import json
import re
import unicodedata
from functools import cache
from importlib import resources

from terminal.verification.reasons import Reason
from terminal.verification.registry_variants import CLASSES

_COMPATIBILITY = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]+")
_CHARACTER = re.compile(".[\ufe00-\ufe0f\U000e0100-\U000e01ef]*", re.DOTALL)
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x2019: 0x27, 0x2018: 0x27}
_SPACES = re.compile(r"\s+")

REPLACEMENT_SIGNS = frozenset("〓●＊*■□◆？?※\ufffd")
"""Signs that stand on a card's text side for a character outside its set (reference jpki-card.md section 3.2)."""

_SMALL_KANA = str.maketrans(
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ", "あいうえおつやゆよわアイウエオツヤユヨワカケ"
)


def plain(text: str) -> str:
    """``text`` in one form: NFC, half-width ASCII, full-width kana, single U+0020 spaces and none at the ends.

    Compatibility ideographs stay as they are: NFC would replace U+FA19 (神 with 示) by U+795E, and registers hold the two as
    two forms.
    """
    pieces = _COMPATIBILITY.split(_HALF_WIDTH_KANA.sub(lambda kana: unicodedata.normalize("NFKC", kana[0]), text))
    composed = "".join(
        piece if _COMPATIBILITY.fullmatch(piece) else unicodedata.normalize("NFC", piece) for piece in pieces
    )
    return _SPACES.sub(" ", composed.translate(_FULL_WIDTH)).strip()


def characters(text: str) -> list[str]:
    """``text`` cut into characters, each with the variation selectors that follow it."""
    return _CHARACTER.findall(text)


def likeness(left: str, right: str) -> Reason | None:
    """Compare two texts in ``plain`` form, character by character.

    Return ``Reason.SAME``, the reason why only a person can tell (the first one found), or None when they differ.
    """
    lefts, rights = characters(left), characters(right)
    if len(lefts) != len(rights):
        return None
    doubt: Reason | None = None
    for one, other in zip(lefts, rights, strict=True):
        reason = _character_likeness(one, other)
        if reason is None:
            return None
        if reason is not Reason.SAME and doubt is None:
            doubt = reason
    return doubt or Reason.SAME


def _character_likeness(left: str, right: str) -> Reason | None:
    # A filler sign proves nothing even against itself: two unknowns are not a match.
    if left in REPLACEMENT_SIGNS or right in REPLACEMENT_SIGNS:
        return Reason.CHARACTER_REPLACED if not (left + right).strip("".join(REPLACEMENT_SIGNS)).isdigit() else None
    if left == right:
        return Reason.SAME
    one, other = _skeleton(left), _skeleton(right)
    if one == other or _variants(one) & _variants(other):
        return Reason.CHARACTER_VARIANT
    if one.translate(_SMALL_KANA) == other.translate(_SMALL_KANA):
        return Reason.SMALL_KANA
    if _letter(one) == _letter(other):
        return Reason.LETTER_MARKS
    return None


def _skeleton(character: str) -> str:
    """The character without variation selectors, compatibility ideographs and radicals taken to their unified form."""
    base = character[0]
    return unicodedata.normalize("NFKC", base) if _is_ideograph(base) else base


def _is_ideograph(character: str) -> bool:
    return "\u2e80" <= character <= "\u2fdf" or "\u3400" <= character <= "\ufaff" or character >= "\U00020000"


def _letter(character: str) -> str:
    """A Latin letter without its marks, or the character itself."""
    decomposed = unicodedata.normalize("NFD", character)
    return decomposed[0] if decomposed[0].isascii() and decomposed[0].isalpha() else character


@cache
def _variants(character: str) -> frozenset[str]:
    """The character, its known variants, and theirs in registry classes: one step only, never a chain."""
    near = _table().get(character, frozenset())
    return near | {character} if character.isalpha() and not character.isascii() else frozenset({character})


@cache
def _table() -> dict[str, frozenset[str]]:
    """Each ideograph's direct variants, from the registry classes and Unihan's pairs."""
    near: dict[str, set[str]] = {}
    for members in CLASSES:
        for member in members:
            near.setdefault(member, set()).update(members)
    source = resources.files("terminal.verification").joinpath("unihan_variants.json").read_text(encoding="utf-8")
    for first, *others in json.loads(source)["words"].split(" "):
        for other in others:
            near.setdefault(first, set()).add(other)
            near.setdefault(other, set()).add(first)
    return {character: frozenset(others) for character, others in near.items()}
