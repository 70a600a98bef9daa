"""Every text of the screen in Japanese and English: what is the case and what to do, in plain words. No text stands elsewhere.

``{name}`` stands for what ``present.py`` fills in. The screens are those of ``terminal.fsm.effects.Screen``; a test holds that
none is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from terminal.fsm.effects import Screen


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in both languages."""

    ja: str
    en: str

    def filled(self, **values: object) -> "Text":
        """With ``{name}`` replaced by ``values``."""
        return Text(self.ja.format(**values), self.en.format(**values))


Words: TypeAlias = Mapping[str, Text]
"""The centre's generic words and what they are called."""


@dataclass(frozen=True, slots=True)
class ScreenText:
    """A screen's title and the lines below it."""

    title: Text
    lines: tuple[Text, ...] = ()


SPECIMEN_BANNER = Text(
    "見本 — これは模擬端末です。証明書は使えません。", "SPECIMEN - simulated terminal, papers are not valid"
)
OK = Text("次へ", "Continue")
CONFIRM = Text("この内容で申し込む", "Order this")
STILL_HERE = Text("まだ操作中です。", "Are you still there?")
LONGER = Text("いつもより時間がかかっています。", "This takes longer than usual.")
ENDS_IN = Text(
    "あと{seconds}秒で終了します。「次へ」を押すと続けられます。", "Ends in {seconds} s. Press Continue to go on."
)
BACK = Text("戻る", "Back")
CANCEL = Text("取消", "Cancel")
TAKEN = Text("受け取りました", "I have taken them")
ON_PIN_PAD = Text("テンキーで入力し、確定を押してください。", "Type it on the PIN pad, then press OK.")
TRIES_LEFT = Text("暗証番号はあと{tries}回まで入力できます。", "Tries left: {tries}.")
FEE = Text("手数料 {fee}円", "Fee {fee} yen")
FEE_EACH = Text("1通 {fee}円", "{fee} yen each")
COPIES = Text("{copies}通", "Copies: {copies}")
NOT_AVAILABLE = Text("発行できません", "not available")
FEE_ELSEWHERE = Text("手数料 {fee}円はレジでお支払いください。", "Please pay the fee of {fee} yen at the register.")
INSERTED = Text("投入金額 {amount}円", "Inserted {amount} yen")
MISSING = Text("あと {amount}円", "Still to pay: {amount} yen")
CHANGE = Text("お釣り {amount}円", "Your change: {amount} yen")
EXACT_ONLY = Text(
    "ただいまお釣りが不足しています。ちょうどの金額でお支払いください。",
    "Exact change only, please: we are short of change.",
)
NO_CHANGE = Text(
    "この端末はお釣りが出ません。紙幣でちょうど払えない手数料は店員にお申し出ください。",
    "This terminal gives no change. If notes cannot make up the fee exactly, please tell the staff.",
)
NO_NOTES = Text("ただいま紙幣は使えません。", "No notes at present; please use coins.")
RECEIPT = Text("レシートをお取りください。", "Please take your receipt.")
REFUND_SLIP = Text("返金の明細書をお取りください。", "Please take your refund slip.")
CLAIM_TICKET = Text(
    "返金の引換券を発行します。必ずお取りになり、店員にお見せください。",
    "A claim ticket is printed for it: please take it and show it to the staff.",
)
NO_TICKET = Text(
    "ただいま引換券を印刷できません。この時刻を控えて店員にお伝えください。",
    "No claim ticket can be printed now: please note the time and tell the staff.",
)
REFUNDED = Text("{amount}円を返金しました。", "{amount} yen were given back.")
OWED = Text(
    "{amount}円をお返しできませんでした。記録してあります。店員にお申し出ください。",
    "{amount} yen could not be given back. It is on record; please tell the staff.",
)
PAGES = Text("{done} / {all} 面", "{done} of {all} sides")
YOU = Text("（ご本人）", "(you)")
SUPPORT = Text("番号 / Code {code}", "")

KINDS = MappingProxyType(
    {
        "residence_certificate": Text("住民票の写し", "Residence certificate"),
        "residence_record_statement": Text("住民票記載事項証明書", "Residence record statement"),
        "seal_certificate": Text("印鑑登録証明書", "Seal certificate"),
    }
)
SCOPES = MappingProxyType(
    {
        "self": Text("本人のみ", "Yourself only"),
        "household": Text("世帯全員", "The whole household"),
        "members": Text("世帯の一部の人", "Chosen members of the household"),
    }
)
ITEMS = MappingProxyType(
    {
        "relationship": Text("世帯主・続柄", "Head of household and relationship"),
        "registered_domicile": Text("本籍・筆頭者", "Registered domicile and head of register"),
        "my_number": Text("個人番号（マイナンバー）", "My Number"),
        "former_name": Text("旧氏", "Former name"),
        "nationality": Text("国籍・在留資格", "Nationality and residence status"),
    }
)
TAKES = MappingProxyType(
    {
        "coins": Text("硬貨が使えます。", "Coins are taken."),
        "notes": Text("紙幣が使えます。", "Notes are taken."),
        "exact": Text("ちょうどの金額をお支払いください。", "Please pay the exact amount."),
        "elsewhere": Text("手数料はレジでお支払いください。", "The fee is paid at the register."),
    }
)
"""How the fee is paid at this terminal (``Settings.takes``)."""


def _screen(ja: str, en: str, *lines: tuple[str, str]) -> ScreenText:
    return ScreenText(Text(ja, en), tuple(Text(*line) for line in lines))


SCREENS = MappingProxyType(
    {
        Screen.OUT_OF_SERVICE: _screen(
            "ただいま利用できません", "Out of service", ("店員にお知らせください。", "Please tell the staff.")
        ),
        Screen.WELCOME: _screen(
            "証明書交付サービス",
            "Certificates",
            ("マイナンバーカードを読み取り部に置いてください。", "Lay your My Number Card on the reader."),
            ("ご利用時間 6:30-23:00", "Hours 6:30-23:00"),
        ),
        Screen.READING_CARD: _screen(
            "カードを読み取っています", "Reading your card", ("カードを動かさないでください。", "Do not move the card.")
        ),
        Screen.CONFIRM_LAST_TRY: _screen(
            "暗証番号の入力はあと1回だけです",
            "This is the last try",
            (
                "次に間違えるとロックされ、市区町村の窓口でしか解除できません。",
                "If it is wrong, the card is locked; only the municipal office can unlock it.",
            ),
            (
                "入力しますか。分からないときは「取消」を押してください。",
                "Do you want to try? If not sure, press Cancel.",
            ),
        ),
        Screen.ENTER_PIN: _screen(
            "利用者証明用電子証明書の暗証番号（数字4桁）",
            "PIN of the authentication certificate (4 digits)",
            ("4桁の数字を入力してください。", "Type the four digits."),
        ),
        Screen.CHECKING_PIN: _screen(
            "暗証番号を確認しています", "Checking your PIN", ("カードを動かさないでください。", "Do not move the card.")
        ),
        Screen.READING_SUBJECT: _screen(
            "ご本人の情報を読み取っています",
            "Reading who you are",
            ("カードを動かさないでください。", "Do not move the card."),
        ),
        Screen.CONFIRM_LAST_TEXT_TRY: _screen(
            "券面事項入力補助用の暗証番号はあと1回だけです",
            "Last try for the text application's PIN",
            (
                "次に間違えるとロックされ、市区町村の窓口でしか解除できません。",
                "If it is wrong, it is locked; only the municipal office can unlock it.",
            ),
        ),
        Screen.ENTER_TEXT_PIN: _screen(
            "券面事項入力補助用の暗証番号（数字4桁）",
            "PIN of the text application (4 digits)",
            (
                "先ほどとは別の暗証番号です。4桁の数字を入力してください。",
                "This is another PIN than before. Type its four digits.",
            ),
        ),
        Screen.ASKING_CENTRE: _screen(
            "証明書交付センターに確認しています",
            "Asking the certificate centre",
            ("カードを動かさないでください。", "Do not move the card."),
        ),
        Screen.TAKE_CARD: _screen(
            "カードをお取りください",
            "Take your card",
            ("カードを取ると次へ進みます。", "Take it off the reader to go on."),
        ),
        Screen.CHOOSE_KIND: _screen("証明書を選んでください", "Choose a certificate"),
        Screen.KIND_REFUSED: _screen("この証明書は発行できません", "This certificate cannot be issued"),
        Screen.CHOOSE_SCOPE: _screen("どなたの証明書ですか", "For whom?"),
        Screen.CHOOSE_MEMBERS: _screen(
            "記載する人を選んでください",
            "Choose the persons",
            ("選び終えたら「次へ」を押してください。", "Press Continue when done."),
        ),
        Screen.CHOOSE_ITEMS: _screen(
            "記載する事項を選んでください",
            "Choose what is to be printed",
            ("選び終えたら「次へ」を押してください。", "Press Continue when done."),
        ),
        Screen.CHOOSE_COPIES: _screen("何通必要ですか", "How many copies?"),
        Screen.CONFIRM: _screen("内容を確認してください", "Please check"),
        Screen.PAY: _screen(
            "お支払いください",
            "Please pay",
            ("印刷できなかったときは全額お返しします。", "If nothing can be printed, all of it is given back."),
        ),
        Screen.TAKE_CHANGE: _screen(
            "お釣りをお取りください",
            "Take your change",
            ("お釣りの後に印刷します。", "Printing starts after the change."),
        ),
        Screen.CANCELLING: _screen("取り消しています", "Cancelling", ("そのままお待ちください。", "Please wait.")),
        Screen.REQUESTING: _screen(
            "証明書を請求しています",
            "Requesting your certificate",
            ("市区町村の回答を待っています。", "Waiting for the municipality."),
        ),
        Screen.VERIFYING: _screen(
            "証明書がご本人のものか確かめています",
            "Checking that the certificate is yours",
            ("印刷する前に1枚ずつ照合しています。", "Every page is compared before it is printed."),
        ),
        Screen.PRINTING: _screen("印刷しています", "Printing", ("離れずにお待ちください。", "Please stay here.")),
        Screen.PRINTER_WAITING: _screen(
            "プリンターが止まっています",
            "The printer has stopped",
            ("店員にお知らせください。", "Please tell the staff."),
        ),
        Screen.TAKE_SHEETS: _screen(
            "証明書をお取りください",
            "Take your certificates",
            ("印刷は終わりました。取り忘れにご注意ください。", "Printing is complete. Do not forget your papers."),
        ),
        Screen.REFUNDING: _screen(
            "返金しています", "Giving your money back", ("そのままお待ちください。", "Please wait.")
        ),
        Screen.TAKE_INCOMPLETE_SHEETS: _screen(
            "印刷が途中で止まりました",
            "Printing stopped half-way",
            ("出てきた紙はご本人のものです。お取りください。", "What came out is yours. Please take it."),
        ),
        Screen.PIN_LOCKED: _screen(
            "暗証番号がロックされています",
            "The PIN is locked",
            (
                "お住まいの市区町村の窓口で解除（再設定）できます。カードをお持ちください。",
                "Your municipal office can unlock it. Bring your card.",
            ),
        ),
        Screen.TAKE_CARD_BACK: _screen("カードをお取りください", "Take your card back"),
        Screen.SORRY: _screen("発行できませんでした", "Your certificate could not be issued"),
        Screen.GOODBYE: _screen("ご利用ありがとうございました", "Thank you"),
        Screen.RESETTING: _screen(
            "次の方のために準備しています",
            "Getting ready for the next person",
            ("しばらくお待ちください。", "Please wait."),
        ),
        Screen.STOPPED: _screen(
            "点検のため停止しています",
            "Stopped for inspection",
            ("責任者が確認するまで使えません。", "Not in service until a responsible person has looked at it."),
        ),
    }
)
