"""Each line fault at each kind of exchange: an honest outcome within a bound, a level while it stands, none when it is healed."""

from collections.abc import Callable
from typing import Final

import pytest

from simulator.devices.fault_plan import After, UntilCleared
from simulator.devices.line_faults import LineFault
from terminal.devices.coins.api import CoinPoll, CoinsFailed, DispenseOutcome
from tests.coins_kit import ALL_YEN, Shop, model_shop

BOUND_S: Final = 30.0
EXCHANGES: Final[dict[str, Callable[[Shop], object]]] = {
    "poll": lambda shop: shop.coins.acceptor.poll(0),
    "accept": lambda shop: shop.coins.acceptor.accept(ALL_YEN),
    "accepted-total": lambda shop: shop.coins.acceptor.accepted_total(),
    "dispensed-total": lambda shop: shop.hopper().dispensed_total(),
    "level": lambda shop: shop.hopper().level(),
    "dispense": lambda shop: shop.hopper().dispense(3),
    "readiness": lambda shop: shop.coins.readiness(),
    "clear": lambda shop: shop.coins.clear(),
    "prove": lambda shop: shop.coins.prove(),
}


def _heal(shop: Shop) -> None:
    shop.faults.heal()
    shop.plug()


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("fault", LineFault)
def test_a_fault_that_stays_ends_in_bounded_time_without_an_exception(fault: LineFault, exchange: str) -> None:
    shop = model_shop()
    shop.harm(fault, UntilCleared())
    began_s = shop.clock.now_s()
    EXCHANGES[exchange](shop)
    assert shop.clock.now_s() - began_s <= BOUND_S
    _heal(shop)
    assert shop.heals()


@pytest.mark.parametrize("fault", [kind for kind in LineFault if kind is not LineFault.DEVICE_RESET])
def test_a_fault_that_stays_is_a_level_that_blocks(fault: LineFault) -> None:
    shop = model_shop()
    shop.harm(fault, UntilCleared())
    assert shop.levels()
    assert not shop.coins.readiness().ready
    assert not shop.coins.prove().proved
    _heal(shop)
    assert shop.heals()
    shop.coins.clear()
    assert shop.coins.prove().proved


@pytest.mark.parametrize("fault", LineFault)
def test_no_coin_is_taken_for_another_however_the_line_was_when_the_coins_were_learnt(fault: LineFault) -> None:
    shop = model_shop()
    shop.harm(fault, UntilCleared())
    for _ in range(3):
        shop.coins.readiness()
    _heal(shop)
    before = shop.open()
    shop.insert(500, 100, 50, 10)
    assert [credit.coin_yen for credit in shop.poll(before).credits] == [500, 100, 50, 10]


@pytest.mark.parametrize("nth", range(4))
@pytest.mark.parametrize("fault", LineFault)
def test_coins_are_counted_once_whatever_happens_to_a_poll(fault: LineFault, nth: int) -> None:
    shop = model_shop()
    position = shop.open()
    shop.harm(fault, After(nth))
    credited = 0
    for _ in range(8):
        shop.insert(100)
        poll = shop.coins.acceptor.poll(position)
        if isinstance(poll, CoinPoll):
            credited += sum(credit.coin_yen for credit in poll.credits)
            position = poll.counter
        assert credited <= sum(shop.model.acceptor.cashbox)
    _heal(shop)
    last = shop.poll(position)
    credited += sum(credit.coin_yen for credit in last.credits)
    if fault is not LineFault.DEVICE_RESET:
        assert credited == sum(shop.model.acceptor.cashbox)


@pytest.mark.parametrize("nth", range(14))
@pytest.mark.parametrize("fault", LineFault)
def test_a_payout_is_never_more_than_was_asked_for_and_is_counted_exactly(fault: LineFault, nth: int) -> None:
    shop = model_shop()
    before = shop.hopper().dispensed_total()
    assert isinstance(before, int)
    shop.harm(fault, After(nth))
    outcome = shop.hopper().dispense(3)
    _heal(shop)
    paid = len(shop.model.tray)
    assert paid <= 3
    if isinstance(outcome, DispenseOutcome):
        assert outcome.paid_coins == paid
    settled = shop.hopper().settle(before)
    assert not isinstance(settled, CoinsFailed)
    assert settled.paid_coins == len(shop.model.tray) == shop.model.hopper(3).dispensed_total <= 3
