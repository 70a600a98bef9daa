"""A stranger's verifier, written from docs/journal.md alone, agrees with ours."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from terminal.journal.report import BreachCode
from terminal.journal.verify import verify_journal
from tests.journal_kit import write_day

PAGE = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")


def len32(text: str) -> bytes:
    return len(text.encode()).to_bytes(4, "big") + text.encode()


def strangers_verdict(path: Path) -> bool:
    """Only what the page says; nothing of Honnin's."""
    with closing(sqlite3.connect(path)) as connection:
        ((_, terminal_id, journal_id, created),) = connection.execute("SELECT * FROM journal").fetchall()
        rows = connection.execute(
            "SELECT sequence, wall, kind, body, previous, hash FROM entry ORDER BY sequence"
        ).fetchall()
    last = hashlib.sha256(
        b"honnin/journal/genesis/1\0" + len32(terminal_id) + len32(journal_id) + len32(created)
    ).digest()
    for number, (sequence, wall, kind, body, previous, stored) in enumerate(rows, start=1):
        content = previous + sequence.to_bytes(8, "big") + len32(wall) + len32(kind) + len32(body)
        if (
            sequence != number
            or previous != last
            or hashlib.sha256(b"honnin/journal/entry/1\0" + content).digest() != stored
        ):
            return False
        last = stored
    head = path.with_name(path.name + ".head").read_bytes()
    heads = [line.decode().split() for line in (head[:160], head[160:])]
    whole = [
        (int(sequence), value)
        for sequence, value, check in heads
        if hashlib.sha256(b"honnin/journal/head/1\0" + f"{sequence} {value}".encode()).hexdigest() == check
    ]
    return max(whole) == (len(rows), last.hex())


def test_a_stranger_agrees_with_our_verifier(tmp_path: Path) -> None:
    path = write_day(tmp_path)
    assert strangers_verdict(path)
    assert verify_journal(path).ok
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE entry SET wall = replace(wall, '09:00', '09:01') WHERE sequence = 7")
        connection.commit()
    assert not strangers_verdict(path)
    assert not verify_journal(path).ok


@pytest.mark.parametrize(
    "code", [c for c in BreachCode if c.startswith(("JOURNAL_ENTRY_A", "JOURNAL_ENTRY_M", "JOURNAL_TAIL"))]
)
def test_the_page_names_what_the_verifier_names(code: BreachCode) -> None:
    assert code in PAGE
