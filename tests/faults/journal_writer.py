"""A writer process for the fault tests: appends to the journal it is given until it is killed, or until it is told no.

Prints one line for each entry that is durable, and one line with the code when an append fails.
"""

import itertools
import secrets
import sys
from pathlib import Path

from terminal.journal import entries as e
from terminal.journal.errors import JournalError
from terminal.journal.fields import EndReason
from tests.journal_kit import PROVED, STARTED, open_journal


def main() -> None:
    """Append customers without end to the journal in the folder ``argv[1]``."""
    try:
        journal = open_journal(Path(sys.argv[1]))
        journal.append(STARTED)
        print(1, flush=True)
        journal.append(PROVED)
        for number in itertools.count(1):
            customer = secrets.token_hex(16)
            for entry in (
                e.CustomerStarted(customer=customer, generation=number),
                e.FeeRequested(customer=customer, amount_yen=300),
                e.FeeCollected(customer=customer, amount_yen=300),
                e.RefundPaid(customer=customer, amount_yen=300),
                e.CustomerEnded(customer=customer, reason=EndReason.CANCELLED, delivered=False),
                PROVED,
            ):
                print(journal.append(entry).sequence, flush=True)
    except JournalError as error:
        print(error.code, flush=True)


if __name__ == "__main__":
    main()
