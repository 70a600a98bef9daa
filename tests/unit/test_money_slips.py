"""Slips say what the ledger says; one that breaks off is printed once more, and a claim is on record before its ticket."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from terminal.commands.slips import SlipDone, SlipNotDone
from terminal.devices.receipt_printer.api import ReceiptCode, SlipDocument, SlipFailed, SlipPrinted
from terminal.fsm.values import Slip
from terminal.money.movements import AccountClosed, AccountOpened, ClaimOpened, CoinInserted
from terminal.money.slips import CLAIM_CODE, MoneySlips, print_claim
from terminal.money.state import LedgerState
from terminal.money.till import RemoteTill
from terminal.presenting.slips import SlipHead
from tests.journal_kit import ANNA, BORIS, clock
from tests.ledger_kit import told

OUTCOMES = SlipPrinted | SlipFailed
BROKEN_OFF = SlipFailed(ReceiptCode.PAPER_OUT, "put paper in", begun=True)
NOT_BEGUN = SlipFailed(ReceiptCode.COVER_OPEN, "close the cover", begun=False)


@dataclass
class Printer:
    """Prints as it is told; keeps what it was given."""

    outcomes: list[OUTCOMES]
    given: list[SlipDocument] = field(default_factory=list)
    cleared: int = 0

    def print_slip(self, document: SlipDocument) -> OUTCOMES:
        """See ``ReceiptPrinter.print_slip``."""
        self.given.append(document)
        return self.outcomes.pop(0)

    def clear(self) -> None:
        """See ``Resettable.clear``."""
        self.cleared += 1


def paid_in(customer: str = ANNA, *coins_yen: int) -> LedgerState:
    coins = (CoinInserted(coin_yen=yen, counter=number) for number, yen in enumerate(coins_yen, 1))
    return told(AccountOpened(customer=customer, fee_yen=200), *coins)


def made(printer: Printer, state: LedgerState) -> tuple[MoneySlips, RemoteTill, list[object]]:
    recorded: list[object] = []
    till = RemoteTill(state, recorded.append)
    return MoneySlips(printer, till, "T-1", clock(), simulated=True), till, recorded  # type: ignore[arg-type]


def test_a_slip_that_broke_off_is_cleared_and_printed_once_more_as_a_reprint() -> None:
    printer = Printer([BROKEN_OFF, SlipPrinted()])
    slips, _, _ = made(printer, paid_in(ANNA, 100, 100))
    assert isinstance(slips.print_slip(Slip.RECEIPT, 200), SlipDone)
    assert [document.reprint for document in printer.given] == [False, True]
    assert printer.cleared == 1


def test_a_slip_that_breaks_off_twice_is_not_tried_for_ever() -> None:
    printer = Printer([BROKEN_OFF, BROKEN_OFF])
    slips, _, _ = made(printer, paid_in(ANNA, 100, 100))
    assert slips.print_slip(Slip.REFUND, 200) == SlipNotDone("RECEIPT_PAPER_OUT", "put paper in")
    assert len(printer.given) == 2


def test_a_slip_that_was_never_begun_is_not_tried_again() -> None:
    printer = Printer([NOT_BEGUN])
    slips, _, _ = made(printer, paid_in(ANNA, 100, 100))
    assert slips.print_slip(Slip.RECEIPT, 200) == SlipNotDone("RECEIPT_COVER_OPEN", "close the cover")
    assert len(printer.given) == 1


def test_the_claim_is_on_record_before_the_printer_is_asked_and_marked_when_it_is_out() -> None:
    printer = Printer([SlipPrinted()])
    slips, till, recorded = made(printer, paid_in(ANNA, 100))
    asked: list[int] = []
    printer.print_slip = lambda document: (asked.append(len(recorded)), SlipPrinted())[1]  # type: ignore[method-assign, func-returns-value]
    assert isinstance(slips.print_slip(Slip.CLAIM, 100), SlipDone)
    assert asked == [1]
    (claim,) = till.state.claims
    assert (claim.amount_yen, claim.code, claim.printed) == (100, CLAIM_CODE, True)


def test_the_ledgers_amount_is_on_the_ticket_whatever_was_asked_for() -> None:
    printer = Printer([SlipPrinted()])
    slips, _, _ = made(printer, paid_in(ANNA, 100, 50))
    slips.print_slip(Slip.CLAIM, 9_999)
    (document,) = printer.given
    assert document.code == b"HONNIN-CLAIM/1/T-1/0000-0001/150"
    assert any(line.right == "¥150" for line in document.lines)


def test_a_ticket_that_does_not_come_out_leaves_the_claim_unprinted_on_record() -> None:
    slips, till, _ = made(Printer([NOT_BEGUN]), paid_in(ANNA, 100))
    assert isinstance(slips.print_slip(Slip.CLAIM, 100), SlipNotDone)
    (claim,) = till.state.claims
    assert not claim.printed


def test_a_second_ticket_for_the_same_claim_is_refused_once_it_is_out() -> None:
    printer = Printer([SlipPrinted(), SlipPrinted()])
    slips, _, _ = made(printer, paid_in(ANNA, 100))
    slips.print_slip(Slip.CLAIM, 100)
    again = slips.print_slip(Slip.CLAIM, 100)
    assert isinstance(again, SlipNotDone)
    assert again.code == "LEDGER_NOTHING_OWED"
    assert len(printer.given) == 1


def test_nothing_owed_prints_no_ticket_and_never_another_customers() -> None:
    printer = Printer([SlipPrinted()])
    others = told(
        AccountOpened(customer=BORIS, fee_yen=200),
        CoinInserted(coin_yen=100, counter=1),
        ClaimOpened(claim="0000-0001", amount_yen=100, code=CLAIM_CODE),
    )

    state = told(AccountClosed(), AccountOpened(customer=ANNA, fee_yen=200), state=others)
    slips, _, _ = made(printer, state)
    assert isinstance(slips.print_slip(Slip.CLAIM, 100), SlipNotDone)
    assert printer.given == []


@pytest.mark.parametrize(("state", "title"), [(LedgerState(), "お支払い票"), (paid_in(ANNA, 500), "領収書")])
def test_where_no_money_was_taken_the_slip_is_a_bill_and_no_receipt(state: LedgerState, title: str) -> None:
    printer = Printer([SlipPrinted()])
    slips, _, _ = made(printer, state)
    slips.print_slip(Slip.RECEIPT, 200)
    assert printer.given[0].title.startswith(title)
    assert printer.given[0].banner == "見本 SPECIMEN"


def test_a_claim_of_the_supervisors_is_printed_or_not(tmp_path: Path) -> None:
    slips, till, _ = made(Printer([NOT_BEGUN]), paid_in(ANNA, 100))
    slips.print_slip(Slip.CLAIM, 100)
    head = SlipHead("T-1", clock().wall(), simulated=True)
    assert print_claim(Printer([SlipPrinted()]), head, till.state.claims[0])  # type: ignore[arg-type]
    assert not print_claim(Printer([NOT_BEGUN]), head, till.state.claims[0])  # type: ignore[arg-type]
