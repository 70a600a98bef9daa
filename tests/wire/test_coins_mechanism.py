"""One suite over model, wire and a real coin acceptor (where HONNIN_REAL_COINS names its port): coins in, coins out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices.control_socket import control
from simulator.devices.emulation import ControlRefusedError
from simulator.devices.fault_plan import UntilCleared
from simulator.devices.line_faults import LineFault
from terminal.devices.coins.api import CoinPoll, CoinsCode, CoinsFailed, Credit, DispenseOutcome, HopperLevel
from tests.coins_kit import HOPPER_10, Shop, real_coins, shop_at, wire_shop


@pytest.fixture(params=["model", "wire"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with shop_at(request.param, tmp_path) as opened:
        yield opened


def test_it_says_what_it_is_and_is_ready(shop: Shop) -> None:
    readiness = shop.coins.readiness()
    assert readiness.ready, readiness
    assert readiness.faults == ()
    assert shop.coins.acceptor.denominations_yen == (10, 50, 100, 500)
    assert [(hopper.name, hopper.coin_yen, hopper.level()) for hopper in shop.coins.hoppers] == [
        ("hopper-3", 10, HopperLevel.PLENTY),
        ("hopper-4", 50, HopperLevel.PLENTY),
        ("hopper-5", 100, HopperLevel.PLENTY),
        ("hopper-6", 500, HopperLevel.PLENTY),
    ]


def test_coins_are_told_in_order_and_told_again_when_asked_again(shop: Shop) -> None:
    before = shop.open()
    assert shop.insert(100, 10, 500) == [True, True, True]
    told = (Credit(100, before + 1), Credit(10, before + 2), Credit(500, before + 3))
    assert shop.poll(before) == CoinPoll(before + 3, told)
    assert shop.poll(before) == CoinPoll(before + 3, told)
    assert shop.poll(before + 2) == CoinPoll(before + 3, told[2:])
    assert shop.coins.acceptor.accepted_total() == 3


def test_only_the_coins_that_were_named_are_taken(shop: Shop) -> None:
    before = shop.open(frozenset({100}))
    assert shop.insert(100, 500, 10) == [True, False, False]
    assert [credit.coin_yen for credit in shop.poll(before).credits] == [100]
    assert sum(shop.model.tray) == 510


def test_at_power_up_nothing_is_taken_and_the_poll_says_so(shop: Shop) -> None:
    before = shop.open()
    shop.insert(50)
    position = shop.poll(before).counter
    shop.power_cycle()
    assert shop.insert(50) == [False]
    assert shop.poll(position) == CoinPoll(0, restarted=True)
    assert shop.coins.acceptor.accepted_total() == 1


def test_the_reset_inhibits_and_proves_it(shop: Shop) -> None:
    shop.open()
    assert not shop.coins.prove().proved
    shop.coins.clear()
    assert shop.coins.prove().proved
    shop.poll(None)
    assert shop.insert(10) == [False]


def test_a_payout_is_counted_by_the_hoppers_own_counter(shop: Shop) -> None:
    hopper = shop.hopper()
    assert hopper.dispense(3) == DispenseOutcome(3)
    assert hopper.dispensed_total() == 3
    assert shop.model.tray == [10, 10, 10]


def test_a_cable_that_was_pulled_is_a_level_until_it_is_back(shop: Shop) -> None:
    assert shop.levels() == []
    shop.unplug()
    assert shop.levels() == [CoinsCode.LINE_GONE]
    assert isinstance(shop.coins.acceptor.poll(0), CoinsFailed)
    assert not shop.coins.prove().proved
    shop.plug()
    assert shop.heals()


@pytest.mark.parametrize("fault", [LineFault.SILENCE, LineFault.BABBLING, LineFault.NOISE])
def test_a_line_that_stays_bad_is_a_level_until_it_is_healed(shop: Shop, fault: LineFault) -> None:
    shop.harm(fault, UntilCleared())
    assert shop.levels() in (["COINS_SILENT"], ["COINS_BAD_ANSWER"])
    shop.faults.heal()
    assert shop.heals()


def test_the_control_channel_inserts_pays_and_refuses(tmp_path: Path) -> None:
    with wire_shop(tmp_path) as shop:
        link = tmp_path / "coins"
        before = shop.open()
        panel = control(link, "insert", coin_yen=100)
        assert panel["specimen"].startswith("SPECIMEN")
        shop.pause(0.5)
        assert shop.poll(before).credits == (Credit(100, before + 1),)
        panel = control(link, "look")
        assert (panel["cashbox_yen"], panel["accepted_total"], panel["kept_yen"]) == (100, 1, 100)
        control(link, "empty", hopper=HOPPER_10)
        assert shop.hopper().level() is not HopperLevel.PLENTY
        control(link, "fill", hopper=HOPPER_10, coins=100)
        assert shop.hopper().level() is HopperLevel.PLENTY
        with pytest.raises(ControlRefusedError, match="hopper's address"):
            control(link, "fill", hopper=99, coins=1)
        control(link, "power-cycle")
        assert shop.poll(1).restarted


if real_coins() is not None:

    def test_a_real_acceptor_inhibits_everything_and_proves_it() -> None:
        coins = real_coins()
        assert coins is not None
        coins.clear()
        assert coins.prove().proved
        assert coins.acceptor.denominations_yen
        coins.close()
