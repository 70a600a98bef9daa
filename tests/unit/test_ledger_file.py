"""The ledger on the disk: what it said it says again, what does not balance it does not take, whose it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from terminal.money.codec import body_of, frame_of, movement_of, movement_of_frame, parts_of
from terminal.money.errors import LedgerCode, LedgerError
from terminal.money.ledger import FILE_NAME, Ledger, open_or_salvage
from terminal.money.movements import MOVEMENTS, AccountClosed, AccountOpened, CoinInserted, Movement
from terminal.money.state import LedgerState
from tests.journal_kit import ANNA, clock
from tests.ledger_kit import a_day_of_money, open_ledger, told, write_money

ROW = "INSERT INTO movement VALUES (?, '', '', '', ?, ?, ?, ?, ?, ?, x'', x'')"


def test_a_ledger_says_after_reopening_what_it_said(tmp_path: Path) -> None:
    for number, movement in enumerate(a_day_of_money(), start=1):
        with open_ledger(tmp_path) as ledger:
            said = ledger.record(movement)
        with open_ledger(tmp_path) as ledger:
            assert ledger.state == said == told(*a_day_of_money()[:number])
            assert ledger.rows == number


def test_a_new_ledger_says_nothing(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        assert ledger.state == LedgerState()
        assert ledger.rows == 0


def test_a_refused_movement_leaves_no_trace(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.record(AccountOpened(customer=ANNA, fee_yen=300))
        before = ledger.state
        with pytest.raises(LedgerError) as caught:
            ledger.record(AccountOpened(customer="c" * 32, fee_yen=300))
        assert caught.value.refused
        assert (ledger.state, ledger.rows) == (before, 1)
        ledger.record(CoinInserted(coin_yen=100, counter=1))
    with open_ledger(tmp_path) as ledger:
        assert ledger.rows == 2


@pytest.mark.parametrize(
    "sums",
    [
        (100, 0, 0, 0, 0, 0),
        (0, 100, 0, 0, 0, 0),
        (100, 0, 0, 0, 100, 1),
        (0, 0, 0, 0, 1, 0),
        (0, -100, 0, 0, 100, 0),
        (-1, 0, 0, 0, -1, 0),
        (0, 0, 0, 0, -1, -1),
        (0, 0, 1, -1, 0, 0),
    ],
)
def test_sqlite_itself_refuses_a_row_that_does_not_balance(tmp_path: Path, sums: tuple[int, ...]) -> None:
    path = write_money(tmp_path)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        connection.execute(ROW, (900, *sums))


@pytest.mark.parametrize("sums", [(1, None, 0, 0, 0, 0), ("x", 0, 0, 0, 0, 0), (1.5, 1.5, 0, 0, 0, 0)])
def test_sqlite_itself_refuses_what_is_no_amount(tmp_path: Path, sums: tuple[object, ...]) -> None:
    path = write_money(tmp_path)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(ROW, (900, *sums))


def test_another_terminals_ledger_is_not_taken_over(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    before = path.read_bytes()
    for opening in (Ledger, open_or_salvage):
        with pytest.raises(LedgerError) as caught:
            opening(path, clock(), "T-0002")
        assert caught.value.code == LedgerCode.OTHER_TERMINAL
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


ALTERED = [
    "UPDATE movement SET body = replace(body, '100', '900') WHERE sequence = 10",
    "UPDATE movement SET wall = '2026' WHERE sequence = 23",
    "UPDATE movement SET sequence = 99 WHERE sequence = 23",
    "DELETE FROM movement WHERE sequence = 12",
    "DELETE FROM movement WHERE sequence = 1",
    "UPDATE ledger SET created = '2020-01-01'",
    "UPDATE ledger SET format = '2'",
    "DELETE FROM ledger",
    "INSERT INTO ledger SELECT * FROM ledger",
    "CREATE TABLE more (x INTEGER)",
    "CREATE TRIGGER t AFTER INSERT ON movement BEGIN DELETE FROM movement; END",
    "CREATE VIEW v AS SELECT 1",
]


@pytest.mark.parametrize("statement", ALTERED)
def test_an_altered_ledger_is_not_opened(tmp_path: Path, statement: str) -> None:
    path = write_money(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)
    with pytest.raises(LedgerError) as caught:
        open_ledger(tmp_path)
    assert caught.value.code == LedgerCode.CORRUPT


def test_an_error_names_no_folder(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    path.write_bytes(b"nothing" * 1000)
    with pytest.raises(LedgerError) as caught:
        open_ledger(tmp_path)
    assert str(tmp_path) not in str(caught.value)
    assert "honnin ledger verify" in str(caught.value)


# Movements as text


@pytest.mark.parametrize("movement", a_day_of_money(), ids=lambda movement: type(movement).__name__)
def test_a_movement_survives_the_channel_and_the_row(movement: Movement) -> None:
    assert movement_of_frame(frame_of(movement)) == movement
    state = told(*a_day_of_money()[:20])
    assert parts_of(type(movement).__name__, body_of(movement, state)) == (movement, state)


GARBAGE = [
    "",
    "{}",
    "[]",
    "null",
    '{"kind":"CoinInserted"}',
    '{"fields":{},"kind":"Robbery"}',
    '{"fields":{},"kind":["CoinInserted"]}',
    '{"fields":{},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":"100","counter":1},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":100.0,"counter":1},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":NaN,"counter":1},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":0,"counter":1},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":-100,"counter":1},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":100,"counter":256},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":100,"counter":true},"kind":"CoinInserted"}',
    '{"fields":{"coin_yen":100,"counter":1,"name":"Anna"},"kind":"CoinInserted"}',
    '{"fields":{"customer":"Anna","fee_yen":300},"kind":"AccountOpened"}',
    '{"fields":{},"kind":"AccountClosed","more":1}',
    "[" * 3000,
    '{"fields":{},"kind":"AccountClosed"}' + " " * 4096,
]


@pytest.mark.parametrize("text", GARBAGE, ids=lambda text: text[:60])
def test_what_is_no_movement_is_refused(text: str) -> None:
    with pytest.raises(LedgerError) as caught:
        movement_of_frame(text)
    assert caught.value.refused
    assert "Anna" not in str(caught.value)


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"after":{},"movement":5}', '{"after":5,"movement":{}}', "[" * 5000])
def test_a_body_that_is_none_is_refused(body: str) -> None:
    with pytest.raises(LedgerError):
        parts_of("AccountClosed", body)


def test_there_is_an_example_of_every_kind_but_the_salvage() -> None:
    assert {type(movement).__name__ for movement in a_day_of_money()} == set(MOVEMENTS) - {"LedgerSalvaged"}
    assert movement_of("AccountClosed", {}) == AccountClosed()
