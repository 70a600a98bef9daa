"""A terminal takes what it has: coins only, notes only, both, or nothing at all where the shop's register takes the fee."""

from pathlib import Path

import pytest

from printer_templates.records import CertificateKind
from simulator.devices.fault_plan import PlannedFault
from simulator.devices.printer.faults import FaultKind
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.cash_kit import (
    cash_terminal,
    changes_mind,
    faults,
    insert,
    payer,
    pays,
    set_hopper,
    short_yen,
    slips,
    told,
)
from tests.terminal_kit import FEE_YEN, shopper, the_end

COINS_JA, NOTES_JA = "硬貨が使えます", "紙幣が使えます"


@pytest.mark.parametrize(
    ("cash", "coins", "notes"),
    [(("coins",), True, False), (("notes",), False, True), (("coins", "notes"), True, True)],
)
def test_the_screen_says_what_can_be_paid_with_before_the_first_coin(
    tmp_path: Path, cash: tuple[str, ...], coins: bool, notes: bool
) -> None:
    with cash_terminal(tmp_path, cash) as inline:
        visit = inline.serve({**pays(inline), "pay": (changes_mind(),)})
        for screen in ("welcome", "confirm", "pay"):
            assert (COINS_JA in told(visit, screen)) is coins, screen
            assert (NOTES_JA in told(visit, screen)) is notes, screen


def test_coins_only_a_note_is_not_drawn_in_and_the_purchase_balances(tmp_path: Path) -> None:
    with cash_terminal(tmp_path, ("coins",)) as inline:
        visit = inline.serve(pays(inline, 1000, 500))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.notes.path_yen is None
        assert inline.world.notes.stacker_yen == []
        assert inline.books.totals.change_yen == 300
        assert short_yen(inline) == FEE_YEN
        proved = [line.part.value for entry in visit.of(e.ResetProved) for line in entry.lines]  # type: ignore[union-attr]
        assert "coins" in proved
        assert "notes" not in proved


def test_notes_only_the_exact_fee_is_taken_and_coins_come_back(tmp_path: Path) -> None:
    """Five copies cost a thousand yen."""
    with cash_terminal(tmp_path, ("notes",)) as inline:
        rules = shopper(inline, copies=5)
        rules["pay"] = payer(inline, (1.0, lambda: insert(inline, 100)), (1.0, lambda: insert(inline, 1000)))["pay"]
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.coins.tray == [100]
        assert inline.world.notes.stacker_yen == [1000]
        assert inline.books.totals.kept_yen == 1000


def test_notes_only_a_fee_that_no_note_can_pay_is_said_at_once_and_nothing_is_taken(tmp_path: Path) -> None:
    """Without hoppers there is no change, and two hundred yen are no note: nobody is left standing before a shut mouth."""
    with cash_terminal(tmp_path, ("notes",)) as inline:
        began_s = inline.clock.now_s()
        visit = inline.serve({**pays(inline, 1000), "confirm": (*shopper(inline)["confirm"], changes_mind())})
        refused = [entry for entry in visit.of(e.FeeNotCollected) if isinstance(entry, e.FeeNotCollected)]
        assert [entry.code for entry in refused] == ["PAYMENT_NO_CHANGE"]
        first, again = (view for view in visit.screen.views if view.screen == "confirm")
        assert not any("ちょうど合うお金しか" in line or "press Cancel" in line for line in first.lines)
        assert any("ちょうど合うお金しか使えません" in line and "「取消」を" in line for line in again.lines)
        assert any("makes up the fee exactly" in line and "press Cancel" in line for line in again.lines)
        assert inline.clock.now_s() - began_s < 60
        assert inline.world.notes.stacker_yen == []
        assert short_yen(inline) == 0
        assert inline.situation() is State.IDLE


def test_a_shop_without_cash_asks_for_no_money_and_says_where_to_pay(tmp_path: Path) -> None:
    with cash_terminal(tmp_path, fee_elsewhere=True) as inline:
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert "pay" not in visit.screens
        assert not visit.of(e.FeeRequested)
        assert inline.books.totals.inserted_yen == 0
        (bill,) = slips(inline)
        assert bill[1] == "お支払い票 TO PAY"
        assert any("レジでお支払いください" in line for line in bill)
        assert any(line.endswith(f"¥{FEE_YEN}") for line in bill)
        assert "レジ" in told(visit, "confirm")
        assert "レジ" in told(visit, "take_sheets")


def test_a_shop_without_cash_prints_no_refund_when_the_printer_fails(tmp_path: Path) -> None:

    with cash_terminal(tmp_path, fee_elsewhere=True) as inline:
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.PRINT_FAILED
        assert slips(inline) == []
        assert not visit.of(e.RefundOwed, e.RefundPaid)


def test_coins_only_with_empty_hoppers_takes_exact_money(tmp_path: Path) -> None:
    with cash_terminal(tmp_path, ("coins",)) as inline:
        for coin_yen in (10, 50, 100, 500):
            set_hopper(inline, coin_yen, 0)
        inline.look()
        assert faults(inline) == {("coins", "COINS_CHANGE_LOW")}
        assert the_end(inline.serve(pays(inline, 500, 100, 100))).reason is EndReason.COMPLETED
        assert inline.world.coins.tray == [500]


def test_a_dearer_certificate_is_paid_with_several_coins(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        rules = shopper(inline, kind=CertificateKind.SEAL_CERTIFICATE, copies=3)
        rules["pay"] = pays(inline, 500, 100)["pay"]
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.books.totals.kept_yen == 600 == short_yen(inline)
