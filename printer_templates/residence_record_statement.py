"""住民票記載事項証明書: statement of what the residence record says (住民基本台帳法 第12条第1項)."""

from printer_templates import residence_form
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.sheet import Sheet, Standing
from printer_templates.layout.words import STATEMENT_SENTENCE, STATEMENT_TITLE
from printer_templates.records import CertificateKind, ResidenceRecord
from printer_templates.regions import PERSONS_PER_PAGE


def standings(typeface: Typeface) -> list[Standing]:
    """Every standing part of this kind, for warming up."""
    kind = CertificateKind.RESIDENCE_RECORD_STATEMENT
    return [
        residence_form.standing(typeface, kind, STATEMENT_TITLE, STATEMENT_SENTENCE, occupied)
        for occupied in range(1, PERSONS_PER_PAGE + 1)
    ]


def pages(record: ResidenceRecord, typeface: Typeface) -> list[Sheet]:
    """The fronts of one copy; raise ``FormError``."""
    return residence_form.pages(record, typeface, STATEMENT_TITLE, STATEMENT_SENTENCE)
