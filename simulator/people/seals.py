"""Sample seals of the simulated world: round registered impressions and square official seals that say 見本."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from printer_templates.fonts.typeface import DEFAULT_FONT

_IMPRESSION_PX = 400
_SEAL_PX = 360
_SEAL_RED = (200, 24, 32)


def _grid(text: str) -> list[list[str]]:
    """Characters in columns from right to left, as seals are cut: up to four rows."""
    characters = [character for character in text if not character.isspace() and ord(character) < 0xE0000] or ["印"]
    rows = next((side for side in (1, 2, 3, 4, 5) if side * side >= len(characters)), 6)
    return [characters[start : start + rows] for start in range(0, min(len(characters), rows * rows), rows)]


def _letter(picture: Image.Image, text: str, area: tuple[int, int, int, int], ink: int | tuple[int, int, int]) -> None:
    draw = ImageDraw.Draw(picture)
    columns = _grid(text)
    rows = max(len(column) for column in columns)
    left, top, right, bottom = area
    width, height = (right - left) / len(columns), (bottom - top) / rows
    font = ImageFont.truetype(str(DEFAULT_FONT), int(min(width, height) * 0.94))
    for across, column in enumerate(columns):
        x = right - (across + 0.5) * width
        for down, character in enumerate(column):
            y = top + (down + 0.5) * (bottom - top) / len(column)
            draw.text((x, y), character, fill=ink, font=font, anchor="mm", stroke_width=2, stroke_fill=ink)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=64)
def official_seal_png(text: str) -> bytes:
    """A square official seal (公印) in red on white that says ``text`` and 見本, RGB, 360 pixels a side."""
    picture = Image.new("RGB", (_SEAL_PX, _SEAL_PX), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((6, 6, _SEAL_PX - 7, _SEAL_PX - 7), outline=_SEAL_RED, width=14)
    _letter(picture, f"{text}見本之印", (34, 30, _SEAL_PX - 34, _SEAL_PX - 30), _SEAL_RED)
    return _png(picture)


@lru_cache(maxsize=256)
def impression_png(text: str) -> bytes:
    """A round registered impression (印影) of ``text``, black on white, 1 bit, 400 pixels a side."""
    picture = Image.new("L", (_IMPRESSION_PX, _IMPRESSION_PX), 255)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((8, 8, _IMPRESSION_PX - 9, _IMPRESSION_PX - 9), outline=0, width=16)
    inset = 72
    _letter(picture, text, (inset, inset, _IMPRESSION_PX - inset, _IMPRESSION_PX - inset), 0)
    return _png(picture.convert("1"))
