"""Devices lose their power or their cable while money moves: what happened is told by their own counters, and once (P4, P7)."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import PlannedFault
from simulator.devices.printer.faults import FaultKind
from simulator.people.script import Do
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.money.movements import PayoutEnded, PayoutStarted
from tests.cash_kit import (
    COINS,
    NOTES,
    CashTerminal,
    cash_terminal,
    changes_mind,
    heal,
    insert,
    movements,
    payer,
    pays,
    short_yen,
    titles,
    until_idle,
)
from tests.terminal_kit import FEE_YEN, the_end


@pytest.mark.parametrize("after_s", [0.0, 0.2, 0.39, 0.6, 1.0, 3.0])
def test_the_coin_mechanism_restarts_while_coins_are_paid(tmp_path: Path, after_s: float) -> None:
    with cash_terminal(tmp_path) as inline:
        restart = (after_s, inline.world.coins.power_cycle)
        coin = (2.0, lambda: insert(inline, 100))
        visit = inline.serve(payer(inline, (1.0, lambda: insert(inline, 100)), restart, coin, coin, coin))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert short_yen(inline) == FEE_YEN
        assert inline.books.unknown_coins == 0


@pytest.mark.parametrize("coins_before", [0, 2])
def test_a_coin_that_fell_just_before_a_restart_is_unknown_money_and_buys_nothing(
    tmp_path: Path, coins_before: int
) -> None:
    """The acceptor forgets its events, its life counter does not: one coin more is inside, and nobody knows which."""
    with cash_terminal(tmp_path) as inline:
        if coins_before:
            inline.serve(pays(inline, *(100,) * coins_before))
        restart = (0.41, inline.world.coins.power_cycle)
        coin = (2.0, lambda: insert(inline, 100))
        visit = inline.serve(payer(inline, (1.05, lambda: insert(inline, 100)), restart, coin, coin))
        inline.unknown_yen = 100
        assert inline.books.unknown_coins == 1
        assert the_end(visit).reason is not EndReason.COMPLETED
        assert inline.situation() is State.OUT_OF_SERVICE


def test_a_mechanism_that_restarts_before_its_first_coin_ever_is_opened_again(tmp_path: Path) -> None:
    """Its event counter stands at 0 before and after: no event tells that everything is inhibited now."""
    with cash_terminal(tmp_path) as inline:
        assert inline.books.counters.acceptor == 0
        restart = (1.0, inline.world.coins.power_cycle)
        visit = inline.serve(
            payer(inline, restart, (3.0, lambda: insert(inline, 100)), (1.0, lambda: insert(inline, 100)))
        )
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.world.coins.tray == []


@pytest.mark.parametrize("restarts", [1, 2, 3])
def test_a_mechanism_that_restarts_again_and_again_is_opened_each_time(tmp_path: Path, restarts: int) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.serve(pays(inline, 100, 100))
        again = [(1.0, inline.world.coins.power_cycle)] * restarts
        coin = (3.0, lambda: insert(inline, 100))
        visit = inline.serve(payer(inline, *again, coin, coin))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert short_yen(inline) == 2 * FEE_YEN


@pytest.mark.parametrize("paid", [0, 1, 2, 5])
def test_the_hoppers_restart_in_the_middle_of_a_payout(tmp_path: Path, paid: int) -> None:
    """A hopper without power forgets what it still had to pay; its life counter tells what it did, and the rest is paid anew."""
    with cash_terminal(tmp_path) as inline:
        inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
        inline.loop.spawn(lambda: restart_at(inline, paid))
        inline.serve(pays(inline, 500, then=()))
        heal(inline)
        inline.staff("settle", device="payment")
        until_idle(inline)
        assert short_yen(inline) == sum(claim.amount_yen for claim in inline.books.claims)
        moved = movements(inline)
        started, ended = (sum(isinstance(one, kind) for one in moved) for kind in (PayoutStarted, PayoutEnded))
        assert started == ended


def restart_at(inline: CashTerminal, paid: int) -> None:
    """Cut the mechanism's power when the tray holds this many coins."""
    hoppers = inline.world.coins.hoppers.values()
    while not any(hopper.remaining for hopper in hoppers) or len(inline.world.coins.tray) < paid:
        inline.loop.wait(0.02)
        inline.world.coins.work()
    inline.world.coins.power_cycle()


@pytest.mark.parametrize("cable", [COINS, NOTES])
@pytest.mark.parametrize("after_s", [0.1, 0.3, 0.5, 1.3])
def test_unplugged_while_paying_and_plugged_in_before_the_reset(tmp_path: Path, cable: int, after_s: float) -> None:
    with cash_terminal(tmp_path) as inline:
        line = inline.world.cables[cable]
        pull = (after_s, line.unplug)
        steps = (1.0, lambda: insert(inline, 100)), (0.0, lambda: insert(inline, 1000)), pull
        rules = payer(inline, *steps, then=changes_mind(after_s=20.0))
        rules["goodbye"] = ((Do(line.plug),),)
        inline.serve(rules)
        line.plug()
        inline.staff("settle", device="payment")
        until_idle(inline)
        kept_yen = FEE_YEN if inline.tray.deliveries else 0
        assert inline.books.totals.kept_yen == kept_yen
        assert short_yen(inline) == kept_yen + sum(claim.amount_yen for claim in inline.books.claims)


@pytest.mark.parametrize("cable", [COINS, NOTES])
def test_unplugged_and_plugged_in_during_the_reset_itself(tmp_path: Path, cable: int) -> None:
    """The reset of the next look finds what the one that was cut short could not say."""
    with cash_terminal(tmp_path) as inline:
        line = inline.world.cables[cable]
        steps = (1.0, lambda: insert(inline, 100)), (0.2, line.unplug)
        inline.serve(payer(inline, *steps, then=changes_mind(after_s=1.0)))
        inline.look()
        line.plug()
        until_idle(inline)
        assert inline.books.account is None
        assert short_yen(inline) == sum(claim.amount_yen for claim in inline.books.claims)
        assert the_end(inline.serve(pays(inline, 100, 100))).reason is EndReason.COMPLETED


def test_a_coin_that_fell_while_the_cable_was_out_is_the_customers_claim_with_a_ticket(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        line = inline.world.cables[COINS]
        steps = (1.0, lambda: insert(inline, 100)), (0.1, line.unplug)
        visit = inline.serve(payer(inline, *steps, then=changes_mind(after_s=0.5)))
        line.plug()
        until_idle(inline)
        (claim,) = inline.books.claims
        assert (claim.amount_yen, claim.customer) == (100, the_end(visit).customer)
        assert titles(inline) == ["預り証"]
        assert short_yen(inline) == 100


def test_a_restarted_mechanism_is_open_again_with_the_next_poll(tmp_path: Path) -> None:
    with cash_terminal(tmp_path) as inline:
        inline.serve(pays(inline, 100, 100))
        restart, coin = (0.6, inline.world.coins.power_cycle), (0.6, lambda: insert(inline, 100))
        inline.serve(payer(inline, restart, coin, coin))
        assert inline.world.coins.tray == []
