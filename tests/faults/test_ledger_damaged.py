"""Pages of the ledger are zeros, garbage or gone: the last sound row counts, the file is kept, the devices tell the rest."""

import sqlite3
from pathlib import Path

import pytest

from terminal.money.catching_up import catch_up_coins, catch_up_hoppers
from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.ledger import FILE_NAME, Ledger, open_or_salvage
from terminal.money.movements import (
    AcceptorSeen,
    AccountOpened,
    ClaimOpened,
    DispenserSeen,
    PayoutEnded,
)
from terminal.money.reading import read_snapshot
from terminal.money.state import LedgerState
from terminal.money.verify import verify_ledger
from tests.journal_kit import ANNA, TERMINAL, clock
from tests.ledger_kit import (
    CODE,
    HOPPER,
    Acceptor,
    Hopper,
    a_day_of_money,
    alter,
    open_ledger,
    start,
    told,
    write_money,
)

DAY = a_day_of_money()
PAGE = 4096
STATES = [told(*DAY[:number]) for number in range(len(DAY) + 1)]


def salvage(path: Path) -> tuple[LedgerState, bool]:
    """What is said after opening, and whether it was salvaged; the file is good again, and takes more."""
    ledger, salvaged = open_or_salvage(path, clock(), TERMINAL)
    with ledger:
        state = ledger.state
        ledger.record(DispenserSeen(source="hopper-9", total=1))
    report = verify_ledger(path)
    assert report.ok, report.breaches
    return state, salvaged


def garbage(size: int) -> bytes:
    return bytes((index * 197 + 31) % 256 for index in range(size))


@pytest.mark.parametrize("fill", [bytes, garbage], ids=["zeros", "garbage"])
@pytest.mark.parametrize("offset", [0, 8, 100, 1000, 2000, 4000])
def test_a_torn_last_page_costs_its_rows_only(tmp_path: Path, fill: "type[bytes]", offset: int) -> None:
    path = write_money(tmp_path)
    good = path.read_bytes()
    begin = len(good) - PAGE + offset
    bad = good[:begin] + fill(len(good) - begin)
    path.write_bytes(bad)
    state, salvaged = salvage(path)
    assert salvaged
    assert STATES.index(state) > len(DAY) // 2
    assert (tmp_path / f"{FILE_NAME}.damaged-1").read_bytes() == bad


@pytest.mark.parametrize("pages", [1, 2, 3])
@pytest.mark.parametrize("more", [0, 1, 2048])
def test_a_file_cut_off_gives_what_is_left(tmp_path: Path, pages: int, more: int) -> None:
    path = write_money(tmp_path)
    bad = path.read_bytes()[: -pages * PAGE + more]
    path.write_bytes(bad)
    state, salvaged = salvage(path)
    assert salvaged
    assert STATES.index(state) > 0
    assert (tmp_path / f"{FILE_NAME}.damaged-1").read_bytes() == bad


@pytest.mark.parametrize(
    "content", [b"", bytes(PAGE), bytes(100), garbage(5 * PAGE)], ids=["empty", "zero", "short", "all"]
)
def test_a_file_with_nothing_left_begins_anew(tmp_path: Path, content: bytes) -> None:
    path = write_money(tmp_path)
    path.write_bytes(content)
    state, salvaged = salvage(path)
    assert state == LedgerState()
    assert salvaged == bool(content)


def test_a_ledger_damaged_again_and_again_keeps_every_file(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    for number in (1, 2, 3):
        path.write_bytes(garbage(PAGE) + bytes([number]))
        salvage(path)
        assert (tmp_path / f"{FILE_NAME}.damaged-{number}").read_bytes()[-1] == number
    assert (tmp_path / f"{FILE_NAME}.damaged-1").read_bytes()[-1] == 1


@pytest.mark.parametrize("page", ["main", "log", "both"])
def test_damage_while_the_log_is_there(tmp_path: Path, page: str) -> None:
    (tmp_path / "live").mkdir()
    ledger = open_ledger(tmp_path / "live")
    for movement in DAY[:18]:
        ledger.record(movement)
    ledger._connection.execute("PRAGMA wal_checkpoint(FULL)")
    for movement in DAY[18:]:
        ledger.record(movement)
    main, log = ((tmp_path / "live" / (FILE_NAME + suffix)).read_bytes() for suffix in ("", "-wal"))
    ledger.close()
    if page in ("main", "both"):
        main = main[:-PAGE] + garbage(PAGE)
    if page in ("log", "both"):
        log = log[:500] + garbage(len(log) - 500)
    path = tmp_path / FILE_NAME
    path.write_bytes(main)
    path.with_name(FILE_NAME + "-wal").write_bytes(log)
    state, _ = salvage(path)
    assert STATES.index(state) >= 8


def test_a_last_row_that_was_altered_is_not_believed(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    alter(path, "UPDATE movement SET body = replace(body, ':100', ':900') WHERE sequence = 23")
    alter(path, "UPDATE movement SET wall = '2026' WHERE sequence = 23")
    assert salvage(path) == (STATES[-2], True)


def test_a_whole_salvage_counts_more_than_what_is_left_of_the_damaged_file(tmp_path: Path) -> None:
    (tmp_path / "live").mkdir()
    live = open_ledger(tmp_path / "live")
    for movement in DAY:
        live.record(movement)
    path = tmp_path / FILE_NAME
    path.write_bytes(garbage(PAGE))
    path.with_name(FILE_NAME + "-wal").write_bytes((tmp_path / "live" / (FILE_NAME + "-wal")).read_bytes())
    live.close()
    with Ledger(path.with_name(FILE_NAME + ".salvaged"), clock(), TERMINAL) as salvaged:
        salvaged.take_over(STATES[5], 5)
    assert salvage(path) == (STATES[5], True)
    assert read_snapshot(path).rows == 2


def test_what_is_left_of_a_salvage_is_done_anew(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    path.write_bytes(path.read_bytes()[:-PAGE])
    path.with_name(FILE_NAME + ".salvaged").write_bytes(garbage(PAGE))
    state, salvaged = salvage(path)
    assert salvaged
    assert STATES.index(state) > 0


# What the lost rows said


def damaged_after(ledger: Ledger, folder: Path, sound: LedgerState) -> Ledger:
    """The ledger as a salvage leaves it that found ``sound``."""
    ledger.close()
    (folder / FILE_NAME).unlink()
    salvaged = open_ledger(folder)
    salvaged.take_over(sound, 1)
    return salvaged


def test_the_devices_tell_of_lost_coins_and_payouts_again(tmp_path: Path) -> None:
    acceptor, hopper = Acceptor(), Hopper()
    ledger = open_ledger(tmp_path)
    ledger.record(AcceptorSeen(counter=0, accepted_total=acceptor.total))
    ledger.record(DispenserSeen(source=HOPPER, total=hopper.total))
    sound = ledger.record(AccountOpened(customer=ANNA, fee_yen=300))
    for coin_yen in (100, 500, 10):
        acceptor.drop(coin_yen)
        assert catch_up_coins(ledger, acceptor) is None
    ledger.record(start(2, total_before=hopper.total))
    hopper.dispense(2)
    before = ledger.record(PayoutEnded(units=2))
    with damaged_after(ledger, tmp_path, sound) as salvaged:
        for _ in range(2):
            assert catch_up_coins(salvaged, acceptor) is None
            assert catch_up_hoppers(salvaged, (hopper,)) is None
            assert salvaged.state == before
    assert verify_ledger(tmp_path / FILE_NAME).ok


def test_more_lost_coins_than_the_acceptor_remembers_are_counted_by_staff(tmp_path: Path) -> None:
    acceptor = Acceptor()
    ledger = open_ledger(tmp_path)
    ledger.record(AcceptorSeen(counter=0, accepted_total=acceptor.total))
    sound = ledger.record(AccountOpened(customer=ANNA, fee_yen=300))
    for _ in range(7):
        acceptor.drop(100)
    with damaged_after(ledger, tmp_path, sound) as salvaged:
        assert catch_up_coins(salvaged, acceptor) is None
        assert salvaged.state.owed_yen == 500
        assert salvaged.state.unknown_coins == 2
        assert catch_up_coins(salvaged, acceptor) is None
        assert salvaged.state.unknown_coins == 2


def test_a_lost_end_of_a_payout_is_asked_of_the_hopper(tmp_path: Path) -> None:
    acceptor, hopper = Acceptor(), Hopper()
    ledger = open_ledger(tmp_path)
    ledger.record(AcceptorSeen(counter=0, accepted_total=acceptor.total))
    ledger.record(AccountOpened(customer=ANNA, fee_yen=300))
    acceptor.drop(500)
    catch_up_coins(ledger, acceptor)
    sound = ledger.record(start(5, total_before=hopper.total))
    hopper.dispense(5)
    ledger.record(PayoutEnded(units=5))
    with damaged_after(ledger, tmp_path, sound) as salvaged:
        salvaged.record(ClaimOpened(claim="0000-0001", amount_yen=500, code=CODE))
        assert catch_up_hoppers(salvaged, (hopper,)) is None
        assert salvaged.state.owed_yen == 0
        assert salvaged.state.claims == ()


def test_a_disk_that_does_not_answer_gives_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_money(tmp_path)
    bad = path.read_bytes()[:-PAGE] + bytes(PAGE)
    path.write_bytes(bad)

    def failing(_: Path) -> sqlite3.Connection:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
        raise error

    monkeypatch.setattr("terminal.money.ledger_file.connect_reader", failing)
    with pytest.raises(LedgerError) as caught:
        open_or_salvage(path, clock(), TERMINAL)
    assert caught.value.code == LedgerCode.UNAVAILABLE
    assert path.read_bytes() == bad
