"""Text as a Japanese receipt printer prints it: Shift_JIS of JIS X 0208, two columns for each two-byte character.

Epson, ESC/POS "FS C": code system 1 is Shift_JIS, lead bytes 81h to 9Fh and E0h to EFh; ESC R 8 puts ¥ at 5Ch; ESC t 1 has the
half-width katakana at A1h to DFh (TM-T88III/T90/L90 programming guide ver. 10). The vendors' own rows (①, 髙) differ from model
to model and are left out: a character outside JIS X 0208 is printed as 〓 and counted, never dropped.
"""

import unicodedata
from typing import Final

GETA: Final = "〓"
_SELECTORS: Final = frozenset({*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0xE0100, 0xE01F0))})
# The same sign under two code points, as Windows writes it and as JIS maps it; and a backslash, which would come out as ¥.
_SAME: Final = str.maketrans("～－∥￠￡￢—\\‾\u00a0", "〜−‖¢£¬―＼￣ ")


def printable(text: str) -> tuple[str, int]:
    """``text`` in the printer's own set, and how many characters were replaced by 〓 or lost their variation selector."""
    replaced = 0
    kept = []
    for character in unicodedata.normalize("NFC", text).translate(_SAME):
        if character in _SELECTORS:
            replaced += 1
        elif _encoded(character):
            kept.append(character)
        else:
            replaced += 1
            kept.append(GETA)
    return "".join(kept), replaced


def encode(text: str) -> bytes:
    """Shift_JIS of a text that ``printable`` returned."""
    return b"".join(_encoded(character) for character in text)


def columns(text: str) -> int:
    """Half-width columns of a text that ``printable`` returned: a byte is a column."""
    return len(encode(text))


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Cut ``text`` into lines of at most ``width`` columns (2 or more), nothing lost; one empty line for no text."""
    lines = [""]
    used = 0
    for character in text:
        needed = len(_encoded(character))
        if used + needed > width:
            lines.append("")
            used = 0
        lines[-1] += character
        used += needed
    return tuple(lines)


def spread(left: str, right: str, width: int) -> tuple[str, ...]:
    """``left`` and ``right`` at the two edges of a line, or ``right`` below, at its edge, when both do not fit."""
    gap = width - columns(left) - columns(right)
    if not right:
        return wrap(left, width)
    if gap > 0:
        return (left + " " * gap + right,)
    return (*wrap(left, width), *(" " * (width - columns(line)) + line for line in wrap(right, width)))


def _encoded(character: str) -> bytes:
    try:
        data = character.encode("shift_jis")
    except UnicodeEncodeError:
        return b""
    return data if data >= b" " and data != b"\x7f" else b""
