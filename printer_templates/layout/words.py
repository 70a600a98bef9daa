"""The forms' own words, in one place; their characters are in every document's font, at fixed places."""

from printer_templates.records import Scope, Sex
from printer_templates.regions import RegionName

OMITTED = "（省略）"
NOT_APPLICABLE = "＊＊＊＊＊"
SPECIMEN = "見本 SPECIMEN"
DOCUMENT_NUMBER = "発行番号"
SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "不明", Sex.NOT_APPLICABLE: NOT_APPLICABLE}

RESIDENCE_TITLES = {Scope.SELF: "住民票", Scope.HOUSEHOLD: "住民票（世帯全員）", Scope.MEMBERS: "住民票（世帯の一部）"}
RESIDENCE_SENTENCE = "この写しは、住民票の原本と相違ないことを証明する。"
HOUSEHOLD_SENTENCE = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
STATEMENT_TITLE = "住民票記載事項証明書"
STATEMENT_SENTENCE = "上記の事項は、住民票に記載があることを証明する。"
SEAL_TITLE = "印鑑登録証明書"
SEAL_SENTENCE = "この写しは、登録されている印影と相違ないことを証明する。"

HOUSEHOLD_HEAD = "世帯主"
IMPRESSION = "印影"
LABELS = {
    RegionName.NAME: "氏名",
    RegionName.FORMER_NAME: "旧氏",
    RegionName.BIRTH_DATE: "生年月日",
    RegionName.SEX: "性別",
    RegionName.RELATIONSHIP: "続柄",
    RegionName.RESIDENT_SINCE: "住民となった日",
    RegionName.ADDRESS: "住所",
    RegionName.REGISTERED_DOMICILE: "本籍",
    RegionName.HEAD_OF_REGISTER: "筆頭者",
    RegionName.MY_NUMBER: "個人番号",
    RegionName.NATIONALITY: "国籍・地域",
    RegionName.RESIDENCE_STATUS: "在留資格",
    RegionName.RESIDENCE_EXPIRY: "在留期間の満了の日",
    RegionName.REGISTRATION_NUMBER: "登録番号",
    RegionName.REGISTERED_ON: "登録年月日",
}

FRONT_NOTES = (
    "この証明書は、証明書等自動交付（コンビニ交付）により発行したものです。裏面には、おもて面を暗号化した画像と偽造防止検出画像を"
    "印刷しています。左の二次元コードには発行者の署名があり、このページの文字が改ざんされていないことを確かめられます。"
    "複写すると「複写」の文字が浮かび上がることがあります。二枚以上にわたる場合は、全部のページがそろって一通の証明書です。"
)
BACK_NOTES = (
    "中央の画像は、おもて面を暗号化したものです。スキャナーで読み取り、復号した画像をおもて面と見比べてください。"
    "左の二次元コードは、おもて面と同じものです。偽造防止検出画像には「証」の文字が隠れています。"
)
_DATES_AND_NUMBERS = "令和平成昭和大正明治元年月日0123456789 /-ABCDEFGHIJKLMNOPQRSTUVWXYZ\u3000"

VOCABULARY = "".join(
    sorted(
        set().union(
            _DATES_AND_NUMBERS,
            OMITTED,
            NOT_APPLICABLE,
            SPECIMEN,
            DOCUMENT_NUMBER,
            HOUSEHOLD_HEAD,
            IMPRESSION,
            *SEXES.values(),
            *RESIDENCE_TITLES.values(),
            *LABELS.values(),
            RESIDENCE_SENTENCE,
            HOUSEHOLD_SENTENCE,
            STATEMENT_TITLE,
            STATEMENT_SENTENCE,
            SEAL_TITLE,
            SEAL_SENTENCE,
            FRONT_NOTES,
            BACK_NOTES,
        )
    )
)
"""Every character of these words, digits, Latin capitals and what era dates need, in a fixed order."""
