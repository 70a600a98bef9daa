"""Reading a ledger that one does not own: beside its writer, on a copy, or on a medium that cannot be written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from terminal.files import open_named
from terminal.money import ledger_file
from terminal.money.codec import parts_of
from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.ledger_file import SqliteErrors, ledger_error
from terminal.money.state import LedgerState


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a ledger says at one moment; ``wall`` is the time of its last row (ISO 8601), empty when it has none."""

    terminal_id: str
    rows: int
    wall: str
    state: LedgerState


@contextmanager
def reader(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write, inside one transaction: one moment, whatever is written meanwhile.

    Raises ``OSError`` for what is no file, and sqlite3's errors.
    """
    for file in (path, path.with_name(path.name + "-wal")):
        # SQLite would wait for ever at a pipe.
        if file == path or file.exists():
            open_named(file).close()
    with closing(ledger_file.open_reader(path)) as connection:
        connection.execute("BEGIN")
        yield connection


def read_snapshot(path: Path) -> Snapshot:
    """What the ledger at ``path`` says now; raise ``LedgerError`` for what is none, or whose last row is damaged."""
    try:
        with reader(path) as connection:
            terminal_id, _ = ledger_file.genesis(connection)
            last = next(ledger_file.links(connection, "ORDER BY sequence DESC LIMIT 1"), None)
            if last is None:
                return Snapshot(terminal_id, 0, "", LedgerState())
            if not last.sound:
                raise ValueError(f"row {last.sequence} is not what was written")
            return Snapshot(terminal_id, last.sequence, last.wall, parts_of(last.kind, last.body)[1])
    except OSError as error:
        raise _none(path, error.strerror or type(error).__name__) from None
    except SqliteErrors as error:
        raise _none(path, getattr(error, "sqlite_errorname", type(error).__name__)) from None
    except (ValueError, LedgerError) as error:
        text = error.failure.text if isinstance(error, LedgerError) else str(error)
        raise ledger_error(LedgerCode.CORRUPT, path, text) from None


def _none(path: Path, detail: str) -> LedgerError:
    text = (
        f"expected a ledger, could not read {path.name} ({detail}): name the ledger.sqlite of a terminal's state folder"
    )
    return LedgerError(LedgerCode.UNAVAILABLE, text)
