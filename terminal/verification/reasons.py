"""The catalogue of reasons: a stable code each, and its words for customers and clerks in Japanese and English.

Words never hold a value from a card, record or sheet, so they may be shown, spoken and journalled.
"""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a comparison ended as it did."""

    SAME = "GATE_SAME"
    # gate A
    OTHER_REQUEST = "GATE_OTHER_REQUEST"
    OTHER_SESSION = "GATE_OTHER_SESSION"
    OTHER_TERMINAL = "GATE_OTHER_TERMINAL"
    OTHER_SESSION_KEY = "GATE_OTHER_SESSION_KEY"
    OTHER_CARD = "GATE_OTHER_CARD"
    OTHER_CHOICE = "GATE_OTHER_CHOICE"
    OTHER_MUNICIPALITY = "GATE_OTHER_MUNICIPALITY"
    ISSUED_IN_FUTURE = "GATE_ISSUED_IN_FUTURE"
    TOO_OLD = "GATE_TOO_OLD"
    EXPIRED = "GATE_EXPIRED"
    LIFETIME_TOO_LONG = "GATE_LIFETIME_TOO_LONG"
    REGISTER_TOO_OLD = "GATE_REGISTER_TOO_OLD"
    REGISTER_IN_FUTURE = "GATE_REGISTER_IN_FUTURE"
    REGISTER_CANCELLED = "GATE_REGISTER_CANCELLED"
    REGISTER_SUPERSEDED = "GATE_REGISTER_SUPERSEDED"
    REGISTER_UNKNOWN = "GATE_REGISTER_UNKNOWN"
    OTHER_DATE = "GATE_OTHER_DATE"
    OTHER_FEE = "GATE_OTHER_FEE"
    WRONG_COPY_COUNT = "GATE_WRONG_COPY_COUNT"
    DOCUMENT_NUMBER_TWICE = "GATE_DOCUMENT_NUMBER_TWICE"
    SCRAMBLE_KEY_TWICE = "GATE_SCRAMBLE_KEY_TWICE"
    WRONG_KIND = "GATE_WRONG_KIND"
    WRONG_SCOPE = "GATE_WRONG_SCOPE"
    NOT_OFFERED = "GATE_NOT_OFFERED"
    # gate B
    ABSENT = "GATE_ABSENT"
    OTHER_NAME = "GATE_OTHER_NAME"
    OTHER_ADDRESS = "GATE_OTHER_ADDRESS"
    OTHER_BIRTH_DATE = "GATE_OTHER_BIRTH_DATE"
    OTHER_SEX = "GATE_OTHER_SEX"
    SEX_NOT_STATED = "GATE_SEX_NOT_STATED"
    CHARACTER_VARIANT = "GATE_CHARACTER_VARIANT"
    CHARACTER_REPLACED = "GATE_CHARACTER_REPLACED"
    SMALL_KANA = "GATE_SMALL_KANA"
    LETTER_MARKS = "GATE_LETTER_MARKS"
    NAME_DIVIDED_OTHERWISE = "GATE_NAME_DIVIDED_OTHERWISE"
    FORMER_NAME_ON_ONE_SIDE = "GATE_FORMER_NAME_ON_ONE_SIDE"
    BLOCK_NOTATION = "GATE_BLOCK_NOTATION"
    BUILDING_ON_ONE_SIDE = "GATE_BUILDING_ON_ONE_SIDE"
    PREFECTURE_ON_ONE_SIDE = "GATE_PREFECTURE_ON_ONE_SIDE"
    SECTION_WORD = "GATE_SECTION_WORD"
    OTHER_PERSONS = "GATE_OTHER_PERSONS"
    PERSON_TWICE = "GATE_PERSON_TWICE"
    PERSON_MISSING = "GATE_PERSON_MISSING"
    APPLICANT_UNKNOWN = "GATE_APPLICANT_UNKNOWN"
    HEAD_NOT_IN_HOUSEHOLD = "GATE_HEAD_NOT_IN_HOUSEHOLD"
    ITEM_NOT_CHOSEN = "GATE_ITEM_NOT_CHOSEN"
    ITEM_MISSING = "GATE_ITEM_MISSING"
    # gate C
    NOT_A_PDF = "GATE_NOT_A_PDF"
    TOO_LARGE = "GATE_TOO_LARGE"
    WRONG_PAGE_COUNT = "GATE_WRONG_PAGE_COUNT"
    NOT_A4 = "GATE_NOT_A4"
    ACTIVE_CONTENT = "GATE_ACTIVE_CONTENT"
    MISSING_GLYPH = "GATE_MISSING_GLYPH"
    PAGE_BLANK = "GATE_PAGE_BLANK"
    PAGE_CODE_MISSING = "GATE_PAGE_CODE_MISSING"
    PAGE_CODE_FORGED = "GATE_PAGE_CODE_FORGED"
    OTHER_DOCUMENT_NUMBER = "GATE_OTHER_DOCUMENT_NUMBER"
    WRONG_PAGE_NUMBER = "GATE_WRONG_PAGE_NUMBER"
    OTHER_CONTENT = "GATE_OTHER_CONTENT"
    FIELD_MISSING = "GATE_FIELD_MISSING"
    OTHER_FIELD = "GATE_OTHER_FIELD"
    TEXT_OUTSIDE_FIELDS = "GATE_TEXT_OUTSIDE_FIELDS"
    SEAL_MISSING = "GATE_SEAL_MISSING"
    OTHER_SEAL = "GATE_OTHER_SEAL"
    IMPRESSION_MISSING = "GATE_IMPRESSION_MISSING"
    OTHER_IMPRESSION = "GATE_OTHER_IMPRESSION"
    PICTURE_UNREADABLE = "GATE_PICTURE_UNREADABLE"
    BACK_MISSING = "GATE_BACK_MISSING"
    OTHER_BACK = "GATE_OTHER_BACK"
    SPECIMEN_MARK = "GATE_SPECIMEN_MARK"
    FORM_WORDS = "GATE_FORM_WORDS"
    # sheet verify
    FRONT_MISSING = "GATE_FRONT_MISSING"
    KEY_MISSING = "GATE_KEY_MISSING"
    NOT_A_SHEET = "GATE_NOT_A_SHEET"
    # gate D
    NOT_DELIVERED = "GATE_NOT_DELIVERED"
    TOO_FEW_IMPRESSIONS = "GATE_TOO_FEW_IMPRESSIONS"
    TOO_MANY_IMPRESSIONS = "GATE_TOO_MANY_IMPRESSIONS"
    OTHER_SCAN = "GATE_OTHER_SCAN"


@dataclass(frozen=True, slots=True)
class Words:
    """One reason in words: Japanese first, since the sheet is Japanese."""

    ja: str
    en: str


_WORDS: dict[Reason, Words] = {
    Reason.SAME: Words("一致しました", "the same"),
    Reason.OTHER_REQUEST: Words("別の申請の証明書です", "it belongs to another request"),
    Reason.OTHER_SESSION: Words("別の利用の証明書です", "it belongs to another customer's session"),
    Reason.OTHER_TERMINAL: Words("別の端末あての証明書です", "it is meant for another terminal"),
    Reason.OTHER_SESSION_KEY: Words("別の鍵あての証明書です", "it is meant for another session key"),
    Reason.OTHER_CARD: Words("読み取ったカードの方の証明書ではありません", "it is not about the card that was read"),
    Reason.OTHER_CHOICE: Words("お選びの内容と違います", "it is not what was chosen"),
    Reason.OTHER_MUNICIPALITY: Words("別の市区町村の証明書です", "another municipality states or signs it"),
    Reason.ISSUED_IN_FUTURE: Words("発行時刻が未来です", "it was issued in the future; compare the clocks"),
    Reason.TOO_OLD: Words("発行から時間がたちすぎています", "too much time has passed since it was issued"),
    Reason.EXPIRED: Words("有効時間を過ぎています", "it has expired"),
    Reason.LIFETIME_TOO_LONG: Words("有効時間が長すぎます", "it is valid for longer than allowed"),
    Reason.REGISTER_TOO_OLD: Words("台帳の内容が最新ではありません", "the register was read too long ago"),
    Reason.REGISTER_IN_FUTURE: Words("台帳の時刻が未来です", "the register was read in the future; compare the clocks"),
    Reason.REGISTER_CANCELLED: Words("登録が廃止されています", "the registration has been cancelled"),
    Reason.REGISTER_SUPERSEDED: Words("登録が新しい内容に替わっています", "a newer registration has taken its place"),
    Reason.REGISTER_UNKNOWN: Words("登録の状態を確認できません", "the state of the registration is not known"),
    Reason.OTHER_DATE: Words("発行日が一致しません", "the dates of issue disagree"),
    Reason.OTHER_FEE: Words("手数料が一致しません", "the fee is not the one that was shown"),
    Reason.WRONG_COPY_COUNT: Words("部数が一致しません", "the number of copies is not the one chosen"),
    Reason.DOCUMENT_NUMBER_TWICE: Words("文書番号が重複しています", "two copies bear one document number"),
    Reason.SCRAMBLE_KEY_TWICE: Words("偽造防止の鍵が重複しています", "two copies share one scramble key"),
    Reason.WRONG_KIND: Words("証明書の種類が一致しません", "it is another kind of certificate"),
    Reason.WRONG_SCOPE: Words("証明の範囲が一致しません", "it covers another scope than chosen"),
    Reason.NOT_OFFERED: Words("交付できる方に含まれていません", "someone chosen was not offered to this customer"),
    Reason.ABSENT: Words("確認に必要な項目がありません", "a value needed for the comparison is missing"),
    Reason.OTHER_NAME: Words("氏名が一致しません", "the names are different"),
    Reason.OTHER_ADDRESS: Words("住所が一致しません", "the addresses are different"),
    Reason.OTHER_BIRTH_DATE: Words("生年月日が一致しません", "the birth dates are different"),
    Reason.OTHER_SEX: Words("性別が一致しません", "the sexes are different"),
    Reason.SEX_NOT_STATED: Words("性別の記録がなく判断できません", "neither side states the sex"),
    Reason.CHARACTER_VARIANT: Words("字体の違いがあり判断できません", "the same character in another variant form"),
    Reason.CHARACTER_REPLACED: Words(
        "カードで表せない文字があり判断できません", "a character was replaced by a filler sign"
    ),
    Reason.SMALL_KANA: Words("小書きのかなの違いがあり判断できません", "small and large kana differ"),
    Reason.LETTER_MARKS: Words("欧文の符号の違いがあり判断できません", "letters differ in their marks only"),
    Reason.NAME_DIVIDED_OTHERWISE: Words("氏と名の区切りが違い判断できません", "the name is divided at another place"),
    Reason.FORMER_NAME_ON_ONE_SIDE: Words(
        "旧氏等の併記が片方だけで判断できません", "a name in brackets on one side only"
    ),
    Reason.BLOCK_NOTATION: Words("番地の書き方が違い判断できません", "the same block numbers in another notation"),
    Reason.BUILDING_ON_ONE_SIDE: Words("方書が片方だけで判断できません", "a building or room on one side only"),
    Reason.PREFECTURE_ON_ONE_SIDE: Words("都道府県名が片方だけで判断できません", "the prefecture on one side only"),
    Reason.SECTION_WORD: Words("大字・字の表記が違い判断できません", "a section word (aza) differs"),
    Reason.OTHER_PERSONS: Words("選ばれていない方が含まれています", "someone is on the sheet who was not chosen"),
    Reason.PERSON_TWICE: Words("同じ方が重複しています", "someone is on the sheet twice"),
    Reason.PERSON_MISSING: Words("選ばれた方が含まれていません", "someone chosen is not on the sheet"),
    Reason.APPLICANT_UNKNOWN: Words("申請者を特定できません", "the applicant is not exactly one of the household"),
    Reason.HEAD_NOT_IN_HOUSEHOLD: Words("世帯主を確認できません", "the named head is none of the household offered"),
    Reason.ITEM_NOT_CHOSEN: Words(
        "選ばれていない項目が記載されています", "an item is on the sheet that nobody asked for"
    ),
    Reason.ITEM_MISSING: Words("選ばれた項目が記載されていません", "an item asked for is not on the sheet"),
    Reason.NOT_A_PDF: Words("印刷データを読めません", "the print data cannot be read as a PDF"),
    Reason.TOO_LARGE: Words("印刷データが大きすぎます", "the print data is larger than allowed"),
    Reason.WRONG_PAGE_COUNT: Words("ページ数が一致しません", "the number of pages is wrong"),
    Reason.NOT_A4: Words("用紙の大きさがA4ではありません", "a page is not A4"),
    Reason.ACTIVE_CONTENT: Words("印刷データに許されない内容があります", "the print data has active or hidden content"),
    Reason.MISSING_GLYPH: Words("表せない文字があります", "a character has no glyph or no reading"),
    Reason.PAGE_BLANK: Words("白紙のページがあります", "a page is blank"),
    Reason.PAGE_CODE_MISSING: Words("二次元コードを読めません", "a page's 2D code cannot be read"),
    Reason.PAGE_CODE_FORGED: Words("二次元コードの署名が正しくありません", "a page's 2D code is not rightly signed"),
    Reason.OTHER_DOCUMENT_NUMBER: Words("別の文書番号のページです", "a page bears another document's number"),
    Reason.WRONG_PAGE_NUMBER: Words("ページの順番が正しくありません", "a page is not the one due at its place"),
    Reason.OTHER_CONTENT: Words("記載内容が署名されたものと違います", "a page's content is not what was signed"),
    Reason.FIELD_MISSING: Words("記載すべき項目がありません", "a field that the form must show is missing"),
    Reason.OTHER_FIELD: Words("記載内容が記録と違います", "a field shows something else than the record"),
    Reason.TEXT_OUTSIDE_FIELDS: Words("余分な記載があります", "there is text that the form does not have"),
    Reason.SEAL_MISSING: Words("公印がありません", "the official seal is missing"),
    Reason.OTHER_SEAL: Words("公印が違います", "it is another official seal"),
    Reason.IMPRESSION_MISSING: Words("印影がありません", "the registered impression is missing"),
    Reason.OTHER_IMPRESSION: Words("印影が登録と違います", "it is another impression than the registered one"),
    Reason.PICTURE_UNREADABLE: Words(
        "記録の公印・印影の画像を読めません", "the record's seal or impression is no picture that can be read"
    ),
    Reason.BACK_MISSING: Words("裏面の偽造防止画像がありません", "a back lacks its scramble image"),
    Reason.OTHER_BACK: Words("裏面が別の証明書のものです", "a back belongs to another front"),
    Reason.SPECIMEN_MARK: Words(
        "見本表示が正しくありません", "the specimen mark is missing, or stands on a real sheet"
    ),
    Reason.FORM_WORDS: Words("様式の文言が欠けています", "words that the form has are missing"),
    Reason.FRONT_MISSING: Words(
        "おもて面の画像がありません", "the front was not given; compare the recovered one by eye"
    ),
    Reason.KEY_MISSING: Words("復号用の鍵がありません", "the key that turns backs is not in the trust directory"),
    Reason.NOT_A_SHEET: Words("A4証明書の画像ではありません", "it is no picture of a whole A4 side"),
    Reason.NOT_DELIVERED: Words("印刷が完了していません", "the printer did not complete the job"),
    Reason.TOO_FEW_IMPRESSIONS: Words("印刷された面が足りません", "fewer sides came out than the job has"),
    Reason.TOO_MANY_IMPRESSIONS: Words("印刷された面が多すぎます", "more sides came out than the job has"),
    Reason.OTHER_SCAN: Words("印刷された紙が証明書と違います", "the sheet in the tray is not the sheet that was sent"),
}


def words_of(reason: Reason) -> Words:
    """The words of ``reason``."""
    return _WORDS[reason]
