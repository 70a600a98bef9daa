"""The images on the card's surface: name and address as 1-bit PNG, faithful to every glyph, and a photo that is nobody.

Source: reference jpki-card.md section 3.3. With IPAmj Mincho (Debian: fonts-ipamj-mincho) variation sequences are drawn as
registered; without it a plain marker says that the image could not be drawn, never a wrong glyph.
"""

import io
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

FONT_CANDIDATES = (
    Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf"),
    Path("/usr/share/fonts/opentype/ipamj/ipamjm.ttf"),
    Path("/usr/local/share/fonts/ipamjm.ttf"),
)
_GLYPH_DOTS = 24
_LINE_DOTS = 28
_WIDTH_DOTS = 552
_PHOTO_DOTS = (200, 257)


@cache
def faithful_font() -> ImageFont.FreeTypeFont | None:
    """IPAmj Mincho, or None where it is not installed or text cannot be shaped."""
    path = next((candidate for candidate in FONT_CANDIDATES if candidate.exists()), None)
    if path is None or not features.check("raqm"):
        return None
    return ImageFont.truetype(str(path), _GLYPH_DOTS, layout_engine=ImageFont.Layout.RAQM)


@cache
def text_png(text: str) -> bytes:
    """``text`` drawn black on white, as wide as the card's field and as many lines as it takes; 1-bit PNG."""
    font = faithful_font()
    lines = _wrapped(text, font) if font is not None else ["SPECIMEN (no IPAmj)"]
    image = Image.new("1", (_WIDTH_DOTS, _LINE_DOTS * len(lines)), 1)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((0, number * _LINE_DOTS), line, font=font or ImageFont.load_default(_GLYPH_DOTS // 2), fill=0)
    return _png(image)


@cache
def digits_png(text: str, width: int, height: int) -> bytes:
    """Digits in an image of exactly ``width`` by ``height`` dots; 1-bit PNG."""
    image = Image.new("1", (width, height), 1)
    ImageDraw.Draw(image).text((0, 0), text, font=ImageFont.load_default(height - 2), fill=0)
    return _png(image)


@cache
def photo_jp2() -> bytes:
    """The photo: a grey shape marked SPECIMEN, the same on every card; JPEG 2000."""
    image = Image.new("L", _PHOTO_DOTS, 224)
    draw = ImageDraw.Draw(image)
    width, height = _PHOTO_DOTS
    draw.ellipse((width // 3, height // 5, width * 2 // 3, height // 2), fill=128)
    draw.ellipse((width // 6, height * 11 // 20, width * 5 // 6, height * 5 // 4), fill=128)
    draw.text((20, height // 2), "SPECIMEN", font=ImageFont.load_default(32), fill=0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG2000", quality_mode="rates", quality_layers=[40])
    return buffer.getvalue()


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for cluster in _clusters(text):
        if font.getlength(lines[-1] + cluster) > _WIDTH_DOTS and lines[-1]:
            lines.append("")
        lines[-1] += cluster
    return lines


def _clusters(text: str) -> list[str]:
    """Characters, each with the variation selector that follows it: the two must not part at a line's end."""
    clusters: list[str] = []
    for character in text:
        if clusters and (character >= "\U000e0100" or "\ufe00" <= character <= "\ufe0f"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
