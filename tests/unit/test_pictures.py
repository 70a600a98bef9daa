"""A picture over white paper, whatever its kind of PNG, and ink beside ink: the quick ways say what the plain ones say."""

import io
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from printer_templates.regions import Region
from terminal.verification.front_compare import strokes_agree
from terminal.verification.pictures import png_on_white
from terminal.verification.reading import Raster

_NOISE = np.random.default_rng(7)


def _png(mode: str, **options: object) -> bytes:
    picture = Image.fromarray(_NOISE.integers(0, 256, (90, 80, 4), dtype=np.uint8), "RGBA").convert(mode)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "png",
    [
        *(_png(mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")),
        *(_png(mode, transparency=0) for mode in ("1", "L", "P")),
        _png("RGB", transparency=(1, 2, 3)),
    ],
)
def test_every_kind_of_png_lies_on_white_paper_pixel_by_pixel(png: bytes) -> None:
    paper = Image.new("RGBA", (80, 90), "white")
    paper.alpha_composite(Image.open(io.BytesIO(png)).convert("RGBA"))
    by_definition = np.asarray(paper.convert("RGB").resize((16, 18), Image.Resampling.BOX))
    assert np.array_equal(png_on_white(png, 16, 18), by_definition)


@pytest.mark.parametrize("per_cell", [1, 2, 3])
@pytest.mark.parametrize("colour", [False, True])
def test_a_sampled_cell_is_the_mean_of_the_pixels_at_its_points(per_cell: int, colour: bool) -> None:
    pixels = _NOISE.integers(0, 256, (60, 50, 3) if colour else (60, 50), dtype=np.uint8)
    raster = Raster(pixels, left_px=7, top_px=9, px_per_mm=(4.0, 5.0))
    region, rows, columns = Region(2.0, 3.0, 10.0, 9.0), 5, 4
    sampled = raster.sampled(region, rows, columns, per_cell)
    for row, column in product(range(rows), range(columns)):
        down, across = (
            [
                int((start_mm + (place * per_cell + part + 0.5) * length_mm / (count * per_cell)) * scale) - offset_px
                for part in range(per_cell)
            ]
            for start_mm, length_mm, place, count, scale, offset_px in (
                (region.y_mm, region.height_mm, row, rows, 5.0, 9),
                (region.x_mm, region.width_mm, column, columns, 4.0, 7),
            )
        )
        points = np.array([pixels[y, x] for y, x in product(down, across)], dtype=np.float64)
        assert np.allclose(sampled[row, column], points.mean(axis=0))


@given(st.integers(4, 35), st.integers(4, 35), st.integers(-3, 3), st.integers(-3, 3))
def test_a_stroke_may_lie_one_cell_beside_the_hidden_one_and_no_further(
    row: int, column: int, down: int, right: int
) -> None:
    """A bar of 5 cells, moved: beyond one cell more than one cell of it is neither hidden nor shown."""
    hidden: npt.NDArray[np.bool_] = np.zeros((48, 48), dtype=np.bool_)
    shown = np.zeros((48, 48), dtype=np.float32)
    hidden[row : row + 5, column : column + 5] = True
    shown[row + down : row + down + 5, column + right : column + right + 5] = 1.0
    assert strokes_agree(hidden, shown) is (max(abs(down), abs(right)) <= 1)
