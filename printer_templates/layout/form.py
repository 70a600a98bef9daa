"""Building a front: labels, values and ruled cells placed by region."""

from dataclasses import dataclass, field

from printer_templates.errors import FormError, FormErrorCode
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.fitting import VALUE_SIZES_PT, Align, place
from printer_templates.layout.sheet import Sheet, Standing
from printer_templates.regions import Region

LABEL_SIZES_PT = (8.5, 7.5, 6.5)


@dataclass(slots=True)
class Form:
    """One page side under construction."""

    typeface: Typeface
    sheet: Sheet = field(default_factory=Sheet)

    def value(
        self,
        region: Region,
        text: str,
        what: str,
        *,
        sizes_pt: tuple[float, ...] = VALUE_SIZES_PT,
        align: Align = Align.LEFT,
    ) -> None:
        """Place a value; raise ``FormError`` when it is blank, does not fit or lacks a glyph."""
        if not text.strip():
            raise FormError(
                FormErrorCode.BLANK_VALUE,
                f"something to print was expected as {what}, but it is blank; the municipality must check the record",
            )
        self.sheet.texts += place(self.typeface, region, text, what=what, sizes_pt=sizes_pt, align=align)

    def label(
        self, region: Region, text: str, *, sizes_pt: tuple[float, ...] = LABEL_SIZES_PT, align: Align = Align.CENTRE
    ) -> None:
        """Place a form's own words."""
        self.sheet.texts += place(self.typeface, region, text, what="a label", sizes_pt=sizes_pt, align=align)

    def labelled_cell(self, label_width_mm: float, label: str, region: Region) -> None:
        """Rule a value's cell and, to its left, the cell of its label."""
        left = Region(region.x_mm - label_width_mm, region.y_mm, label_width_mm, region.height_mm)
        self.sheet.box(left)
        self.sheet.box(region)
        self.label(left, label)

    def as_standing(self) -> Standing:
        """What was placed so far, as a form's standing part."""
        return Standing(tuple(self.sheet.texts), tuple(self.sheet.rules))
