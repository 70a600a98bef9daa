"""住民票の写し: residence certificate (住民基本台帳法 第12条, 第7条 for its items)."""

from printer_templates import residence_form
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.sheet import Sheet, Standing
from printer_templates.layout.words import HOUSEHOLD_SENTENCE, RESIDENCE_SENTENCE, RESIDENCE_TITLES
from printer_templates.records import CertificateKind, ResidenceRecord, Scope
from printer_templates.regions import PERSONS_PER_PAGE


def standings(typeface: Typeface) -> list[Standing]:
    """Every standing part of this kind, for warming up."""
    return [
        residence_form.standing(
            typeface, CertificateKind.RESIDENCE_CERTIFICATE, RESIDENCE_TITLES[scope], _sentence(scope), occupied
        )
        for scope in Scope
        for occupied in range(1, PERSONS_PER_PAGE + 1)
    ]


def _sentence(scope: Scope) -> str:
    return HOUSEHOLD_SENTENCE if scope is Scope.HOUSEHOLD else RESIDENCE_SENTENCE


def pages(record: ResidenceRecord, typeface: Typeface) -> list[Sheet]:
    """The fronts of one copy; raise ``FormError``."""
    return residence_form.pages(record, typeface, RESIDENCE_TITLES[record.scope], _sentence(record.scope))
