"""Reads delivered sheets as a clerk at the counter would: whose they are, what they are, and whether their marks are there.

PDFium reads the PDF that lay in the tray; where what stands is the forms' published geometry (``printer_templates.regions``).
Nothing of the terminal's own gates is used. What it costs is in docs/checkers.md: most of it is PDFium's parsing. PDFium is not
safe for threads: one thread at a time.
"""

import ctypes
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from printer_templates.layout.words import RESIDENCE_TITLES, SEAL_TITLE, SPECIMEN, STATEMENT_TITLE
from printer_templates.records import CertificateKind
from printer_templates.regions import (
    FRONT,
    MM_PT,
    PAGE_HEIGHT_PT,
    PAGE_WIDTH_PT,
    PERSONS_PER_PAGE,
    Region,
    RegionName,
    Regions,
    person_regions,
)
from simulator.checkers.eras import era_dates, iso_date
from simulator.checkers.people import KnownPeople, Recognised, solid
from simulator.page_seen import PageSeen

_KINDS: Final[Mapping[str, CertificateKind]] = {
    **dict.fromkeys(RESIDENCE_TITLES.values(), CertificateKind.RESIDENCE_CERTIFICATE),
    STATEMENT_TITLE: CertificateKind.RESIDENCE_RECORD_STATEMENT,
    SEAL_TITLE: CertificateKind.SEAL_CERTIFICATE,
}
_COMMON: Final = FRONT[CertificateKind.RESIDENCE_CERTIFICATE]
"""Title, number, page and marks lie at the same place on every form."""
_SLOTS: Final = tuple(person_regions(slot) for slot in range(PERSONS_PER_PAGE))
_BLOCKS: Final[Mapping[CertificateKind | None, Sequence[Regions]]] = {
    CertificateKind.RESIDENCE_CERTIFICATE: _SLOTS,
    CertificateKind.RESIDENCE_RECORD_STATEMENT: _SLOTS,
    CertificateKind.SEAL_CERTIFICATE: (FRONT[CertificateKind.SEAL_CERTIFICATE],),
}
"""Where each person on a front stands."""
_INSET_MM: Final = 0.5
_TEXT_MAX: Final = 8_000
_LOOK_DPI: Final = 50.0
_RED_MIN: Final = 100
"""How much more red than green or blue a seal's ink is; the specimen watermark is 66."""
_SEAL_SHARE_MIN: Final = 0.05
"""Share of the seal's place that is red: a seal has 0.3, a white one with a speck none."""
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_PLACE = re.compile(r"(\d{1,3})/(\d{1,3})")


def read_sheets(pdf: bytes, people: KnownPeople) -> tuple[PageSeen, ...]:
    """Every front of a delivery, in order. What cannot be read is a page on which nobody is recognised."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError:
        return (PageSeen(residents=(), specimen=False, official_seal=False),)
    try:
        sides = [_read_side(document, index, people) for index in range(len(document))]
    finally:
        document.close()
    return tuple(side for side in sides if side is not None)


def _read_side(document: pdfium.PdfDocument, index: int, people: KnownPeople) -> PageSeen | None:
    """The front at ``index``; None for a back, which is a side with an even number and without a form's title."""
    with _opened(document, index) as side:
        title = side.text_in(_COMMON[RegionName.TITLE]) if side is not None else ""
        if index % 2 and title not in _KINDS:
            return None
        if side is None:
            return PageSeen(residents=(), specimen=False, official_seal=False)
        return _read_front(side, _KINDS.get(title), people)


def _read_front(side: "_Side", kind: CertificateKind | None, people: KnownPeople) -> PageSeen:
    text = side.text()
    page, pages = _place_of(side.text_in(_COMMON[RegionName.PAGE_OF_PAGES]))
    blocks = (_recognise(side, places, people) for places in _BLOCKS.get(kind, ()))
    found = [each for each in blocks if each is not None]
    return PageSeen(
        residents=tuple(dict.fromkeys(each.resident for each in found if each.resident)),
        kind=kind.value if kind is not None else "",
        number=side.text_in(_COMMON[RegionName.DOCUMENT_NUMBER]),
        page=page,
        pages=pages,
        specimen=any(
            side.text_in(_COMMON[name]) == solid(SPECIMEN) for name in (RegionName.SPECIMEN, RegionName.SPECIMEN_FOOT)
        ),
        official_seal=side.redness(FRONT[kind or CertificateKind.RESIDENCE_CERTIFICATE][RegionName.OFFICIAL_SEAL])
        >= _SEAL_SHARE_MIN,
        seal_of=_seal_of(side, found, people) if kind is CertificateKind.SEAL_CERTIFICATE else "",
        my_numbers=tuple(dict.fromkeys(people.owner_of_my_number(number) for number in _NUMBER.findall(text))),
        era_wrong=any(not date.in_era for date in era_dates(text)),
        unsure=tuple(each.unsure for each in found if each.unsure),
        strangers=sum(each.is_stranger for each in found),
        outdated=tuple(dict.fromkeys(each.resident for each in found if each.outdated)),
    )


def _recognise(side: "_Side", places: Regions, people: KnownPeople) -> Recognised | None:
    """Who stands in one block; None when nobody does."""
    name = side.text_in(places[RegionName.NAME])
    if not name:
        return None
    birth_date = iso_date(side.text_in(places[RegionName.BIRTH_DATE]))
    return people.recognise(name, birth_date, side.text_in(places[RegionName.ADDRESS]))


def _seal_of(side: "_Side", found: list[Recognised], people: KnownPeople) -> str:
    """Whose seal it is by its registration number; where no register tells numbers, of the person it is about."""
    number = side.text_in(FRONT[CertificateKind.SEAL_CERTIFICATE][RegionName.REGISTRATION_NUMBER])
    if people.knows_seal_numbers:
        return people.owner_of_seal_number(number)
    return found[0].resident if found else ""


def _place_of(text: str) -> tuple[int, int]:
    found = _PLACE.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else (1, 1)


@dataclass(slots=True)
class _Side:
    """One open page side."""

    page: Any
    text_page: Any
    buffer: "ctypes.Array[ctypes.c_ushort]"

    def text(self) -> str:
        """All of it, without white space."""
        return self._written(pdfium_c.FPDFText_GetText(self.text_page, 0, _TEXT_MAX, self.buffer))

    def text_in(self, region: Region) -> str:
        """What stands in ``region``, line by line, without white space."""
        count = pdfium_c.FPDFText_GetBoundedText(self.text_page, *_edges_pt(region), self.buffer, _TEXT_MAX)
        return self._written(count)

    def redness(self, region: Region) -> float:
        """The share of ``region`` that is red as a seal's ink."""
        scale = _LOOK_DPI / 72
        left, bottom, right, top = region.points()
        pixels: npt.NDArray[np.uint8] = np.full(
            (int((top - bottom) * scale), int((right - left) * scale), 3), 255, np.uint8
        )
        bitmap = pdfium_c.FPDFBitmap_CreateEx(
            pixels.shape[1], pixels.shape[0], pdfium_c.FPDFBitmap_BGR, pixels.ctypes.data, pixels.strides[0]
        )
        whole = round(PAGE_WIDTH_PT * scale), round(PAGE_HEIGHT_PT * scale)
        corner = -int(left * scale), -int((PAGE_HEIGHT_PT - top) * scale)
        try:
            pdfium_c.FPDF_RenderPageBitmap(bitmap, self.page, *corner, *whole, 0, pdfium_c.FPDF_RENDER_NO_SMOOTHIMAGE)
        finally:
            pdfium_c.FPDFBitmap_Destroy(bitmap)
        blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
        return float(np.mean(red - np.maximum(green, blue) > _RED_MIN))

    def _written(self, count: int) -> str:
        units = bytes(memoryview(self.buffer)[: max(count, 0)])
        return solid(units.decode("utf-16-le", "replace").rstrip("\0"))


@lru_cache(maxsize=128)
def _edges_pt(region: Region) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of ``region`` in points, a little inwards: the label's cell begins where it ends."""
    left, bottom, right, top = region.points()
    inset = _INSET_MM * MM_PT
    return left + inset, top - inset, right - inset, bottom + inset


@contextmanager
def _opened(document: pdfium.PdfDocument, index: int) -> Iterator[_Side | None]:
    page = pdfium_c.FPDF_LoadPage(document.raw, index)
    text_page = pdfium_c.FPDFText_LoadPage(page) if page else None
    try:
        yield _Side(page, text_page, (ctypes.c_ushort * (_TEXT_MAX + 1))()) if text_page else None
    finally:
        if text_page:
            pdfium_c.FPDFText_ClosePage(text_page)
        if page:
            pdfium_c.FPDF_ClosePage(page)
