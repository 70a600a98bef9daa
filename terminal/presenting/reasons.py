"""Why something is not possible, in words for the customer: from the code that a device, gate or the centre gave."""

from types import MappingProxyType

from terminal.centre.messages import RefusalCode
from terminal.centre.refusals import customer_text
from terminal.fsm.values import MachineCode
from terminal.presenting.texts import Text
from terminal.verification.reasons import Reason, words_of

_COUNTER = Text("市区町村の窓口でお受け取りください。", "Please go to the municipal office.")

_TEXTS = MappingProxyType(
    {
        MachineCode.CUSTOMER_CANCELLED.value: Text("取り消しました。", "Cancelled."),
        MachineCode.CUSTOMER_LEFT.value: Text(
            "操作がなかったため終了しました。", "Ended, because nothing was pressed."
        ),
        MachineCode.CARD_REMOVED.value: Text(
            "カードが途中で外れました。もう一度最初からお願いします。",
            "The card was taken away too early. Please start again.",
        ),
        MachineCode.CARD_SWAPPED.value: Text("別のカードに替わりました。", "Another card was put in place."),
        MachineCode.ANOTHER_CARD.value: Text(
            "カードが置かれたので、前の方の手続きは取り消しました。カードを一度取り、最初からお願いします。",
            "A card was put down, so the session before was ended. Please take the card off and start from the beginning.",
        ),
        MachineCode.PIN_WRONG.value: Text("暗証番号が違います。", "The PIN is wrong."),
        MachineCode.PIN_LOCKED.value: Text("暗証番号がロックされています。", "The PIN is locked."),
        MachineCode.PIN_UNCOUNTED.value: Text(
            "読み取りが途切れました。暗証番号の残り回数を確認しました。",
            "The line broke; the tries left were read again.",
        ),
        MachineCode.PIN_UNKNOWN.value: Text(
            "暗証番号の結果を確認できませんでした。再送はしていません。",
            "It is not known whether the PIN was right. It was not sent again.",
        ),
        MachineCode.ALL_REFUSED.value: Text("発行できる証明書がありません。", "No certificate can be issued."),
        MachineCode.CHANGE_WRONG_AMOUNT.value: Text("お釣りの金額が合いませんでした。", "The change was not right."),
        MachineCode.CHANGE_TIMED_OUT.value: Text(
            "お釣りを確認できませんでした。", "It is not known whether the change came out."
        ),
        MachineCode.CENTRE_TIMED_OUT.value: Text("センターから回答がありません。", "The centre does not answer."),
        MachineCode.ISSUANCE_TIMED_OUT.value: Text(
            "市区町村から時間内に回答がなく、請求を取り消しました。",
            "The municipality did not answer in time; the request was cancelled.",
        ),
        MachineCode.CARD_FORGOTTEN.value: Text(
            "カードが取られないまま残っています。お持ち帰りください。",
            "The card was left on the reader. Please take it with you.",
        ),
        MachineCode.CARD_TIMED_OUT.value: Text(
            "カードから時間内に応答がありませんでした。", "The card did not answer in time."
        ),
        MachineCode.TEXT_PIN_LOCKED.value: Text(
            "券面事項入力補助用の暗証番号がロックされています。", "The PIN of the card's text is locked."
        ),
        MachineCode.CANCEL_TIMED_OUT.value: Text(
            "請求の取消しを確認できませんでした。", "It is not known whether the request was cancelled."
        ),
        MachineCode.PAYMENT_WRONG_AMOUNT.value: Text(
            "お支払いの金額が合いませんでした。", "The amount paid was not right."
        ),
        MachineCode.PAYMENT_UNKNOWN.value: Text(
            "お支払いを確認できませんでした。店員にお申し出ください。",
            "It is not known what was paid. Please tell the staff.",
        ),
        MachineCode.REFUND_WRONG_AMOUNT.value: Text(
            "返金の金額が合いませんでした。店員にお申し出ください。", "The refund was not right. Please tell the staff."
        ),
        MachineCode.REFUND_TIMED_OUT.value: Text(
            "返金を確認できませんでした。店員にお申し出ください。",
            "It is not known whether the refund came out. Please tell the staff.",
        ),
        MachineCode.GATES_TIMED_OUT.value: Text(
            "証明書の確認が時間内に終わらず、印刷していません。",
            "The certificate could not be checked in time. Nothing was printed.",
        ),
        MachineCode.NOTHING_TO_PRINT.value: Text(
            "届いた証明書に印刷するページがありませんでした。", "The certificate that came has no pages to print."
        ),
        MachineCode.PRINT_TIMED_OUT.value: Text(
            "印刷が時間内に終わらず、取りやめました。", "Printing did not end in time and was given up."
        ),
        MachineCode.PRINT_UNKNOWN.value: Text(
            "印刷の結果を確認できませんでした。", "It is not known what was printed."
        ),
        MachineCode.PRINT_CANCELED.value: Text("印刷が取り消されました。", "Printing was cancelled."),
        MachineCode.IMPRESSIONS_DIFFER.value: Text(
            "印刷されたページ数が証明書と合いませんでした。",
            "The pages that came out are not those of the certificate.",
        ),
        MachineCode.SHEETS_FORGOTTEN.value: Text(
            "取り忘れられた証明書が残っています。店員が取り出すまでお待ちください。",
            "Sheets were left behind. Please wait until the staff have taken them out.",
        ),
        MachineCode.RESET_TIMED_OUT.value: Text(
            "端末を時間内に初期状態に戻せませんでした。", "The terminal did not come back to its clean state in time."
        ),
        MachineCode.CRASHED.value: Text("端末のプログラムが途中で止まりました。", "The terminal's program broke off."),
        MachineCode.FINDING_OPEN.value: Text(
            "証明書の取違えのおそれがあるため、端末を止めています。",
            "The terminal is stopped: a certificate may have been another person's.",
        ),
        MachineCode.NOT_READY.value: Text("端末の準備ができていません。", "The terminal is not ready."),
        MachineCode.UNEXPECTED_EVENT.value: Text(
            "端末に予期しないことが起きました。", "Something unexpected happened in the terminal."
        ),
        "PAYMENT_NO_CHANGE": Text(
            "お釣りが出ないため、手数料にちょうど合うお金しか使えません。ちょうどの金額にできないときは「取消」を押してください。",
            "No change can be given: only money that makes up the fee exactly is taken. If you cannot, please press Cancel.",
        ),
        "COINS_MONEY_UNKNOWN": Text(
            "入れた硬貨を数えられませんでした。お金は端末の中にあります。店員にお申し出ください。",
            "Coins could not be counted. They are inside the terminal; please tell the staff.",
        ),
        "PRINTER_PAPER_OUT": Text("用紙がなくなりました。", "The printer is out of paper."),
        "PRINTER_PAPER_JAMMED": Text("紙づまりです。", "Paper is jammed."),
        "PRINTER_DOOR_OPEN": Text("プリンターの扉が開いています。", "The printer's door is open."),
        "PRINTER_TONER_OUT": Text("トナーがなくなりました。", "The printer is out of toner."),
        "CARD_NOT_MY_NUMBER_CARD": Text("マイナンバーカードではありません。", "This is not a My Number Card."),
        "CARD_LEFT_ON_READER": Text(
            "カードが読み取り部に残っています。カードを取ってください。",
            "A card lies on the reader. Please take it off.",
        ),
        "CARD_CERT_EXPIRED": Text(
            "電子証明書の有効期限が切れています。市区町村の窓口で更新できます。",
            "The certificate has expired. The municipal office renews it.",
        ),
    }
)
_BY_ROOM = (
    (
        "CARD_",
        Text(
            "カードを読み取れませんでした。もう一度最初からお願いします。",
            "The card could not be read. Please start again.",
        ),
    ),
    (
        "CENTRE_BUNDLE_",
        Text(
            "届いた証明書のデータを確認できませんでした。印刷していません。",
            "The data that came could not be verified. Nothing was printed.",
        ),
    ),
    ("CENTRE_", Text("証明書交付センターと通信できません。", "The certificate centre cannot be reached.")),
    (
        "FORM_",
        Text(
            "様式に印刷できない文字があります。市区町村の窓口でお受け取りください。",
            "The form cannot show this. Please go to the municipal office.",
        ),
    ),
    ("PRINTER_", Text("印刷できませんでした。", "Printing was not possible.")),
    ("PAYMENT_", Text("お支払いを受けられませんでした。", "The payment did not go through.")),
    ("COINS_", Text("硬貨の機械が止まっています。", "The coin mechanism has stopped.")),
    ("NOTES_", Text("紙幣の機械が止まっています。", "The note validator has stopped.")),
    ("PIN_PAD_", Text("暗証番号の入力装置が使えません。", "The PIN pad does not work.")),
    ("RECEIPT_", Text("レシートの機械が止まっています。", "The receipt printer has stopped.")),
    ("SIGNAL_TOWER_", Text("表示灯が応答しません。", "The signal lamp does not answer.")),
    ("LINE_", Text("機器との通信が途切れています。", "The line to a device is broken.")),
    ("JOURNAL_", Text("端末の記録を書けません。", "The terminal cannot write its journal.")),
    ("LEDGER_", Text("端末の入出金の記録を書けません。", "The terminal cannot write its cash ledger.")),
    ("INTEGRITY_", Text("端末のプログラムが登録と異なります。", "The terminal's program is not the recorded one.")),
    ("RESET_", Text("端末を初期状態に戻せませんでした。", "The terminal could not be brought to its clean state.")),
)
_UNKNOWN = Text("処理を続けられません。", "This cannot go on.")


def reason_text(code: str) -> tuple[Text, ...]:
    """The words for ``code``, with what to do; every code has some, and none says anything about a person."""
    if code in RefusalCode._value2member_map_:
        words = customer_text(RefusalCode(code))
        return (Text(words.ja, words.en),)
    if code in Reason._value2member_map_:
        reason = words_of(Reason(code))
        return (Text(reason.ja, reason.en), _COUNTER)
    if code in _TEXTS:
        return (_TEXTS[code],)
    return (next((text for prefix, text in _BY_ROOM if code.startswith(prefix)), _UNKNOWN),)
