"""The disk turned read-only: no terminal starts on it, but anyone can still verify."""

from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.verify import verify_journal
from tests.faults.small_disk import remount_read_only, small_disk
from tests.journal_kit import a_day, open_journal, write_day


@pytest.mark.system
def test_a_read_only_journal_is_not_opened_but_verified(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1024) as folder:
        path = write_day(folder)
        remount_read_only(folder)
        with pytest.raises(JournalError) as caught:
            open_journal(folder)
        assert caught.value.code == JournalCode.READ_ONLY
        report = verify_journal(path)
    assert report.ok, report.breaches
    assert report.entries == len(a_day())


def test_a_journal_whose_file_went_read_only_refuses_the_entry(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        journal.append(e.ServiceRestored())
        journal._connection.execute("PRAGMA query_only=ON")
        with pytest.raises(JournalError) as caught:
            journal.append(e.ServiceRestored())
        assert caught.value.code == JournalCode.READ_ONLY
        assert journal.head.sequence == 1
