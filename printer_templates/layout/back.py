"""The back's standing part: a few words for the reader and the label of the number; marks are added by the assembly."""

from functools import lru_cache

from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.fitting import Align
from printer_templates.layout.form import Form
from printer_templates.layout.sheet import Standing
from printer_templates.layout.words import BACK_NOTES
from printer_templates.regions import BACK, RegionName

_NOTE_SIZES_PT = (7.5, 7.0)


@lru_cache(maxsize=2)
def standing(typeface: Typeface) -> Standing:
    """The words on every back."""
    form = Form(typeface)
    form.label(BACK[RegionName.NOTES], BACK_NOTES, sizes_pt=_NOTE_SIZES_PT, align=Align.LEFT)
    return form.as_standing()
