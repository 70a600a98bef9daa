"""住民票記載事項証明書: statement of what the residence record says (住民基本台帳法 第12条第1項)."""

from printer_templates import residence_form
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.sheet import Sheet
from printer_templates.layout.words import STATEMENT_SENTENCE, STATEMENT_TITLE
from printer_templates.records import ResidenceRecord


def pages(record: ResidenceRecord, typeface: Typeface) -> list[Sheet]:
    """The fronts of one copy; raise ``FormError``."""
    return residence_form.pages(record, typeface, STATEMENT_TITLE, STATEMENT_SENTENCE)
