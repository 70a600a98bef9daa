"""Is the front before us the front that its back hides? Stroke by stroke, for two rasterisers that never agree on single cells.

Every hidden stroke must leave some ink in front, and every dark stroke in front must be hidden: at the same cell or beside it.
What violates that is counted in patches of 4 mm. Seals are pictures that both sides scale by themselves; there strokes may lie
three cells off. Measured in tests/unit/test_sheet_file.py.
"""

from itertools import product

import numpy as np

from printer_templates.marks.scramble import SOURCE, Bits
from printer_templates.regions import CELL_MM, FRONT, Region, RegionName
from terminal.verification.pictures import Ink

SOME_INK = 0.12
DARK_INK = 0.51
VIOLATIONS_MAX = 1
"""Cells in a patch that may violate the rule; a digitally clean sheet has none."""

_PATCH_CELLS = 12
_EDGE_CELLS = 3
_STROKE_REACH = 1
_SEAL_REACH = 3
_SHIFT_CELLS = 2
_SEALS = (RegionName.OFFICIAL_SEAL, RegionName.SEAL_IMPRESSION)


def shows_hidden_front(hidden: Bits, shown: Ink) -> bool:
    """Compare the raster turned back with the ink of a front on the same grid (rows, columns).

    The whole front may be shifted by up to two cells, as scanners do. The kind of form decides where seals are; the kind that
    fits better is taken.
    """
    shifts = product(range(-_SHIFT_CELLS, _SHIFT_CELLS + 1), repeat=2)
    moved = min((np.roll(shown, shift, (0, 1)) for shift in shifts), key=lambda ink: _disagreement(hidden, ink))
    strokes = _violations(hidden, moved, _STROKE_REACH)
    loose = _violations(hidden, moved, _SEAL_REACH)
    layouts = {tuple(regions[name] for name in _SEALS if name in regions) for regions in FRONT.values()}
    return any(
        _worst_patch(np.where(_inside(seals, hidden.shape), loose, strokes)) <= VIOLATIONS_MAX for seals in layouts
    )


def strokes_agree(hidden: Bits, shown: Ink) -> bool:
    """The same for a part of a front that lies exactly on the grid and has no seal in it."""
    return _worst_patch(_violations(hidden, shown, _STROKE_REACH)) <= VIOLATIONS_MAX


def _disagreement(hidden: Bits, shown: Ink) -> int:
    return int((hidden ^ (shown > DARK_INK)).sum())


def _violations(hidden: Bits, shown: Ink, reach: int) -> Bits:
    vanished = hidden & ~_spread(shown > SOME_INK, reach)
    added = (shown > DARK_INK) & ~_spread(hidden, reach)
    violations: Bits = vanished | added
    # At the raster's edge a rule may lie half outside.
    inner = np.zeros_like(violations)
    inner[_EDGE_CELLS:-_EDGE_CELLS, _EDGE_CELLS:-_EDGE_CELLS] = True
    return violations & inner


def _spread(bits: Bits, reach: int) -> Bits:
    """``bits`` and every cell up to ``reach`` rows and columns from one of them."""
    for axis in (0, 1):
        # One axis after the other; a view with the axis in front serves both.
        along, spread = np.moveaxis(bits, axis, 0), bits.copy()
        out = np.moveaxis(spread, axis, 0)
        for shift in range(1, reach + 1):
            out[shift:] |= along[:-shift]
            out[:-shift] |= along[shift:]
        bits = spread
    return bits


def _inside(places: tuple[Region, ...], shape: tuple[int, ...]) -> Bits:
    inside: Bits = np.zeros(shape, dtype=np.bool_)
    for place in places:
        top, left = int((place.y_mm - SOURCE.y_mm) / CELL_MM), int((place.x_mm - SOURCE.x_mm) / CELL_MM)
        height, width = int(place.height_mm / CELL_MM), int(place.width_mm / CELL_MM)
        inside[
            top - _SEAL_REACH : top + height + _SEAL_REACH + 1, left - _SEAL_REACH : left + width + _SEAL_REACH + 1
        ] = True
    return inside


def _worst_patch(violations: Bits) -> int:
    """The most violations in a patch, looked at half a patch apart, so that none is cut in two."""
    half = _PATCH_CELLS // 2
    rows, columns = violations.shape[0] // half, violations.shape[1] // half
    halves = violations[: rows * half, : columns * half].reshape(rows, half, columns, half).sum(axis=(1, 3))
    patches = halves[:-1, :-1] + halves[1:, :-1] + halves[:-1, 1:] + halves[1:, 1:]
    return int(patches.max())
