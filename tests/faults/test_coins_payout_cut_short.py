"""A payout that is cut short: by a jam, an empty hopper, a power cut, a lost line. What was paid is counted, never hoped for."""

import pytest

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.coins.hopper import HopperModel
from simulator.devices.coins.model import CoinsModel
from simulator.devices.coins.wire import CoinsWire
from simulator.devices.fault_plan import After
from simulator.devices.line_faults import LineFault
from terminal.devices.coins.api import CoinsCode, CoinsFailed, DispenseOutcome, HopperLevel
from terminal.devices.coins.headers import Header, HopperFlag
from terminal.devices.coins.hopper import CcTalkHopper, HopperStatus
from tests.coins_kit import HOPPER_10, Shop, model_shop

BOUND_S = 25.0
"""Within which a payout ends, whatever happens."""


def _total(shop: Shop) -> int:
    total = shop.hopper().dispensed_total()
    assert isinstance(total, int)
    return total


def test_an_empty_hopper_pays_what_it_has_and_says_so() -> None:
    shop = model_shop(coins=2)
    assert shop.hopper().dispense(5) == DispenseOutcome(2, CoinsCode.HOPPER_EMPTY)
    assert shop.model.tray == [10, 10]
    assert shop.hopper().level() is HopperLevel.EMPTY
    assert shop.levels() == [CoinsCode.CHANGE_LOW]
    assert shop.coins.readiness().ready
    shop.model.heal()
    assert shop.heals(), "filled is enough: no customer has to come first"
    assert shop.hopper().dispense(5) == DispenseOutcome(5)


def test_a_jam_half_way_stops_it_and_is_a_level_until_it_is_freed() -> None:
    shop = model_shop()
    shop.plan(CoinsFault.HOPPER_JAM, After(2))
    assert shop.hopper().dispense(5) == DispenseOutcome(2, CoinsCode.JAMMED)
    assert shop.levels() == [CoinsCode.HOPPER_FAILED, CoinsCode.CHANGE_LOW]
    assert shop.coins.readiness().ready
    shop.coins.clear()
    assert shop.coins.prove().proved
    assert shop.levels() == [CoinsCode.HOPPER_FAILED, CoinsCode.CHANGE_LOW], "a reset frees no coin"
    assert shop.hopper().level() is HopperLevel.EMPTY
    assert shop.hopper().dispense(3) == DispenseOutcome(0, CoinsCode.HOPPER_FAILED)
    shop.model.unjam()
    assert shop.heals()
    assert shop.hopper().dispense(3) == DispenseOutcome(3)


def test_a_power_cut_half_way_leaves_an_exact_count() -> None:
    shop = model_shop(meanwhile=_cut_after(2))
    outcome = shop.hopper().dispense(5)
    assert outcome == DispenseOutcome(2, CoinsCode.HOPPER_FAILED)
    assert len(shop.model.tray) == 2


def test_a_line_lost_half_way_is_settled_exactly_when_it_is_back() -> None:
    lost: list[Shop] = []

    def pull(model: CoinsModel) -> None:
        if model.hopper(HOPPER_10).paid == 2 and lost:
            lost.pop().unplug()

    shop = model_shop(meanwhile=pull)
    lost.append(shop)
    before, began_s = _total(shop), shop.clock.now_s()
    assert isinstance(shop.hopper().dispense(5), CoinsFailed)
    assert shop.clock.now_s() - began_s <= BOUND_S
    shop.plug()
    settled = shop.hopper().settle(before)
    assert isinstance(settled, DispenseOutcome)
    assert settled.paid_coins == len(shop.model.tray) == 5


def test_an_answer_lost_is_no_reason_to_pay_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = model_shop()
    _lose_answers_to_dispense(monkeypatch, shop)
    assert shop.hopper().dispense(5) == DispenseOutcome(5)
    assert len(shop.model.tray) == 5


def test_a_command_that_was_heard_is_not_sent_again_though_no_coin_is_out_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.devices.coins.hopper.COIN_S", 2.0)
    shop = model_shop()
    _lose_answers_to_dispense(monkeypatch, shop)
    assert shop.hopper().dispense(2) == DispenseOutcome(2)
    assert shop.model.hopper(HOPPER_10).events == 1


def test_what_is_no_hopper_is_told_to_pay_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.devices.coins.wire.HOPPER_CATEGORY", b"Coin Acceptor")
    shop = model_shop()
    outcome = shop.hopper().dispense(2)
    assert isinstance(outcome, CoinsFailed)
    assert outcome.code is CoinsCode.WRONG_DEVICE
    assert shop.model.hopper(HOPPER_10).events == 0


def test_where_the_status_is_unknown_nothing_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.devices.coins.hopper.COIN_S", 2.0)
    shop = model_shop()
    _lose_answers_to_dispense(monkeypatch, shop)
    status, commands = CcTalkHopper.status, HopperModel.dispense
    asked: list[None] = []
    sent: list[int] = []

    def unknown_once(hopper: CcTalkHopper) -> HopperStatus | CoinsFailed:
        asked.append(None)
        return CoinsFailed(CoinsCode.SILENT, "no answer") if len(asked) == 2 else status(hopper)

    def counted(hopper: HopperModel, coins: int) -> bool:
        sent.append(coins)
        return commands(hopper, coins)

    monkeypatch.setattr(CcTalkHopper, "status", unknown_once)
    monkeypatch.setattr(HopperModel, "dispense", counted)
    assert shop.hopper().dispense(5) == DispenseOutcome(5)
    assert sent == [5]


def test_the_life_counter_begins_anew_at_its_end_and_the_payout_is_counted_all_the_same() -> None:
    shop = model_shop()
    shop.model.hopper(HOPPER_10).dispensed_total = (1 << 24) - 1
    assert shop.hopper().dispense(3) == DispenseOutcome(3)
    assert _total(shop) == 2


def test_a_command_that_never_arrived_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = model_shop()
    receive = CoinsWire.receive
    dropped: list[bytes] = []

    def deaf_once(wire: CoinsWire, data: bytes) -> bytes:
        if data[3] == Header.DISPENSE_HOPPER_COINS and not dropped:
            dropped.append(data)
            return b""
        return receive(wire, data)

    monkeypatch.setattr(CoinsWire, "receive", deaf_once)
    assert shop.hopper().dispense(2) == DispenseOutcome(2)
    assert dropped
    assert len(shop.model.tray) == 2


def test_the_same_power_cut_twice_does_not_look_like_a_command_never_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Event counter 0 and one coin paid, as before: only the life counter tells that a coin went out meanwhile."""
    shop = model_shop(meanwhile=_cut_after(1, times=2))
    _lose_answers_to_dispense(monkeypatch, shop)
    for _ in range(2):
        before = len(shop.model.tray)
        outcome = shop.hopper().dispense(5)
        assert isinstance(outcome, DispenseOutcome)
        assert outcome.paid_coins == len(shop.model.tray) - before <= 5


def test_a_hopper_that_does_not_come_to_rest_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = model_shop()
    shop.plan(CoinsFault.HOPPER_JAM, After(1))
    monkeypatch.setattr("simulator.devices.coins.hopper._GIVES_UP_S", 1e9)
    began_s = shop.clock.now_s()
    outcome = shop.hopper().dispense(4)
    assert isinstance(outcome, DispenseOutcome)
    assert outcome.paid_coins == len(shop.model.tray) == 1
    assert outcome.code is not None
    assert shop.model.hopper(HOPPER_10).remaining == 0
    assert shop.clock.now_s() - began_s <= BOUND_S


@pytest.mark.parametrize(
    "flag",
    [
        HopperFlag.CURRENT_EXCEEDED,
        HopperFlag.OPTO_BLOCKED_IDLE,
        HopperFlag.OPTO_SHORT_IDLE,
        HopperFlag.OPTO_BLOCKED_PAYOUT,
    ],
)
@pytest.mark.parametrize("taken_back_by", ["prove", "readiness"])
def test_a_flag_that_stands_for_nothing_any_more_is_taken_back(flag: HopperFlag, taken_back_by: str) -> None:
    shop = model_shop()
    shop.model.hopper(HOPPER_10).flags = flag
    assert shop.hopper().level() is HopperLevel.EMPTY
    assert shop.hopper().dispense(1) == DispenseOutcome(0, CoinsCode.HOPPER_FAILED)
    getattr(shop.coins, taken_back_by)()
    assert shop.hopper().level() is HopperLevel.PLENTY
    assert shop.levels() == []
    assert shop.hopper().dispense(1) == DispenseOutcome(1)


def test_a_flag_that_comes_back_after_each_reset_is_a_level(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = model_shop()
    monkeypatch.setattr(HopperModel, "test", lambda _: HopperFlag.OPTO_SHORT_IDLE)
    shop.coins.clear()
    shop.coins.prove()
    assert shop.levels() == [CoinsCode.HOPPER_FAILED, CoinsCode.CHANGE_LOW]


def test_a_hopper_that_still_pays_is_not_reset_by_a_look_at_it() -> None:
    shop = model_shop()
    hopper = shop.model.hopper(HOPPER_10)
    hopper.enable(165)
    hopper.dispense(40)
    hopper.flags = HopperFlag.CURRENT_EXCEEDED
    shop.coins.readiness()
    shop.pause(10.0)
    assert len(shop.model.tray) == 40


def test_a_hopper_that_is_none_is_a_level_and_pays_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = model_shop()
    with monkeypatch.context() as patch:
        patch.setattr("simulator.devices.coins.wire.HOPPER_CATEGORY", b"Bill Validator")
        assert shop.levels() == [CoinsCode.WRONG_DEVICE]
        assert not shop.coins.readiness().ready
        outcome = shop.hopper().dispense(1)
        assert isinstance(outcome, CoinsFailed)
        assert outcome.code is CoinsCode.WRONG_DEVICE
    assert shop.heals()


def test_a_hopper_that_is_gone_keeps_customers_away_before_the_reset_cannot_be_proved() -> None:
    shop = model_shop()
    hopper = shop.model.hoppers.pop(HOPPER_10)
    assert shop.levels() == [CoinsCode.SILENT]
    assert not shop.coins.readiness().ready
    assert not shop.coins.prove().proved
    shop.model.hoppers[HOPPER_10] = hopper
    assert shop.heals()
    assert shop.coins.prove().proved


@pytest.mark.parametrize("coins", [0, -1, 256])
def test_a_number_of_coins_that_no_hopper_takes_is_a_programmers_error(coins: int) -> None:
    with pytest.raises(ValueError, match="1 to 255"):
        model_shop().hopper().dispense(coins)


def test_a_hopper_is_enabled_for_its_payout_only_and_disabled_by_the_reset() -> None:
    shop = model_shop()
    hopper = shop.model.hopper(HOPPER_10)
    shop.hopper().dispense(1)
    assert not hopper.enabled
    hopper.enable(165)
    shop.coins.clear()
    assert not hopper.enabled


def test_the_reset_is_not_proved_while_a_hopper_pays() -> None:
    shop = model_shop()
    hopper = shop.model.hopper(HOPPER_10)
    hopper.enable(165)
    hopper.dispense(40)
    shop.coins.clear()
    proof = shop.coins.prove()
    assert (proof.proved, proof.code) == (False, CoinsCode.HOPPER_FAILED)
    shop.pause(10.0)
    assert shop.coins.prove().proved
    assert len(shop.model.tray) == 40


def _cut_after(paid: int, times: int = 1) -> "_Cut":
    return _Cut(paid, times)


class _Cut:
    """Cuts the power when so many coins are out and more are to come."""

    def __init__(self, paid: int, times: int) -> None:
        self._paid = paid
        self._times = times

    def __call__(self, model: CoinsModel) -> None:
        hopper = model.hopper(HOPPER_10)
        if self._times and hopper.remaining and hopper.paid == self._paid:
            self._times -= 1
            model.power_cycle()


def _lose_answers_to_dispense(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    dispense = HopperModel.dispense

    def heard_and_lost(hopper: HopperModel, coins: int) -> bool:
        shop.harm(LineFault.SILENCE)
        return dispense(hopper, coins)

    monkeypatch.setattr(HopperModel, "dispense", heard_and_lost)
