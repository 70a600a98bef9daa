"""The power goes, here as SIGKILL, inside and after every record: the movement is there or it is not, and all balances."""

import itertools
import shutil
from functools import partial
from pathlib import Path

import pytest

from terminal.money import ledger_file
from terminal.money.ledger import FILE_NAME, open_or_salvage
from terminal.money.movements import Movement
from terminal.money.state import LedgerState
from terminal.money.verify import verify_ledger
from tests.faults.forked import die, dying_at, was_killed
from tests.journal_kit import TERMINAL, clock
from tests.ledger_kit import a_day_of_money, open_ledger, told, write_money

DAY = a_day_of_money()


def check(folder: Path, states: list[LedgerState]) -> int:
    """The reopened ledger says one of ``states``, balances and takes more; which one."""
    path = folder / FILE_NAME
    assert verify_ledger(path).ok
    ledger, salvaged = open_or_salvage(path, clock(), TERMINAL)
    with ledger:
        assert not salvaged
        return states.index(ledger.state)


def record_and_die_inside(folder: Path, movement: Movement) -> None:
    """Die in the middle of SQLite's statement."""
    with open_ledger(folder) as ledger:
        ledger._connection.set_progress_handler(die, 1)
        ledger.record(movement)


def record_and_die_after(folder: Path, movement: Movement) -> None:
    """Die when the row is on the disk, before anybody hears of it."""
    with open_ledger(folder) as ledger:
        write = ledger_file.insert

        def insert(*arguments: object) -> None:
            write(*arguments)  # type: ignore[arg-type]
            die()

        ledger_file.insert = insert  # type: ignore[assignment]
        ledger.record(movement)


def test_a_writer_killed_at_every_record_leaves_it_whole(tmp_path: Path) -> None:
    for number, movement in enumerate(DAY):
        states = [told(*DAY[:number]), told(*DAY[: number + 1])]
        assert was_killed(partial(record_and_die_inside, tmp_path, movement))
        assert check(tmp_path, states) == 0
        assert was_killed(partial(record_and_die_after, tmp_path, movement))
        assert check(tmp_path, states) == 1


def test_a_power_cut_anywhere_in_the_log_leaves_the_last_whole_row(tmp_path: Path) -> None:
    states = [told(*DAY[:number]) for number in range(len(DAY) + 1)]
    (tmp_path / "live").mkdir()
    ledger = open_ledger(tmp_path / "live")
    for movement in DAY:
        ledger.record(movement)
    files = {file.name: file.read_bytes() for file in (tmp_path / "live").iterdir()}
    ledger.close()
    log = files[FILE_NAME + "-wal"]
    found = []
    for end in (*range(0, len(log), 2060), len(log)):
        folder = tmp_path / "cut"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / FILE_NAME).write_bytes(files[FILE_NAME])
        (folder / (FILE_NAME + "-wal")).write_bytes(log[:end] + bytes(len(log) - end))
        ledger, salvaged = open_or_salvage(folder / FILE_NAME, clock(), TERMINAL)
        with ledger:
            assert not salvaged
            found.append(ledger.rows)
            assert ledger.state == states[ledger.rows]
        assert verify_ledger(folder / FILE_NAME).ok
    assert found == sorted(found)
    assert len(set(found)) == len(states)


def open_and_close(path: Path) -> None:
    """A boot that finds whatever lies there."""
    open_or_salvage(path, clock(), TERMINAL)[0].close()


@pytest.mark.parametrize("damage", ["last page", "header"])
def test_a_salvage_killed_at_every_step_ends_the_next_time(tmp_path: Path, damage: str) -> None:
    good = write_money(tmp_path).read_bytes()
    bad = good[:-4096] + bytes(4096) if damage == "last page" else bytes(100) + good[100:]
    expected = None
    for step in itertools.count():
        folder = tmp_path / f"{step}"
        folder.mkdir()
        path = folder / FILE_NAME
        path.write_bytes(bad)
        killed = was_killed(dying_at(step, partial(open_and_close, path)))
        ledger, _ = open_or_salvage(path, clock(), TERMINAL)
        with ledger:
            expected = expected or ledger.state
            assert ledger.state == expected
        assert verify_ledger(path).salvages == (1,)
        assert [file.name for file in folder.glob("*.damaged-?")] == [FILE_NAME + ".damaged-1"]
        assert (folder / (FILE_NAME + ".damaged-1")).read_bytes() == bad
        if not killed:
            break
    assert step > 8
