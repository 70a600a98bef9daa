"""Printing fails after the fee was paid: all of it goes back, on a refund slip (P4, P5).

A note is refunded in coins: an ID-003 validator gives back only what still lies in escrow. What is stacked stays stacked (a
recycler is another device, which no terminal here has), and holding a note in escrow until the sheet is printed would exceed
the ten seconds after which a validator rejects it by itself.
"""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import PlannedFault
from simulator.devices.printer.faults import FaultKind
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.cash_kit import cash_terminal, pays, short_yen, slips, titles, told
from tests.terminal_kit import FEE_YEN, in_order, the_end


@pytest.mark.parametrize(
    ("money_yen", "tray"),
    [
        ((100, 100), [100, 100]),
        ((50, 50, 100), [100, 100]),
        ((500,), [100, 100, 100, 100, 100]),
        ((1000,), [500, 100, 100, 100, 100, 100]),
    ],
)
def test_all_of_it_goes_back_in_coins_with_a_refund_slip(
    tmp_path: Path, money_yen: tuple[int, ...], tray: list[int]
) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        visit = inline.serve(pays(inline, *money_yen))
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert in_order(visit, e.FeeCollected, e.PrintStarted, e.PrintEnded, e.RefundRequested, e.RefundPaid)
        assert inline.world.coins.tray == tray
        assert short_yen(inline) == 0
        assert inline.books.totals.kept_yen == 0
        assert inline.books.totals.refunded_yen == FEE_YEN, "change was given before"
        (slip,) = slips(inline)
        assert slip[:2] == ("見本 SPECIMEN", "返金票 REFUND")
        assert any(line.endswith("¥200") for line in slip)
        assert f"{FEE_YEN}円を返金しました" in told(visit, "sorry")
        assert inline.situation() is State.IDLE


def test_a_fee_is_kept_only_of_the_sheet_that_came_out_among_two_customers(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        inline.serve(pays(inline, 100, 100))
        inline.serve(pays(inline, 100, 100))
        assert inline.books.totals.kept_yen == FEE_YEN == short_yen(inline)
        assert titles(inline) == ["返金票", "領収書"]
