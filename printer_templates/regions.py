"""Where everything lies on a sheet: the forms' geometry as specification. Drawing places by it, gate C reads by it.

Millimetres on A4 portrait, origin at the top left, y downwards. Regions of values hold nothing but the value; their labels lie
outside. Sources: the forms of 住民記録システム標準仕様書 and reference service-and-incidents.md section 1.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from printer_templates.records import CertificateKind

PAGE_WIDTH_MM = 210.0
PAGE_HEIGHT_MM = 297.0
MM_PT = 72.0 / 25.4
PAGE_WIDTH_PT = PAGE_WIDTH_MM * MM_PT
PAGE_HEIGHT_PT = PAGE_HEIGHT_MM * MM_PT

PERSONS_PER_PAGE = 3
PERSON_BLOCK_TOP_MM = 36.5
PERSON_BLOCK_HEIGHT_MM = 57.5
PERSON_BLOCK_PITCH_MM = 59.0


class RegionName(StrEnum):
    """Every named place of a sheet's front and back."""

    DOCUMENT_NUMBER = "document_number"
    PAGE_OF_PAGES = "page_of_pages"
    TITLE = "title"
    HOUSEHOLD_HEAD = "household_head"
    NAME = "name"
    FORMER_NAME = "former_name"
    BIRTH_DATE = "birth_date"
    SEX = "sex"
    RELATIONSHIP = "relationship"
    RESIDENT_SINCE = "resident_since"
    ADDRESS = "address"
    REGISTERED_DOMICILE = "registered_domicile"
    HEAD_OF_REGISTER = "head_of_register"
    MY_NUMBER = "my_number"
    NATIONALITY = "nationality"
    RESIDENCE_STATUS = "residence_status"
    RESIDENCE_EXPIRY = "residence_expiry"
    REGISTRATION_NUMBER = "registration_number"
    REGISTERED_ON = "registered_on"
    SEAL_IMPRESSION = "seal_impression"
    ATTESTATION = "attestation"
    ISSUED_ON = "issued_on"
    ISSUER = "issuer"
    OFFICIAL_SEAL = "official_seal"
    PAGE_CODE = "page_code"
    NOTES = "notes"
    SPECIMEN = "specimen"
    SPECIMEN_FOOT = "specimen_foot"
    SCRAMBLE = "scramble"
    LATENT_IMAGE = "latent_image"


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in millimetres from the sheet's top left corner."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    @property
    def right_mm(self) -> float:
        """The right edge."""
        return self.x_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """The lower edge."""
        return self.y_mm + self.height_mm

    def moved(self, down_mm: float) -> "Region":
        """The same rectangle ``down_mm`` further down."""
        return Region(self.x_mm, self.y_mm + down_mm, self.width_mm, self.height_mm)

    def contains(self, x_mm: float, y_mm: float) -> bool:
        """Whether a point lies inside or on the edge."""
        return self.x_mm <= x_mm <= self.right_mm and self.y_mm <= y_mm <= self.bottom_mm

    def points(self) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) in PDF points, origin at the bottom left: what pypdfium2 takes."""
        return (
            self.x_mm * MM_PT,
            PAGE_HEIGHT_PT - self.bottom_mm * MM_PT,
            self.right_mm * MM_PT,
            PAGE_HEIGHT_PT - self.y_mm * MM_PT,
        )

    def pixels(self, dpi: float) -> tuple[int, int, int, int]:
        """(left, top, right, bottom) in whole pixels of a page rendered at ``dpi``, rounded outwards."""
        scale = dpi / 25.4
        return (
            int(self.x_mm * scale),
            int(self.y_mm * scale),
            -int(-self.right_mm * scale // 1),
            -int(-self.bottom_mm * scale // 1),
        )


Regions = Mapping[RegionName, Region]

_COMMON: dict[RegionName, Region] = {
    RegionName.PAGE_OF_PAGES: Region(15, 8.5, 30, 6),
    RegionName.DOCUMENT_NUMBER: Region(126, 8.5, 69, 6),
    RegionName.SPECIMEN: Region(50, 7, 56, 8),
    RegionName.TITLE: Region(35, 15.5, 140, 10),
    RegionName.PAGE_CODE: Region(15, 251, 36, 36),
    RegionName.NOTES: Region(55, 252, 140, 24),
    RegionName.SPECIMEN_FOOT: Region(55, 278, 140, 10),
}

_PERSON_ROWS: dict[RegionName, Region] = {
    RegionName.NAME: Region(37, 0, 98, 12),
    RegionName.FORMER_NAME: Region(147, 0, 48, 12),
    RegionName.BIRTH_DATE: Region(37, 12, 38, 7.5),
    RegionName.SEX: Region(86, 12, 12, 7.5),
    RegionName.RELATIONSHIP: Region(109, 12, 26, 7.5),
    RegionName.RESIDENT_SINCE: Region(157, 12, 38, 7.5),
    RegionName.ADDRESS: Region(37, 19.5, 158, 13),
    RegionName.REGISTERED_DOMICILE: Region(37, 32.5, 92, 10),
    RegionName.HEAD_OF_REGISTER: Region(145, 32.5, 50, 10),
    RegionName.MY_NUMBER: Region(37, 42.5, 50, 7.5),
    RegionName.NATIONALITY: Region(109, 42.5, 86, 7.5),
    RegionName.RESIDENCE_STATUS: Region(37, 50, 82, 7.5),
    RegionName.RESIDENCE_EXPIRY: Region(147, 50, 48, 7.5),
}

_RESIDENCE: dict[RegionName, Region] = {
    **_COMMON,
    RegionName.HOUSEHOLD_HEAD: Region(37, 27, 158, 8),
    RegionName.ATTESTATION: Region(15, 215, 140, 8),
    RegionName.ISSUED_ON: Region(20, 224, 80, 8),
    RegionName.ISSUER: Region(60, 233, 100, 10),
    RegionName.OFFICIAL_SEAL: Region(164, 220, 24, 24),
}

_SEAL: dict[RegionName, Region] = {
    **_COMMON,
    RegionName.SEAL_IMPRESSION: Region(21, 38, 50, 50),
    RegionName.REGISTRATION_NUMBER: Region(105, 32, 90, 14),
    RegionName.REGISTERED_ON: Region(105, 46, 90, 14),
    RegionName.BIRTH_DATE: Region(105, 60, 90, 17),
    RegionName.SEX: Region(105, 77, 90, 17),
    RegionName.NAME: Region(43, 94, 152, 22),
    RegionName.FORMER_NAME: Region(43, 116, 152, 16),
    RegionName.ADDRESS: Region(43, 132, 152, 26),
    RegionName.ATTESTATION: Region(15, 172, 180, 8),
    RegionName.ISSUED_ON: Region(20, 186, 80, 8),
    RegionName.ISSUER: Region(60, 202, 100, 10),
    RegionName.OFFICIAL_SEAL: Region(164, 192, 24, 24),
}

FRONT: Mapping[CertificateKind, Regions] = MappingProxyType(
    {
        CertificateKind.RESIDENCE_CERTIFICATE: MappingProxyType(_RESIDENCE),
        CertificateKind.RESIDENCE_RECORD_STATEMENT: MappingProxyType(_RESIDENCE),
        CertificateKind.SEAL_CERTIFICATE: MappingProxyType(_SEAL),
    }
)

CELL_MM = 25.4 / 75.0
SCRAMBLE_COLUMNS = 531
SCRAMBLE_ROWS = 709

BACK: Regions = MappingProxyType(
    {
        RegionName.PAGE_OF_PAGES: Region(15, 5, 30, 6),
        RegionName.SPECIMEN: Region(50, 3.5, 56, 8),
        RegionName.DOCUMENT_NUMBER: Region(126, 5, 69, 6),
        RegionName.SCRAMBLE: Region(15, 12, SCRAMBLE_COLUMNS * CELL_MM, SCRAMBLE_ROWS * CELL_MM),
        RegionName.PAGE_CODE: Region(15, 254, 36, 36),
        RegionName.LATENT_IMAGE: Region(55, 255, 62, 34),
        RegionName.NOTES: Region(121, 255, 74, 23),
        RegionName.SPECIMEN_FOOT: Region(121, 279, 74, 10),
    }
)

SCRAMBLE_SOURCE = Region(15, 6, SCRAMBLE_COLUMNS * CELL_MM, (SCRAMBLE_ROWS - 1) * CELL_MM)
"""The part of the front that the scramble image holds; one row of cells is its check row."""


def person_regions(slot: int) -> Regions:
    """The value regions of the person block ``slot`` (0 to ``PERSONS_PER_PAGE`` - 1) of a residence form's front."""
    if not 0 <= slot < PERSONS_PER_PAGE:
        raise ValueError(f"a slot from 0 to {PERSONS_PER_PAGE - 1} was expected, not {slot}")
    down_mm = PERSON_BLOCK_TOP_MM + slot * PERSON_BLOCK_PITCH_MM
    return MappingProxyType({name: region.moved(down_mm) for name, region in _PERSON_ROWS.items()})
