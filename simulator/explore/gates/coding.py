"""Sheets that were changed and then signed: what a municipality's (or our own) drawing would have made and vouched for.

So that each check of gate C stands alone: otherwise the signed digest, or the code, tells of every change.
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pikepdf

from printer_templates.marks import code_image, page_code
from printer_templates.marks.page_code import PageCode, PageSigner
from printer_templates.regions import FRONT, Region, RegionName
from simulator.explore.gates.spoiling import changed
from terminal.verification.page_codes import content_digest, read_code
from terminal.verification.reading import open_pdf

_SIDES = 2


def signed_again(pdf: bytes, sheet: int, signer: PageSigner, **changes: Any) -> bytes:
    """``pdf`` whose ``sheet`` (from 0) bears, front and back, a code of its text as it is now; ``changes`` are the code's."""
    said = {"content_digest": digest_of(pdf, sheet), "key_id": signer.key_id, **changes}
    modules = code_image.modules(page_code.encode(replace(code_of(pdf, sheet), **said), signer))
    height, width = modules.shape

    def change(document: pikepdf.Pdf) -> None:
        data = np.packbits(~modules, axis=1).tobytes()
        for side in range(_SIDES * sheet, _SIDES * sheet + _SIDES):
            picture = document.make_stream(data, Width=width, Height=height, ImageMask=True, BitsPerComponent=1)
            picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
            document.pages[side].Resources.XObject.Qr = picture

    return changed(pdf, change)


def code_of(pdf: bytes, sheet: int) -> PageCode:
    """What the code on a sheet's front says."""
    with open_pdf(pdf) as document, document.page(_SIDES * sheet) as page:
        data = read_code(page, next(iter(FRONT.values()))[RegionName.PAGE_CODE])
    if data is None:
        raise ValueError("expected a sheet with a 2D code")
    return page_code.decode(data)[0]


def digest_of(pdf: bytes, sheet: int) -> bytes:
    """The digest of the text on a sheet's front."""
    with open_pdf(pdf) as document, document.page(_SIDES * sheet) as page:
        return content_digest(page.text)


def without_text(pdf: bytes, side: int, region: Region) -> bytes:
    """``pdf`` whose side shows no text in ``region``."""
    left, bottom, right, top = region.points()

    def stands_there(block: list[Any]) -> bool:
        places = [each.operands for each in block if str(each.operator) == "Tm"]
        return any(left <= float(at[4]) <= right and bottom <= float(at[5]) <= top for at in places)

    def change(document: pikepdf.Pdf) -> None:
        page = document.pages[side]
        kept = [instruction for block in _blocks(page) if not stands_there(block) for instruction in block]
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(kept))

    return changed(pdf, change)


def _blocks(page: pikepdf.Page) -> Iterator[list[Any]]:
    """The page's instructions, each text object (BT to ET) as a block of its own."""
    block: list[Any] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "BT" and block:
            yield block
            block = []
        block.append(instruction)
        if operator == "ET":
            yield block
            block = []
    yield block


def reading_as(pdf: bytes, character: str, *units: int) -> bytes:
    """``pdf`` in which every glyph of ``character`` (of one UTF-16 unit) reads as these UTF-16 units; of none: as nothing."""
    said = "".join(f"{unit:04X}" for unit in units).encode()
    # The table keeps its length: the entry becomes one of a glyph that the font has not got.
    instead = rb"\1 <" + said + b">" if units else b"<FFFF> <FFFF>"
    return _retold(pdf, lambda table: _entry_of(character).sub(instead, table))


def code_of_glyph(pdf: bytes, character: str) -> int:
    """The number by which the page's font calls the glyph of ``character``."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for font in document.pages[0].Resources.Font.values():
            found = _entry_of(character).search(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else None
            if found is not None:
                return int(found[1].strip(b"<>"), 16)
    raise ValueError("expected a character that stands on the first side")


def _entry_of(character: str) -> re.Pattern[bytes]:
    """The line of a font's table that says what the glyph of ``character`` reads as."""
    return re.compile(rb"(<[0-9A-Fa-f]{4}>) <%04X>" % ord(character), re.IGNORECASE)


def _retold(pdf: bytes, retold: Callable[[bytes], bytes]) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        for page in document.pages:
            for font in page.Resources.Font.values():
                if "/ToUnicode" in font:
                    font.ToUnicode = document.make_stream(retold(font.ToUnicode.read_bytes()))

    return changed(pdf, change)
