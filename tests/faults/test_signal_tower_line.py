"""Every fault of the signal tower's line: a level that blocks nothing while it lasts, none when healed, in bounded time."""

from datetime import UTC, datetime

import pytest

from simulator.devices.fault_plan import Next
from simulator.devices.line_faults import LineFault
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock
from terminal.devices.signal_tower.api import Signal, SignalTowerCode, SignalTowerFailed
from terminal.devices.signal_tower.codec import NAK
from terminal.devices.signal_tower.driver import PATTERNS, PatliteTower
from tests.serial_kit import Babbler
from tests.signal_tower_kit import model_shop

_BAD = {SignalTowerCode.BAD_ANSWER}
LEVELS = {
    LineFault.NOISE: _BAD | {SignalTowerCode.OTHER_LAMPS},
    LineFault.BYTE_DROPPED: _BAD | {SignalTowerCode.SILENT},
    LineFault.BYTE_DOUBLED: _BAD,
    LineFault.HALF_FRAME: _BAD | {SignalTowerCode.SILENT},
    LineFault.WRONG_CHECKSUM: _BAD | {SignalTowerCode.OTHER_LAMPS},
    LineFault.LATE_ANSWER: _BAD,
    LineFault.BABBLING: _BAD,
    LineFault.SILENCE: {SignalTowerCode.SILENT},
    LineFault.UNPLUGGED: {SignalTowerCode.LINE_GONE},
    LineFault.DEVICE_RESET: {SignalTowerCode.SILENT},
}
"""The protocol has no addresses on this line, and no checksum: an altered status is other lamps."""


def test_the_table_has_every_fault() -> None:
    assert set(LineFault) - set(LEVELS) == {LineFault.WRONG_ADDRESS}


@pytest.mark.parametrize("fault", LEVELS)
def test_a_lasting_fault_is_a_level_and_heals(fault: LineFault) -> None:
    shop = model_shop()
    shop.tower.signal(Signal.IDLE)
    shop.harm(fault)
    started_s = shop.clock.now_s()
    failed = shop.tower.signal(Signal.BUSY)
    assert shop.clock.now_s() - started_s < 1.5
    assert isinstance(failed, SignalTowerFailed)
    assert {failed.code} <= LEVELS[fault]
    readiness = shop.tower.readiness()
    assert {level.code for level in readiness.faults} <= LEVELS[fault]
    assert readiness.faults
    assert readiness.ready
    shop.heal()
    assert shop.levels() == []
    assert shop.model.lamps == PATTERNS[Signal.BUSY]


@pytest.mark.parametrize("fault", LEVELS)
def test_a_signal_that_is_said_to_be_shown_is_shown(fault: LineFault) -> None:
    for signal in Signal:
        shop = model_shop()
        shop.harm(fault, Next())
        failed = shop.tower.signal(signal)
        assert failed is not None or shop.model.lamps == PATTERNS[signal]
        shop.heal()
        assert shop.tower.signal(signal) is None
        assert shop.model.lamps == PATTERNS[signal]


def test_a_command_that_was_heard_wrong_shows_in_what_is_read_back() -> None:
    """The line harms commands, too: the tower takes a sound command for other lamps, and says ACK."""
    shop = model_shop()
    line = shop.tower._line
    write = line.write
    line.write = lambda data: write(data.replace(b"S001", b"S101"))  # type: ignore[method-assign]
    failed = shop.tower.signal(Signal.IDLE)
    assert isinstance(failed, SignalTowerFailed)
    assert failed.code is SignalTowerCode.OTHER_LAMPS


def test_what_waits_on_the_line_before_a_command_is_no_answer_to_it() -> None:
    shop = model_shop()
    line = shop.tower._line
    assert isinstance(line, LoopLine)
    line._coming = bytes((NAK,))
    assert shop.tower.signal(Signal.IDLE) is None


def test_a_line_that_babbles_without_end_is_not_listened_to_for_ever() -> None:
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    failed = PatliteTower(Babbler(b"rubbish" * 30), clock, clock.advance).signal(Signal.IDLE)
    assert isinstance(failed, SignalTowerFailed)
    assert failed.code is SignalTowerCode.BAD_ANSWER
