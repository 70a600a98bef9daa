"""A page as placed things, before any format: the one source of its PDF, its canonical text and its scramble image."""

from dataclasses import dataclass, field
from enum import Enum

from printer_templates.fonts.typeface import Glyph
from printer_templates.layout.images import FormImage
from printer_templates.regions import PAGE_HEIGHT_PT, Region


class Ink(Enum):
    """Colours of text, as PDF fill operators."""

    BLACK = b"0 g"
    RED = b"0.86 0 0 rg"


@dataclass(frozen=True, slots=True, repr=False)
class PlacedText:
    """A run of glyphs on one line. ``baseline_pt`` is a whole number of points from the foot (see ``canonical``)."""

    x_pt: float
    baseline_pt: int
    size_pt: float
    glyphs: tuple[Glyph, ...]
    ink: Ink = Ink.BLACK


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight horizontal or vertical line, millimetres from the top left."""

    x0_mm: float
    y0_mm: float
    x1_mm: float
    y1_mm: float
    width_pt: float = 0.5


@dataclass(frozen=True, slots=True, repr=False)
class PlacedImage:
    """An image that fills ``region``."""

    region: Region
    image: FormImage


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Standing:
    """What a form has on it before anybody's data: made once, never changed, so what is drawn from it may be kept."""

    texts: tuple[PlacedText, ...]
    rules: tuple[Rule, ...]


NOTHING_STANDING = Standing((), ())


@dataclass(slots=True, repr=False)
class Sheet:
    """What lies on one page side: the form's standing part, and what belongs to this person and copy."""

    standing: Standing = NOTHING_STANDING
    texts: list[PlacedText] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    images: list[PlacedImage] = field(default_factory=list)

    def box(self, region: Region, width_pt: float = 0.5) -> None:
        """Rule the four sides of ``region``."""
        left, top, right, bottom = region.x_mm, region.y_mm, region.right_mm, region.bottom_mm
        self.rules += [
            Rule(left, top, right, top, width_pt),
            Rule(left, bottom, right, bottom, width_pt),
            Rule(left, top, left, bottom, width_pt),
            Rule(right, top, right, bottom, width_pt),
        ]

    @property
    def all_texts(self) -> tuple[PlacedText, ...]:
        """Standing texts and those of this sheet."""
        return (*self.standing.texts, *self.texts)


def baseline_from_top(top_pt: float) -> int:
    """The whole-point baseline nearest to ``top_pt`` below the page's upper edge."""
    return round(PAGE_HEIGHT_PT - top_pt)
