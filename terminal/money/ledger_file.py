"""The SQLite file of the ledger: one row a movement, each with the state after it and a hash that seals it and all before.

The sums are columns of their own, so that SQLite itself refuses a row that does not balance. WAL with synchronous=FULL, as the
journal has it (``terminal/journal/schema.py``); the chain is the journal's (``terminal/journal/chain.py``).
"""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from terminal.journal.chain import Link, genesis_hash
from terminal.journal.schema import SqliteErrors, connect, connect_reader, open_reader
from terminal.money.errors import LedgerCode, LedgerError

FORMAT: Final = "1"
TABLES: Final = {
    "ledger": "CREATE TABLE ledger (format TEXT NOT NULL, terminal_id TEXT NOT NULL, created TEXT NOT NULL) STRICT",
    "movement": (
        "CREATE TABLE movement (sequence INTEGER PRIMARY KEY, wall TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, "
        "inserted_yen INTEGER NOT NULL, kept_yen INTEGER NOT NULL, change_yen INTEGER NOT NULL, "
        "refunded_yen INTEGER NOT NULL, owed_yen INTEGER NOT NULL, overpaid_yen INTEGER NOT NULL, "
        "previous BLOB NOT NULL, hash BLOB NOT NULL, "
        "CHECK (inserted_yen + overpaid_yen = kept_yen + change_yen + refunded_yen + owed_yen), "
        "CHECK (min(inserted_yen, kept_yen, change_yen, refunded_yen, owed_yen, overpaid_yen) >= 0)) STRICT"
    ),
}
_CHAINED: Final = "sequence, wall, kind, body, previous, hash"
_CODES: Final = {
    sqlite3.SQLITE_FULL: LedgerCode.DISK_FULL,
    sqlite3.SQLITE_READONLY: LedgerCode.READ_ONLY,
    sqlite3.SQLITE_PERM: LedgerCode.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: LedgerCode.CORRUPT,
    sqlite3.SQLITE_NOTADB: LedgerCode.CORRUPT,
}
_INDEX_BYTES: Final = 32_768
"""The index beside the log, which SQLite makes whole when it opens the file (sqlite.org/walformat.html)."""
_ACTIONS: Final = {
    LedgerCode.DISK_FULL: "the disk of the ledger is full: make room, nothing was recorded",
    LedgerCode.READ_ONLY: "the ledger cannot be written: make its folder writable for the service, nothing was recorded",
    LedgerCode.CORRUPT: "the ledger's file is damaged: keep it, run `honnin ledger verify` on it",
    LedgerCode.UNAVAILABLE: "the ledger's disk did not write or read: check the disk, nothing was recorded",
    LedgerCode.OTHER_TERMINAL: "it is another terminal's ledger: set [terminal] state_dir to this terminal's own folder",
}

__all__ = ["SqliteErrors", "connect", "connect_reader", "open_reader"]


def ledger_error(code: LedgerCode, path: Path, detail: str = "") -> LedgerError:
    """A ``LedgerError`` about the file at ``path`` that says what to do."""
    return LedgerError(code, f"{path.name}: {_ACTIONS[code]}" + (f" ({detail})" if detail else ""))


def of_sqlite(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> LedgerError:
    """What SQLite's error means for the ledger at ``path``."""
    if isinstance(error, UnicodeDecodeError):
        return ledger_error(LedgerCode.CORRUPT, path, "unreadable bytes")
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return ledger_error(_CODES.get(primary) or _of_folder(primary, path.parent), path, name)


def _of_folder(primary: int, folder: Path) -> LedgerCode:
    """What the folder tells of an error that SQLite itself has no better word for."""
    if primary == sqlite3.SQLITE_CANTOPEN and folder.is_dir() and not os.access(folder, os.W_OK):
        return LedgerCode.READ_ONLY
    if primary == sqlite3.SQLITE_IOERR and folder.is_dir() and shutil.disk_usage(folder).free < _INDEX_BYTES:
        return LedgerCode.DISK_FULL
    return LedgerCode.UNAVAILABLE


def is_of_content(error: sqlite3.Error | UnicodeDecodeError) -> bool:
    """Whether ``error`` is of what is in the file, and not of the disk, of room or of rights."""
    primary = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def of_os(error: OSError, path: Path) -> LedgerError:
    """What the system's error means for the ledger at ``path``."""
    codes = {
        errno.ENOSPC: LedgerCode.DISK_FULL,
        errno.EDQUOT: LedgerCode.DISK_FULL,
        errno.EROFS: LedgerCode.READ_ONLY,
        errno.EACCES: LedgerCode.READ_ONLY,
        errno.EPERM: LedgerCode.READ_ONLY,
    }
    return ledger_error(codes.get(error.errno or 0, LedgerCode.UNAVAILABLE), path, error.strerror or "")


def create(connection: sqlite3.Connection, terminal_id: str, created: str) -> None:
    """Make the tables and the genesis row in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    for statement in TABLES.values():
        connection.execute(statement)
    connection.execute("INSERT INTO ledger VALUES (?, ?, ?)", (FORMAT, terminal_id, created))
    connection.execute("COMMIT")


def genesis(connection: sqlite3.Connection) -> tuple[str, bytes]:
    """The terminal's id and the hash before the first row; ``ValueError`` when the genesis row is not one."""
    rows = connection.execute("SELECT format, terminal_id, created FROM ledger LIMIT 2").fetchall()
    if len(rows) != 1 or rows[0][0] != FORMAT or set(map(type, rows[0])) != {str}:
        raise ValueError(f"expected one genesis row of format {FORMAT}, got {len(rows)} rows")
    _, terminal_id, created = rows[0]
    return terminal_id, genesis_hash(terminal_id, "ledger", created)


def links(connection: sqlite3.Connection, tail: str) -> Iterator[Link]:
    """The rows of the chain that ``tail`` (constant SQL) asks for; ``ValueError`` for one of other types."""
    for row in connection.execute(f"SELECT {_CHAINED} FROM movement {tail}"):  # noqa: S608 - constants
        yield _link(row)


def _link(row: tuple[Any, ...]) -> Link:
    if tuple(map(type, row)) != (int, str, str, str, bytes, bytes):
        raise ValueError("a row's columns do not have their types")
    return Link(*row)


def insert(connection: sqlite3.Connection, row: Link, sums: tuple[int, ...]) -> None:
    """Write one row, durable on return; ``sums`` in the order of ``state.Sums``."""
    connection.execute(
        "INSERT INTO movement VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (row.sequence, row.wall, row.kind, row.body, *sums, row.previous, row.hash),
    )
