"""More coins fell between two polls than the acceptor can tell of: their value is unknown, so staff count the cash (P4)."""

from pathlib import Path

import pytest

from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.money.movements import CashCounted, MoneyUnknown
from tests.cash_kit import CashTerminal, cash_terminal, drop_at_once, faults, movements, payer, pays, short_yen, told
from tests.terminal_kit import the_end

UNKNOWN = ("payment", "COINS_MONEY_UNKNOWN")


def seven_at_once(inline: CashTerminal) -> None:
    """Five of them the acceptor can still tell of; two are only counted."""
    drop_at_once(inline, *(10,) * 7)
    inline.unknown_yen += 20


def test_known_coins_go_back_and_the_terminal_takes_no_cash_until_staff_counted(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(payer(inline, (1.0, lambda: seven_at_once(inline))))
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        assert inline.world.coins.tray == [50]
        assert "Coins could not be counted" in told(visit, "sorry")
        assert inline.books.unknown_coins == 2
        assert short_yen(inline) == 20
        assert UNKNOWN in faults(inline)
        assert inline.situation() is State.OUT_OF_SERVICE
        for _ in range(3):
            inline.clock.advance(30.0)
            inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE, "time heals no unknown money"
        assert inline.staff("settle", device="payment").code == ""
        inline.look()
        assert inline.situation() is State.IDLE
        assert faults(inline) == set()
        assert the_end(inline.serve(pays(inline, 100, 100))).reason is EndReason.COMPLETED


def test_staff_settle_once_and_their_word_is_on_record(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.serve(payer(inline, (1.0, lambda: seven_at_once(inline))))
        inline.staff("settle", device="payment")
        assert inline.staff("settle", device="payment").code == "CONTROL_NOTHING_TO_SETTLE"
        assert [moved.coins for moved in movements(inline) if isinstance(moved, MoneyUnknown)] == [2]
        assert [moved.staff for moved in movements(inline) if isinstance(moved, CashCounted)] == ["STAFF-0001"]
        assert any(isinstance(recorded.entry, e.CashCounted) for recorded in inline.journal.entries())


def test_settling_another_device_does_not_count_the_cash(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.serve(payer(inline, (1.0, lambda: seven_at_once(inline))))
        assert inline.staff("settle", device="printer").code == "CONTROL_NOTHING_TO_SETTLE"
        assert inline.books.unknown_coins == 2


def test_coins_that_are_enough_with_unknown_ones_among_them_buy_no_sheet(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(payer(inline, (1.0, lambda: drop_at_once(inline, *(100,) * 7))))
        inline.unknown_yen = 200
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        assert not visit.of(e.PrintStarted)
        assert sum(inline.world.coins.tray) == 500


@pytest.mark.parametrize("coins", [5, 6, 12])
def test_five_are_told_whole_and_the_sixth_is_not(tmp_path: Path, coins: int) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.unknown_yen = 10 * (coins - 5)
        visit = inline.serve(payer(inline, (1.0, lambda: drop_at_once(inline, *(10,) * coins)), (1.0, lambda: None)))
        assert inline.books.unknown_coins == coins - 5
        assert inline.books.totals.inserted_yen == 50
        assert ("COINS_MONEY_UNKNOWN" in told(visit, "sorry")) is (coins > 5)
