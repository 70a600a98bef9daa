"""Checking a ledger, by anyone: the chain, each row replayed from the one before, the sums, and the journal's word (P4).

Works on a copy and beside a running writer. What a holder of the file could still do is written in docs/ledger.md.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any, Final

from terminal.journal.chain import Link
from terminal.money import ledger_file
from terminal.money.against_journal import Customers, compare
from terminal.money.codec import body_of, parts_of
from terminal.money.errors import LedgerError
from terminal.money.following import after, is_balanced
from terminal.money.ledger_file import SqliteErrors
from terminal.money.movements import LedgerSalvaged
from terminal.money.reading import reader
from terminal.money.report import LedgerBreach, LedgerBreachCode, LedgerReport
from terminal.money.state import LedgerState

__all__ = ["verify_ledger"]

_LINK: Final = "sequence, wall, kind, body, previous, hash"
_COLUMNS: Final = f"{_LINK}, inserted_yen, kept_yen, change_yen, refunded_yen, owed_yen, overpaid_yen"
_LINK_COLUMNS: Final = 6


@dataclass(slots=True)
class _Reader:
    """The ledger as far as it was read. ``previous`` and ``state`` are None where the row before is not to be relied on."""

    previous: bytes | None
    state: LedgerState | None = field(default_factory=LedgerState)
    said: LedgerState = field(default_factory=LedgerState)
    sequence: int = 0
    first: str = ""
    last: str = ""
    head: bytes = b""
    breaches: list[LedgerBreach] = field(default_factory=list)
    salvages: list[int] = field(default_factory=list)
    customers: Customers = field(default_factory=Customers)

    def take(self, row: Link, sums: tuple[int, ...]) -> None:
        """One more row, in order of sequence, with its columns of sums."""
        if row.sequence != self.sequence + 1:
            self._breach(row, LedgerBreachCode.MISSING, f"it comes after row {self.sequence}: what was between is gone")
            self.state = None
        elif row.sound and self.previous is not None and row.previous != self.previous:
            text = f"it does not follow row {self.sequence}: one of the two was replaced or moved"
            self._breach(row, LedgerBreachCode.UNLINKED, text)
        if not row.sound:
            self._breach(row, LedgerBreachCode.ALTERED, "its content does not have its hash")
        self._take_content(row, sums)
        self.first, self.last = self.first or row.wall, row.wall
        self.sequence, self.head, self.previous = row.sequence, row.hash, row.hash if row.sound else None

    def _take_content(self, row: Link, sums: tuple[int, ...]) -> None:
        before, self.state = self.state, None
        try:
            movement, state = parts_of(row.kind, row.body)
        except LedgerError:
            self._breach(row, LedgerBreachCode.UNKNOWN, f"it is no {row.kind:.40} with the state after it")
            return
        if body_of(movement, state) != row.body:
            self._breach(row, LedgerBreachCode.UNKNOWN, "it is not in canonical form")
        self.state = self.said = state
        if astuple(state.totals) != sums:
            self._breach(row, LedgerBreachCode.SUMS_DIFFER, "its columns of sums are not those of its state")
        if not is_balanced(state):
            self._breach(row, LedgerBreachCode.UNBALANCED, "inserted + overpaid is not kept + change + refunded + owed")
        if isinstance(movement, LedgerSalvaged):
            self.salvages.append(row.sequence)
        elif before is not None:
            try:
                if after(before, movement) != state:
                    text = f"{row.kind} after row {self.sequence} does not make the state that it has"
                    self._breach(row, LedgerBreachCode.STATE_DIFFERS, text)
            except LedgerError as error:
                self._breach(row, LedgerBreachCode.IMPOSSIBLE, error.failure.text.split(";")[0])
        self.customers.take(row.sequence, movement, state)

    def _breach(self, row: Link, code: LedgerBreachCode, text: str) -> None:
        self.breaches.append(LedgerBreach(row.sequence, code, text))


def verify_ledger(path: Path, journal: Path | None = None) -> LedgerReport:
    """Check the ledger at ``path`` whole, and against ``journal`` if one is given. Never raises for what it finds."""
    try:
        with reader(path) as connection:
            report, customers = _verify(path, connection)
    except (*SqliteErrors, OSError) as error:
        why = (isinstance(error, OSError) and error.strerror) or type(error).__name__
        text = f"expected a ledger, could not read it ({why}): check the path and the file"
        return LedgerReport(path.name, breaches=(LedgerBreach(0, LedgerBreachCode.UNREADABLE, text),))
    if journal is None:
        return report
    # The journal is read after the ledger: what the ledger knows, the journal knew before.
    breaches = [*report.breaches, *compare(customers, report.terminal_id, journal)]
    breaches.sort(key=lambda breach: breach.sequence)
    return LedgerReport(
        report.name,
        report.terminal_id,
        report.rows,
        report.head_hash,
        report.first,
        report.last,
        tuple(breaches),
        report.state,
        report.salvages,
        journal.name,
    )


def _verify(path: Path, connection: sqlite3.Connection) -> tuple[LedgerReport, Customers]:
    breaches: list[LedgerBreach] = []
    schema = dict(connection.execute("SELECT name, sql FROM sqlite_master"))
    if schema != ledger_file.TABLES:
        text = "expected the two tables of a ledger and nothing else"
        breaches.append(LedgerBreach(0, LedgerBreachCode.SCHEMA, text))
    terminal_id, start = "", None
    try:
        terminal_id, start = ledger_file.genesis(connection)
    except (ValueError, sqlite3.Error):
        text = f"expected one genesis row of format {ledger_file.FORMAT}"
        breaches.append(LedgerBreach(0, LedgerBreachCode.SCHEMA, text))
    rows = _Reader(start)
    breaches += _read(connection, rows)
    breaches += rows.breaches
    breaches.sort(key=lambda breach: breach.sequence)
    head = rows.head or start or b""
    report = LedgerReport(
        path.name,
        terminal_id,
        rows.sequence,
        head.hex(),
        rows.first,
        rows.last,
        tuple(breaches),
        rows.said,
        tuple(rows.salvages),
    )
    return report, rows.customers


def _read(connection: sqlite3.Connection, rows: _Reader) -> Iterator[LedgerBreach]:
    try:
        for row in connection.execute(f"SELECT {_COLUMNS} FROM movement ORDER BY sequence"):  # noqa: S608 - a constant
            if tuple(map(type, row)) != (int, str, str, str, bytes, bytes, *[int] * 6):
                yield LedgerBreach(rows.sequence + 1, LedgerBreachCode.ALTERED, "its columns do not have their types")
                rows.previous = rows.state = None
                continue
            rows.take(*_split(row))
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            yield LedgerBreach(0, LedgerBreachCode.DAMAGED, "SQLite's own check of the file fails")
    except SqliteErrors as error:
        text = f"the file cannot be read from here on ({type(error).__name__})"
        yield LedgerBreach(rows.sequence + 1, LedgerBreachCode.DAMAGED, text)


def _split(row: tuple[Any, ...]) -> tuple[Link, tuple[int, ...]]:
    return Link(*row[:_LINK_COLUMNS]), row[_LINK_COLUMNS:]
