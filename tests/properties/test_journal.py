"""Whatever is written comes back; whatever is touched is named; whatever garbage comes is refused."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from terminal.journal import codec
from terminal.journal import entries as e
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.verify import verify_journal
from tests.journal_kit import ANNA, a_day, any_entry, copy_of_day, open_journal

slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(any_entry)
@settings(deadline=None)
def test_any_entry_round_trips_as_a_message(entry: e.JournalEntry) -> None:
    message = codec.encode(entry)
    assert len(message) <= codec.MESSAGE_MAX
    assert codec.decode(message) == entry


@given(st.lists(any_entry.filter(lambda entry: not isinstance(entry, e.TerminalStarted)), max_size=8))
@slow
def test_any_entries_round_trip_through_the_file_and_their_chain_is_good(entries: list[e.JournalEntry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with open_journal(Path(folder)) as journal:
            for entry in entries:
                journal.append(entry)
        with open_journal(Path(folder)) as journal:
            assert [recorded.entry for recorded in journal.entries()] == entries
        chain = ("JOURNAL_ENTRY", "JOURNAL_HEAD", "JOURNAL_TAIL", "JOURNAL_FILE", "JOURNAL_SCHEMA")
        report = verify_journal(Path(folder) / "journal.sqlite")
        assert [breach for breach in report.breaches if breach.code.startswith(chain)] == []


@given(st.binary(max_size=300))
@example(b"[" * 4000 + b"\n")
@example(b"\n")
@example(b'{"body":{},"kind":"TerminalStopped"} \n')
@example(b'{"kind":"TerminalStopped","body":{}}\n')
@example(b'{"body":{},"body":{},"kind":"TerminalStopped"}\n')
@example(b'{"body":{"code":1e999},"kind":"OutOfService"}\n')
@example(b'{"body":{},"kind":[]}\n')
@example(b'{"body":' + b"9" * 4080 + b"}\n")
def test_garbage_from_a_customers_process_is_a_typed_error(garbage: bytes) -> None:
    with pytest.raises(JournalError) as caught:
        codec.decode_from_customer(garbage, ANNA)
    assert caught.value.code == JournalCode.MESSAGE_UNFIT


@given(any_entry, st.data())
@settings(deadline=None)
def test_a_message_with_one_byte_changed_is_refused_or_another_whole_entry(
    entry: e.JournalEntry, data: st.DataObject
) -> None:
    message = bytearray(codec.encode(entry))
    at = data.draw(st.integers(0, len(message) - 1))
    message[at] ^= data.draw(st.integers(1, 255))
    try:
        other = codec.decode(bytes(message))
    except JournalError:
        return
    assert codec.encode(other) == bytes(message)


@given(st.lists(st.binary(max_size=50)), st.integers(1, 60))
def test_messages_are_cut_at_their_line_feeds_however_they_arrive(parts: list[bytes], step: int) -> None:
    lines = [part.replace(b"\n", b"") + b"\n" for part in parts]
    stream, splitter, got = b"".join(lines), codec.MessageSplitter(), list[bytes]()
    for at in range(0, len(stream), step):
        got += splitter.feed(stream[at : at + step])
    assert got == lines


def test_a_message_without_end_is_not_hoarded() -> None:
    splitter = codec.MessageSplitter()
    with pytest.raises(JournalError):
        for _ in range(100):
            splitter.feed(b"x" * 1000)


COLUMNS = ("sequence", "wall", "kind", "body", "previous", "hash")


@given(st.integers(1, len(a_day())), st.sampled_from(COLUMNS), st.data())
@slow
def test_any_byte_touched_in_any_column_of_any_row_is_named(row: int, column: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = copy_of_day(Path(folder))
        with closing(sqlite3.connect(path)) as connection:
            select, update = f"SELECT {column} FROM entry", f"UPDATE entry SET {column} = ?"  # noqa: S608
            (value,) = connection.execute(f"{select} WHERE sequence = ?", (row,)).fetchone()
            touched = _touched(value, data)
            connection.execute(f"{update} WHERE sequence = ?", (touched, row))
            connection.commit()
        named = {breach.sequence for breach in verify_journal(path).breaches}
        assert named & {row, touched} if column == "sequence" else row in named


def _touched(value: int | str | bytes, data: st.DataObject) -> int | str | bytes:
    flip = data.draw(st.integers(1, 255))
    if isinstance(value, int):
        return -value - flip
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= flip
    return raw.decode("latin-1") if isinstance(value, str) else bytes(raw)


@given(st.integers(0, 1 << 20), st.integers(1, 255))
@example(3998, 128)
@slow
def test_a_byte_flipped_anywhere_in_the_file_never_changes_what_a_good_journal_says(at: int, flip: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = copy_of_day(Path(folder))
        raw = bytearray(path.read_bytes())
        raw[at % len(raw)] ^= flip
        path.write_bytes(raw)
        if verify_journal(path).ok:
            with closing(sqlite3.connect(path)) as connection:
                rows = connection.execute("SELECT kind, body FROM entry ORDER BY sequence").fetchall()
            assert tuple(codec.entry_of(kind, body) for kind, body in rows) == a_day()
        try:
            with open_journal(Path(folder)) as journal:
                said = [recorded.entry for recorded in journal.entries()]
        except JournalError:
            return
        assert said == list(a_day()[: len(said)])
