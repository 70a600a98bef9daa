"""Pictures that a record brings along (official seal, registered impression), checked and ready for the page."""

import io
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from printer_templates.errors import FormError, FormErrorCode

MAX_SIDE_PX = 2000
MIN_SIDE_PX = 16


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class FormImage:
    """A decoded picture: the ready PDF stream entries and data, and a grey picture for the scramble image.

    ``lasting`` is true of what is no person's: what is made of it may stay in memory too.
    """

    entries: bytes
    data: bytes
    grey: Image.Image
    lasting: bool = False


def _bad(what: str, why: str) -> FormError:
    return FormError(
        FormErrorCode.BAD_IMAGE,
        f"a PNG of {MIN_SIDE_PX} to {MAX_SIDE_PX} pixels a side was expected as {what}: {why}; have it sent again",
    )


def _decode(png: bytes, what: str) -> Image.Image:
    try:
        picture: Image.Image = Image.open(io.BytesIO(png), formats=["PNG"])
        if not all(MIN_SIDE_PX <= side <= MAX_SIDE_PX for side in picture.size):
            raise _bad(what, "its size is out of bounds")
        picture.load()
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        zlib.error,
        Image.DecompressionBombError,
    ):
        raise _bad(what, "it cannot be decoded") from None
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return picture


def _is_blank(grey: Image.Image) -> bool:
    darkest, lightest = grey.getextrema()
    return darkest == lightest


def colour_image(png: bytes, what: str) -> FormImage:
    """``png`` in RGB on white; raise ``FormError`` BAD_IMAGE for anything that is no picture, or a blank one."""
    picture = _decode(png, what).convert("RGB")
    grey = picture.convert("L")
    if _is_blank(grey):
        raise _bad(what, "it is blank")
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB" % picture.size
    return FormImage(entries + b" /BitsPerComponent 8 /Filter /FlateDecode", zlib.compress(picture.tobytes(), 1), grey)


def bilevel_image(png: bytes, what: str) -> FormImage:
    """``png`` in black and white; raise ``FormError`` BAD_IMAGE for anything that is no picture, or a blank one."""
    grey = _decode(png, what).convert("L")
    if _is_blank(grey):
        raise _bad(what, "it is blank")
    bits = grey.point(lambda level: 255 if level >= 128 else 0).convert("1")
    entries = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1" % bits.size
    )
    return FormImage(entries, bits.tobytes(), grey)


@lru_cache(maxsize=16)
def official_seal(png: bytes) -> FormImage:
    """An official seal; it is the municipality's and no person's, so it may stay in memory."""
    return replace(colour_image(png, "the official seal"), lasting=True)
