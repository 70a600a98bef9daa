"""Comparing pictures: how much of one is in the other, whether a seal's red is there, whether two sides are the same sheet.

Pictures are grey or red-green-blue arrays of bytes; ink is an array of 0.0 (paper) to 1.0 (full ink).
"""

import io
from itertools import product
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from terminal.verification.reading import Pixels

Ink: TypeAlias = npt.NDArray[np.float32]
Levels: TypeAlias = npt.NDArray[np.uint8] | npt.NDArray[np.float32]

PICTURE_PIXELS_MAX = 80_000_000
INK_PRESENT_MIN = 0.01
"""Mean ink below which a picture counts as empty paper."""

_CELL_PX = 5
_CELL_DIFFERENCE_MAX = 0.10
_SHIFT_MAX_PX = 1
_SEAL_PATCH = 8
_LIGHT_RED, _FULL_RED = 0.32, 0.6
"""The redness of the specimen watermark is 0.28, that of a seal above 0.6."""
SEAL_DIFFERENCE_MAX = 0.22
"""Ink by which a patch of the same seal may differ: edges fall into one cell or the next."""


def strong_red(picture: Levels) -> Ink:
    """How red each cell of (height, width, 3) is; black, grey and blue are no red, nor is a specimen's light red."""
    redness = (picture[:, :, 0] - np.maximum(picture[:, :, 1], picture[:, :, 2])) / np.float32(255.0)
    strong: Ink = np.clip((redness - _LIGHT_RED) / (_FULL_RED - _LIGHT_RED), 0.0, 1.0)
    return strong


def dark_ink(picture: Levels) -> Ink:
    """How dark each cell of a grey or colour picture is, whatever its colour."""
    weakest = picture if picture.ndim == 2 else picture.min(axis=2)
    ink: Ink = 1.0 - weakest.astype(np.float32) / np.float32(255.0)
    return ink


def png_on_white(png: bytes, width_px: int, height_px: int) -> Pixels:
    """The PNG over white paper at that size, as (height, width, 3).

    :raises ValueError: ``png`` is no picture, or larger than ``PICTURE_PIXELS_MAX``.
    """
    picture = open_picture(png)
    if picture.mode in ("1", "L", "RGB") and "transparency" not in picture.info:
        # Nothing shows through, and a picture without colour is scaled in grey: the same pixels for a tenth of the work.
        opaque = picture.convert("L") if picture.mode == "1" else picture
    else:
        opaque = Image.new("RGBA", picture.size, "white")
        opaque.alpha_composite(picture.convert("RGBA"))
        opaque = opaque.convert("RGB")
    scaled = opaque.resize((width_px, height_px), Image.Resampling.BOX).convert("RGB")
    return np.asarray(scaled, dtype=np.uint8)


def open_picture(data: bytes) -> Image.Image:
    """The PNG or JPEG in ``data``, loaded; raise ``ValueError`` for anything else or more than ``PICTURE_PIXELS_MAX``."""
    try:
        picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        if picture.width * picture.height > PICTURE_PIXELS_MAX:
            raise ValueError(f"expected at most {PICTURE_PIXELS_MAX} pixels, {picture.width} x {picture.height} came")
        picture.load()
    except ValueError:
        raise
    except Exception:
        # Pillow's decoders raise OSError, SyntaxError, struct.error, zlib.error and more over garbage.
        raise ValueError("expected a PNG or JPEG picture, something else came") from None
    return picture


def pictures_match(due: Ink, shown: Ink) -> bool:
    """Whether two inks on one grid are the same picture: no patch of 8 cells a side differs by much ink."""
    return worst_patch(due, shown, _SEAL_PATCH) <= SEAL_DIFFERENCE_MAX


def pictures_agree(sent: Pixels, seen: Pixels) -> bool:
    """Whether two whole sides in grey are the same sheet: no small patch of one has ink that the other lacks.

    Sides are compared in patches of 5 pixels after the best shift by a pixel; sizes may differ by 2 pixels.
    """
    if sent.ndim != 2 or seen.ndim != 2 or max(abs(a - b) for a, b in zip(sent.shape, seen.shape, strict=True)) > 2:
        return False
    height, width = (min(pair) for pair in zip(sent.shape, seen.shape, strict=True))
    one, other = dark_ink(sent[:height, :width]), dark_ink(seen[:height, :width])
    shifts = product(range(-_SHIFT_MAX_PX, _SHIFT_MAX_PX + 1), repeat=2)
    return min(worst_patch(one, np.roll(other, shift, (0, 1))) for shift in shifts) <= _CELL_DIFFERENCE_MAX


def worst_patch(left: Ink, right: Ink, side: int = _CELL_PX) -> float:
    """The largest difference of mean ink between patches of ``side`` cells a side."""
    return float(np.abs(_patches(left, side) - _patches(right, side)).max())


def _patches(ink: Ink, side: int) -> Ink:
    """Means over patches of ``side`` pixels a side; the odd rest at the right and lower edge stays out."""
    rows, columns = ink.shape[0] // side, ink.shape[1] // side
    whole = ink[: rows * side, : columns * side].reshape(rows, side, columns, side)
    means: Ink = whole.mean(axis=(1, 3))
    return means
