"""The ledger's disk turned read-only: no money is taken on it, but anyone can still look."""

from pathlib import Path

import pytest

from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.ledger import FILE_NAME, open_or_salvage
from terminal.money.reading import read_snapshot
from terminal.money.verify import verify_ledger
from tests.faults.small_disk import remount_read_only, small_disk
from tests.journal_kit import TERMINAL, clock
from tests.ledger_kit import a_day_of_money, open_ledger, told, write_money


@pytest.mark.system
def test_a_read_only_ledger_is_not_opened_but_verified(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1024) as folder:
        path = write_money(folder)
        remount_read_only(folder)
        for opening in (lambda: open_ledger(folder), lambda: open_or_salvage(path, clock(), TERMINAL)):
            with pytest.raises(LedgerError) as caught:
                opening()
            assert caught.value.code == LedgerCode.READ_ONLY
        assert verify_ledger(path).ok
        assert read_snapshot(path).state == told(*a_day_of_money())


@pytest.mark.system
def test_no_ledger_begins_in_a_read_only_folder(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1024) as folder:
        remount_read_only(folder)
        with pytest.raises(LedgerError) as caught:
            open_ledger(folder)
        assert caught.value.code == LedgerCode.READ_ONLY


@pytest.mark.system
def test_a_damaged_ledger_is_not_salvaged_in_a_read_only_folder(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1024) as folder:
        path = write_money(folder)
        path.write_bytes(path.read_bytes()[:-4096])
        remount_read_only(folder)
        with pytest.raises(LedgerError) as caught:
            open_or_salvage(path, clock(), TERMINAL)
        assert caught.value.code == LedgerCode.READ_ONLY
        assert [file.name for file in folder.iterdir()] == [FILE_NAME]


def test_a_ledger_that_went_read_only_refuses_the_movement(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.record(a_day_of_money()[0])
        ledger._connection.execute("PRAGMA query_only=ON")
        with pytest.raises(LedgerError) as caught:
            ledger.record(a_day_of_money()[1])
        assert caught.value.code == LedgerCode.READ_ONLY
        assert ledger.state == told(a_day_of_money()[0])
        assert ledger.rows == 1
