"""One suite over model, wire and a real signal tower (where HONNIN_REAL_SIGNAL_TOWER names its port)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.devices.control_socket import control
from simulator.devices.signal_tower.model import SignalTowerFault
from terminal.devices.signal_tower.api import Signal, SignalTowerCode, SignalTowerFailed
from terminal.devices.signal_tower.codec import Buzzer, Lamps, Light
from terminal.devices.signal_tower.driver import PATTERNS
from tests.signal_tower_kit import Shop, real_tower, shop_at, wire_shop


@pytest.fixture(params=["model", "wire"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with shop_at(request.param, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("signal", Signal)
def test_each_signal_is_shown_and_confirmed(shop: Shop, signal: Signal) -> None:
    assert shop.tower.signal(signal) is None
    assert shop.model.lamps == PATTERNS[signal]
    assert shop.levels() == []


def test_signals_can_be_told_apart_without_colour_vision_of_one_lamp_and_none_makes_a_noise() -> None:
    assert len(set(PATTERNS.values())) == len(Signal)
    assert all(lamps.buzzer is Buzzer.OFF for lamps in PATTERNS.values())
    assert all(Light.FLASHING_2 not in (lamps.red, lamps.amber, lamps.green) for lamps in PATTERNS.values())


def test_clear_leaves_the_idle_lamps_and_the_tower_says_so(shop: Shop) -> None:
    shop.tower.signal(Signal.FAULT)
    shop.tower.clear()
    proof = shop.tower.prove()
    assert proof.proved
    assert "read back" in proof.statement
    assert shop.model.lamps == Lamps(green=Light.ON)


def test_a_tower_that_was_switched_off_shows_its_signal_again(shop: Shop) -> None:
    shop.tower.signal(Signal.BUSY)
    shop.model.power_cycle()
    assert shop.levels() == []
    assert shop.model.lamps == PATTERNS[Signal.BUSY]


def test_the_cable_comes_back(shop: Shop) -> None:
    shop.unplug()
    failed = shop.tower.signal(Signal.BUSY)
    assert isinstance(failed, SignalTowerFailed)
    assert failed.code is SignalTowerCode.LINE_GONE
    assert shop.levels() == [SignalTowerCode.LINE_GONE]
    shop.plug()
    assert shop.levels() == []
    assert shop.model.lamps == PATTERNS[Signal.BUSY]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (SignalTowerFault.SILENT, SignalTowerCode.SILENT),
        (SignalTowerFault.REFUSES, SignalTowerCode.REFUSED),
        (SignalTowerFault.LAMPS_STUCK, SignalTowerCode.OTHER_LAMPS),
    ],
)
def test_each_fault_of_the_tower_is_a_level_that_blocks_nothing_and_heals(
    shop: Shop, fault: SignalTowerFault, code: SignalTowerCode
) -> None:
    shop.tower.signal(Signal.IDLE)
    shop.plan(fault)
    failed = shop.tower.signal(Signal.FAULT)
    assert isinstance(failed, SignalTowerFailed)
    assert failed.code is code
    readiness = shop.tower.readiness()
    assert [level.code for level in readiness.faults] == [code]
    assert readiness.ready
    shop.heal()
    assert shop.levels() == []
    assert shop.model.lamps == PATTERNS[Signal.FAULT]


def test_a_tower_that_does_not_answer_does_not_hold_the_reset_up_and_the_proof_says_so(shop: Shop) -> None:
    shop.plan(SignalTowerFault.SILENT)
    shop.tower.clear()
    proof = shop.tower.prove()
    assert proof.proved
    assert SignalTowerCode.SILENT in proof.statement


def test_the_panel_says_specimen_and_shows_the_lamps(tmp_path: Path) -> None:
    with wire_shop(tmp_path) as shop:
        shop.tower.signal(Signal.ATTENTION)
        panel = control(tmp_path / "lamp", "look")
        assert "SPECIMEN" in panel["specimen"]
        assert (panel["red"], panel["amber"], panel["green"]) == ("off", "flashing", "off")


if real_tower() is not None:

    def test_a_real_tower_shows_every_signal() -> None:
        tower = real_tower()
        assert tower is not None
        for signal in Signal:
            assert tower.signal(signal) is None
        tower.clear()
        assert "read back" in tower.prove().statement
