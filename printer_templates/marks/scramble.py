"""The scramble image (スクランブル画像): the page's front as an encrypted raster on its back, turned back from pixels.

One cell is one pixel of the front at 75 dpi. Cells are the front's bits XOR a ChaCha20 key stream (RFC 8439) under a key derived
with HKDF-SHA256 (RFC 5869) from the copy's scramble key and the page number, so a damaged cell spoils one pixel only. The first
row holds white encrypted, which tells the right key from a wrong one. Four squares outside the corners locate the cells.
It shows whether a front was altered after printing; it does not tell an original from a good copy of both sides.
"""

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.regions import (
    BACK,
    CELL_MM,
    PAGE_WIDTH_MM,
    SCRAMBLE_COLUMNS,
    SCRAMBLE_ROWS,
    SCRAMBLE_SOURCE,
    Region,
    RegionName,
)

KEY_BYTES = 32
SOURCE_ROWS = SCRAMBLE_ROWS - 1
GRID = BACK[RegionName.SCRAMBLE]
SOURCE = SCRAMBLE_SOURCE
MARK_CELLS = 9
_GAP_CELLS = 6
_MARGIN_CELLS = MARK_CELLS + _GAP_CELLS
MARK_MM = MARK_CELLS * CELL_MM
PRINTED = Region(
    GRID.x_mm - _MARGIN_CELLS * CELL_MM, GRID.y_mm, GRID.width_mm + 2 * _MARGIN_CELLS * CELL_MM, GRID.height_mm
)
"""The grid with its locating squares on both sides: one picture, so that no renderer shifts one against the other."""
_QUIET_MM = 1.0
_LEAST_SCALE = 1.5 / CELL_MM
"""Pixels per millimetre below which cells cannot be told apart: 112 dpi."""
_SEARCH_MM = 6.0
_NEIGHBOUR_SHARE = 0.15
_WRONG_KEY_BITS = SCRAMBLE_COLUMNS // 5

Bits = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]
Levels = npt.NDArray[np.float64]


def marks() -> tuple[Region, Region, Region, Region]:
    """The four locating squares: top left, top right, bottom left, bottom right."""
    left, right = PRINTED.x_mm, PRINTED.right_mm - MARK_MM
    top, bottom = PRINTED.y_mm, PRINTED.bottom_mm - MARK_MM
    at = ((left, top), (right, top), (left, bottom), (right, bottom))
    first, second, third, fourth = (Region(x_mm, y_mm, MARK_MM, MARK_MM) for x_mm, y_mm in at)
    return first, second, third, fourth


def with_marks(cells: Bits) -> Bits:
    """``cells`` with the locating squares beside its corners: what is printed over ``PRINTED``."""
    rows, columns = cells.shape
    picture = np.zeros((rows, columns + 2 * _MARGIN_CELLS), np.bool_)
    picture[:, _MARGIN_CELLS : _MARGIN_CELLS + columns] = cells
    for rows in (slice(None, MARK_CELLS), slice(-MARK_CELLS, None)):
        picture[rows, :MARK_CELLS] = True
        picture[rows, -MARK_CELLS:] = True
    return picture


def white_cells(key: bytes, page: int, rows: int = SCRAMBLE_ROWS) -> Bits:
    """The first ``rows`` of the cells (True is black) that hide nothing but white; raise ``FormError`` BAD_IDENTITY.

    They are the key stream itself: the cells of a front XOR these are the front again.
    """
    if len(key) != KEY_BYTES:
        raise FormError(FormErrorCode.BAD_IDENTITY, f"a scramble key of {KEY_BYTES} bytes was expected, not {len(key)}")
    page_key = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"honnin scramble v1 page %d" % page).derive(key)
    count = rows * SCRAMBLE_COLUMNS
    stream = Cipher(ChaCha20(page_key, bytes(16)), mode=None).encryptor().update(bytes(-(-count // 8)))
    bits = np.unpackbits(np.frombuffer(stream, np.uint8), count=count)
    return bits.reshape(rows, SCRAMBLE_COLUMNS).view(np.bool_)


def encrypt(front_raster: Bits, key: bytes, page: int) -> Bits:
    """The cells (rows x columns, True is black) of a front raster of ``SOURCE_ROWS`` x ``SCRAMBLE_COLUMNS`` (True is ink)."""
    if front_raster.shape != (SOURCE_ROWS, SCRAMBLE_COLUMNS):
        raise ValueError(f"a raster of {SOURCE_ROWS} x {SCRAMBLE_COLUMNS} was expected, not {front_raster.shape}")
    cells = white_cells(key, page)
    cells[1:] ^= front_raster
    return cells


def turn_back(back: Pixels, key: bytes, page: int) -> Bits:
    """The front raster from pixels of the whole back page (height x width, or x 3 for RGB), 150 dpi or more.

    Raise ``FormError`` SCRAMBLE_NOT_FOUND when the locating squares are not there, SCRAMBLE_WRONG_KEY when ``key`` and ``page``
    do not belong to these cells.
    """
    cells = read_cells(back)
    plain = cells ^ white_cells(key, page)
    if int(plain[0].sum()) > _WRONG_KEY_BITS:
        raise FormError(
            FormErrorCode.SCRAMBLE_WRONG_KEY,
            "cells encrypted with this key for this page were expected; check copy, page and document number",
        )
    return plain[1:]


def read_cells(back: Pixels) -> Bits:
    """The cells as printed (True is black), unscrambled by nobody; raise ``FormError`` SCRAMBLE_NOT_FOUND."""
    grey = back[:, :, 0] if back.ndim == 3 else back
    dark = 255.0 - grey.astype(np.float64)
    scale = grey.shape[1] / PAGE_WIDTH_MM
    if scale < _LEAST_SCALE:
        raise _not_found()
    found = np.array([_find_mark(dark, mark, scale) for mark in marks()])
    where = np.array([(mark.x_mm + MARK_MM / 2, mark.y_mm + MARK_MM / 2) for mark in marks()])
    to_pixels = _homography(where, found)
    columns = GRID.x_mm + (np.arange(SCRAMBLE_COLUMNS) + 0.5) * (GRID.width_mm / SCRAMBLE_COLUMNS)
    rows = GRID.y_mm + (np.arange(SCRAMBLE_ROWS) + 0.5) * (GRID.height_mm / SCRAMBLE_ROWS)
    x_mm, y_mm = np.meshgrid(columns, rows)
    across = to_pixels @ np.stack([x_mm.ravel(), y_mm.ravel(), np.ones(x_mm.size)])
    samples = _sample(dark, across[0] / across[2], across[1] / across[2])
    cells: Bits = _sharpen(samples.reshape(SCRAMBLE_ROWS, SCRAMBLE_COLUMNS), _NEIGHBOUR_SHARE) > 127.5
    return cells


def _sample(dark: Levels, x: Levels, y: Levels) -> Levels:
    """Darkness at fractional places, bilinear; pixel centres lie at halves."""
    height, width = dark.shape
    x, y = np.clip(x - 0.5, 0, width - 1.001), np.clip(y - 0.5, 0, height - 1.001)
    column, row = x.astype(np.int64), y.astype(np.int64)
    across, down = x - column, y - row
    upper = dark[row, column] * (1 - across) + dark[row, column + 1] * across
    lower = dark[row + 1, column] * (1 - across) + dark[row + 1, column + 1] * across
    return upper * (1 - down) + lower * down


def _sharpen(samples: Levels, share: float) -> Levels:
    """Undo, to first order, that each sample holds ``share`` of each neighbour: renderers and scanners blur."""
    for axis in (0, 1):
        before, after = np.roll(samples, 1, axis), np.roll(samples, -1, axis)
        samples = samples + share * (2 * samples - before - after)
    return samples


def _not_found() -> FormError:
    return FormError(
        FormErrorCode.SCRAMBLE_NOT_FOUND,
        "the back of a certificate with its four corner squares was expected; scan the whole back at 150 dpi or more",
    )


def _find_mark(dark: Levels, mark: Region, scale: float) -> tuple[float, float]:
    """The centre of a locating square in pixels: darkest square with the lightest surroundings near its due place."""
    side, quiet, reach = round(MARK_MM * scale), round(_QUIET_MM * scale), round(_SEARCH_MM * scale)
    outer = side + 2 * quiet
    left, top = round(mark.x_mm * scale) - quiet - reach, round(mark.y_mm * scale) - quiet - reach
    left, top = max(left, 0), max(top, 0)
    window = dark[top : top + outer + 2 * reach, left : left + outer + 2 * reach]
    if min(window.shape) <= outer:
        raise _not_found()
    inner = _box_sums(window, side)[
        quiet : quiet + window.shape[0] - outer + 1, quiet : quiet + window.shape[1] - outer + 1
    ]
    whole = _box_sums(window, outer)
    score = inner / side**2 - (whole - inner) / (outer**2 - side**2)
    row, column = np.unravel_index(int(np.argmax(score)), score.shape)
    if score[row, column] < 128:
        raise _not_found()
    patch = window[row : row + outer, column : column + outer]
    patch = np.where(patch > 64, patch, 0)
    total = patch.sum()
    x = float((patch.sum(axis=0) @ (np.arange(outer) + 0.5)) / total)
    y = float((patch.sum(axis=1) @ (np.arange(outer) + 0.5)) / total)
    return left + int(column) + x, top + int(row) + y


def _box_sums(window: Levels, side: int) -> Levels:
    table = np.pad(window, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    sums: Levels = table[side:, side:] - table[:-side, side:] - table[side:, :-side] + table[:-side, :-side]
    return sums


def _homography(source: Levels, target: Levels) -> Levels:
    """The projective map that takes four ``source`` points to four ``target`` points."""
    rows = []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved = np.linalg.solve(np.array(rows), target.ravel())
    return np.append(solved, 1.0).reshape(3, 3)
