"""Tampering is named by entry, and so is a journal that says what cannot be."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.chain import link
from terminal.journal.fields import EndReason, Part
from terminal.journal.head import Head, HeadFile, head_path, read_head
from terminal.journal.report import BreachCode, JournalReport
from terminal.journal.verify import render_text, verify_journal
from tests.journal_kit import ANNA, BORIS, FINDING, PROVED, STARTED, a_day, open_journal, served, write_day

START = e.CustomerStarted(customer=ANNA, generation=1)
END = e.CustomerEnded(customer=ANNA, reason=EndReason.CANCELLED, delivered=False)
FEE = e.FeeCollected(customer=ANNA, amount_yen=300)


def tamper(path: Path, *statements: str) -> JournalReport:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return verify_journal(path)


def named(report: JournalReport) -> set[tuple[int, BreachCode]]:
    return {(breach.sequence, breach.code) for breach in report.breaches}


def test_a_good_journal_is_good(tmp_path: Path) -> None:
    report = verify_journal(write_day(tmp_path))
    assert report.ok
    assert (report.entries, report.terminal_id, report.tally.customers) == (len(a_day()), "T-0001", 2)
    assert "verdict   good" in render_text(report)


def test_a_running_terminal_is_verified_beside_its_writer(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, START):
            journal.append(entry)
        report = verify_journal(tmp_path / "journal.sqlite")
    assert report.ok
    assert report.tally.open_customer


def test_a_modified_entry_is_named(tmp_path: Path) -> None:
    report = tamper(write_day(tmp_path), "UPDATE entry SET body = replace(body, '300', '200') WHERE sequence = 5")
    assert named(report) >= {(5, BreachCode.ALTERED)}
    assert {breach.sequence for breach in report.breaches} == {5}
    assert "entry 5: JOURNAL_ENTRY_ALTERED" in render_text(report)


def test_an_entry_modified_with_its_hash_made_to_fit_is_named_by_its_link(tmp_path: Path) -> None:
    path = write_day(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        select = "SELECT previous, wall, kind, body FROM entry WHERE sequence = 5"
        previous, wall, kind, body = connection.execute(select).fetchone()
        forged = link(previous, 5, wall, kind, body.replace("300", "200"))
        connection.execute("UPDATE entry SET body = ?, hash = ? WHERE sequence = 5", (forged.body, forged.hash))
        connection.commit()
    assert (6, BreachCode.UNLINKED) in named(verify_journal(path))


def test_a_removed_entry_is_named(tmp_path: Path) -> None:
    assert (5, BreachCode.MISSING) in named(tamper(write_day(tmp_path), "DELETE FROM entry WHERE sequence = 4"))


def test_a_removed_entry_with_the_later_ones_renumbered_is_named(tmp_path: Path) -> None:
    path = write_day(tmp_path)
    report = tamper(
        path, "DELETE FROM entry WHERE sequence = 4", "UPDATE entry SET sequence = sequence - 1 WHERE sequence > 4"
    )
    assert (4, BreachCode.ALTERED) in named(report)


def test_removed_first_entries_are_named(tmp_path: Path) -> None:
    assert (3, BreachCode.MISSING) in named(tamper(write_day(tmp_path), "DELETE FROM entry WHERE sequence < 3"))


def test_an_inserted_entry_is_named(tmp_path: Path) -> None:
    path = write_day(tmp_path)
    last = len(a_day())
    copied = f"INSERT INTO entry SELECT {last + 1}, wall, kind, body, previous, hash FROM entry WHERE sequence = {last}"  # noqa: S608
    assert (last + 1, BreachCode.ALTERED) in named(tamper(path, copied))


def test_two_entries_that_changed_places_are_named(tmp_path: Path) -> None:
    swap = (
        "UPDATE entry SET sequence = -1 WHERE sequence = 4",
        "UPDATE entry SET sequence = 4 WHERE sequence = 5",
        "UPDATE entry SET sequence = 5 WHERE sequence = -1",
    )
    assert named(tamper(write_day(tmp_path), *swap)) >= {(4, BreachCode.ALTERED), (5, BreachCode.ALTERED)}


@pytest.mark.parametrize("cut", [1, 2, 7])
def test_a_tail_cut_off_is_missed_by_the_head(tmp_path: Path, cut: int) -> None:
    path, last = write_day(tmp_path), len(a_day())
    report = tamper(path, f"DELETE FROM entry WHERE sequence > {last - cut}")  # noqa: S608
    assert (last - cut + 1, BreachCode.TAIL_CUT) in named(report)


def test_a_missing_head_is_missed(tmp_path: Path) -> None:
    path = write_day(tmp_path)
    head_path(path).unlink()
    assert named(verify_journal(path)) == {(0, BreachCode.HEAD_MISSING)}


def test_an_entry_added_beside_the_writer_is_named(tmp_path: Path) -> None:
    """A forger who knows the format can add sound entries, but not the head; with the head too, only an anchor tells."""
    path = write_day(tmp_path)
    noted = read_head(head_path(path))
    assert noted is not None
    with closing(sqlite3.connect(path)) as connection:
        previous = noted.hash
        for sequence in (noted.sequence + 1, noted.sequence + 2):
            forged = link(previous, sequence, "2026-04-06T10:00:00+09:00", "ServiceRestored", "{}")
            values = (forged.sequence, forged.wall, forged.kind, forged.body, forged.previous, forged.hash)
            connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", values)
            previous = forged.hash
        connection.commit()
    assert (noted.sequence + 1, BreachCode.HEAD_DIFFERS) in named(verify_journal(path))


def test_a_journal_rewritten_with_its_head_is_told_by_an_anchor(tmp_path: Path) -> None:
    (tmp_path / "true").mkdir()
    path = write_day(tmp_path / "true")
    noted = read_head(head_path(path))
    assert noted is not None
    (tmp_path / "false").mkdir()
    forged = write_day(tmp_path / "false")
    assert verify_journal(forged).ok
    assert verify_journal(path, [noted]).ok
    assert named(verify_journal(forged, [noted])) == {(noted.sequence, BreachCode.ANCHOR_DIFFERS)}


def test_an_altered_genesis_is_named_at_the_first_entry(tmp_path: Path) -> None:
    report = tamper(write_day(tmp_path), "UPDATE journal SET terminal_id = 'T-0002'")
    assert (1, BreachCode.UNLINKED) in named(report)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER quiet AFTER INSERT ON entry BEGIN DELETE FROM entry WHERE sequence = new.sequence; END",
        "CREATE VIEW other AS SELECT 1",
        "DROP INDEX entry_kind",
    ],
)
def test_an_altered_schema_is_named(tmp_path: Path, statement: str) -> None:
    assert (0, BreachCode.SCHEMA) in named(tamper(write_day(tmp_path), statement))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("NoteToSelf", '{"text":"x"}'),
        ("ServiceRestored", "{ }"),
        ("ServiceRestored", '{"text":"x"}'),
        ("OutOfService", '{"code":"PRINTER_PAPER_OUT","code":"PRINTER_PAPER_OUT"}'),
        ("OutOfService", '{"code":"Taro"}'),
    ],
)
def test_what_no_terminal_writes_is_named_even_in_a_good_chain(tmp_path: Path, kind: str, body: str) -> None:
    path = write_day(tmp_path)
    noted = read_head(head_path(path))
    assert noted is not None
    forged = link(noted.hash, noted.sequence + 1, "2026-04-06T10:00:00+09:00", kind, body)
    with closing(sqlite3.connect(path)) as connection:
        values = (forged.sequence, forged.wall, forged.kind, forged.body, forged.previous, forged.hash)
        connection.execute("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", values)
        connection.commit()
    head = HeadFile(head_path(path))
    head.write(Head(forged.sequence, forged.hash))
    head.close()
    assert named(verify_journal(path)) == {(forged.sequence, BreachCode.UNKNOWN)}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ((STARTED, START, END, END), BreachCode.SECOND_END),
        ((STARTED, END), BreachCode.NO_START),
        ((STARTED, START, e.TerminalStopped()), BreachCode.NO_END),
        ((STARTED, START, PROVED, e.CustomerStarted(customer=BORIS, generation=2)), BreachCode.NO_END),
        ((STARTED, START, END, PROVED, START), BreachCode.SECOND_END),
        ((STARTED, START, END, PROVED, FEE), BreachCode.SECOND_END),
        ((STARTED, START, FEE, END), BreachCode.MONEY),
        ((STARTED, START, END, e.CustomerStarted(customer=BORIS, generation=2)), BreachCode.RESET),
        ((STARTED, e.FindingRaised(finding=FINDING, code="GATE_SUBJECT"), START), BreachCode.FINDING),
        ((STARTED, e.FindingReleased(finding=FINDING, staff="S-1")), BreachCode.NO_START),
        ((e.TerminalStopped(),), BreachCode.NO_START),
    ],
)
def test_what_cannot_be_is_named(tmp_path: Path, entries: tuple[e.JournalEntry, ...], code: BreachCode) -> None:
    with open_journal(tmp_path) as journal:
        for entry in entries:
            journal.append(entry)
    assert named(verify_journal(tmp_path / "journal.sqlite")) == {(len(entries), code)}


def test_a_reset_that_was_not_proved_lets_nobody_start(tmp_path: Path) -> None:
    unproved = e.ResetNotProved(
        lines=(e.ProvedLine(part=Part.PRINTER, proved=False, code="PRINTER_JOBS_LEFT"),), duration_ms=9
    )
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, *served(ANNA, 1), unproved, e.CustomerStarted(customer=BORIS, generation=2)):
            journal.append(entry)
    assert {breach.code for breach in verify_journal(tmp_path / "journal.sqlite").breaches} == {BreachCode.RESET}


@pytest.mark.parametrize(
    "make", [lambda path: None, lambda path: path.write_bytes(b"no journal" * 100), lambda path: path.mkdir()]
)
def test_what_is_no_journal_is_said_to_be_unreadable(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "journal.sqlite")
    report = verify_journal(tmp_path / "journal.sqlite")
    assert {breach.code for breach in report.breaches} & {BreachCode.UNREADABLE, BreachCode.SCHEMA}
    assert not report.ok


def test_a_copy_is_as_good_as_the_journal(tmp_path: Path) -> None:
    path = write_day(tmp_path)
    (tmp_path / "copy").mkdir()
    for name in (path.name, head_path(path).name):
        shutil.copy(tmp_path / name, tmp_path / "copy" / name)
    assert verify_journal(tmp_path / "copy" / path.name).ok
