"""Idle devices are watched, levels go up and down by themselves, and the tower follows the screen."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

from terminal.accessories import PIN_SCREENS, Accessories, AccessoryEvent, raised
from terminal.devices.api import DeviceStatus, ProofLine, Readiness
from terminal.devices.api import Fault as DeviceFault
from terminal.devices.signal_tower.api import Signal
from terminal.fittings import Fittings
from terminal.fsm import events
from terminal.fsm.showing import Screen
from terminal.fsm.values import Fault

LOW = DeviceFault("coins", "COINS_CHANGE_LOW", "fill it", blocks_service=False)
JAMMED = DeviceFault("coins", "COINS_JAMMED", "free it")


@dataclass
class Lanes:
    """Keeps what is to run, by lane, and what was posted."""

    waiting: list[tuple[str, Callable[[], Any]]] = field(default_factory=list)
    posted: list[AccessoryEvent] = field(default_factory=list)

    def post(self, event: AccessoryEvent) -> None:
        """See ``Commander.post``."""
        self.posted.append(event)

    def start(self, device: str, command: Callable[[], AccessoryEvent | None]) -> None:
        """See ``Commander.start``."""
        self.waiting.append((device, command))

    def run_all(self) -> None:
        """Run what waits."""
        waiting, self.waiting = self.waiting, []
        for _, command in waiting:
            command()


@dataclass
class Watched:
    """A device with these faults."""

    faults: tuple[DeviceFault, ...] = ()
    asked: int = 0
    breaks: bool = False

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        self.asked += 1
        if self.breaks:
            raise RuntimeError("a driver's own error")
        return Readiness("coins", DeviceStatus.ONLINE, "fine", self.faults)

    def clear(self) -> None:
        """Not asked."""

    def prove(self) -> ProofLine:
        """Not asked."""
        raise AssertionError("nobody proves an idle device")


@dataclass
class Tower:
    """Keeps its signals."""

    shown: list[Signal] = field(default_factory=list)

    def signal(self, signal: Signal) -> None:
        """See ``SignalTower.signal``."""
        self.shown.append(signal)


NOTHING = Fittings(*cast("Any", (None,) * 5))


def made(*levels: Fault, watched: Watched | None = None, tower: Tower | None = None) -> tuple[Accessories, Lanes]:
    lanes = Lanes()
    fitted = replace(NOTHING, signal_tower=tower, watched=(("coins line", watched),) if watched else ())  # type: ignore[arg-type]
    return Accessories(fitted, lanes, lambda: levels), lanes


def test_what_went_up_is_raised_once_and_what_is_over_is_cleared() -> None:
    accessories, lanes = made(Fault("coins", "COINS_JAMMED", ""), Fault("notes", "NOTES_SILENT", ""))
    accessories.compare(Readiness("coins", DeviceStatus.ONLINE, "", (LOW,)))
    assert lanes.posted == [events.FaultCleared("coins", "COINS_JAMMED"), raised(LOW)]


def test_what_stands_unchanged_is_not_told_again_and_other_devices_are_left_alone() -> None:
    accessories, lanes = made(Fault("coins", "COINS_JAMMED", ""), Fault("notes", "NOTES_SILENT", ""))
    accessories.compare(Readiness("coins", DeviceStatus.ONLINE, "", (JAMMED,)))
    assert lanes.posted == []


def test_a_warning_stays_a_warning_on_its_way_to_the_machine() -> None:
    assert not raised(LOW).fault.blocks_service
    assert raised(JAMMED).fault.blocks_service


def test_a_device_that_has_not_answered_yet_is_not_asked_again() -> None:
    device = Watched()
    accessories, lanes = made(watched=device)
    accessories.poll()
    accessories.poll()
    assert [lane for lane, _ in lanes.waiting] == ["coins line"]
    lanes.run_all()
    accessories.poll()
    lanes.run_all()
    assert device.asked == 2


def test_a_device_whose_driver_broke_once_is_asked_again() -> None:
    device = Watched(breaks=True)
    accessories, lanes = made(watched=device)
    accessories.poll()
    try:
        lanes.run_all()
    except RuntimeError:
        device.breaks = False
    accessories.poll()
    lanes.run_all()
    assert device.asked == 2


def test_the_tower_is_told_when_the_signal_changes_and_only_then() -> None:
    tower = Tower()
    accessories, lanes = made(tower=tower)
    for screen in (Screen.WELCOME, Screen.WELCOME, Screen.READING_CARD, Screen.ENTER_PIN, Screen.SORRY):
        accessories.follow(screen)
    lanes.run_all()
    assert tower.shown == [Signal.IDLE, Signal.BUSY, Signal.ATTENTION]
    assert lanes.posted == []


def test_a_pin_is_asked_on_these_two_screens_and_no_other() -> None:
    assert {Screen.ENTER_PIN, Screen.ENTER_TEXT_PIN} == PIN_SCREENS
