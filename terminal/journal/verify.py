"""Checking a journal, by anyone: the chain, the head, the kinds of entries and what they say in order (promise P8).

Works on a copy, and beside a running writer: the head is read before and after the entries, so that entries written meanwhile
are no breach. What a holder of the file could still do is written in docs/journal.md; an anchor noted elsewhere stops that.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from terminal.files import open_named
from terminal.journal import schema
from terminal.journal.chain import Link
from terminal.journal.codec import entry_of
from terminal.journal.errors import JournalError
from terminal.journal.head import Head, head_path, read_head
from terminal.journal.report import Breach, BreachCode, JournalReport, render_text
from terminal.journal.rules import Rules

__all__ = ["Breach", "BreachCode", "JournalReport", "render_text", "verify_journal"]


@dataclass(slots=True)
class _Chain:
    """The chain as far as it was read. ``previous`` is None after an altered entry: what follows it is not to blame."""

    previous: bytes | None
    breaches: list[Breach] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)
    sequence: int = 0
    first: str = ""
    last: str = ""
    hashes: list[bytes] = field(default_factory=list)

    def take(self, row: Link) -> None:
        """One more row, in order of sequence."""
        if row.sequence != self.sequence + 1:
            gap = f"it comes after entry {self.sequence}: what was between is gone"
            self._breach(row.sequence, BreachCode.MISSING, gap)
        elif row.sound and self.previous is not None and row.previous != self.previous:
            text = f"it does not follow entry {self.sequence}: one of the two was replaced or moved"
            self._breach(row.sequence, BreachCode.UNLINKED, text)
        if not row.sound:
            self._breach(row.sequence, BreachCode.ALTERED, "its content does not have its hash")
        self._take_content(row)
        self.first, self.last = self.first or row.wall, row.wall
        self.sequence, self.previous = row.sequence, row.hash if row.sound else None
        self.hashes.append(row.hash)

    def _take_content(self, row: Link) -> None:
        try:
            self.rules.take(row.sequence, entry_of(row.kind, row.body))
        except JournalError as error:
            self._breach(row.sequence, BreachCode.UNKNOWN, error.failure.text.split(";")[0])

    def _breach(self, sequence: int, code: BreachCode, text: str) -> None:
        self.breaches.append(Breach(sequence, code, text))


def verify_journal(path: Path, anchors: Sequence[Head] = ()) -> JournalReport:
    """Check the journal at ``path`` whole. ``anchors`` are heads that were noted elsewhere. Never raises for what it finds."""
    try:
        for file in (path, head_path(path)):
            # SQLite and the head's reader would wait for ever at a pipe.
            if file.exists():
                open_named(file).close()
        before = read_head(head_path(path))
        with closing(schema.open_reader(path)) as connection:
            return _verify(path, connection, before, tuple(anchors))
    except (*schema.SqliteErrors, OSError) as error:
        why = (isinstance(error, OSError) and error.strerror) or type(error).__name__
        text = f"expected a journal, could not read it ({why}): check the path and the file"
        return JournalReport(path.name, "", 0, "", "", "", (Breach(0, BreachCode.UNREADABLE, text),), Rules().tally)


def _verify(
    path: Path, connection: sqlite3.Connection, before: Head | None, anchors: tuple[Head, ...]
) -> JournalReport:
    connection.execute("BEGIN")
    breaches: list[Breach] = []
    if not schema.schema_is_ours(schema.schema_of(connection)):
        breaches.append(Breach(0, BreachCode.SCHEMA, "expected the two tables of a journal and nothing else"))
    terminal_id, genesis = "", None
    try:
        terminal_id, genesis = schema.genesis(connection)
    except (ValueError, sqlite3.Error):
        breaches.append(Breach(0, BreachCode.SCHEMA, f"expected one genesis row of format {schema.FORMAT}"))
    chain = _Chain(genesis)
    breaches += _read(connection, chain)
    connection.execute("COMMIT")
    after = read_head(head_path(path))
    breaches += chain.breaches + chain.rules.breaches
    if genesis is not None:
        hashes = [genesis, *chain.hashes]
        breaches += _check_head(hashes, before, after)
        breaches += [breach for anchor in anchors for breach in _differs(hashes, anchor, BreachCode.ANCHOR_DIFFERS)]
    breaches.sort(key=lambda breach: breach.sequence)
    last = chain.hashes[-1].hex() if chain.hashes else (genesis or b"").hex()
    return JournalReport(
        path.name, terminal_id, chain.sequence, last, chain.first, chain.last, tuple(breaches), chain.rules.tally
    )


def _read(connection: sqlite3.Connection, chain: _Chain) -> Iterator[Breach]:
    try:
        for row in connection.execute(f"SELECT {schema.COLUMNS} FROM entry ORDER BY sequence"):  # noqa: S608 - a constant
            found = schema.link_of(row)
            if found is None:
                yield Breach(chain.sequence + 1, BreachCode.ALTERED, "its columns do not have their types")
                chain.previous = None
                continue
            chain.take(found)
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            yield Breach(0, BreachCode.DAMAGED, "SQLite's own check of the file fails")
    except schema.SqliteErrors as error:
        yield Breach(
            chain.sequence + 1, BreachCode.DAMAGED, f"the file cannot be read from here on ({type(error).__name__})"
        )


def _check_head(hashes: list[bytes], before: Head | None, after: Head | None) -> Iterator[Breach]:
    """``hashes[n]`` belongs to entry n, 0 to the genesis. The head may be one entry behind, never more and never ahead."""
    last = len(hashes) - 1
    if before is None or after is None:
        if last > 0:
            yield Breach(
                0, BreachCode.HEAD_MISSING, "expected the head file beside the journal: an end cut off would not show"
            )
        return
    if after.sequence < last - 1:
        text = f"the head knows {after.sequence} entries only: entries were added beside the writer, or the head was put back"
        yield Breach(after.sequence + 1, BreachCode.HEAD_DIFFERS, text)
    yield from _differs(hashes, before, BreachCode.HEAD_DIFFERS)


def _differs(hashes: list[bytes], head: Head, code: BreachCode) -> Iterator[Breach]:
    if head.sequence >= len(hashes):
        yield Breach(
            len(hashes), BreachCode.TAIL_CUT, f"entry {head.sequence} was noted elsewhere and is not here any more"
        )
    elif hashes[head.sequence] != head.hash:
        yield Breach(head.sequence, code, "its hash is not the one that was noted: the journal was rewritten")
