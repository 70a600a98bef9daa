"""The disk fills up: the entry that does not fit is refused, what stands stands, and room made is room used."""

from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.verify import verify_journal
from tests.faults.small_disk import small_disk
from tests.journal_kit import open_journal


@pytest.mark.system
def test_a_full_disk_is_a_refusal_and_no_damage(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 512) as folder:
        ballast = folder / "ballast"
        ballast.write_bytes(bytes(200 * 1024))
        with open_journal(folder) as journal:
            with pytest.raises(JournalError) as caught:
                for _ in range(3000):
                    journal.append(e.ServiceRestored())
            assert caught.value.code == JournalCode.DISK_FULL
            written = journal.head.sequence
            assert sum(1 for _ in journal.entries()) == written
            assert verify_journal(folder / "journal.sqlite").ok
            ballast.unlink()
            assert journal.append(e.ServiceRestored()).sequence == written + 1
        assert verify_journal(folder / "journal.sqlite").ok
