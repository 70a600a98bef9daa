"""Journals for tests: a day in the life of a terminal, and entries of every kind by hypothesis."""

import tempfile
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from terminal.clock import JST, ManualClock
from terminal.devices.printer.api import PrinterCode
from terminal.journal import entries as e
from terminal.journal import fields
from terminal.journal.fields import EndReason, Gate, Part, PrintOutcome, Verdict
from terminal.journal.store import Journal

TERMINAL = "T-0001"
ANNA, BORIS = "a" * 32, "b" * 32
FINDING = "f" * 32
STARTED = e.TerminalStarted(version="0.1.0", build_id="1" * 64, config_digest="2" * 64, simulated=True)
PROVED = e.ResetProved(lines=(e.ProvedLine(part=Part.PRINTER, proved=True),), duration_ms=40)


def clock() -> ManualClock:
    """Monday morning."""
    return ManualClock(datetime(2026, 4, 6, 9, 0, tzinfo=JST))


def open_journal(folder: Path) -> Journal:
    """The journal in ``folder``."""
    return Journal(folder / "journal.sqlite", clock(), TERMINAL)


def served(customer: str, generation: int, fee_yen: int = 300) -> tuple[e.JournalEntry, ...]:
    """A customer who paid and got the sheets, and the reset after."""
    return (
        e.CustomerStarted(customer=customer, generation=generation),
        e.FeeRequested(customer=customer, amount_yen=fee_yen),
        e.FeeCollected(customer=customer, amount_yen=fee_yen),
        e.GateEnded(customer=customer, gate=Gate.SHEETS, verdict=Verdict.SAME),
        e.PrintStarted(customer=customer, impressions=2),
        e.PrintEnded(customer=customer, outcome=PrintOutcome.COMPLETED, impressions=2),
        e.CustomerEnded(customer=customer, reason=EndReason.COMPLETED, delivered=True),
        PROVED,
    )


def a_day() -> tuple[e.JournalEntry, ...]:
    """A good journal: start, two customers, a fault in between, stop."""
    return (
        STARTED,
        e.IntegrityChecked(files=200, wrong=0, ok=True),
        *served(ANNA, 1),
        e.FaultRaised(part=Part.PRINTER, code=PrinterCode.PAPER_OUT),
        e.FaultCleared(part=Part.PRINTER, code=PrinterCode.PAPER_OUT),
        *served(BORIS, 3),
        e.TerminalStopped(),
    )


def write_day(folder: Path) -> Path:
    """A journal with ``a_day`` in it, closed; its path."""
    with open_journal(folder) as journal:
        for entry in a_day():
            journal.append(entry)
    return folder / "journal.sqlite"


def copy_of_day(folder: Path) -> Path:
    """Like ``write_day``, but written once and copied: for properties that need it often."""
    for name, content in _day_files().items():
        (folder / name).write_bytes(content)
    return folder / "journal.sqlite"


@cache
def _day_files() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        write_day(Path(folder))
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


_BY_ALIAS: dict[Any, st.SearchStrategy[Any]] = {
    fields.Code: st.sampled_from([code.value for code in PrinterCode] + ["REFUSED_UNDER_15"]),
    fields.Pseudonym: st.text("0123456789abcdef", min_size=32, max_size=32),
    fields.FindingId: st.text("0123456789abcdef", min_size=32, max_size=32),
    fields.Digest: st.text("0123456789abcdef", min_size=64, max_size=64),
    fields.StaffId: st.from_regex(r"\A[A-Za-z0-9-]{1,32}\Z"),
    fields.MunicipalityCode: st.text("0123456789", min_size=5, max_size=5),
    fields.Version: st.sampled_from(["0.1.0", "1.2", "10.0.3rc1", "2.0.dev4"]),
    fields.Yen: st.integers(0, 1_000_000),
    fields.Count: st.integers(0, 10_000),
    fields.Tries: st.integers(0, 15),
    fields.Milliseconds: st.integers(0, 86_400_000),
    fields.Generation: st.integers(0, 1_000_000_000),
    e.Lines: st.lists(st.deferred(lambda: an_entry(e.ProvedLine)), min_size=1, max_size=20).map(tuple),
}


def a_value(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of one field's type; raises ``TypeError`` for a type that a journal's field may not have."""
    if annotation in _BY_ALIAS:
        return _BY_ALIAS[annotation]
    if get_origin(annotation) is UnionType or (get_args(annotation) and NoneType in get_args(annotation)):
        return st.one_of([st.none() if part is NoneType else a_value(part) for part in get_args(annotation)])
    if annotation is bool:
        return st.booleans()
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return st.sampled_from(list(annotation))
    raise TypeError(f"{annotation} is none of the types that a journal's field may have")


def an_entry(kind: type[Any]) -> st.SearchStrategy[Any]:
    """Entries of one kind."""
    hints = get_type_hints(kind, include_extras=True)
    return st.builds(kind, **{name: a_value(hints[name]) for name in kind.__dataclass_fields__})


any_entry: st.SearchStrategy[e.JournalEntry] = st.sampled_from(sorted(e.KINDS)).flatmap(
    lambda name: an_entry(e.KINDS[name])
)
