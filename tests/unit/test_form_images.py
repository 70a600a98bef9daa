"""Pictures that a record brings along: only real, bounded, non-blank PNGs get onto a page."""

import base64
import io
import zlib

import pytest
from PIL import Image

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.layout.images import bilevel_image, colour_image
from simulator.people.seals import impression_png, official_seal_png
from tests.form_kit import draw, seal


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def chequered(mode: str, size: tuple[int, int]) -> Image.Image:
    picture = Image.new("L", size, 255)
    picture.paste(0, (0, 0, size[0] // 2, size[1] // 2))
    return picture.convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_mode_is_taken(mode: str) -> None:
    assert colour_image(png(chequered(mode, (40, 40))), "a seal").grey.size == (40, 40)


def test_a_transparent_ground_becomes_white_paper() -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (10, 10, 20, 20))
    image = colour_image(png(picture), "a seal")
    assert zlib.decompress(image.data)[:3] == b"\xff\xff\xff"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        impression_png("見本")[:200],
        impression_png("見本")[:-30],
        png(Image.new("L", (100, 100), 255)),
        png(chequered("L", (8, 8))),
        png(chequered("1", (2001, 20))),
    ],
    ids=["empty", "garbage", "truncated", "end missing", "blank", "too small", "too large"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FormError) as refused:
        bilevel_image(data, "the registered impression")
    assert refused.value.code == FormErrorCode.BAD_IMAGE


def test_a_gif_is_no_png() -> None:
    out = io.BytesIO()
    chequered("L", (40, 40)).save(out, "GIF")
    with pytest.raises(FormError):
        colour_image(out.getvalue(), "a seal")


def test_a_record_with_a_broken_impression_is_not_drawn() -> None:
    record = seal("head").model_copy(update={"impression_png": b"\x89PNG broken"})
    with pytest.raises(FormError) as refused:
        draw(record)
    assert refused.value.code == FormErrorCode.BAD_IMAGE


def test_sample_seals_are_what_they_say() -> None:
    official, impression = (
        Image.open(io.BytesIO(official_seal_png("架空市長"))),
        Image.open(io.BytesIO(impression_png("見本"))),
    )
    assert (official.mode, impression.mode) == ("RGB", "1")
    assert official_seal_png("架空市長") is official_seal_png("架空市長")
    assert impression_png("双葉") != impression_png("見本")
    assert base64.b64encode(impression_png("SPECIMEN"))
