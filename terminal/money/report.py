"""What a verification of a ledger found, as values and as text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from terminal.money.state import LedgerState


class LedgerBreachCode(StrEnum):
    """What can be wrong with a ledger."""

    UNREADABLE = "LEDGER_UNREADABLE"
    SCHEMA = "LEDGER_SCHEMA_ALTERED"
    DAMAGED = "LEDGER_FILE_DAMAGED"
    ALTERED = "LEDGER_ROW_ALTERED"
    MISSING = "LEDGER_ROW_MISSING"
    UNLINKED = "LEDGER_ROW_UNLINKED"
    UNKNOWN = "LEDGER_ROW_UNKNOWN"
    IMPOSSIBLE = "LEDGER_MOVEMENT_IMPOSSIBLE"
    """The rules of ``following.py`` refuse this movement after the row before."""
    STATE_DIFFERS = "LEDGER_STATE_DIFFERS"
    """The movement after the row before does not make the state that the row has."""
    SUMS_DIFFER = "LEDGER_SUMS_DIFFER"
    """The columns of sums are not those of the row's state."""
    UNBALANCED = "LEDGER_UNBALANCED"
    KEPT_UNDELIVERED = "LEDGER_KEPT_UNDELIVERED"
    """A fee was kept of a customer whose print job never completed by the journal."""
    CUSTOMER_UNKNOWN = "LEDGER_CUSTOMER_UNKNOWN"
    """An account was opened for a customer of whom the journal has no start."""
    JOURNAL_UNREADABLE = "LEDGER_JOURNAL_UNREADABLE"
    JOURNAL_OTHER_TERMINAL = "LEDGER_JOURNAL_OTHER_TERMINAL"


@dataclass(frozen=True, slots=True)
class LedgerBreach:
    """One thing that is wrong, named by row (``sequence``; 0 for the ledger as a whole)."""

    sequence: int
    code: LedgerBreachCode
    text: str

    def __str__(self) -> str:
        where = f"row {self.sequence}" if self.sequence else "ledger"
        return f"{where}: {self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """The verdict on a ledger. ``head_hash`` (hex) of the last row; ``first`` and ``last`` are wall times.

    ``state`` is what the last row says; ``salvages`` are the rows at which a damaged ledger was taken over.
    """

    name: str
    terminal_id: str = ""
    rows: int = 0
    head_hash: str = ""
    first: str = ""
    last: str = ""
    breaches: tuple[LedgerBreach, ...] = ()
    state: LedgerState = field(default_factory=LedgerState)
    salvages: tuple[int, ...] = ()
    journal: str = ""
    """The journal that it was held against; empty for none."""

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.breaches


_SHOWN: Final = 50


def render_text(report: LedgerReport) -> str:
    """The report for people, one finding a line."""
    sums = report.state.totals
    lines = [
        f"ledger    {report.name} of terminal {report.terminal_id or '?'}",
        f"rows      {report.rows}" + (f", {report.first} to {report.last}" if report.rows else ""),
        f"head      {report.head_hash or '?'}",
        f"inserted  {sums.inserted_yen} yen, and {sums.overpaid_yen} yen paid beyond what was owed",
        f"          kept {sums.kept_yen}, change {sums.change_yen}, refunded {sums.refunded_yen}, owed {sums.owed_yen} yen",
        f"claims    {len(report.state.claims)} open",
        f"journal   {report.journal or 'not compared: nothing says whether what was kept was earned'}",
    ]
    if report.state.unknown_coins:
        lines.append(f"unknown   {report.state.unknown_coins} coins of unknown value: count the cash")
    lines += [f"salvaged  at row {row}: the ledger before was damaged" for row in report.salvages]
    lines += [f"WRONG     {breach}" for breach in report.breaches[:_SHOWN]]
    if len(report.breaches) > _SHOWN:
        lines.append(f"WRONG     … and {len(report.breaches) - _SHOWN} more")
    lines.append("verdict   " + ("good: every row follows and balances" if report.ok else "NOT GOOD"))
    return "\n".join(lines)
