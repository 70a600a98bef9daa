"""The forms' own words: what may stand on a side besides the values, so that one word more or less is noticed.

A second list on purpose: the gate does not ask the drawing what it meant to draw. Compared as a count of characters, since
words wrap as their cells allow.
"""

from collections import Counter

from printer_templates.records import CertificateKind, ResidenceRecord, Scope, SealRecord

SPECIMEN = "見本SPECIMEN"

_PERSON_LABELS = "氏名旧氏生年月日性別続柄住民となった日住所本籍筆頭者個人番号国籍・地域在留資格在留期間の満了の日"
_SEAL_LABELS = "印影登録番号登録年月日生年月日性別氏名旧氏住所"
_NUMBER_LABEL = "発行番号"
_FRONT_NOTES = (
    "この証明書は、証明書等自動交付（コンビニ交付）により発行したものです。裏面には、おもて面を暗号化した画像と偽造防止検出画像を"
    "印刷しています。左の二次元コードには発行者の署名があり、このページの文字が改ざんされていないことを確かめられます。"
    "複写すると「複写」の文字が浮かび上がることがあります。二枚以上にわたる場合は、全部のページがそろって一通の証明書です。"
)
_BACK_NOTES = (
    "中央の画像は、おもて面を暗号化したものです。スキャナーで読み取り、復号した画像をおもて面と見比べてください。"
    "左の二次元コードは、おもて面と同じものです。偽造防止検出画像には「証」の文字が隠れています。"
)
_SENTENCES = {
    CertificateKind.RESIDENCE_CERTIFICATE: "この写しは、住民票の原本と相違ないことを証明する。",
    CertificateKind.RESIDENCE_RECORD_STATEMENT: "上記の事項は、住民票に記載があることを証明する。",
    CertificateKind.SEAL_CERTIFICATE: "この写しは、登録されている印影と相違ないことを証明する。",
}
_HOUSEHOLD_SENTENCE = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"


def front_words(record: ResidenceRecord | SealRecord, persons_on_page: int) -> Counter[str]:
    """The characters of every label, sentence and note on a front with that many person blocks."""
    if isinstance(record, SealRecord):
        return Counter(_NUMBER_LABEL + _FRONT_NOTES + _SEAL_LABELS + _SENTENCES[record.kind])
    whole_household = record.kind is CertificateKind.RESIDENCE_CERTIFICATE and record.scope is Scope.HOUSEHOLD
    sentence = _HOUSEHOLD_SENTENCE if whole_household else _SENTENCES[record.kind]
    return Counter(_NUMBER_LABEL + _FRONT_NOTES + "世帯主" + sentence + _PERSON_LABELS * persons_on_page)


def back_words() -> Counter[str]:
    """The characters of a back's own words."""
    return Counter(_NUMBER_LABEL + _BACK_NOTES)
