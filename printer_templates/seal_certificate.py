"""印鑑登録証明書: seal certificate with the registered impression (印鑑登録証明事務処理要領)."""

from printer_templates.era import era_date
from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.attestation import attest
from printer_templates.layout.form import NOT_APPLICABLE, Form
from printer_templates.layout.images import bilevel_image
from printer_templates.layout.sheet import PlacedImage, Sheet
from printer_templates.records import SealRecord
from printer_templates.regions import FRONT, Region, RegionName
from printer_templates.residence_form import SEX_TEXTS

TITLE = "印鑑登録証明書"
SENTENCE = "この写しは、登録されている印影と相違ないことを証明する。"
_SIZES_PT = (14.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_IMPRESSION_CELL = Region(15, 32, 62, 62)


def pages(record: SealRecord, typeface: Typeface) -> list[Sheet]:
    """The one front of one copy; raise ``FormError``."""
    form = Form(typeface)
    regions = FRONT[record.kind]
    attest(form, record.kind, record.issuer, record.issued_on, TITLE, SENTENCE)
    form.sheet.box(_IMPRESSION_CELL)
    form.label(Region(15, 32, 62, 6), "印影")
    impression = bilevel_image(bytes(record.impression_png), "the registered impression")
    form.sheet.images.append(PlacedImage(regions[RegionName.SEAL_IMPRESSION], impression))
    for name, label, value in _rows(record):
        form.labelled_cell(28, label, regions[name])
        form.value(regions[name], value, name.value, sizes_pt=_SIZES_PT)
    return [form.sheet]


def _rows(record: SealRecord) -> tuple[tuple[RegionName, str, str], ...]:
    person = record.applicant
    return (
        (RegionName.REGISTRATION_NUMBER, "登録番号", record.registration_number),
        (RegionName.REGISTERED_ON, "登録年月日", era_date(record.registered_on)),
        (RegionName.BIRTH_DATE, "生年月日", era_date(person.birth_date)),
        (RegionName.SEX, "性別", SEX_TEXTS[person.sex]),
        (RegionName.NAME, "氏名", person.name),
        (RegionName.FORMER_NAME, "旧氏", record.former_name or NOT_APPLICABLE),
        (RegionName.ADDRESS, "住所", person.address),
    )
