"""What goes wrong in the acceptor: jam, string, blocked sensor, a coin that is late or should not be, another device."""

import pytest

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import UntilCleared, Window
from terminal.devices.api import DeviceStatus
from terminal.devices.coins.api import CoinPoll, CoinsCode, Credit
from tests.coins_kit import model_shop


@pytest.mark.parametrize(
    ("fault", "code"),
    [(CoinsFault.JAM, CoinsCode.JAMMED), (CoinsFault.SENSOR_BLOCKED, CoinsCode.SENSOR_BLOCKED)],
)
def test_a_coin_that_sticks_is_no_credit_and_a_level_until_it_is_freed(fault: CoinsFault, code: CoinsCode) -> None:
    shop = model_shop()
    before = shop.open()
    shop.plan(fault)
    shop.insert(500)
    assert shop.poll(before) == CoinPoll(before + 1, (), (code,))
    assert shop.levels() == [code]
    assert not shop.coins.readiness().ready
    assert shop.model.balanced
    shop.model.unjam()
    assert shop.heals()
    assert sum(shop.model.tray) == 500


def test_a_coin_on_a_string_is_fraud_and_no_credit() -> None:
    shop = model_shop()
    before = shop.open()
    shop.plan(CoinsFault.BACKWARDS)
    shop.insert(500)
    assert shop.poll(before) == CoinPoll(before + 1, (), (CoinsCode.FRAUD,))
    assert shop.coins.acceptor.accepted_total() == 0


def test_a_coin_taken_in_spite_of_the_inhibit_is_credited() -> None:
    shop = model_shop()
    before = shop.open(frozenset({100}))
    shop.plan(CoinsFault.IGNORES_INHIBIT)
    assert shop.insert(500) == [True]
    assert shop.poll(before).credits == (Credit(500, before + 1),)


@pytest.mark.parametrize("coin_yen", [1, 5])
def test_a_coin_that_the_acceptor_does_not_know_comes_back_even_where_it_ignores_inhibits(coin_yen: int) -> None:
    shop = model_shop()
    before = shop.open()
    shop.plan(CoinsFault.IGNORES_INHIBIT)
    assert shop.insert(coin_yen) == [False]
    assert shop.poll(before) == CoinPoll(before)
    assert shop.model.tray == [coin_yen]


def test_a_late_coin_is_told_by_the_poll_after_it_has_come() -> None:
    shop = model_shop()
    before = shop.open()
    shop.plan(CoinsFault.LATE_COIN)
    shop.insert(100)
    assert shop.poll(before).credits == ()
    shop.pause(4.0)
    assert shop.poll(before).credits == (Credit(100, before + 1),)


def test_the_reset_waits_for_a_coin_that_is_falling_and_for_nothing_where_none_can_be() -> None:
    shop = model_shop()
    before = shop.open()
    shop.model.insert(100)
    shop.coins.clear()
    assert shop.poll(before).credits == (Credit(100, before + 1),)
    began_s = shop.clock.now_s()
    shop.coins.clear()
    assert shop.clock.now_s() == began_s


def test_nobody_polled_for_a_second_so_nothing_is_taken_until_somebody_does() -> None:
    shop = model_shop()
    before = shop.open()
    shop.pause(1.5)
    assert shop.insert(100) == [False]
    shop.poll(before)
    assert shop.insert(100) == [True]
    assert shop.poll(before).credits == (Credit(100, before + 1),)
    assert (shop.coins.acceptor.inserted_total(), shop.coins.acceptor.accepted_total()) == (2, 1)


@pytest.mark.parametrize(("coins", "lost"), [(5, 0), (6, 1), (9, 4)])
def test_more_than_five_events_between_polls_are_money_nobody_knows(coins: int, lost: int) -> None:
    shop = model_shop()
    before = shop.open()
    shop.insert(*[100] * coins)
    poll = shop.poll(before)
    assert (len(poll.credits), poll.lost_events) == (min(coins, 5), lost)
    assert shop.coins.acceptor.accepted_total() == coins


def test_the_event_counter_goes_from_255_to_1_and_no_coin_is_lost_on_the_way() -> None:
    shop = model_shop()
    position, credited = shop.open(), 0
    for _ in range(130):
        shop.insert(10, 100)
        poll = shop.poll(position)
        assert poll.lost_events == 0
        assert not poll.restarted
        position, credited = poll.counter, credited + sum(credit.coin_yen for credit in poll.credits)
    assert credited == 130 * 110 == sum(shop.model.acceptor.cashbox)
    assert position == 260 - 255


def test_a_self_check_that_fails_is_a_level_until_it_is_healed() -> None:
    shop = model_shop()
    shop.plan(CoinsFault.SELF_CHECK, UntilCleared())
    readiness = shop.coins.readiness()
    assert readiness.status is DeviceStatus.HARDWARE_ERROR
    assert shop.levels() == [CoinsCode.SELF_CHECK_FAILED]
    shop.model.heal()
    assert shop.heals()


def test_another_device_at_the_acceptors_address_is_not_used() -> None:
    shop = model_shop()
    shop.plan(CoinsFault.WRONG_DEVICE, UntilCleared())
    assert shop.levels() == [CoinsCode.WRONG_DEVICE]
    assert shop.coins.acceptor.denominations_yen == ()
    assert shop.coins.acceptor.accept(frozenset({10})) is not None
    shop.model.heal()
    assert shop.heals()


def test_a_window_of_time_is_counted_from_when_the_mechanism_was_made() -> None:
    shop = model_shop(up_s=1_000.0)
    shop.plan(CoinsFault.WRONG_DEVICE, Window(0.0, 60.0))
    assert shop.levels() == [CoinsCode.WRONG_DEVICE]
    shop.pause(60.0)
    assert shop.heals()
