"""The scramble image: turned back bit by bit from rendered pixels of the back, by the right key only."""

import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import typeface
from printer_templates.marks import scramble
from printer_templates.marks.artwork import deterrent_tile, latent_panel
from printer_templates.marks.scramble import SOURCE_ROWS
from printer_templates.regions import BACK, SCRAMBLE_COLUMNS, SCRAMBLE_ROWS, RegionName
from tests.form_kit import draw, identities, pixels, residence, seal
from tests.system import require

KEY = identities()[0].scramble_key
PDF = draw(residence("adult")).pdf
TRUTH = scramble.turn_back(pixels(PDF, 1, 400), KEY, 1)

Pixels = npt.NDArray[np.uint8]


def test_encrypting_and_undoing_it_gives_the_raster_again() -> None:
    raster = np.random.default_rng(7).random((SOURCE_ROWS, SCRAMBLE_COLUMNS)) < 0.1
    cells = scramble.encrypt(raster, KEY, 3)
    assert cells.shape == (SCRAMBLE_ROWS, SCRAMBLE_COLUMNS)
    assert np.array_equal((cells ^ scramble.encrypt(np.zeros_like(raster), KEY, 3))[1:], raster)
    assert 0.49 < cells.mean() < 0.51


def test_the_first_rows_of_white_are_those_of_the_whole() -> None:
    whole = scramble.white_cells(KEY, 3)
    assert whole.shape == (SCRAMBLE_ROWS, SCRAMBLE_COLUMNS)
    assert whole.dtype == np.bool_
    for rows in (1, 2, 7, 111):
        assert np.array_equal(scramble.white_cells(KEY, 3, rows), whole[:rows])
    assert not np.array_equal(scramble.white_cells(KEY, 4, 7), whole[:7])


@pytest.mark.parametrize("dpi", [150, 175, 200, 300])
@pytest.mark.parametrize("grey", [False, True], ids=["colour", "grey"])
def test_every_bit_comes_back_from_rendered_pixels(dpi: int, grey: bool) -> None:
    back = pixels(PDF, 1, dpi)
    page = np.asarray(Image.fromarray(back).convert("L")) if grey else back
    assert np.array_equal(scramble.turn_back(page, KEY, 1), TRUTH)


@pytest.mark.parametrize("factor", [0.98, 0.99, 1.01, 1.02])
def test_a_slight_scale_does_no_harm(factor: float) -> None:
    picture = Image.fromarray(pixels(PDF, 1, 200))
    scaled = picture.resize((round(picture.width * factor), round(picture.height * factor)), Image.Resampling.BICUBIC)
    assert np.array_equal(scramble.turn_back(np.asarray(scaled), KEY, 1), TRUTH)


def test_a_slight_turn_and_shift_do_no_harm() -> None:
    picture = Image.fromarray(pixels(PDF, 1, 300))
    turned = picture.rotate(0.4, Image.Resampling.BICUBIC, translate=(9, -7), fillcolor=(255, 255, 255))
    scanned = turned.resize((picture.width * 2 // 3, picture.height * 2 // 3), Image.Resampling.BOX)
    assert np.array_equal(scramble.turn_back(np.asarray(scanned), KEY, 1), TRUTH)


def test_dust_spoils_only_the_cells_it_lies_on() -> None:
    page = pixels(PDF, 1, 200)
    page[900:910, 700:710] = 0
    wrong = scramble.turn_back(page, KEY, 1) != TRUTH
    assert 0 < wrong.sum() <= 36


@pytest.mark.system
@pytest.mark.parametrize("dpi", [150, 200])
def test_every_bit_comes_back_from_another_renderer(dpi: int, tmp_path: Path) -> None:
    require("pdftoppm")
    (tmp_path / "sheet.pdf").write_bytes(PDF)
    options = ["-r", str(dpi), "-f", "2", "-l", "2", "-png", "sheet.pdf", "back"]
    subprocess.run(["pdftoppm", *options], cwd=tmp_path, check=True)
    (rendered,) = tmp_path.glob("back*.png")
    assert np.array_equal(scramble.turn_back(np.asarray(Image.open(rendered).convert("RGB")), KEY, 1), TRUTH)


def test_the_turned_back_raster_is_the_front() -> None:
    """Ruled lines, letters and seal stand where the front has them."""
    source = scramble.SOURCE
    left, top, right, bottom = source.pixels(75)
    front = np.asarray(Image.fromarray(pixels(draw(residence("adult"), specimen=False).pdf, 0, 75)).convert("L"))
    inked = front[top : top + SOURCE_ROWS, left : left + SCRAMBLE_COLUMNS] < 110
    near = np.zeros_like(TRUTH)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            near |= np.roll(TRUTH, (down, across), (0, 1))[: inked.shape[0], : inked.shape[1]]
    assert right > left and bottom > top
    assert inked.sum() > 5000
    assert near[inked].mean() > 0.97


@pytest.mark.parametrize(("key", "page"), [(bytes(32), 1), (KEY, 2)], ids=["another key", "another page"])
def test_the_wrong_key_or_page_is_said_to_be_wrong(key: bytes, page: int) -> None:
    with pytest.raises(FormError) as refused:
        scramble.turn_back(pixels(PDF, 1, 200), key, page)
    assert refused.value.code == FormErrorCode.SCRAMBLE_WRONG_KEY


def test_a_front_is_no_back() -> None:
    with pytest.raises(FormError) as refused:
        scramble.turn_back(pixels(PDF, 0, 150), KEY, 1)
    assert refused.value.code == FormErrorCode.SCRAMBLE_NOT_FOUND


@pytest.mark.parametrize("shape", [(1, 1), (40, 30), (1754, 1240), (1754, 1240, 3)])
def test_blank_pixels_are_no_back(shape: tuple[int, ...]) -> None:
    with pytest.raises(FormError) as refused:
        scramble.turn_back(np.full(shape, 255, np.uint8), KEY, 1)
    assert refused.value.code == FormErrorCode.SCRAMBLE_NOT_FOUND


def test_each_copy_and_page_is_scrambled_differently() -> None:
    pdf = draw(seal("head"), identities(2)).pdf
    first, second = (scramble.read_cells(pixels(pdf, side, 200)) for side in (1, 3))
    assert 0.4 < (first != second).mean() < 0.6


def test_the_copy_deterrent_letters_have_the_tone_of_their_ground() -> None:
    """What differs is the size of the dots, not the amount of ink: the eye sees an even tone."""
    tile = deterrent_tile(typeface())
    coarse = tile[:-1, :-1] & tile[1:, :-1] & tile[:-1, 1:] & tile[1:, 1:]
    assert 0.0625 * 0.97 < tile.mean() < 0.0625 * 1.03
    assert coarse.sum() > 400


def test_the_latent_image_appears_under_a_line_screen_and_not_without() -> None:
    panel = latent_panel(typeface())
    rows, columns = np.indices(panel.shape)
    screen = (columns - rows) % 6 < 2
    seen = (panel & screen).astype(float)

    def blocks(picture: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        height, width = (side // 12 * 12 for side in picture.shape)
        means: npt.NDArray[np.float64] = (
            picture[:height, :width].reshape(height // 12, 12, width // 12, 12).mean(axis=(1, 3))
        )
        return means

    assert blocks(panel.astype(float)).std() < 0.02
    assert blocks(seen).std() > 0.05


def test_artwork_lies_in_its_regions_on_the_back() -> None:
    left, top, right, bottom = BACK[RegionName.LATENT_IMAGE].pixels(100)
    assert 100 < pixels(PDF, 1, 100)[top + 4 : bottom - 4, left + 4 : right - 4].mean() < 245
