"""docs/forms.md shows the geometry that the code has."""

import re
from pathlib import Path

import pytest

from printer_templates.records import CertificateKind
from printer_templates.regions import BACK, FRONT, Regions, person_regions

PAGE = (Path(__file__).parents[2] / "docs" / "forms.md").read_text(encoding="utf-8")
TABLES = re.findall(r"\| region \| x \| y \| width \| height \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", PAGE)


def as_table(regions: Regions) -> str:
    rows = (
        f"| `{name.value}` | {at.x_mm:g} | {at.y_mm:g} | {round(at.width_mm, 2):g} | {round(at.height_mm, 2):g} |\n"
        for name, at in regions.items()
    )
    return "".join(rows)


@pytest.mark.parametrize(
    ("index", "regions"),
    [
        (0, FRONT[CertificateKind.RESIDENCE_CERTIFICATE]),
        (1, person_regions(0)),
        (2, FRONT[CertificateKind.SEAL_CERTIFICATE]),
        (3, BACK),
    ],
    ids=["residence", "person", "seal", "back"],
)
def test_the_tables_of_regions_are_current(index: int, regions: Regions) -> None:
    assert TABLES[index] == as_table(regions)


def test_both_pictures_are_there() -> None:
    for picture in re.findall(r"\]\((images/[^)]+)\)", PAGE):
        assert (Path(__file__).parents[2] / "docs" / picture).stat().st_size > 10_000
