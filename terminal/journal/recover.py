"""After a power cut: close at boot what has a start and no end, with what is known, owe what may be owed, lose no finding.

A command to the payment device is journalled before it is given. So when the journal ends between the command and its
outcome, money may have moved either way: it is then owed, with a code that says that nobody knows, and the till decides (P4).
A job that had begun may have left sheets in the tray: the level of forgotten sheets goes up, and a clerk looks (P2).
A gate that found another person is journalled before the finding is sealed: when the journal ends between the two, the finding
is raised here, without evidence, and stops the terminal like any other (P6). Each start gets its end (P8).
Every step can be cut by another power cut: what was written counts, and the next boot writes the rest.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce

from terminal.fsm.values import MachineCode
from terminal.journal.entries import (
    ChangePaid,
    ChangeRequested,
    ClaimSettled,
    CustomerClosedAtBoot,
    CustomerEnded,
    CustomerStarted,
    FaultRaised,
    FeeCollected,
    FeeNotCollected,
    FeeRequested,
    FindingRaised,
    GateEnded,
    JournalEntry,
    PrintEnded,
    PrintStarted,
    RefundOwed,
    RefundPaid,
    RefundRequested,
    TerminalClosedAtBoot,
)
from terminal.journal.fields import Delivered, EndReason, Part, PrintOutcome, Step, Verdict
from terminal.journal.store import Journal
from terminal.money.state import LedgerState, Sums

UNNAMED_FINDING = "SERVICE_FINDING_UNNAMED"
"""The code of a finding whose gate told none."""


class RecoveryCode(StrEnum):
    """Why money is owed after a power cut."""

    CUT_SHORT = "RECOVERY_CUT_SHORT"
    """The collection was cut short; the ledger knows what came in."""
    NOT_DELIVERED = "RECOVERY_NOT_DELIVERED"
    DELIVERY_UNKNOWN = "RECOVERY_DELIVERY_UNKNOWN"
    FEE_UNKNOWN = "RECOVERY_FEE_UNKNOWN"
    CHANGE_UNKNOWN = "RECOVERY_CHANGE_UNKNOWN"
    REFUND_UNKNOWN = "RECOVERY_REFUND_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Account:
    """One customer's money and sheets as far as the journal tells. Amounts in yen.

    ``fee_yen`` is what was asked for last, ``collected_yen`` everything inserted, ``returned_yen`` what went back as change or
    refund. ``pending_…`` were commanded and have no outcome yet.
    """

    fee_yen: int = 0
    collected_yen: int = 0
    returned_yen: int = 0
    owed_yen: int = 0
    pending_fee_yen: int = 0
    pending_change_yen: int = 0
    pending_refund_yen: int = 0
    delivered: Delivered = Delivered.NO

    @property
    def unaccounted_yen(self) -> int:
        """What was taken, or may have been, and is neither delivered, given back nor owed."""
        earned_yen = self.fee_yen if self.delivered is Delivered.YES else 0
        inside_yen = self.collected_yen + self.pending_fee_yen - self.returned_yen
        return max(0, inside_yen - earned_yen - self.owed_yen)

    @property
    def reason(self) -> RecoveryCode:
        """Why the unaccounted money is owed; the least certain reason goes first."""
        if self.pending_fee_yen:
            return RecoveryCode.FEE_UNKNOWN
        if self.pending_change_yen:
            return RecoveryCode.CHANGE_UNKNOWN
        if self.pending_refund_yen:
            return RecoveryCode.REFUND_UNKNOWN
        return RecoveryCode.DELIVERY_UNKNOWN if self.delivered is Delivered.UNKNOWN else RecoveryCode.NOT_DELIVERED

    def after(self, entry: JournalEntry) -> "Account":
        """The account after one more entry of the same customer."""
        match entry:
            case FeeRequested(amount_yen=amount):
                return replace(self, fee_yen=amount, pending_fee_yen=amount)
            case FeeCollected(amount_yen=amount):
                return replace(self, pending_fee_yen=0, collected_yen=self.collected_yen + amount)
            case FeeNotCollected(kept_yen=kept):
                return replace(self, pending_fee_yen=0, collected_yen=self.collected_yen + kept)
            case PrintStarted():
                return replace(self, delivered=Delivered.UNKNOWN)
            case PrintEnded(outcome=outcome, impressions=impressions):
                return replace(self, delivered=_delivered(outcome, impressions))
            case _:
                return self._after_return(entry)

    def _after_return(self, entry: JournalEntry) -> "Account":
        match entry:
            case ChangeRequested(amount_yen=amount):
                return replace(self, pending_change_yen=amount)
            case ChangePaid(amount_yen=amount):
                return replace(self, pending_change_yen=0, returned_yen=self.returned_yen + amount)
            case RefundRequested(amount_yen=amount):
                return replace(self, pending_refund_yen=amount)
            case RefundPaid(amount_yen=amount):
                return replace(self, pending_refund_yen=0, returned_yen=self.returned_yen + amount)
            case RefundOwed(amount_yen=amount):
                owed_yen = self.owed_yen + amount
                return replace(self, pending_change_yen=0, pending_refund_yen=0, owed_yen=owed_yen)
            case ClaimSettled(amount_yen=amount):
                return replace(self, pending_fee_yen=0, owed_yen=max(0, self.owed_yen - amount))
            case _:
                return self


def _delivered(outcome: PrintOutcome, impressions: int | None) -> Delivered:
    """A failed job whose impressions nobody can know may have delivered; some sides of a failed job are no certificate."""
    if outcome is PrintOutcome.COMPLETED:
        return Delivered.YES
    return Delivered.UNKNOWN if impressions is None else Delivered.NO


def recover(journal: Journal, ledger: LedgerState | None = None) -> tuple[JournalEntry, ...]:
    """Close every start without end, before ``TerminalStarted`` is written; raises ``JournalError`` as ``append`` does.

    Where a ``ledger`` counts the money, it is believed. The entries written are returned: none after an orderly stop.
    """
    entries = tuple(recorded.entry for recorded in journal.since_last_start())
    written: list[JournalEntry] = [*_lost_finding(entries)]
    for started in journal.unended_customers():
        own = _entries_of(started.customer, entries)
        counted = _as_counted(started.customer, own, ledger)
        own += counted
        written += [*_sheets_left(own), *counted, *_claims(started.customer, own)]
        written.append(_closed_at_boot(started.customer, own))
    if journal.unended_terminal():
        written.append(TerminalClosedAtBoot())
    for entry in written:
        journal.append(entry)
    return tuple(written)


def settle_customer(journal: Journal, customer: str, ledger: LedgerState | None = None) -> int:
    """Close a customer whose process died while the service lives on; returns what is owed to them in yen.

    Writes ``RefundOwed`` where money is unaccounted for, and ``CustomerEnded`` with the reason ``CRASHED``.
    """
    own = _entries_of(customer, tuple(recorded.entry for recorded in journal.since_last_start()))
    counted = _as_counted(customer, own, ledger)
    own += counted
    claims = _claims(customer, own)
    for entry in (*counted, *claims):
        journal.append(entry)
    account = _account([*own, *claims])
    delivered = account.delivered is Delivered.YES
    journal.append(CustomerEnded(customer=customer, reason=EndReason.CRASHED, delivered=delivered))
    return account.owed_yen


def sheets_may_lie_after(entry: JournalEntry, before: bool) -> bool:
    """Whether sheets of a customer's job may lie in the tray after ``entry``, if they might or not ``before``."""
    match entry:
        case PrintStarted():
            return True
        case PrintEnded(impressions=impressions):
            return impressions is None or impressions > 0
        case _:
            return before


def _sheets_left(own: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The level that keeps the next customer from what the printer put out for this one, until a clerk has looked."""
    left = reduce(lambda before, entry: sheets_may_lie_after(entry, before), own, False)
    return [FaultRaised(part=Part.TRAY, code=MachineCode.SHEETS_FORGOTTEN.value)] if left else []


def _as_counted(customer: str, own: list[JournalEntry], ledger: LedgerState | None) -> list[JournalEntry]:
    """What the ledger counted and the journal does not say yet: coins that came in, coins that were paid out."""
    if ledger is None:
        return []
    said = _account(own)
    opened = ledger.account
    sums = opened.sums if opened is not None and opened.customer == customer else Sums()
    found: list[JournalEntry] = []
    if said.pending_fee_yen or sums.inserted_yen > said.collected_yen:
        kept_yen = max(0, sums.inserted_yen - said.collected_yen)
        found.append(FeeNotCollected(customer=customer, code=RecoveryCode.CUT_SHORT, kept_yen=kept_yen))
    gone_yen = sums.change_yen + sums.refunded_yen - said.returned_yen
    if gone_yen > 0:
        found.append(RefundPaid(customer=customer, amount_yen=gone_yen))
    return found


def _lost_finding(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The finding that a gate or an end tells of and that nobody raised; at most one, for a finding stops the terminal."""
    code, raised = "", False
    for entry in entries:
        match entry:
            case CustomerStarted():
                raised = False
            case GateEnded(verdict=Verdict.DIFFERENT):
                code = entry.code or UNNAMED_FINDING
            case CustomerEnded(reason=EndReason.FINDING) if not raised:
                code = code or UNNAMED_FINDING
            case FindingRaised():
                code, raised = "", True
            case _:
                pass
    return [FindingRaised(finding=secrets.token_hex(16), code=code)] if code else []


def _entries_of(customer: str, entries: tuple[JournalEntry, ...]) -> list[JournalEntry]:
    return [entry for entry in entries if getattr(entry, "customer", None) == customer]


def _account(own: Sequence[JournalEntry]) -> Account:
    return reduce(Account.after, own, Account())


def _claims(customer: str, own: list[JournalEntry]) -> list[JournalEntry]:
    account = _account(own)
    if not account.unaccounted_yen:
        return []
    return [RefundOwed(customer=customer, amount_yen=account.unaccounted_yen, code=account.reason)]


def _closed_at_boot(customer: str, own: list[JournalEntry]) -> CustomerClosedAtBoot:
    account = _account([*own, *_claims(customer, own)])
    return CustomerClosedAtBoot(
        customer=customer,
        last_step=Step(type(own[-1]).__name__),
        delivered=account.delivered,
        collected_yen=account.collected_yen,
        owed_yen=account.owed_yen,
    )
