"""What becomes of a customer's money when the customer is gone: kept, claimed, or left open until a device tells.

Journal and ledger are two books on one disk: the ledger knows each coin, the journal whether the sheet came out. A fee is kept
only when the journal says delivered, so what a power cut left between the two is decided here, at the next boot or reset.
"""

from collections.abc import Callable
from typing import Final

from terminal.journal import entries
from terminal.journal.fields import PrintOutcome
from terminal.journal.store import Journal
from terminal.money.desk import Closed, MoneyDesk
from terminal.money.following import NOBODY
from terminal.money.movements import ClaimOpened, ClaimTicketPrinted, Movement
from terminal.money.state import Claim, LedgerState
from terminal.reset import ResetProof

_MONEY_LINES: Final = ("payment", "coins", "notes", "devices")

TicketPrinter = Callable[[Claim], bool]
"""Prints a claim's ticket; whether the paper is out. Bounded, never raises for a device's sake."""


class AccountSettler:
    """Joins ``desk`` and ``journal``; ``print_ticket`` None: no receipt printer, claims stand on record only."""

    def __init__(self, desk: MoneyDesk, journal: Journal, print_ticket: TicketPrinter | None = None) -> None:
        self.desk = desk
        self._journal = journal
        self._print_ticket = print_ticket

    @property
    def state(self) -> LedgerState:
        """What the ledger says now."""
        return self.desk.state

    def take(self, movement: Movement, customer: str) -> None:
        """See ``MoneyDesk.take``; a claim that is nobody's stands in the journal, too, where no customer tells of it."""
        account = self.state.account
        self.desk.take(movement, customer)
        if isinstance(movement, ClaimOpened) and account is not None and account.customer == NOBODY:
            self._journal.append(entries.ClaimOpened(amount_yen=movement.amount_yen, code=movement.code))

    def keep_if_delivered(self) -> None:
        """The fee of the open account is earned if the journal says that its customer's job completed."""
        account = self.state.account
        if account is not None and self._delivered(account.customer):
            self.desk.keep_delivered(account.customer)

    def close(self) -> Closed:
        """After a reset: the account is closed, what is still owed is a claim, its ticket is printed once, now or never.

        A ticket is worth money to whoever holds it: one that cannot be printed while its customer may still stand there is not
        printed hours later for a stranger; the claim stands on record.
        """
        self.keep_if_delivered()
        before = self.state.claims
        closed = self.desk.close()
        for claim in closed.claims:
            if claim not in before:
                self._journal.append(entries.ClaimOpened(amount_yen=claim.amount_yen, code=claim.code))
            if self._may_print(claim) and self._print_ticket is not None and self._print_ticket(claim):
                self.desk.record(ClaimTicketPrinted(claim=claim.number))
        return closed

    def _may_print(self, claim: Claim) -> bool:
        """Once; and never a ticket for nobody, which would be the next passer-by's."""
        return not claim.printed and claim.customer != NOBODY

    def close_after(self, proof: ResetProof) -> None:
        """``close``, if the reset has the word of every money device: one that was silent may know of more coins."""
        if all(line.proved for line in proof.lines if line.device in _MONEY_LINES):
            self.close()

    def pay_claim(self, number: str, staff: str) -> None:
        """Staff paid a claim; raise ``LedgerError`` (``LEDGER_REFUSED``) when there is none of that number."""
        claim = self.desk.pay_claim(number, staff)
        self._journal.append(entries.ClaimPaid(amount_yen=claim.amount_yen, staff=staff))

    def count_cash(self, staff: str) -> bool:
        """Staff counted the cash; whether anything unknown was inside."""
        counted = self.desk.count_cash(staff)
        if counted:
            self._journal.append(entries.CashCounted(staff=staff))
        return counted

    def _delivered(self, customer: str) -> bool:
        delivered = False
        for recorded in self._journal.since_last_start():
            match recorded.entry:
                case entries.PrintEnded(customer=whose, outcome=outcome) if whose == customer:
                    delivered = outcome is PrintOutcome.COMPLETED
                case _:
                    pass
        return delivered
