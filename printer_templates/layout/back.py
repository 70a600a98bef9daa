"""The back of a page: scramble image, page code again, latent image, and a few words for the reader."""

from printer_templates.fonts.typeface import Typeface
from printer_templates.layout.fitting import Align
from printer_templates.layout.form import Form
from printer_templates.layout.sheet import Sheet
from printer_templates.regions import BACK, RegionName

_NOTES = (
    "中央の画像は、おもて面を暗号化したものです。スキャナーで読み取り、復号した画像をおもて面と見比べてください。"
    "左の二次元コードは、おもて面と同じものです。偽造防止検出画像には「証」の文字が隠れています。"
)


def sheet(typeface: Typeface) -> Sheet:
    """The back's own words; marks and numbers are added by the assembly."""
    form = Form(typeface)
    form.label(BACK[RegionName.NOTES], _NOTES, sizes_pt=(7.5, 7.0), align=Align.LEFT)
    return form.sheet
