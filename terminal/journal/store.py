"""The journal's one writer: an entry is on the disk when ``append`` returns, or an error says that it is not."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from terminal.clock import Clock
from terminal.journal import schema
from terminal.journal.chain import Link, link
from terminal.journal.codec import body_of, entry_of
from terminal.journal.entries import (
    CustomerClosedAtBoot,
    CustomerEnded,
    CustomerStarted,
    FaultCleared,
    FaultRaised,
    FindingRaised,
    FindingReleased,
    JournalEntry,
    TerminalStarted,
)
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.fields import Part
from terminal.journal.head import Head, HeadFile, head_path, read_head

_STANDING_PAYMENT_CODES: Final = frozenset({"PAYMENT_CHANGE_FAILED", "PAYMENT_REFUND_FAILED", "PAYMENT_MONEY_HELD"})
_OPEN_HERE: Final[set[Path]] = set()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry with its place: ``sequence`` from 1, wall time, and the hash that seals it and all before it."""

    sequence: int
    at: datetime
    entry: JournalEntry
    hash: bytes


class Journal:
    """The journal of one terminal, opened by its one writer; a second writer is refused (``JOURNAL_LOCKED``).

    Opening checks the lock, the schema, the last entry and the head, and raises ``JournalError``. Use it in one thread and one
    process: a forked child that appends gets ``JOURNAL_LOCKED``.
    """

    def __init__(self, path: Path, clock: Clock, terminal_id: str) -> None:
        self._path = path.resolve()
        self._clock = clock
        self._owner = os.getpid()
        self._lock = _lock(self._path)
        try:
            self._connection = schema.connect(self._path)
            try:
                self._last = self._open(terminal_id)
            except BaseException:
                self._connection.close()
                raise
        except schema.SqliteErrors as error:
            _unlock(self._path, self._lock)
            raise schema.of_sqlite(error, self._path) from None
        except OSError as error:
            _unlock(self._path, self._lock)
            raise _of_os(error, self._path) from None
        except BaseException:
            _unlock(self._path, self._lock)
            raise

    def _open(self, terminal_id: str) -> Head:
        found = schema.schema_of(self._connection)
        head = read_head(head_path(self._path))
        if not found:
            if head is not None:
                raise self._corrupt("the file is new but its head is not: the journal was removed")
            created = self._clock.wall().isoformat()
            schema.create(self._connection, terminal_id, secrets.token_hex(16), created)
        elif not schema.schema_is_ours(found):
            raise self._corrupt("its tables are not a journal's")
        last = self._last_link(terminal_id)
        self._check_head(last, head)
        self._head = HeadFile(head_path(self._path))
        self._head_behind = False
        self._head.write(last)
        return last

    def _last_link(self, terminal_id: str) -> Head:
        try:
            written_by, genesis = schema.genesis(self._connection)
        except ValueError as error:
            raise self._corrupt(str(error)) from None
        if written_by != terminal_id:
            raise JournalError(
                JournalCode.OTHER_TERMINAL,
                f"{self._path.name}: expected the journal of terminal {terminal_id}, got that of {written_by}; "
                "set [terminal] state_dir to this terminal's own folder",
            )
        rows = self._links("ORDER BY sequence DESC LIMIT 1")
        last = next(rows, None)
        if last is None:
            return Head(0, genesis)
        if not last.sound:
            raise self._corrupt(f"its last entry, {last.sequence}, does not have its own hash")
        return Head(last.sequence, last.hash)

    def _check_head(self, last: Head, head: Head | None) -> None:
        if head is None:
            if last.sequence > 0:
                raise self._corrupt("its head file is missing")
            return
        if head.sequence > last.sequence:
            raise self._corrupt(f"its head knows entry {head.sequence}, but the last one is {last.sequence}")
        if head.sequence < last.sequence - 1 or (head.sequence == last.sequence and head.hash != last.hash):
            raise self._corrupt(f"its head at entry {head.sequence} does not belong to the last entry, {last.sequence}")

    def append(self, entry: JournalEntry) -> Recorded:
        """Write ``entry``; when this returns, it survives a power cut.

        Raises ``JournalError``: then nothing was written, but where the text says that only the head is missing; the head is
        then made up before the next entry, so that it is never more than one behind.
        """
        if os.getpid() != self._owner:
            raise schema.journal_error(JournalCode.LOCKED, self._path, "opened by another process")
        if isinstance(entry, TerminalStarted) and (self.unended_customers() or self.unended_terminal()):
            raise JournalError(
                JournalCode.NOT_RECOVERED,
                f"{self._path.name}: expected every start to have its end, got one without; call recover() before starting",
            )
        if self._head_behind:
            self._write_head()
        at = self._clock.wall()
        row = link(self._last.hash, self._last.sequence + 1, at.isoformat(), type(entry).__name__, body_of(entry))
        try:
            self._connection.execute(
                f"INSERT INTO entry ({schema.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
                (row.sequence, row.wall, row.kind, row.body, row.previous, row.hash),
            )
        except schema.SqliteErrors as error:
            raise schema.of_sqlite(error, self._path) from None
        self._last = Head(row.sequence, row.hash)
        self._head_behind = True
        self._write_head()
        return Recorded(row.sequence, at, entry, row.hash)

    def _write_head(self) -> None:
        try:
            self._head.write(self._last)
        except OSError as error:
            raise schema.journal_error(
                JournalCode.UNAVAILABLE,
                self._path,
                f"entry {self._last.sequence} is written, its head is not: {error.strerror}",
            ) from None
        self._head_behind = False

    @property
    def head(self) -> Head:
        """The last entry's sequence and hash: note it elsewhere, and nobody can rewrite the journal up to it."""
        return self._last

    def entries(self, after: int = 0) -> Iterator[Recorded]:
        """The entries behind number ``after`` (all, by default) in order.

        Raises ``JournalError`` (``JOURNAL_CORRUPT``) at one that is not what was written.
        """
        yield from self._recorded(f"WHERE sequence > {after:d} ORDER BY sequence")

    def open_findings(self) -> tuple[FindingRaised, ...]:
        """The findings that nobody has released: while there is one, no customer starts (P6)."""
        found: dict[str, FindingRaised] = {}
        for recorded in self._recorded("WHERE kind IN ('FindingRaised', 'FindingReleased') ORDER BY sequence"):
            match recorded.entry:
                case FindingRaised() as raised:
                    found[raised.finding] = raised
                case FindingReleased(finding=finding):
                    found.pop(finding, None)
                case _:
                    raise self._corrupt("its index of kinds is wrong")
        return tuple(found.values())

    def standing_faults(self) -> tuple[tuple[str, str], ...]:
        """(part, code) of the levels that only staff can take back and nobody has: they outlive a power cut."""
        up: dict[tuple[str, str], None] = {}
        for recorded in self._recorded("WHERE kind IN ('FaultRaised', 'FaultCleared') ORDER BY sequence"):
            match recorded.entry:
                case FaultRaised(part=part, code=code) if _is_standing(part, code):
                    up[(part.value, code)] = None
                case FaultCleared(part=part, code=code):
                    up.pop((part.value, code), None)
                case _:
                    pass
        return tuple(up)

    def unended_customers(self) -> tuple[CustomerStarted, ...]:
        """The ``CustomerStarted`` entries without their end, since the service's last start."""
        started: dict[str, CustomerStarted] = {}
        for recorded in self.since_last_start():
            match recorded.entry:
                case CustomerStarted() as start:
                    started[start.customer] = start
                case CustomerEnded(customer=customer) | CustomerClosedAtBoot(customer=customer):
                    started.pop(customer, None)
                case _:
                    pass
        return tuple(started.values())

    def unended_terminal(self) -> bool:
        """True when the service's last start has no end yet."""
        ends = "('TerminalStarted', 'TerminalStopped', 'TerminalClosedAtBoot')"
        last = next(self._recorded(f"WHERE kind IN {ends} ORDER BY sequence DESC LIMIT 1"), None)
        return last is not None and isinstance(last.entry, TerminalStarted)

    def since_last_start(self) -> Iterator[Recorded]:
        """The entries from the last ``TerminalStarted`` on (all, when there is none)."""
        last = "(SELECT max(sequence) FROM entry WHERE kind = 'TerminalStarted')"
        yield from self._recorded(f"WHERE sequence >= coalesce({last}, 0) ORDER BY sequence")

    def _recorded(self, tail: str) -> Iterator[Recorded]:
        for row in self._links(tail):
            if not row.sound:
                raise self._corrupt(f"entry {row.sequence} does not have its own hash")
            try:
                entry, at = entry_of(row.kind, row.body), datetime.fromisoformat(row.wall)
            except (JournalError, ValueError):
                raise self._corrupt(f"entry {row.sequence} is none that this journal knows") from None
            yield Recorded(row.sequence, at, entry, row.hash)

    def _links(self, tail: str) -> Iterator[Link]:
        try:
            for row in self._connection.execute(f"SELECT {schema.COLUMNS} FROM entry {tail}"):  # noqa: S608 - constants
                found = schema.link_of(row)
                if found is None:
                    raise self._corrupt("an entry's columns do not have their types")
                yield found
        except schema.SqliteErrors as error:
            raise schema.of_sqlite(error, self._path) from None

    def _corrupt(self, detail: str) -> JournalError:
        return schema.journal_error(JournalCode.CORRUPT, self._path, detail)

    def close(self) -> None:
        """Let go of the files; the log is folded into the one file. Closing twice is harmless."""
        if self._path in _OPEN_HERE and os.getpid() == self._owner:
            self._connection.close()
            self._head.close()
            _unlock(self._path, self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_standing(part: Part, code: str) -> bool:
    """Levels that no device can take back: sheets in the tray, and money whose whereabouts nobody knows."""
    by_machine = part in (Part.TRAY, Part.PAYMENT) and code.startswith("MACHINE_")
    return by_machine or code in _STANDING_PAYMENT_CODES


def _lock(path: Path) -> int:
    """Take the journal's lock (POSIX record lock: a fork does not inherit it, a dead process does not hold it)."""
    if path in _OPEN_HERE:
        raise schema.journal_error(JournalCode.LOCKED, path, "open in this process already")
    descriptor = -1
    try:
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError) as error:
        held = descriptor >= 0
        if held:
            os.close(descriptor)
        raise schema.journal_error(
            JournalCode.LOCKED if held else JournalCode.READ_ONLY, path, type(error).__name__
        ) from None
    except OSError as error:
        raise _of_os(error, path) from None
    _OPEN_HERE.add(path)
    return descriptor


def _unlock(path: Path, descriptor: int) -> None:
    _OPEN_HERE.discard(path)
    os.close(descriptor)


def _of_os(error: OSError, path: Path) -> JournalError:
    codes = {28: JournalCode.DISK_FULL, 27: JournalCode.DISK_FULL, 30: JournalCode.READ_ONLY, 13: JournalCode.READ_ONLY}
    return schema.journal_error(
        codes.get(error.errno or 0, JournalCode.UNAVAILABLE), path, os.strerror(error.errno or 0)
    )
