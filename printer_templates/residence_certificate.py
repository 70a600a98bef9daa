"""住民票の写し: residence certificate (住民基本台帳法 第12条, 第7条 for its items)."""

from printer_templates import residence_form
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.sheet import Sheet
from printer_templates.layout.words import HOUSEHOLD_SENTENCE, RESIDENCE_SENTENCE, RESIDENCE_TITLES
from printer_templates.records import ResidenceRecord, Scope


def pages(record: ResidenceRecord, typeface: Typeface) -> list[Sheet]:
    """The fronts of one copy; raise ``FormError``."""
    sentence = HOUSEHOLD_SENTENCE if record.scope is Scope.HOUSEHOLD else RESIDENCE_SENTENCE
    return residence_form.pages(record, typeface, RESIDENCE_TITLES[record.scope], sentence)
