"""What the supervisor writes into the journal of its own: the machine's notes about the terminal, and the proof of a reset."""

from collections.abc import Callable, Sequence

from terminal.fsm import notes
from terminal.journal import entries
from terminal.journal.fields import Part
from terminal.journal.store import Journal
from terminal.money.settling import AccountSettler
from terminal.reset import ResetProof


def entries_of_note(
    note: notes.Entry, open_findings: Callable[[], Sequence[entries.FindingRaised]], released_by: str
) -> tuple[entries.JournalEntry, ...]:
    """The entries for ``note``; none for what is about a customer, whose own process reports that."""
    match note:
        case notes.ServiceChanged(in_service=True):
            return (entries.ServiceRestored(),)
        case notes.ServiceChanged():
            return (entries.OutOfService(code=note.code or "MACHINE_NOT_READY"),)
        case notes.FindingClosed():
            return tuple(entries.FindingReleased(finding=each.finding, staff=released_by) for each in open_findings())
        case notes.UnexpectedEventSeen():
            return (entries.FaultRaised(part=Part.OTHER, code=note.code),)
        case _:
            return ()


def record_proof(proof: ResetProof, journal: Journal, money: AccountSettler | None) -> None:
    """Journal what the devices answered, then settle the account that the reset may have brought up to date."""
    journal.append(entry_of_proof(proof))
    if money is not None:
        money.close_after(proof)


def entry_of_proof(proof: ResetProof) -> entries.ResetProved | entries.ResetNotProved:
    """The proof's lines without their sentences."""
    lines = tuple(
        entries.ProvedLine(part=Part.named(line.device), proved=line.proved, code=line.code or None)
        for line in proof.lines
    )
    kind = entries.ResetProved if proof.proved else entries.ResetNotProved
    return kind(lines=lines, duration_ms=proof.duration_ms)
