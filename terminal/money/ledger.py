"""The ledger of the terminal's money: its one writer. A movement is on the disk when ``record`` returns, or an error tells.

Opening looks at the last rows only: each row carries the state after it, sealed by the chain. A damaged ledger is salvaged: a new
file begins with the state of the last sound row, the damaged file is kept beside it, and the devices' own counters, read at the
next reset, tell what the lost rows said.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

from terminal.clock import Clock
from terminal.journal.chain import Link, link
from terminal.money import ledger_file
from terminal.money.codec import body_of, parts_of
from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.following import after
from terminal.money.ledger_file import SqliteErrors, ledger_error, of_sqlite
from terminal.money.movements import LedgerSalvaged, Movement
from terminal.money.state import LedgerState

FILE_NAME: Final = "ledger.sqlite"
_SIDE_FILES: Final = ("-wal", "-shm")
_SALVAGED: Final = ".salvaged"
_ROWS_CHECKED: Final = 64


class Ledger:
    """One terminal's ledger. Two writers cannot be: the journal's lock lies in the same folder (``JOURNAL_LOCKED``).

    Raises ``LedgerError``: ``LEDGER_CORRUPT`` for a damaged file (see ``open_or_salvage``), ``LEDGER_OTHER_TERMINAL``.
    """

    def __init__(self, path: Path, clock: Clock, terminal_id: str) -> None:
        self._path = path
        self._clock = clock
        self.state = LedgerState()
        try:
            self._connection = ledger_file.connect(path)
        except SqliteErrors as error:
            raise of_sqlite(error, path) from None
        try:
            self._sequence, self._hash = self._open(terminal_id)
        except SqliteErrors as error:
            self._connection.close()
            raise of_sqlite(error, path) from None
        except (ValueError, LedgerError) as error:
            self._connection.close()
            if isinstance(error, LedgerError) and error.code == LedgerCode.OTHER_TERMINAL:
                raise
            raise ledger_error(LedgerCode.CORRUPT, path, str(error)) from None

    def _open(self, terminal_id: str) -> tuple[int, bytes]:
        schema = dict(self._connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        if not schema:
            ledger_file.create(self._connection, terminal_id, self._clock.wall().isoformat())
        elif schema != ledger_file.TABLES:
            raise ValueError("its tables are not a ledger's")
        written_by, start = ledger_file.genesis(self._connection)
        if written_by != terminal_id:
            raise ledger_error(LedgerCode.OTHER_TERMINAL, self._path, f"of {written_by}")
        rows = list(ledger_file.links(self._connection, f"ORDER BY sequence DESC LIMIT {_ROWS_CHECKED}"))
        for row in rows:
            if not row.sound:
                raise ValueError(f"row {row.sequence} is not what was written")
        for row, before in pairwise(rows):
            if (row.previous, row.sequence) != (before.hash, before.sequence + 1):
                raise ValueError(f"row {row.sequence} does not follow row {before.sequence}")
        if len(rows) < _ROWS_CHECKED and rows and (rows[-1].previous, rows[-1].sequence) != (start, 1):
            raise ValueError("its first row is not the first that was written")
        if not rows:
            return 0, start
        self.state = parts_of(rows[0].kind, rows[0].body)[1]
        return rows[0].sequence, rows[0].hash

    @property
    def rows(self) -> int:
        """How many movements are on record."""
        return self._sequence

    def record(self, movement: Movement) -> LedgerState:
        """Put ``movement`` on record and return the state after it; raise ``LedgerError``, then nothing was recorded."""
        return self._write(movement, after(self.state, movement))

    def take_over(self, state: LedgerState, sound_rows: int) -> None:
        """Begin this new ledger with what the sound rows of a damaged one say."""
        self._write(LedgerSalvaged(sound_rows), state)

    def _write(self, movement: Movement, following: LedgerState) -> LedgerState:
        wall = self._clock.wall().isoformat()
        row = link(self._hash, self._sequence + 1, wall, type(movement).__name__, body_of(movement, following))
        try:
            ledger_file.insert(self._connection, row, astuple(following.totals))
        except SqliteErrors as error:
            raise of_sqlite(error, self._path) from None
        self._sequence, self._hash, self.state = row.sequence, row.hash, following
        return following

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_or_salvage(path: Path, clock: Clock, terminal_id: str) -> tuple[Ledger, bool]:
    """The ledger at ``path``, and whether it had to be salvaged from a damaged file, which is kept as ``*.damaged-N``.

    Cut short anywhere, it ends the salvage the next time: the new file takes the damaged one's place when it is whole.
    """
    salvaged = path.with_name(path.name + _SALVAGED)
    try:
        if salvaged.exists() and _is_whole(salvaged, clock, terminal_id):
            _put_in_place(salvaged, path)
            return Ledger(path, clock, terminal_id), True
        return Ledger(path, clock, terminal_id), False
    except LedgerError as error:
        if error.code != LedgerCode.CORRUPT:
            raise
    except OSError as error:
        raise ledger_file.of_os(error, path) from None
    sound_rows, state = _last_sound(path)
    try:
        _remove(salvaged)
        _keep_aside(path)
        with Ledger(salvaged, clock, terminal_id) as ledger:
            ledger.take_over(state, sound_rows)
        _put_in_place(salvaged, path)
    except OSError as error:
        raise ledger_file.of_os(error, path) from None
    return Ledger(path, clock, terminal_id), True


def _is_whole(salvaged: Path, clock: Clock, terminal_id: str) -> bool:
    """Whether the salvage that was cut short had taken over what there was."""
    try:
        with Ledger(salvaged, clock, terminal_id) as ledger:
            return ledger.rows > 0
    except LedgerError as error:
        if error.code != LedgerCode.CORRUPT:
            raise
        return False


def _last_sound(path: Path) -> tuple[int, LedgerState]:
    """Number and state of the last row that is what was written, from either end; nought for a file that cannot be read."""
    best = (0, LedgerState())
    for order in ("ORDER BY sequence DESC", "ORDER BY sequence"):
        try:
            for row in _rows_of_damaged(path, order):
                if row.sound and row.sequence > best[0]:
                    best = (row.sequence, parts_of(row.kind, row.body)[1])
                    if order.endswith("DESC"):
                        return best
        except SqliteErrors as error:
            # A disk that is full or does not answer says nothing of what is in the file: nothing may be given up for it.
            if not ledger_file.is_of_content(error):
                raise of_sqlite(error, path) from None
        except (ValueError, LedgerError):
            continue
    return best


def _rows_of_damaged(path: Path, order: str) -> Iterator[Link]:
    with closing(ledger_file.connect_reader(path)) as connection:
        # Without it, SQLite reads nothing of a file that was cut off (lockBtree in its btree.c).
        connection.execute("PRAGMA writable_schema=ON")
        yield from ledger_file.links(connection, order)


def _keep_aside(path: Path) -> None:
    """A second name for the damaged file and those beside it, which outlives their removal."""
    number = 1
    while (target := path.with_name(f"{path.name}.damaged-{number}")).exists():
        if target.samefile(path):
            return
        number += 1
    for suffix in (*_SIDE_FILES, ""):
        side = path.with_name(path.name + suffix)
        if side.exists():
            target.with_name(target.name + suffix).unlink(missing_ok=True)
            os.link(side, target.with_name(target.name + suffix))


def _put_in_place(salvaged: Path, path: Path) -> None:
    """``salvaged`` becomes the ledger: the damaged one's log goes first, or SQLite would play it into the new file."""
    for suffix in _SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    salvaged.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _remove(path: Path) -> None:
    for suffix in ("", *_SIDE_FILES):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
