"""The acceptor jams, is blocked or sees a coin go backwards while money is asked for: known money goes back at once (P4, P7)."""

from pathlib import Path

import pytest

from simulator.devices.coins.faults import CoinsFault
from simulator.people.script import CANCEL, OK, Pause
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.cash_kit import (
    cash_terminal,
    coin_fault,
    faults,
    in_the_way_yen,
    insert,
    payer,
    pays,
    short_yen,
    titles,
    told,
)
from tests.terminal_kit import FEE_YEN, the_end

STOPS = [
    (CoinsFault.JAM, "COINS_JAMMED"),
    (CoinsFault.SENSOR_BLOCKED, "COINS_SENSOR_BLOCKED"),
    (CoinsFault.BACKWARDS, "COINS_FRAUD"),
]
STUCK = STOPS[:2]


@pytest.mark.parametrize(("fault", "code"), STOPS)
def test_known_money_goes_back_within_seconds_and_the_reason_is_said(
    tmp_path: Path, fault: CoinsFault, code: str
) -> None:
    with cash_terminal(tmp_path) as inline:
        armed = (1.0, lambda: coin_fault(inline, fault))
        began_s = inline.clock.now_s()
        visit = inline.serve(
            payer(inline, (1.0, lambda: insert(inline, 100)), armed, (0.1, lambda: insert(inline, 100)))
        )
        assert the_end(visit).reason is EndReason.PAYMENT_FAILED
        assert inline.clock.now_s() - began_s < 60, "nobody waits for the bound of paying"
        assert [entry.amount_yen for entry in visit.of(e.RefundPaid)] == [100]  # type: ignore[union-attr]
        assert code in told(visit, "sorry")
        assert titles(inline) == ["返金票"]
        assert short_yen(inline) == in_the_way_yen(inline), "only the coin that sticks is not back"


@pytest.mark.parametrize(("fault", "code"), STUCK)
def test_what_sticks_keeps_people_away_until_a_clerk_frees_it(tmp_path: Path, fault: CoinsFault, code: str) -> None:
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, fault)
        inline.serve({**pays(inline, 100), "confirm": (OK, CANCEL)})
        assert inline.situation() is State.OUT_OF_SERVICE
        assert faults(inline) == {("coins", code)}
        inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE
        inline.world.coins.unjam()
        inline.look()
        assert inline.situation() is State.IDLE
        assert inline.world.coins.tray == [100], "the coin that stuck lies in the tray, and on no account"
        assert inline.books.totals.inserted_yen == 0
        assert the_end(inline.serve(pays(inline, 100, 100))).reason is EndReason.COMPLETED


@pytest.mark.parametrize(("fault", "code"), STUCK)
def test_trying_again_on_what_still_sticks_is_refused_at_once(tmp_path: Path, fault: CoinsFault, code: str) -> None:
    """The acceptor tells of a jam by one event; the second time its self-check says so."""
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, fault)
        visit = inline.serve({**pays(inline, 100), "confirm": (OK, OK, CANCEL)})
        assert the_end(visit).reason is EndReason.CANCELLED
        refused = [entry for entry in visit.of(e.FeeNotCollected) if isinstance(entry, e.FeeNotCollected)]
        assert [entry.code for entry in refused] == [code, code]
        assert visit.screens.count("pay") == 2
        assert short_yen(inline) == 100 == in_the_way_yen(inline)


def test_trying_again_after_the_jam_was_freed_is_a_sheet(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.JAM)
        rules = payer(inline, (1.0, lambda: insert(inline, 100)), (1.0, inline.world.coins.unjam))
        rules["pay"] = (*rules["pay"], *pays(inline, 100, 100)["pay"])
        rules["confirm"] = (OK, (Pause(3.0), *OK))
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.COMPLETED
        assert short_yen(inline) == FEE_YEN
        assert faults(inline) == set()


def test_a_coin_on_a_string_is_fraud_and_the_next_customer_is_served(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        coin_fault(inline, CoinsFault.BACKWARDS)
        visit = inline.serve({**pays(inline, 100), "confirm": (OK, CANCEL)})
        refused = [entry.code for entry in visit.of(e.FeeNotCollected) if isinstance(entry, e.FeeNotCollected)]
        assert refused == ["COINS_FRAUD"]
        assert inline.books.totals.inserted_yen == 0
        assert inline.situation() is State.IDLE
        assert the_end(inline.serve(pays(inline, 100, 100))).reason is EndReason.COMPLETED
