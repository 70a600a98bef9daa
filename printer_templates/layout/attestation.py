"""What every kind of front carries on every page: title, attesting sentence, date, municipality and mayor, official seal."""

from datetime import date

from printer_templates.era import era_date
from printer_templates.layout.fitting import Align
from printer_templates.layout.form import Form
from printer_templates.layout.images import official_seal
from printer_templates.layout.sheet import PlacedImage
from printer_templates.layout.words import FRONT_NOTES
from printer_templates.records import CertificateKind, Issuer
from printer_templates.regions import FRONT, RegionName

TITLE_SIZES_PT = (20.0, 18.0, 16.0)
SENTENCE_SIZES_PT = (11.0, 10.0)
ISSUER_SIZES_PT = (14.0, 12.0, 10.5, 9.0, 8.0)
NOTE_SIZES_PT = (7.5,)


def label_common(form: Form, kind: CertificateKind, title: str, sentence: str) -> None:
    """Place the common words: title, attesting sentence, notes."""
    regions = FRONT[kind]
    form.label(regions[RegionName.TITLE], title, sizes_pt=TITLE_SIZES_PT)
    form.label(regions[RegionName.ATTESTATION], sentence, sizes_pt=SENTENCE_SIZES_PT, align=Align.LEFT)
    form.label(regions[RegionName.NOTES], FRONT_NOTES, sizes_pt=NOTE_SIZES_PT, align=Align.LEFT)


def attest(form: Form, kind: CertificateKind, issuer: Issuer, issued_on: date) -> None:
    """Place date, issuer and official seal; raise ``FormError`` for an unusable seal, name or date."""
    regions = FRONT[kind]
    form.value(regions[RegionName.ISSUED_ON], era_date(issued_on), "the date of issue")
    mayor = f"{issuer.municipality}\u3000{issuer.mayor}"
    form.value(regions[RegionName.ISSUER], mayor, "the issuer", sizes_pt=ISSUER_SIZES_PT, align=Align.RIGHT)
    form.sheet.images.append(
        PlacedImage(regions[RegionName.OFFICIAL_SEAL], official_seal(bytes(issuer.official_seal_png)))
    )
