"""The text of one PDF page as PDFium reports it: every visible character with its place, and questions about places.

A page has some hundred characters and PDFium answers for one at a time, so its functions are called from C loops and the answers
are kept as arrays: characters are Unicode code points, places are points (1/72 inch) from the page's lower left corner.
"""

import ctypes
import itertools
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self, TypeAlias

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium_c

from printer_templates.regions import Region

Points: TypeAlias = npt.NDArray[np.uint32]
Places: TypeAlias = npt.NDArray[np.float64]
Flags: TypeAlias = npt.NDArray[np.bool_]

_HYPHEN, _REPLACEMENT = 0x2D, 0xFFFD
_HYPHENS = (0x02, 0xFFFE)
_HALF = ~np.uint32(0x3FF)
_BEYOND_SPACES = 0x3001
_INVISIBLE = np.array([point == 0 or chr(point).isspace() for point in range(_BEYOND_SPACES + 1)])
"""Which code points are white space or nothing; U+3000 is the last of them, so the table's last entry stands for the rest."""


class PlacedCharacter(NamedTuple):
    """One character and the origin of its glyph in points from the page's lower left corner."""

    x_pt: float
    y_pt: float
    character: str


@dataclass(frozen=True, repr=False, eq=False)
class PlacedText:
    """Characters in the order of the content: code points (count,) and the origins of their glyphs, x and y (count, 2)."""

    points: Points
    places_pt: Places

    @classmethod
    def of(cls, characters: Sequence[PlacedCharacter]) -> Self:
        """The same text as arrays."""
        return cls(
            np.array([ord(each.character) for each in characters], dtype=np.uint32),
            np.array([each[:2] for each in characters], dtype=np.float64).reshape(-1, 2),
        )

    def __len__(self) -> int:
        return len(self.points)

    def __str__(self) -> str:
        return _text(self.points)

    def characters(self) -> tuple[PlacedCharacter, ...]:
        """One by one."""
        return tuple(map(PlacedCharacter, *self.places_pt.T.tolist(), map(chr, self.points.tolist())))

    def by_place(self, regions: Sequence[Region]) -> tuple[list[str], str]:
        """For each region the characters whose origins lie in it, and those that lie in none.

        All line by line from the top, in a line from the left, without spaces.
        """
        inside = self._inside(regions)
        ends = np.cumsum(np.count_nonzero(inside, axis=1)).tolist()
        found = _text(self._in_order.points[np.nonzero(inside)[1]])
        texts = [found[start:end] for start, end in pairwise([0, *ends])]
        return texts, _text(self._in_order.points[~inside.any(axis=0)])

    def lines(self) -> Iterator[tuple[int, str]]:
        """(height, text) of each line from the top: characters whose origins round to the same whole point of height."""
        text, heights = str(self._in_order), np.rint(self._in_order.places_pt[:, 1])
        ends = (np.flatnonzero(np.diff(heights)) + 1).tolist()
        for start, end in pairwise([0, *ends, len(text)] if text else []):
            yield int(heights[start]), text[start:end]

    @cached_property
    def _in_order(self) -> "PlacedText":
        """The same from the top down, in a line from the left to the right, equal places in the order of the content."""
        order = np.lexsort((self.places_pt[:, 0], -np.rint(self.places_pt[:, 1])))
        return PlacedText(self.points[order], self.places_pt[order])

    def _inside(self, regions: Sequence[Region]) -> Flags:
        """(regions, characters in order)."""
        edges = np.array([region.points() for region in regions], dtype=np.float64).reshape(-1, 4)
        left, bottom, right, top = (edge[:, np.newaxis] for edge in edges.T)
        x, y = self._in_order.places_pt.T
        inside: Flags = (x >= left) & (x <= right) & (y >= bottom) & (y <= top)
        return inside


def read_text(text_page: ctypes.c_void_p, count: int) -> PlacedText:
    """The visible text of an open PDFium text page of ``count`` characters; no spaces, none made up.

    UTF-16 halves are joined and PDFium's two words for a hyphen at a line's end are hyphens again, as
    ``printer_templates.canonical`` defines. A glyph without a character becomes U+FFFD: PDFium reports it as the character that
    happens to have its code.
    """
    address = ctypes.cast(text_page, ctypes.c_void_p).value
    unmapped = np.fromiter(map(_has_map_error, itertools.repeat(address), range(count)), np.int32, count) == 1
    points, kept = visible(_reported(address, count), unmapped)
    # Only what is to be seen has a place that anybody asks for: a fifth of what PDFium reports is spaces of its own making.
    seen = np.flatnonzero(kept)
    places = np.zeros((len(seen), 2), dtype=np.float64)
    x_addresses = itertools.count(places.ctypes.data, 2 * places.itemsize)
    y_addresses = itertools.count(places.ctypes.data + places.itemsize, 2 * places.itemsize)
    deque(map(_get_origin, itertools.repeat(address), seen.tolist(), x_addresses, y_addresses), maxlen=0)
    return PlacedText(points[seen], places)


def _reported(address: int | None, count: int) -> Points:
    """PDFium's word for each of ``count`` characters: all at once where its text leaves none of them out, else one by one.

    ``FPDFText_GetText`` leaves out what glyphs call U+0002, U+0003 or U+FFFE and never adds any, so a text of ``count`` words has
    a word for each index.
    """
    words = np.zeros(count + 1, dtype=np.uint16)
    if _get_text(address, 0, count, words.ctypes.data) == count + 1:
        return words[:count].astype(np.uint32)
    return np.fromiter(map(_get_unicode, itertools.repeat(address), range(count)), np.uint32, count)


def visible(points: Points, unmapped: Flags) -> tuple[Points, Flags]:
    """PDFium's words as the characters they stand for, at the same indices, and which of them are to be seen.

    A pair of UTF-16 halves is one character at the second one's index; what is no character becomes U+FFFD.
    """
    points, kept = points.copy(), np.ones(len(points), dtype=np.bool_)
    pairs = np.flatnonzero(((points[:-1] & _HALF) == 0xD800) & ((points[1:] & _HALF) == 0xDC00))
    points[pairs + 1] += ((points[pairs] - 0xD800) << 10) + 0x10000 - 0xDC00
    kept[pairs] = False
    points[(points == _HYPHENS[0]) | (points == _HYPHENS[1])] = _HYPHEN
    points[unmapped | (points > sys.maxunicode)] = _REPLACEMENT
    return points, kept & ~_INVISIBLE[np.minimum(points, _BEYOND_SPACES)]


def _text(points: Points) -> str:
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _from_c_loop(function: object, result: type, *arguments: type) -> Callable[..., int]:
    """PDFium's ``function`` taking plain numbers for addresses; the interpreter's lock is kept, for each call takes 0.1 µs."""
    address = ctypes.cast(function, ctypes.c_void_p).value  # type: ignore[arg-type]
    if address is None:
        raise RuntimeError("expected pypdfium2's functions to have addresses; the library is not loaded")
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_get_unicode = _from_c_loop(pdfium_c.FPDFText_GetUnicode, ctypes.c_uint, ctypes.c_void_p, ctypes.c_int)
_get_text = _from_c_loop(
    pdfium_c.FPDFText_GetText, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p
)
_has_map_error = _from_c_loop(pdfium_c.FPDFText_HasUnicodeMapError, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_get_origin = _from_c_loop(
    pdfium_c.FPDFText_GetCharOrigin, ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p
)
