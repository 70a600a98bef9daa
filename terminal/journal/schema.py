"""The SQLite file of the journal: its two tables, how it is opened, and what SQLite's errors mean.

WAL with synchronous=FULL: one fsync of the log makes an entry durable before ``append`` returns (in rollback mode it takes
three and, with DELETE, a synced folder as well), and anyone may read and verify while the terminal writes. Source:
sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

from terminal.journal.chain import Link, genesis_hash
from terminal.journal.errors import JournalCode, JournalError

FORMAT: Final = "1"

_TABLES: Final = {
    "journal": (
        "CREATE TABLE journal (format TEXT NOT NULL, terminal_id TEXT NOT NULL, journal_id TEXT NOT NULL, "
        "created TEXT NOT NULL) STRICT"
    ),
    "entry": (
        "CREATE TABLE entry (sequence INTEGER PRIMARY KEY, wall TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, "
        "previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT"
    ),
    "entry_kind": "CREATE INDEX entry_kind ON entry (kind, sequence)",
}

_CODES: Final = {
    sqlite3.SQLITE_FULL: JournalCode.DISK_FULL,
    sqlite3.SQLITE_READONLY: JournalCode.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: JournalCode.CORRUPT,
    sqlite3.SQLITE_NOTADB: JournalCode.CORRUPT,
    sqlite3.SQLITE_BUSY: JournalCode.LOCKED,
    sqlite3.SQLITE_LOCKED: JournalCode.LOCKED,
    sqlite3.SQLITE_PERM: JournalCode.READ_ONLY,
}

_ACTIONS: Final = {
    JournalCode.DISK_FULL: "the disk of the journal is full: make room, nothing was written",
    JournalCode.READ_ONLY: "the journal cannot be written: make its folder writable for the service, nothing was written",
    JournalCode.CORRUPT: "the journal's file is damaged: keep it, run `honnin journal verify` on it, call the maintainer",
    JournalCode.LOCKED: "another writer holds the journal: stop the other service first",
    JournalCode.UNAVAILABLE: "the journal's disk did not write or read: check the disk, nothing was written",
}


def journal_error(code: JournalCode, path: Path, detail: str = "") -> JournalError:
    """A ``JournalError`` about the file at ``path`` that says what to do."""
    return JournalError(code, f"{path.name}: {_ACTIONS[code]}" + (f" ({detail})" if detail else ""))


SqliteErrors: Final = (sqlite3.Error, UnicodeDecodeError)
"""What a call of sqlite3 may raise; the second when SQLite's message itself quotes damaged bytes of the file."""


def of_sqlite(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> JournalError:
    """What SQLite's error means for the journal at ``path``."""
    if isinstance(error, UnicodeDecodeError):
        return journal_error(JournalCode.CORRUPT, path, "unreadable bytes")
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return journal_error(
        _CODES.get(primary, JournalCode.UNAVAILABLE), path, getattr(error, "sqlite_errorname", type(error).__name__)
    )


def _text(raw: bytes) -> str:
    """A byte that was tampered with must come out as a wrong text, not as an exception."""
    return raw.decode("utf-8", "surrogateescape")


def connect(path: Path) -> sqlite3.Connection:
    """The writer's connection: autocommit, WAL, synchronous=FULL."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=2.0)
    connection.text_factory = _text
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA trusted_schema=OFF")
    except SqliteErrors:
        connection.close()
        raise
    return connection


def connect_reader(path: Path, immutable: bool = False) -> sqlite3.Connection:
    """A connection that cannot write: for verifying, beside a writer or on a copy; ``immutable`` for a read-only medium."""
    uri = f"{path.absolute().as_uri()}?mode=ro" + ("&immutable=1" if immutable else "")
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=2.0)
    connection.text_factory = _text
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A ``connect_reader`` that has read already. Raises sqlite3's errors.

    A file that was closed in order is whole in one, and may lie where SQLite can write no index beside it: it is read as it lies.
    """
    connection = connect_reader(path)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except SqliteErrors:
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        connection = connect_reader(path, immutable=True)
    return connection


def create(connection: sqlite3.Connection, terminal_id: str, journal_id: str, created: str) -> None:
    """Make the tables and the genesis row in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in _TABLES.values():
        connection.execute(statement)
    connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?)", (FORMAT, terminal_id, journal_id, created))
    connection.execute("COMMIT")


def schema_of(connection: sqlite3.Connection) -> dict[str, str]:
    """Everything the file's schema holds, by name."""
    return {str(name): str(sql) for name, sql in connection.execute("SELECT name, sql FROM sqlite_master")}


def schema_is_ours(schema: dict[str, str]) -> bool:
    """True when the schema holds our tables and nothing else: no trigger, no view, no further table."""
    return schema == _TABLES


def genesis(connection: sqlite3.Connection) -> tuple[str, bytes]:
    """The terminal's id and the genesis hash; raises ``ValueError`` when the genesis row is not one, or not this format's."""
    rows = connection.execute("SELECT format, terminal_id, journal_id, created FROM journal LIMIT 2").fetchall()
    if len(rows) != 1 or rows[0][0] != FORMAT or set(map(type, rows[0])) != {str}:
        raise ValueError(f"expected one genesis row of format {FORMAT}, got {len(rows)} rows")
    _, terminal_id, journal_id, created = rows[0]
    return terminal_id, genesis_hash(terminal_id, journal_id, created)


COLUMNS: Final = "sequence, wall, kind, body, previous, hash"


def link_of(row: tuple[Any, ...]) -> Link | None:
    """A row of ``COLUMNS``; None when a damaged file gives it other types than the table has."""
    return Link(*row) if tuple(map(type, row)) == (int, str, str, str, bytes, bytes) else None
