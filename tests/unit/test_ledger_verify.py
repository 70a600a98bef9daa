"""The verifier finds what was done to a ledger, names the row, and asks the journal whether what was kept was earned."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from terminal.journal import entries as e
from terminal.journal.chain import link
from terminal.journal.fields import PrintOutcome
from terminal.money import ledger_file
from terminal.money.codec import body_of
from terminal.money.movements import AccountOpened, CoinInserted, FeeKept, Movement
from terminal.money.reading import read_snapshot
from terminal.money.report import LedgerBreachCode, render_text
from terminal.money.state import LedgerState, Sums
from terminal.money.verify import verify_ledger
from tests.journal_kit import ANNA, BORIS, STARTED, open_journal, served, write_day
from tests.ledger_kit import a_day_of_money, alter, open_ledger, told, write_money

Code = LedgerBreachCode


def found(path: Path, journal: Path | None = None) -> set[tuple[int, LedgerBreachCode]]:
    """What is wrong, by row."""
    report = verify_ledger(path, journal)
    assert report.ok == (not report.breaches)
    return {(breach.sequence, breach.code) for breach in report.breaches}


def test_a_good_ledger_is_good(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    report = verify_ledger(path)
    assert report.ok, report.breaches
    assert report.rows == len(a_day_of_money())
    assert report.terminal_id == "T-0001"
    assert report.state == told(*a_day_of_money())
    text = render_text(report)
    assert "verdict   good" in text
    assert "inserted  1600 yen" in text
    assert "not compared" in text


def test_a_ledger_is_verified_beside_its_writer(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        for number, movement in enumerate(a_day_of_money(), start=1):
            ledger.record(movement)
            report = verify_ledger(tmp_path / "ledger.sqlite")
            assert (report.ok, report.rows, report.state) == (True, number, ledger.state)
            assert read_snapshot(tmp_path / "ledger.sqlite").state == ledger.state


@pytest.mark.parametrize(
    ("statement", "breaches"),
    [
        ("UPDATE movement SET wall = '2026' WHERE sequence = 9", {(9, Code.ALTERED)}),
        ("UPDATE movement SET hash = previous WHERE sequence = 9", {(9, Code.ALTERED)}),
        ("UPDATE movement SET inserted_yen = 700, owed_yen = 700 WHERE sequence = 8", {(8, Code.SUMS_DIFFER)}),
        ("DELETE FROM movement WHERE sequence = 9", {(10, Code.MISSING)}),
        ("DELETE FROM movement WHERE sequence = 1", {(2, Code.MISSING)}),
        ("UPDATE movement SET kind = 'Robbery' WHERE sequence = 9", {(9, Code.ALTERED), (9, Code.UNKNOWN)}),
        ("UPDATE movement SET body = '{}' WHERE sequence = 23", {(23, Code.ALTERED), (23, Code.UNKNOWN)}),
        ("UPDATE ledger SET created = '2020'", {(1, Code.UNLINKED)}),
        ("UPDATE ledger SET format = '2'", {(0, Code.SCHEMA)}),
        ("DELETE FROM ledger", {(0, Code.SCHEMA)}),
        ("CREATE TABLE more (x INTEGER)", {(0, Code.SCHEMA)}),
        ("CREATE TRIGGER t AFTER INSERT ON movement BEGIN DELETE FROM movement; END", {(0, Code.SCHEMA)}),
    ],
)
def test_what_was_done_to_it_is_named(
    tmp_path: Path, statement: str, breaches: set[tuple[int, LedgerBreachCode]]
) -> None:
    path = write_money(tmp_path)
    alter(path, statement)
    assert found(path) == breaches
    assert "NOT GOOD" in render_text(verify_ledger(path))


def forge(path: Path, sequence: int, change: Callable[[Movement, LedgerState], tuple[Movement, LedgerState]]) -> None:
    """Rewrite row ``sequence`` with hash and sums that fit, and link all later rows anew: the work of a clever thief."""
    movements = a_day_of_money()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _, previous = ledger_file.genesis(connection)
        rows = list(ledger_file.links(connection, "ORDER BY sequence"))
        connection.execute("DELETE FROM movement")
        for row in rows:
            movement, state = movements[row.sequence - 1], told(*movements[: row.sequence])
            if row.sequence == sequence:
                movement, state = change(movement, state)
            new = link(previous, row.sequence, row.wall, type(movement).__name__, body_of(movement, state))
            sums = state.totals
            ledger_file.insert(
                connection,
                new,
                (
                    sums.inserted_yen,
                    sums.kept_yen,
                    sums.change_yen,
                    sums.refunded_yen,
                    sums.owed_yen,
                    sums.overpaid_yen,
                ),
            )
            previous = new.hash


def test_a_chain_made_anew_without_a_lie_in_it_is_good(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    forge(path, 4, lambda movement, state: (movement, state))
    assert found(path) == set()


def test_a_state_that_does_not_follow_is_found(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    forge(path, 11, lambda movement, state: (movement, replace(state, unknown_coins=4)))
    assert found(path) == {(11, Code.STATE_DIFFERS), (12, Code.STATE_DIFFERS)}


def test_a_coin_of_another_value_is_found(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    forge(path, 7, lambda _, state: (CoinInserted(coin_yen=100, counter=3), state))
    assert found(path) == {(7, Code.STATE_DIFFERS)}


def test_a_movement_that_cannot_be_is_found(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    forge(path, 7, lambda _, state: (CoinInserted(coin_yen=500, counter=1), state))
    assert found(path) == {(7, Code.IMPOSSIBLE)}


def test_a_state_that_owes_nobody_is_found(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    sums = Sums(inserted_yen=100, owed_yen=100)
    forge(path, 1, lambda movement, state: (movement, replace(state, totals=sums)))
    assert (1, Code.UNBALANCED) in found(path)


def test_a_row_in_another_form_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_money(tmp_path)
    with monkeypatch.context() as loose:
        loose.setattr("terminal.money.codec.canonical", json.dumps)
        forge(path, 4, lambda movement, state: (movement, state))
    assert (4, Code.UNKNOWN) in found(path)


def test_a_file_that_fails_sqlites_own_check_is_found(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    with path.open("ab") as file:
        file.write(bytes(4096))
    content = bytearray(path.read_bytes())
    content[28:32] = (len(content) // 4096).to_bytes(4, "big")
    path.write_bytes(content)
    assert found(path) == {(0, Code.DAMAGED)}


def test_a_salvage_takes_its_state_as_given(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.take_over(told(*a_day_of_money()[:20]), 20)
        for movement in a_day_of_money()[20:]:
            ledger.record(movement)
    report = verify_ledger(tmp_path / "ledger.sqlite")
    assert report.ok, report.breaches
    assert report.salvages == (1,)
    assert "salvaged  at row 1" in render_text(report)


@pytest.mark.parametrize("end", [0, 100, 5_000])
def test_a_file_cut_off_is_found(tmp_path: Path, end: int) -> None:
    path = write_money(tmp_path)
    path.write_bytes(path.read_bytes()[:end])
    assert not verify_ledger(path).ok


def test_pages_that_lost_their_content_are_found(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:-4096] + bytes(4096))
    assert {code for _, code in found(path)} & {Code.DAMAGED, Code.MISSING, Code.ALTERED}


# Against the journal


def test_what_was_kept_was_earned(tmp_path: Path) -> None:
    journal = write_day(tmp_path)
    report = verify_ledger(write_money(tmp_path), journal)
    assert report.ok, report.breaches
    assert report.journal == "journal.sqlite"


@pytest.mark.parametrize("outcome", [PrintOutcome.FAILED, PrintOutcome.CANCELLED, PrintOutcome.TIMED_OUT])
def test_a_fee_of_a_sheet_that_never_came_is_found(tmp_path: Path, outcome: PrintOutcome) -> None:
    with open_journal(tmp_path) as journal:
        journal.append(STARTED)
        for customer, generation in ((ANNA, 1), (BORIS, 2)):
            for entry in served(customer, generation):
                if isinstance(entry, e.PrintEnded):
                    entry = e.PrintEnded(customer=customer, outcome=outcome, impressions=1)
                journal.append(entry)
    assert found(write_money(tmp_path), tmp_path / "journal.sqlite") == {(10, Code.KEPT_UNDELIVERED)}


def test_another_customers_sheet_earns_nothing(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, e.CustomerStarted(customer=ANNA, generation=1), *served(BORIS, 2)):
            journal.append(entry)
    assert found(write_money(tmp_path), tmp_path / "journal.sqlite") == {(10, Code.KEPT_UNDELIVERED)}


def test_an_account_without_a_start_is_found(tmp_path: Path) -> None:
    with open_journal(tmp_path) as journal:
        for entry in (STARTED, *served(ANNA, 1)):
            journal.append(entry)
    assert found(write_money(tmp_path), tmp_path / "journal.sqlite") == {(12, Code.CUSTOMER_UNKNOWN)}


def test_a_fee_kept_before_the_salvage_is_asked_about_too(tmp_path: Path) -> None:
    state = told(
        AccountOpened(customer=ANNA, fee_yen=300), CoinInserted(coin_yen=500, counter=1), FeeKept(amount_yen=300)
    )
    with open_ledger(tmp_path) as ledger:
        ledger.take_over(state, 3)
    with open_journal(tmp_path) as journal:
        journal.append(STARTED)
        journal.append(e.CustomerStarted(customer=ANNA, generation=1))
    assert found(tmp_path / "ledger.sqlite", tmp_path / "journal.sqlite") == {(1, Code.KEPT_UNDELIVERED)}


def test_nobodys_money_needs_no_start(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.record(CoinInserted(coin_yen=500, counter=1))
    with open_journal(tmp_path) as journal:
        journal.append(STARTED)
    assert found(tmp_path / "ledger.sqlite", tmp_path / "journal.sqlite") == set()


def test_a_journal_that_is_none_is_said(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    (tmp_path / "empty").touch()
    for name in ("missing", "empty", "ledger.sqlite"):
        assert found(path, tmp_path / name) == {(0, Code.JOURNAL_UNREADABLE)}


def test_another_terminals_journal_is_said(tmp_path: Path) -> None:
    journal = write_day(tmp_path)
    alter(journal, "UPDATE journal SET terminal_id = 'T-0002'")
    assert found(write_money(tmp_path), journal) == {(0, Code.JOURNAL_OTHER_TERMINAL)}
