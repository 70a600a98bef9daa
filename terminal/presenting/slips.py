"""What the slips say, in Japanese and English: a receipt, a bill to pay at the register, a refund slip, a claim ticket.

A slip names the terminal, the time and amounts, and nobody: the person is nowhere on it. The claim ticket's code is for the
staff's scanner: ``HONNIN-CLAIM/1/terminal/number/amount``.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from terminal.devices.receipt_printer.api import SlipDocument, SlipKind, SlipLine

BANNER: Final = "見本 SPECIMEN"
_ACT: Final = "証明書交付端末 / Certificate terminal"


@dataclass(frozen=True, slots=True)
class SlipHead:
    """Where and when; ``simulated`` puts 見本 / SPECIMEN on top (promise P9)."""

    terminal_id: str
    at: datetime
    simulated: bool


def receipt(head: SlipHead, fee_yen: int, inserted_yen: int, change_yen: int, reprint: bool = False) -> SlipDocument:
    """領収書: the fee is kept, for sheets that came out."""
    lines = (
        SlipLine("証明書発行手数料 Fee", _yen(fee_yen), emphasised=True),
        SlipLine("お預かり Received", _yen(inserted_yen)),
        SlipLine("お釣り Change", _yen(change_yen)),
    )
    return _slip(SlipKind.RECEIPT, "領収書 RECEIPT", head, lines, reprint=reprint)


def bill(head: SlipHead, fee_yen: int, reprint: bool = False) -> SlipDocument:
    """お支払い票: this terminal takes no money, the shop's register does."""
    lines = (
        SlipLine("証明書発行手数料 Fee", _yen(fee_yen), emphasised=True),
        SlipLine("レジでお支払いください", centred=True),
        SlipLine("Please pay at the register", centred=True),
    )
    return _slip(SlipKind.RECEIPT, "お支払い票 TO PAY", head, lines, reprint=reprint)


def refund(head: SlipHead, amount_yen: int, reprint: bool = False) -> SlipDocument:
    """返金票: the money went back."""
    lines = (
        SlipLine("返金額 Refunded", _yen(amount_yen), emphasised=True),
        SlipLine("証明書は発行されていません", centred=True),
        SlipLine("No certificate was issued", centred=True),
    )
    return _slip(SlipKind.REFUND, "返金票 REFUND", head, lines, reprint=reprint)


def claim_ticket(head: SlipHead, number: str, amount_yen: int, reprint: bool = False) -> SlipDocument:
    """預り証: money that could not be given back; staff pay what is on record under the number, once."""
    lines = (
        SlipLine("番号 No.", number, emphasised=True),
        SlipLine("お返しする金額 Amount", _yen(amount_yen), emphasised=True),
        SlipLine("この券を店員にお渡しください。", centred=True),
        SlipLine("金額は店の記録で確かめてお支払いします。", centred=True),
        SlipLine("Give this ticket to the staff: they pay", centred=True),
        SlipLine("what is on record under this number.", centred=True),
    )
    code = f"HONNIN-CLAIM/1/{head.terminal_id}/{number}/{amount_yen}".encode()
    return _slip(SlipKind.CLAIM, "預り証 CLAIM TICKET", head, lines, code, reprint)


def _slip(
    kind: SlipKind,
    title: str,
    head: SlipHead,
    lines: tuple[SlipLine, ...],
    code: bytes | None = None,
    reprint: bool = False,
) -> SlipDocument:
    framed = (
        SlipLine(_ACT, centred=True),
        SlipLine("端末 Terminal", head.terminal_id),
        SlipLine("日時 Date", f"{head.at:%Y-%m-%d %H:%M}"),
        SlipLine(),
        *lines,
    )
    return SlipDocument(kind, title, framed, code, BANNER if head.simulated else "", reprint)


def _yen(amount_yen: int) -> str:
    return f"¥{amount_yen:,}"
