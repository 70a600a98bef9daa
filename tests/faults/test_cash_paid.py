"""Paying in coins and notes when all goes well: exactly, too much, a second note, a coin that drops after "enough" (P4)."""

import json
from pathlib import Path

from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.money.ledger import FILE_NAME
from tests.cash_kit import cash_terminal, insert, payer, pays, short_yen, slips, titles, told
from tests.terminal_kit import (
    FEE_YEN,
    assert_nothing_personal,
    heard_logs,
    in_order,
    pages_in_tray,
    personal_data,
    the_end,
)


def line_of(slip: tuple[str, ...], word: str) -> str:
    (line,) = [line for line in slip if word in line]
    return line.split()[-1]


def test_exact_coins_are_kept_for_the_sheet_and_on_the_receipt(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert pages_in_tray(inline) == [(2, 2)]
        assert short_yen(inline) == FEE_YEN == inline.books.totals.kept_yen
        assert inline.world.coins.tray == []
        (receipt,) = slips(inline)
        assert receipt[:2] == ("見本 SPECIMEN", "領収書 RECEIPT")
        assert [line_of(receipt, word) for word in ("Fee", "Received", "Change")] == ["¥200", "¥200", "¥0"]
        assert inline.books.account is None
        assert inline.situation() is State.IDLE


def test_five_hundred_for_two_hundred_gives_three_hundred_before_the_print(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 500))
        assert in_order(visit, e.FeeCollected, e.ChangeRequested, e.ChangePaid, e.PrintStarted, e.PrintEnded)
        assert inline.world.coins.tray == [100, 100, 100]
        assert short_yen(inline) == FEE_YEN
        (receipt,) = slips(inline)
        assert [line_of(receipt, word) for word in ("Received", "Change")] == ["¥500", "¥300"]
        assert "300" in told(visit, "take_change")


def test_a_note_gives_its_change_in_coins_largest_first(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.serve(pays(inline, 1000))
        assert inline.world.coins.tray == [500, 100, 100, 100]
        assert inline.world.notes.stacker_yen == [1000]
        assert inline.world.notes.vends_acknowledged == 1
        assert short_yen(inline) == FEE_YEN


def test_a_second_note_pushed_in_behind_the_first_is_given_back(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        twice = (1.0, lambda: insert(inline, 1000)), (0.1, lambda: insert(inline, 1000))
        visit = inline.serve(payer(inline, *twice))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.notes.stacker_yen == [1000]
        assert inline.world.notes.taken_yen == [1000]
        assert inline.books.totals.inserted_yen == 1000
        assert short_yen(inline) == FEE_YEN


def test_a_coin_that_was_falling_when_it_was_enough_comes_back_as_change(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        three = [(1.0 if first else 0.0, lambda: insert(inline, 100)) for first in (True, False, False)]
        visit = inline.serve(payer(inline, *three))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.books.totals.inserted_yen == 300
        assert inline.world.coins.tray == [100]


def test_a_coin_that_drops_after_enough_was_seen_is_counted_while_the_slot_closes(tmp_path: Path) -> None:
    """The third coin is put in after the second was told of on the screen, before everything is inhibited."""
    with cash_terminal(tmp_path) as inline:
        steps = (
            (1.0, lambda: insert(inline, 100)),
            (0.0, lambda: insert(inline, 100)),
            (0.35, lambda: insert(inline, 100)),
        )
        inline.serve(payer(inline, *steps))
        assert inline.books.totals.inserted_yen == 300
        assert inline.books.totals.change_yen == 100
        assert short_yen(inline) == FEE_YEN


def test_what_came_in_is_on_the_screen_with_what_is_missing(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 50, 100, 50))
        shown = told(visit, "pay")
        assert "投入金額 50円" in shown
        assert "あと 150円" in shown
        assert "投入金額 150円" in shown
        assert titles(inline) == ["領収書"]


def test_two_customers_one_after_the_other_pay_for_themselves(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        for _ in range(2):
            assert the_end(inline.serve(pays(inline, 500))).reason is EndReason.COMPLETED
        assert short_yen(inline) == 2 * FEE_YEN == inline.books.totals.kept_yen


def test_nothing_of_the_person_is_in_the_ledger_on_a_slip_or_in_a_log(tmp_path: Path) -> None:
    with heard_logs() as logs, cash_terminal(tmp_path) as inline:
        inline.serve(pays(inline, 1000))
        assert_nothing_personal(inline, logs)
        ledger = b"".join(path.read_bytes() for path in tmp_path.glob(f"{FILE_NAME}*"))
        paper = "\n".join("\n".join(lines) for lines in slips(inline))
        assert len(ledger) > 4096
        for datum in personal_data():
            assert datum not in paper
            assert datum.encode() not in ledger
            assert json.dumps(datum)[1:-1].encode() not in ledger
