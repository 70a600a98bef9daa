"""Drawing a certificate: a record and its copies in, the exact bytes to print out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

import numpy as np

from printer_templates import canonical, residence_certificate, residence_record_statement, seal_certificate
from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.embedding import DocumentFonts
from printer_templates.fonts.typeface import DEFAULT_FONT, Typeface, typeface
from printer_templates.layout import back
from printer_templates.layout.assembly import Side, assemble, standing_content
from printer_templates.layout.fitting import Align, place
from printer_templates.layout.sheet import Ink, PlacedText, Sheet
from printer_templates.layout.words import DOCUMENT_NUMBER, SPECIMEN
from printer_templates.marks import artwork, code_image, front_raster, page_code, scramble
from printer_templates.marks.page_code import PageCode, PageSigner
from printer_templates.records import CertificateKind, Record, ResidenceRecord, SealRecord
from printer_templates.regions import BACK, FRONT, SCRAMBLE_COLUMNS, Region, RegionName, Regions

__all__ = [
    "DrawnCertificate",
    "FormError",
    "FormErrorCode",
    "PageSigner",
    "SheetIdentity",
    "draw_certificate",
    "warm_up",
]

MAX_COPIES = 99
_REQUEST = re.compile(r"[0-9a-f]{32}")
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,30}[0-9A-Za-z]")
_HEADER_SIZES_PT = (9.0, 8.0, 7.0)
_SPECIMEN_SIZES_PT = (17.0,)


@dataclass(frozen=True, slots=True)
class SheetIdentity:
    """One copy of a certificate: its own document number, the request's id (32 hex characters), its scramble key (32 bytes)."""

    document_number: str
    request_id: str
    scramble_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class DrawnCertificate:
    """The file to print. ``impressions`` counts page sides: two for each page of each copy."""

    pdf: bytes
    pages_per_copy: int
    copies: int
    impressions: int

    def __repr__(self) -> str:
        return f"DrawnCertificate({len(self.pdf)} bytes, {self.copies} x {self.pages_per_copy} pages)"


def warm_up(font: Path = DEFAULT_FONT) -> None:
    """Make everything that is the same for all customers (0.2 s), so that no customer waits for it; raise ``FormError``.

    Nothing of a customer is kept by any drawing, so this may be called in a process that customers' processes are forked from.
    """
    face = typeface(font)
    artwork.standing(face)
    fronts = [
        *residence_certificate.standings(face),
        *residence_record_statement.standings(face),
        seal_certificate.standing(face),
    ]
    for standing in fronts:
        front_raster.standing_raster(standing, face)
        canonical.standing_runs(standing)
    for standing in (*fronts, back.standing(face)):
        standing_content(standing, face)
    # The libraries' own tables are made at first use.
    code_image.modules(bytes(200))
    scramble.encrypt(np.zeros((scramble.SOURCE_ROWS, SCRAMBLE_COLUMNS), np.bool_), bytes(scramble.KEY_BYTES), 1)


def draw_certificate(
    record: Record,
    copies: Sequence[SheetIdentity],
    signer: PageSigner,
    *,
    specimen: bool,
    font: Path = DEFAULT_FONT,
) -> DrawnCertificate:
    """Draw every copy, front and back of each page in turn; the same input gives the same bytes.

    Raise ``FormError``: GLYPH_MISSING, TEXT_TOO_LONG, BLANK_VALUE, BAD_IMAGE, BAD_DATE, BAD_IDENTITY, ITEM_NOT_CHOSEN,
    PAGE_CODE_TOO_LONG, FONT_MISSING, FONT_UNUSABLE.
    """
    _check_copies(copies)
    face = typeface(font)
    fonts = DocumentFonts(face)
    fronts = [_Front(sheet, front_raster.draw(sheet, face)) for sheet in _fronts(record, face)]
    sides: list[Side] = []
    for copy, identity in enumerate(copies, start=1):
        for page, front in enumerate(fronts, start=1):
            sides += _page(record, identity, front, _Place(copy, page, len(fronts)), signer, face, specimen)
    return DrawnCertificate(assemble(sides, fonts, specimen=specimen), len(fronts), len(copies), len(sides))


@dataclass(frozen=True, slots=True, repr=False)
class _Front:
    """A front as all copies have it, and its raster."""

    sheet: Sheet
    raster: scramble.Bits


@dataclass(frozen=True, slots=True)
class _Place:
    copy: int
    page: int
    pages: int


def _check_copies(copies: Sequence[SheetIdentity]) -> None:
    numbers = {identity.document_number for identity in copies}
    if not 1 <= len(copies) <= MAX_COPIES or len(numbers) != len(copies):
        raise FormError(
            FormErrorCode.BAD_IDENTITY,
            f"1 to {MAX_COPIES} copies with a document number each were expected, not {len(copies)}",
        )
    for identity in copies:
        if not _NUMBER.fullmatch(identity.document_number) or not _REQUEST.fullmatch(identity.request_id):
            raise FormError(
                FormErrorCode.BAD_IDENTITY,
                "a document number of 2 to 32 letters, digits and hyphens and a request id of 32 hex characters were expected",
            )
        if len(identity.scramble_key) != scramble.KEY_BYTES:
            raise FormError(FormErrorCode.BAD_IDENTITY, f"a scramble key of {scramble.KEY_BYTES} bytes was expected")


def _fronts(record: Record, face: Typeface) -> list[Sheet]:
    match record:
        case ResidenceRecord(kind=CertificateKind.RESIDENCE_CERTIFICATE):
            return residence_certificate.pages(record, face)
        case ResidenceRecord():
            return residence_record_statement.pages(record, face)
        case SealRecord():
            return seal_certificate.pages(record, face)
        case _:
            assert_never(record)


def _header(face: Typeface, regions: Regions, identity: SheetIdentity, at: _Place, specimen: bool) -> list[PlacedText]:
    number = regions[RegionName.DOCUMENT_NUMBER]
    pages = f"{at.page} / {at.pages}"
    return [
        *_label(face, regions, specimen),
        *place(face, regions[RegionName.PAGE_OF_PAGES], pages, what="the page", sizes_pt=_HEADER_SIZES_PT),
        *place(face, number, identity.document_number, what="the document number", sizes_pt=_HEADER_SIZES_PT),
    ]


def _label(face: Typeface, regions: Regions, specimen: bool) -> list[PlacedText]:
    number = regions[RegionName.DOCUMENT_NUMBER]
    left = Region(number.x_mm - 18, number.y_mm, 18, number.height_mm)
    texts = place(face, left, DOCUMENT_NUMBER, what="a label", sizes_pt=_HEADER_SIZES_PT, align=Align.RIGHT)
    for name in (RegionName.SPECIMEN, RegionName.SPECIMEN_FOOT) if specimen else ():
        texts += place(
            face, regions[name], SPECIMEN, what="a mark", sizes_pt=_SPECIMEN_SIZES_PT, align=Align.CENTRE, ink=Ink.RED
        )
    return texts


def _page(
    record: Record,
    identity: SheetIdentity,
    content: _Front,
    at: _Place,
    signer: PageSigner,
    face: Typeface,
    specimen: bool,
) -> tuple[Side, Side]:
    regions = FRONT[record.kind]
    header = _header(face, regions, identity, at, specimen)
    sheet = content.sheet
    front = Sheet(sheet.standing, header + sheet.texts, sheet.rules, sheet.images)
    code = PageCode(
        version=page_code.VERSION,
        municipality_code=record.issuer.municipality_code,
        document_number=identity.document_number,
        request_id=identity.request_id,
        copy=at.copy,
        page=at.page,
        pages=at.pages,
        subject_name=record.applicant.name,
        content_digest=canonical.digest(canonical.text_of_sheet(front)),
        key_id=signer.key_id,
    )
    modules = code_image.modules(page_code.encode(code, signer))
    cells = scramble.encrypt(content.raster | front_raster.draw_texts(header, face), identity.scramble_key, at.page)
    reverse = Sheet(back.standing(face), _header(face, BACK, identity, at, specimen))
    return (
        Side(front, modules, regions[RegionName.PAGE_CODE]),
        Side(reverse, modules, BACK[RegionName.PAGE_CODE], cells),
    )
