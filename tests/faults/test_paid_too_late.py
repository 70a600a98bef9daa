"""A customer pays so slowly that the verified sheets grow old: nothing is printed, every yen goes back (P1, P4)."""

from pathlib import Path

from simulator.people.script import Do, Pause
from simulator.terminal_inline import InlineConfig
from terminal.journal import entries as e
from terminal.journal.fields import Gate, Verdict
from terminal.verification.bundle import BUNDLE_AGE_MAX
from tests.terminal_kit import shopper, terminal

SLOW_S = 150.0
COIN_YEN = 10


def test_old_sheets_are_not_printed_and_the_money_goes_back(tmp_path: Path) -> None:
    with terminal(tmp_path, InlineConfig(cash=("coins",))) as inline:
        assert inline.cash is not None
        coins = inline.cash.coins
        slowly = (Pause(SLOW_S), Do(lambda: coins.insert(COIN_YEN))) * 20
        visit = inline.serve({**shopper(inline), "pay": (slowly,)})
        assert visit.screens[-2:] == ("sorry", "goodbye")
        assert not inline.tray.deliveries
        assert not visit.of(e.PrintStarted)
        last = visit.of(e.GateEnded)[-1]
        assert isinstance(last, e.GateEnded)
        assert (last.gate, last.verdict) == (Gate.BUNDLE, Verdict.UNDECIDED)
        assert coins.take() == 20 * COIN_YEN
        assert inline.money is not None
        assert inline.money.state.totals.refunded_yen == 20 * COIN_YEN
        assert BUNDLE_AGE_MAX.total_seconds() < SLOW_S * 20
