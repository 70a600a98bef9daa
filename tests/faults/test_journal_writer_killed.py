"""The power goes, here as SIGKILL: at any moment, and what the writer called durable is there, whole and in order."""

import subprocess
import sys
from pathlib import Path

import pytest

from terminal.journal.recover import recover
from terminal.journal.verify import verify_journal
from tests.journal_kit import STARTED, open_journal


def write_until_killed(folder: Path, after_entries: int) -> int:
    """Run the writer, kill it once it called ``after_entries`` durable; the last number it managed to say."""
    command = [sys.executable, "-m", "tests.faults.journal_writer", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            if int(line) >= after_entries:
                writer.kill()
                break
        said = [int(line) for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return max([after_entries, *said])


@pytest.mark.parametrize("after_entries", [1, 2, 5, 17, 44, 133])
def test_a_writer_killed_anywhere_leaves_a_good_chain(tmp_path: Path, after_entries: int) -> None:
    durable = write_until_killed(tmp_path, after_entries)
    report = verify_journal(tmp_path / "journal.sqlite")
    assert report.ok, report.breaches
    assert report.entries >= durable
    with open_journal(tmp_path) as journal:
        recover(journal)
        assert journal.unended_customers() == ()
        journal.append(STARTED)
    report = verify_journal(tmp_path / "journal.sqlite")
    assert report.ok, report.breaches
    assert not report.tally.open_customer


def test_two_nights_in_a_row(tmp_path: Path) -> None:
    write_until_killed(tmp_path, 9)
    with open_journal(tmp_path) as journal:
        recover(journal)
    write_until_killed(tmp_path, 30)
    with open_journal(tmp_path) as journal:
        recover(journal)
    assert verify_journal(tmp_path / "journal.sqlite").ok
