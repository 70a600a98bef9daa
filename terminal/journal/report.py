"""What a verification found, as values and as text."""

from dataclasses import dataclass
from enum import StrEnum

from terminal.journal.customer_entries import RefundOwed


class BreachCode(StrEnum):
    """What can be wrong with a journal."""

    UNREADABLE = "JOURNAL_UNREADABLE"
    SCHEMA = "JOURNAL_SCHEMA_ALTERED"
    DAMAGED = "JOURNAL_FILE_DAMAGED"
    ALTERED = "JOURNAL_ENTRY_ALTERED"
    MISSING = "JOURNAL_ENTRY_MISSING"
    UNLINKED = "JOURNAL_ENTRY_UNLINKED"
    UNKNOWN = "JOURNAL_ENTRY_UNKNOWN"
    TAIL_CUT = "JOURNAL_TAIL_CUT"
    HEAD_MISSING = "JOURNAL_HEAD_MISSING"
    HEAD_DIFFERS = "JOURNAL_HEAD_DIFFERS"
    ANCHOR_DIFFERS = "JOURNAL_ANCHOR_DIFFERS"
    NO_START = "JOURNAL_NO_START"
    NO_END = "JOURNAL_NO_END"
    SECOND_END = "JOURNAL_SECOND_END"
    MONEY = "JOURNAL_MONEY_UNACCOUNTED"
    FINDING = "JOURNAL_FINDING_PASSED"
    RESET = "JOURNAL_RESET_NOT_PROVED"


@dataclass(frozen=True, slots=True)
class Breach:
    """One thing that is wrong, named by entry (``sequence``; 0 for the journal as a whole)."""

    sequence: int
    code: BreachCode
    text: str

    def __str__(self) -> str:
        where = f"entry {self.sequence}" if self.sequence else "journal"
        return f"{where}: {self.code}: {self.text}"


@dataclass(frozen=True, slots=True)
class Tally:
    """What the entries say: customers ended, and what is still open (which is no breach in a journal in use)."""

    customers: int = 0
    open_customer: bool = False
    running: bool = False
    open_findings: tuple[str, ...] = ()
    owed: tuple[RefundOwed, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalReport:
    """The verdict on a journal. ``head_hash`` (hex) is what to note elsewhere; ``first`` and ``last`` are wall times."""

    name: str
    terminal_id: str
    entries: int
    head_hash: str
    first: str
    last: str
    breaches: tuple[Breach, ...]
    tally: Tally

    @property
    def ok(self) -> bool:
        """True when nothing is wrong."""
        return not self.breaches


_SHOWN = 50


def render_text(report: JournalReport) -> str:
    """The report for people, one finding a line."""
    tally = report.tally
    lines = [
        f"journal   {report.name} of terminal {report.terminal_id or '?'}",
        f"entries   {report.entries}" + (f", {report.first} to {report.last}" if report.entries else ""),
        f"head      {report.head_hash or '?'}",
        f"customers {tally.customers} ended" + (", one not ended yet" if tally.open_customer else ""),
    ]
    lines += [f"owed      {owed.amount_yen} yen to customer {owed.customer} ({owed.code})" for owed in tally.owed]
    lines += [f"open      finding {finding}" for finding in tally.open_findings]
    lines += [f"WRONG     {breach}" for breach in report.breaches[:_SHOWN]]
    if len(report.breaches) > _SHOWN:
        lines.append(f"WRONG     … and {len(report.breaches) - _SHOWN} more")
    lines.append("verdict   " + ("good: unbroken from the first entry to the head" if report.ok else "NOT GOOD"))
    return "\n".join(lines)
