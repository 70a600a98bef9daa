"""A second service on the same journal is turned away, and the first one's death lets the next one in."""

import subprocess
import sys
from pathlib import Path

import pytest

from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.recover import recover
from terminal.journal.verify import verify_journal
from tests.journal_kit import open_journal


def test_a_second_writer_is_refused_while_the_first_lives(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.journal_writer", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "1\n"
        with pytest.raises(JournalError) as caught:
            open_journal(tmp_path)
        assert caught.value.code == JournalCode.LOCKED
        writer.kill()
        writer.stdout.read()
    with open_journal(tmp_path) as journal:
        recover(journal)
    assert verify_journal(tmp_path / "journal.sqlite").ok
