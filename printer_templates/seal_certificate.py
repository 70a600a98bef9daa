"""印鑑登録証明書: seal certificate with the registered impression (印鑑登録証明事務処理要領)."""

from functools import lru_cache

from printer_templates.era import era_date
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.attestation import attest, label_common
from printer_templates.layout.form import Form
from printer_templates.layout.images import bilevel_image
from printer_templates.layout.sheet import PlacedImage, Sheet, Standing
from printer_templates.layout.words import IMPRESSION, LABELS, NOT_APPLICABLE, SEAL_SENTENCE, SEAL_TITLE, SEXES
from printer_templates.records import CertificateKind, SealRecord
from printer_templates.regions import FRONT, Region, RegionName

_SIZES_PT = (14.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_LABEL_MM = 28.0
_IMPRESSION_CELL = Region(15, 32, 62, 62)
_IMPRESSION_LABEL = Region(15, 32, 62, 6)
_ROWS = (
    RegionName.REGISTRATION_NUMBER,
    RegionName.REGISTERED_ON,
    RegionName.BIRTH_DATE,
    RegionName.SEX,
    RegionName.NAME,
    RegionName.FORMER_NAME,
    RegionName.ADDRESS,
)


def pages(record: SealRecord, typeface: Typeface) -> list[Sheet]:
    """The one front of one copy; raise ``FormError``."""
    form = Form(typeface, Sheet(standing(typeface)))
    regions = FRONT[record.kind]
    impression = bilevel_image(bytes(record.impression_png), "the registered impression")
    form.sheet.images.append(PlacedImage(regions[RegionName.SEAL_IMPRESSION], impression))
    for name, text in _values(record).items():
        form.value(regions[name], text, f"the field {name.value}", sizes_pt=_SIZES_PT)
    attest(form, record.kind, record.issuer, record.issued_on)
    return [form.sheet]


@lru_cache(maxsize=2)
def standing(typeface: Typeface) -> Standing:
    """The form's standing part."""
    kind = CertificateKind.SEAL_CERTIFICATE
    form = Form(typeface)
    label_common(form, kind, SEAL_TITLE, SEAL_SENTENCE)
    form.sheet.box(_IMPRESSION_CELL)
    form.label(_IMPRESSION_LABEL, IMPRESSION)
    for name in _ROWS:
        form.labelled_cell(_LABEL_MM, LABELS[name], FRONT[kind][name])
    return form.as_standing()


def _values(record: SealRecord) -> dict[RegionName, str]:
    person = record.applicant
    return {
        RegionName.REGISTRATION_NUMBER: record.registration_number,
        RegionName.REGISTERED_ON: era_date(record.registered_on),
        RegionName.BIRTH_DATE: era_date(person.birth_date),
        RegionName.SEX: SEXES[person.sex],
        RegionName.NAME: person.name,
        RegionName.FORMER_NAME: record.former_name if record.former_name is not None else NOT_APPLICABLE,
        RegionName.ADDRESS: person.address,
    }
