"""The disk of the ledger fills up, at each record: the movement is refused, nothing is half written, room made is room used."""

from pathlib import Path

import pytest

from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.ledger import FILE_NAME, open_or_salvage
from terminal.money.verify import verify_ledger
from tests.faults.small_disk import small_disk
from tests.journal_kit import TERMINAL, clock
from tests.ledger_kit import a_day_of_money, open_ledger, told, write_money


def fill(folder: Path) -> Path:
    """Take all room that is left on the disk of ``folder``."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return ballast


@pytest.mark.system
def test_a_disk_full_at_any_record_is_a_refusal_and_no_damage(tmp_path: Path) -> None:
    refusals = 0
    with small_disk(tmp_path / "disk", 1024) as folder, open_ledger(folder) as ledger:
        for number, movement in enumerate(a_day_of_money()):
            ballast = fill(folder)
            try:
                ledger.record(movement)
            except LedgerError as error:
                refusals += 1
                assert error.code == LedgerCode.DISK_FULL
                assert ledger.state == told(*a_day_of_money()[:number])
                report = verify_ledger(folder / FILE_NAME)
                assert (report.ok, report.rows) == (True, number)
                ballast.unlink()
                ledger.record(movement)
            ballast.unlink(missing_ok=True)
            assert ledger.state == told(*a_day_of_money()[: number + 1])
        assert verify_ledger(folder / FILE_NAME).ok
    assert refusals > len(a_day_of_money()) // 2


@pytest.mark.system
def test_no_ledger_begins_on_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 256) as folder:
        ballast = fill(folder)
        with pytest.raises(LedgerError) as caught:
            open_ledger(folder)
        assert caught.value.code == LedgerCode.DISK_FULL
        ballast.unlink()
        with open_ledger(folder) as ledger:
            ledger.record(a_day_of_money()[0])


@pytest.mark.system
def test_a_salvage_that_finds_no_room_loses_nothing_and_is_done_later(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 512) as folder:
        path = write_money(folder)
        content = path.read_bytes()
        path.write_bytes(content[:-4096] + bytes(4096))
        ballast = fill(folder)
        with pytest.raises(LedgerError) as caught:
            open_or_salvage(path, clock(), TERMINAL)
        assert caught.value.code == LedgerCode.DISK_FULL
        ballast.unlink()
        ledger, salvaged = open_or_salvage(path, clock(), TERMINAL)
        with ledger:
            assert salvaged
            assert ledger.state in [told(*a_day_of_money()[:number]) for number in range(1, len(a_day_of_money()))]
