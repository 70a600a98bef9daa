"""What the entries of a good journal say in order: one start, one end (P8), money accounted (P4), findings (P6), resets (P2).

A journal in use may end in the middle: a customer without an end is a breach only when something follows that can only come
after the end.
"""

from typing import assert_never

from terminal.journal.customer_entries import (
    ClaimSettled,
    CustomerClosedAtBoot,
    CustomerEnded,
    CustomerEntry,
    CustomerStarted,
    RefundOwed,
)
from terminal.journal.entries import (
    CashCounted,
    ClaimOpened,
    ClaimPaid,
    CustomerMessageRefused,
    FaultCleared,
    FaultRaised,
    FindingRaised,
    FindingReleased,
    IntegrityChecked,
    JournalEntry,
    LateCompletionDropped,
    LedgerSalvaged,
    OutOfService,
    ResetNotProved,
    ResetProved,
    ServiceRestored,
    TerminalClosedAtBoot,
    TerminalStarted,
    TerminalStopped,
)
from terminal.journal.recover import Account
from terminal.journal.report import Breach, BreachCode, Tally


class Rules:
    """Takes the entries in order and collects the breaches."""

    def __init__(self) -> None:
        self.breaches: list[Breach] = []
        self._customer: str | None = None
        self._ended: set[str] = set()
        self._account = Account()
        self._running = False
        self._clean = True
        self._findings: dict[str, int] = {}
        self._owed: list[RefundOwed] = []

    @property
    def tally(self) -> Tally:
        """What the entries taken so far say."""
        is_open = self._customer is not None
        return Tally(len(self._ended), is_open, self._running, tuple(self._findings), tuple(self._owed))

    def take(self, sequence: int, entry: JournalEntry) -> None:
        """One more entry."""
        match entry:
            case TerminalStarted() | TerminalStopped() | TerminalClosedAtBoot():
                self._take_terminal(sequence, entry)
            case FindingRaised() | FindingReleased():
                self._take_finding(sequence, entry)
            case ResetProved():
                self._clean = True
            case ResetNotProved():
                self._clean = False
            case IntegrityChecked() | FaultRaised() | FaultCleared() | OutOfService() | ServiceRestored():
                pass
            case LateCompletionDropped() | CustomerMessageRefused():
                pass
            case ClaimOpened() | ClaimPaid() | CashCounted() | LedgerSalvaged():
                # The ledger keeps claims by number (``honnin ledger verify``); here they are marks in time.
                pass
            case _:
                self._take_customer(sequence, entry)

    def _breach(self, sequence: int, code: BreachCode, text: str) -> None:
        self.breaches.append(Breach(sequence, code, text))

    def _take_terminal(self, sequence: int, entry: TerminalStarted | TerminalStopped | TerminalClosedAtBoot) -> None:
        if self._customer is not None:
            self._breach(
                sequence, BreachCode.NO_END, f"customer {self._customer} has no end before {type(entry).__name__}"
            )
            self._customer = None
        match entry:
            case TerminalStarted():
                if self._running:
                    self._breach(sequence, BreachCode.NO_END, "the service's former start has no end")
                self._running = True
            case TerminalStopped() | TerminalClosedAtBoot():
                if not self._running:
                    self._breach(sequence, BreachCode.NO_START, "the service ended, but it had not started")
                self._running = False
            case _:
                assert_never(entry)

    def _take_finding(self, sequence: int, entry: FindingRaised | FindingReleased) -> None:
        if isinstance(entry, FindingRaised):
            self._findings[entry.finding] = sequence
        elif self._findings.pop(entry.finding, None) is None:
            self._breach(sequence, BreachCode.NO_START, f"finding {entry.finding} is released, but none such is open")

    def _take_customer(self, sequence: int, entry: CustomerEntry) -> None:
        if isinstance(entry, CustomerStarted):
            self._start(sequence, entry)
        elif entry.customer != self._customer:
            again = entry.customer in self._ended
            code = BreachCode.SECOND_END if again else BreachCode.NO_START
            self._breach(
                sequence, code, f"{type(entry).__name__} of a customer who {'has ended' if again else 'has no start'}"
            )
        elif isinstance(entry, CustomerEnded | CustomerClosedAtBoot):
            self._end(sequence, entry)
        else:
            self._account = self._account.after(entry)
        if isinstance(entry, RefundOwed):
            self._owed.append(entry)
        elif isinstance(entry, ClaimSettled):
            self._owed = [
                owed for owed in self._owed if (owed.customer, owed.amount_yen) != (entry.customer, entry.amount_yen)
            ]

    def _start(self, sequence: int, entry: CustomerStarted) -> None:
        if self._customer is not None:
            self._breach(
                sequence, BreachCode.NO_END, f"customer {self._customer} has no end before the next one's start"
            )
        if entry.customer in self._ended or entry.customer == self._customer:
            self._breach(sequence, BreachCode.SECOND_END, "a customer starts a second time")
        if self._findings:
            self._breach(
                sequence, BreachCode.FINDING, f"a customer starts while finding {next(iter(self._findings))} is open"
            )
        if not self._clean:
            self._breach(sequence, BreachCode.RESET, "a customer starts without a proved reset since the one before")
        self._customer, self._account, self._clean = entry.customer, Account(), False

    def _end(self, sequence: int, entry: CustomerEnded | CustomerClosedAtBoot) -> None:
        if self._account.unaccounted_yen:
            text = f"{self._account.unaccounted_yen} yen are neither a delivered sheet, nor given back, nor owed"
            self._breach(sequence, BreachCode.MONEY, text)
        self._ended.add(entry.customer)
        self._customer = None
