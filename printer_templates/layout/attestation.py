"""What every kind of front carries on every page: title, attesting sentence, date, municipality and mayor, official seal."""

from datetime import date

from printer_templates.era import era_date
from printer_templates.layout.fitting import Align
from printer_templates.layout.form import Form
from printer_templates.layout.images import official_seal
from printer_templates.layout.sheet import PlacedImage
from printer_templates.records import CertificateKind, Issuer
from printer_templates.regions import FRONT, RegionName

TITLE_SIZES_PT = (20.0, 18.0, 16.0)
SENTENCE_SIZES_PT = (11.0, 10.0)
ISSUER_SIZES_PT = (14.0, 12.0, 10.5, 9.0, 8.0)
NOTE_SIZES_PT = (7.5,)

_NOTES = (
    "この証明書は、証明書等自動交付（コンビニ交付）により発行したものです。裏面には、おもて面を暗号化した画像と偽造防止検出画像を"
    "印刷しています。左の二次元コードには発行者の署名があり、このページの文字が改ざんされていないことを確かめられます。"
    "複写すると「複写」の文字が浮かび上がることがあります。二枚以上にわたる場合は、全部のページがそろって一通の証明書です。"
)


def attest(form: Form, kind: CertificateKind, issuer: Issuer, issued_on: date, title: str, sentence: str) -> None:
    """Place the common parts; raise ``FormError`` for an unusable seal, name or date."""
    regions = FRONT[kind]
    form.label(regions[RegionName.TITLE], title, sizes_pt=TITLE_SIZES_PT)
    form.label(regions[RegionName.ATTESTATION], sentence, sizes_pt=SENTENCE_SIZES_PT, align=Align.LEFT)
    form.value(regions[RegionName.ISSUED_ON], era_date(issued_on), "the date of issue")
    mayor = f"{issuer.municipality}\u3000{issuer.mayor}"
    form.value(regions[RegionName.ISSUER], mayor, "the issuer", sizes_pt=ISSUER_SIZES_PT, align=Align.RIGHT)
    form.label(regions[RegionName.NOTES], _NOTES, sizes_pt=NOTE_SIZES_PT, align=Align.LEFT)
    form.sheet.images.append(
        PlacedImage(regions[RegionName.OFFICIAL_SEAL], official_seal(bytes(issuer.official_seal_png)))
    )
