"""Receipt, refund slip and claim ticket of one session: what the ledger says, on paper; a claim is on record before its ticket.

A slip that broke off is printed once more as a reprint; a claim ticket that does not come out leaves the claim on record.
"""

from dataclasses import replace

from terminal.clock import Clock
from terminal.commands.slips import SlipDone, SlipNotDone, SlipOutcome
from terminal.devices.receipt_printer.api import ReceiptPrinter, SlipDocument, SlipFailed, SlipPrinted
from terminal.fsm.values import Slip
from terminal.money.desk import claim_number
from terminal.money.movements import ClaimOpened, ClaimTicketPrinted
from terminal.money.state import Claim
from terminal.money.till import Till
from terminal.presenting import slips
from terminal.presenting.slips import SlipHead

CLAIM_CODE = "LEDGER_PAYOUT_FAILED"
"""Why a claim was opened while its customer was still served."""


class MoneySlips:
    """Implements ``SlipPrinter`` on ``printer``, with ``till`` for the amounts."""

    def __init__(self, printer: ReceiptPrinter, till: Till, terminal_id: str, clock: Clock, *, simulated: bool) -> None:
        self._printer = printer
        self._till = till
        self._terminal_id = terminal_id
        self._clock = clock
        self._simulated = simulated

    def print_slip(self, slip: Slip, amount_yen: int) -> SlipOutcome:
        """See ``SlipPrinter.print_slip``."""
        head = SlipHead(self._terminal_id, self._clock.wall(), self._simulated)
        if slip is Slip.CLAIM:
            return self._claim(head, amount_yen)
        return self._print(slips.refund(head, amount_yen) if slip is Slip.REFUND else self._receipt(head, amount_yen))

    def _receipt(self, head: SlipHead, fee_yen: int) -> SlipDocument:
        account = self._till.state.account
        if account is None or not account.sums.inserted_yen:
            return slips.bill(head, fee_yen)
        return slips.receipt(head, fee_yen, account.sums.inserted_yen, account.sums.change_yen)

    def _claim(self, head: SlipHead, amount_yen: int) -> SlipOutcome:
        """The ledger's amount goes on the ticket: what it says is what staff will pay."""
        unclaimed_yen = self._till.state.unclaimed_yen
        if unclaimed_yen:
            number = claim_number(self._till.state)
            self._till.record(ClaimOpened(claim=number, amount_yen=unclaimed_yen, code=CLAIM_CODE))
        own = [claim for claim in self._till.state.claims if self._is_own(claim)]
        if not own:
            return SlipNotDone(
                "LEDGER_NOTHING_OWED", f"expected a claim over {amount_yen} yen, the ledger owes nothing"
            )
        outcome = self._print(slips.claim_ticket(head, own[-1].number, own[-1].amount_yen))
        if isinstance(outcome, SlipDone):
            self._till.record(ClaimTicketPrinted(claim=own[-1].number))
        return outcome

    def _is_own(self, claim: Claim) -> bool:
        account = self._till.state.account
        return account is not None and account.customer == claim.customer and not claim.printed

    def _print(self, document: SlipDocument) -> SlipOutcome:
        return print_document(self._printer, document)


def print_document(printer: ReceiptPrinter, document: SlipDocument) -> SlipOutcome:
    """Print it; what broke off is printed once more, marked as a reprint."""
    outcome = printer.print_slip(document)
    if isinstance(outcome, SlipFailed) and outcome.begun:
        printer.clear()
        outcome = printer.print_slip(replace(document, reprint=True))
    match outcome:
        case SlipPrinted():
            return SlipDone()
        case SlipFailed():
            return SlipNotDone(outcome.code.value, outcome.text)


def print_claim(printer: ReceiptPrinter, head: SlipHead, claim: Claim) -> bool:
    """Print the ticket of a claim that was opened when nobody was being served any more; whether it is out."""
    return isinstance(print_document(printer, slips.claim_ticket(head, claim.number, claim.amount_yen)), SlipDone)
