"""Comparing addresses as registers and cards write them.

Form: widths, spaces, dashes between figures, and kanji figures before a counter (一丁目 is 1丁目). Undecided: the same figures in
another block notation (1丁目2番3号 and 1-2-3; 2番地11 and 2番11号 may be two places: parcel number and residence indication),
prefecture or building on one side only, 大字/字, variants and filler signs. Other figures are different places. Source:
reference service-and-incidents.md section 3; 住居表示に関する法律 article 2.
"""

import re

from terminal.verification.characters import likeness, plain
from terminal.verification.reasons import Reason

_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_COUNTER = r"(?=丁目|丁|番地|番|号|条|線|階|棟|室)"
_KANJI_FIGURES = re.compile(f"[{''.join(_DIGITS)}{''.join(_UNITS)}]+{_COUNTER}")
_DASH = re.compile(r"(?<=\d) ?[-‐‑‒–—―−─ー] ?(?=[0-9A-Za-z])")
_SPACE_BETWEEN_FIGURES = re.compile(r"(?<=\d) (?=\d)")
_BLOCK_WORDS = re.compile(r"(?<=\d)(?:丁目|番地の?|番の?|号|の|ノ|-|\u241f)+(?=(\d)?)")
_PREFECTURE = re.compile(r"^(?:東京都|北海道|京都府|大阪府|[^0-9市区町村郡]{2,3}県)")
_SECTION = re.compile("大字|字")
_PARTICLES = str.maketrans("がガヶの之乃", "ケケケノノノ")
_FIGURES_SPACE = "\u241f"


def compare_addresses(left: str, right: str) -> Reason:
    """The reason that two addresses are the same (``SAME``), different (``OTHER_ADDRESS``, ``ABSENT``) or undecided."""
    one, other = plain(left), plain(right)
    if not one or not other:
        return Reason.ABSENT
    return _compare(one, other) or _without_prefecture(one, other) or Reason.OTHER_ADDRESS


def _without_prefecture(left: str, right: str) -> Reason | None:
    prefectures = [_PREFECTURE.match(text) for text in (left, right)]
    if (prefectures[0] is None) == (prefectures[1] is None):
        return None
    alike = _compare(_PREFECTURE.sub("", left), _PREFECTURE.sub("", right))
    return Reason.PREFECTURE_ON_ONE_SIDE if alike is Reason.SAME else alike


def _compare(left: str, right: str) -> Reason | None:
    one, other = _figures(left), _figures(right)
    alike = likeness(_solid(one), _solid(other))
    if alike is not None:
        return alike
    blocks, other_blocks = _blocks(_solid(one)), _blocks(_solid(other))
    if likeness(blocks, other_blocks) is not None:
        return Reason.BLOCK_NOTATION
    if likeness(_SECTION.sub("", blocks), _SECTION.sub("", other_blocks)) is not None:
        return Reason.SECTION_WORD
    if likeness(blocks.translate(_PARTICLES), other_blocks.translate(_PARTICLES)) is not None:
        return Reason.CHARACTER_VARIANT
    return Reason.BUILDING_ON_ONE_SIDE if _building_apart(one, other) else None


def _figures(text: str) -> str:
    """Kanji figures before a counter as digits, every dash after a digit as ``-``."""
    return _DASH.sub("-", _KANJI_FIGURES.sub(lambda found: _number(found[0]), text))


def _solid(text: str) -> str:
    """Without spaces, but figures that a space keeps apart stay apart: 1 101 is not 1101."""
    return _SPACE_BETWEEN_FIGURES.sub(_FIGURES_SPACE, text).replace(" ", "")


def _blocks(text: str) -> str:
    """Block words and dashes between figures all as ``-``, at the end of a chain as nothing."""
    return _BLOCK_WORDS.sub(lambda found: "-" if found[1] else "", text)


def _building_apart(left: str, right: str) -> bool:
    shorter, longer = sorted((left, right), key=lambda text: len(_solid(text)))
    block, _, building = longer.partition(" ")
    if building and likeness(_blocks(_solid(shorter)), _blocks(block)) is not None:
        return any(character.isdigit() for character in block)
    chain, whole = _blocks(_solid(shorter)), _blocks(_solid(longer))
    rest = whole[len(chain) :]
    return chain[-1:].isdigit() and whole.startswith(chain) and not re.match(r"[\d\-\u241f]", rest)


def _number(figures: str) -> str:
    """Kanji figures as digits: 二十三 and 二三 are 23, 一〇〇一 is 1001; unreadable ones stay as they are."""
    if not any(character in _UNITS for character in figures):
        return "".join(str(_DIGITS[character]) for character in figures)
    total, digit, least = 0, 0, 10_000
    for character in figures:
        if character in _DIGITS:
            if digit:
                return figures
            digit = _DIGITS[character]
        elif _UNITS[character] < least:
            least = _UNITS[character]
            total += (digit or 1) * least
            digit = 0
        else:
            return figures
    return str(total + digit)
