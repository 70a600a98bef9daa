"""Change is short: the customer is told before the first coin; a large coin comes back, a note is not even drawn in (P4)."""

from pathlib import Path

import pytest

from terminal.fsm.values import EndReason
from tests.cash_kit import HOPPERS, CashTerminal, cash_terminal, faults, pays, set_hopper, short_yen, told
from tests.terminal_kit import FEE_YEN, the_end

EXACT_JA, EXACT_EN = "ちょうどの金額でお支払いください", "Exact change only"


def short_of_change(inline: CashTerminal, coins: int) -> None:
    """Every hopper has this many coins left, and the supervisor has looked."""
    for coin_yen in HOPPERS:
        set_hopper(inline, coin_yen, coins)
    inline.look()


@pytest.mark.parametrize("coins", [0, 3])
def test_it_is_said_before_the_first_coin_and_large_money_comes_straight_back(tmp_path: Path, coins: int) -> None:
    with cash_terminal(tmp_path) as inline:
        short_of_change(inline, coins)
        assert ("coins", "COINS_CHANGE_LOW") in faults(inline)
        visit = inline.serve(pays(inline, 500, 1000, 100, 100))
        assert the_end(visit).reason is EndReason.COMPLETED
        for screen in ("welcome", "confirm", "pay"):
            first = next(view for view in visit.screen.views if view.screen == screen)
            assert any(EXACT_JA in line for line in first.lines), screen
            assert any(EXACT_EN in line for line in first.lines), screen
        assert inline.world.coins.tray == [500]
        assert inline.world.notes.path_yen is None
        assert inline.world.notes.stacker_yen == []
        assert inline.books.totals.inserted_yen == FEE_YEN
        assert short_yen(inline) == FEE_YEN


def test_with_change_nothing_of_it_is_said(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        visit = inline.serve(pays(inline, 500))
        assert not any(EXACT_JA in told(visit, screen) for screen in ("welcome", "confirm", "pay"))


def test_hundreds_short_five_hundred_is_still_taken_when_fifties_make_the_change(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        set_hopper(inline, 100, 0)
        inline.look()
        inline.serve(pays(inline, 500))
        assert inline.world.coins.tray == [50] * 6


def test_hoppers_that_ran_low_during_the_day_are_said_to_the_next_customer(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        set_hopper(inline, 100, 21)
        first = inline.serve(pays(inline, 500))
        second = inline.serve(pays(inline, 100, 100))
        assert EXACT_JA not in told(first, "welcome")
        assert EXACT_JA in told(second, "welcome")
        assert EXACT_JA in told(second, "confirm")
