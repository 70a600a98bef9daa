"""住民票の写し: residence certificate (住民基本台帳法 第12条, 第7条 for its items)."""

from printer_templates import residence_form
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.sheet import Sheet
from printer_templates.records import ResidenceRecord, Scope

TITLES = {Scope.SELF: "住民票", Scope.HOUSEHOLD: "住民票（世帯全員）", Scope.MEMBERS: "住民票（世帯の一部）"}
SENTENCE = "この写しは、住民票の原本と相違ないことを証明する。"
HOUSEHOLD_SENTENCE = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"


def pages(record: ResidenceRecord, typeface: Typeface) -> list[Sheet]:
    """The fronts of one copy; raise ``FormError``."""
    sentence = HOUSEHOLD_SENTENCE if record.scope is Scope.HOUSEHOLD else SENTENCE
    return residence_form.pages(record, typeface, TITLES[record.scope], sentence)
