"""Ledger against journal: what was kept was earned by a delivered sheet, and nobody paid who never started (promise P4)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from terminal.files import open_named
from terminal.journal import schema
from terminal.journal.codec import entry_of
from terminal.journal.customer_entries import CustomerStarted, PrintEnded
from terminal.journal.errors import JournalError
from terminal.journal.fields import PrintOutcome
from terminal.money.following import NOBODY
from terminal.money.movements import AccountOpened, FeeKept, Movement
from terminal.money.report import LedgerBreach, LedgerBreachCode
from terminal.money.state import LedgerState


@dataclass(slots=True)
class Customers:
    """Who was kept a fee of, and for whom an account was opened: the first row of each."""

    kept: dict[str, int] = field(default_factory=dict)
    opened: dict[str, int] = field(default_factory=dict)

    def take(self, sequence: int, movement: Movement, state: LedgerState) -> None:
        """One more row: ``movement`` and the ``state`` after it."""
        if isinstance(movement, AccountOpened):
            self.opened.setdefault(movement.customer, sequence)
        account = state.account
        if account is None:
            return
        if account.customer != NOBODY:
            self.opened.setdefault(account.customer, sequence)
        if isinstance(movement, FeeKept) or account.sums.kept_yen:
            self.kept.setdefault(account.customer, sequence)


def compare(customers: Customers, terminal_id: str, journal: Path) -> Iterator[LedgerBreach]:
    """Hold ``customers`` of the ledger of ``terminal_id`` against the journal, whose own chain `honnin journal verify` checks."""
    try:
        open_named(journal).close()
        with closing(schema.open_reader(journal)) as connection:
            written_by, _ = schema.genesis(connection)
            started, delivered = _told(connection)
    except (*schema.SqliteErrors, OSError, ValueError, JournalError) as error:
        why = (isinstance(error, OSError) and error.strerror) or type(error).__name__
        text = f"expected the terminal's journal, could not read {journal.name} ({why})"
        yield LedgerBreach(0, LedgerBreachCode.JOURNAL_UNREADABLE, text)
        return
    if written_by != terminal_id:
        text = f"the journal is of terminal {written_by}, the ledger of {terminal_id}"
        yield LedgerBreach(0, LedgerBreachCode.JOURNAL_OTHER_TERMINAL, text)
        return
    for customer, row in customers.kept.items():
        if customer not in delivered:
            text = f"a fee was kept of customer {customer}, but the journal has no completed print of theirs"
            yield LedgerBreach(row, LedgerBreachCode.KEPT_UNDELIVERED, text)
    for customer, row in customers.opened.items():
        if customer not in started:
            text = f"customer {customer} has an account, but no start in the journal"
            yield LedgerBreach(row, LedgerBreachCode.CUSTOMER_UNKNOWN, text)


def _told(connection: sqlite3.Connection) -> tuple[set[str], set[str]]:
    """Customers who started, and customers whose print job completed."""
    started, delivered = set(), set()
    kinds = (CustomerStarted.__name__, PrintEnded.__name__)
    for kind, body in connection.execute("SELECT kind, body FROM entry WHERE kind IN (?, ?)", kinds):
        match entry_of(kind, body):
            case CustomerStarted(customer=customer):
                started.add(customer)
            case PrintEnded(customer=customer, outcome=PrintOutcome.COMPLETED):
                delivered.add(customer)
            case _:
                pass
    return started, delivered
