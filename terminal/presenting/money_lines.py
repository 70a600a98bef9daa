"""What the screens say of money: how it is paid before the first coin, what came in, what comes back, which paper to take."""

from terminal.fsm.effects import Screen, Show
from terminal.presenting import texts
from terminal.presenting.texts import Text

COINS_CHANGE_LOW = "COINS_CHANGE_LOW"
"""The one level of the coin mechanism that a customer has to know: it may not have change for them."""

NOTES = "NOTES_"
"""Every code of the note validator begins so; with any of its levels up no note is taken."""

SLIP_PRINTER = "RECEIPT_"
PAPER_LOW = "RECEIPT_PAPER_LOW"
"""The one level of the slip printer with which slips come out still."""

_WITH_WAYS_TO_PAY = frozenset({Screen.WELCOME, Screen.CONFIRM, Screen.PAY})


def fee(show: Show, takes: tuple[str, ...]) -> Text:
    """The fee, and where it is paid if not here."""
    text = texts.FEE_ELSEWHERE if show.fee_yen and "elsewhere" in takes else texts.FEE
    return text.filled(fee=show.fee_yen)


def before(show: Show, takes: tuple[str, ...]) -> list[Text]:
    """Ways to pay and what hinders them; while money comes in, how much is missing; what comes back as change."""
    lines: list[Text] = []
    if show.screen is Screen.PAY:
        lines.append(fee(show, takes))
        if show.inserted_yen:
            lines.append(texts.INSERTED.filled(amount=show.inserted_yen))
            lines.append(texts.MISSING.filled(amount=max(0, show.fee_yen - show.inserted_yen)))
    if show.screen is Screen.TAKE_CHANGE:
        lines.append(texts.CHANGE.filled(amount=show.change_yen))
    if show.screen in _WITH_WAYS_TO_PAY and (show.screen is Screen.WELCOME or show.fee_yen):
        lines += _ways_to_pay(show, takes)
    return lines


def afterwards(show: Show, takes: tuple[str, ...], slips: bool) -> list[Text]:
    """What went back, what is owed, and the papers about it."""
    lines: list[Text] = []
    prints = slips and not any(code.startswith(SLIP_PRINTER) and code != PAPER_LOW for code in show.levels)
    if show.screen is Screen.TAKE_SHEETS and show.fee_yen:
        lines += [texts.RECEIPT] if prints else []
        lines += [fee(show, takes)] if "elsewhere" in takes else []
    if show.refunded_yen:
        lines.append(texts.REFUNDED.filled(amount=show.refunded_yen))
        lines += [texts.REFUND_SLIP] if prints else []
    if show.owed_yen:
        lines.append(texts.OWED.filled(amount=show.owed_yen))
        lines += [texts.CLAIM_TICKET if prints else texts.NO_TICKET] if slips else []
    return lines


def _ways_to_pay(show: Show, takes: tuple[str, ...]) -> list[Text]:
    no_notes = any(code.startswith(NOTES) for code in show.levels)
    lines = [texts.TAKES[way] for way in takes if way in texts.TAKES and not (way == "notes" and no_notes)]
    if "coins" in takes and COINS_CHANGE_LOW in show.levels:
        lines.append(texts.EXACT_ONLY)
    if "notes" in takes and "coins" not in takes:
        lines.append(texts.NO_CHANGE)
    if "notes" in takes and no_notes:
        lines.append(texts.NO_NOTES)
    return lines
