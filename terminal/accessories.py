"""What a customer's process does beside the machine: PIN pad and signal tower follow the screen, idle devices are watched.

An idle terminal notices an empty hopper, an open stacker or a pulled cable before the next customer has come, and says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from terminal.devices.api import Fault as DeviceFault
from terminal.devices.api import Readiness, Resettable, faults_of
from terminal.devices.signal_tower.api import Signal
from terminal.fittings import Fittings
from terminal.fsm import events
from terminal.fsm.showing import Screen
from terminal.fsm.values import Fault
from terminal.keypad import KeysTyped, PadInput, PinPadInput
from terminal.loop import Commander
from terminal.signalling import signal_of

TOWER: Final = "signal_tower"
PIN_SCREENS: Final = frozenset({Screen.ENTER_PIN, Screen.ENTER_TEXT_PIN})


@dataclass(frozen=True, slots=True)
class PollDue:
    """Time to poll the devices on serial lines; not an event of the machine."""


AccessoryEvent: TypeAlias = PadInput | KeysTyped | events.FaultRaised | events.FaultCleared


class Accessories:
    """Joins the fitted accessories to ``loop``; ``levels`` are the fault levels that are up, as (device, code)."""

    def __init__(
        self, fittings: Fittings, loop: Commander[AccessoryEvent], levels: Callable[[], tuple[Fault, ...]]
    ) -> None:
        self._fittings = fittings
        self._loop = loop
        self._levels = levels
        self._keypad = PinPadInput(fittings.pin_pad, loop) if fittings.pin_pad is not None else None
        self._signal: Signal | None = None
        self._under_way: set[str] = set()

    def follow(self, screen: Screen) -> None:
        """``screen`` is up: ask the PIN pad where a PIN is asked for, show the signal that goes with it."""
        if self._keypad is not None:
            self._keypad.follow(asks_for_pin=screen in PIN_SCREENS)
        tower, signal = self._fittings.signal_tower, signal_of(screen)
        if tower is not None and signal is not self._signal:
            self._signal = signal
            self._loop.start(TOWER, lambda: _nothing(tower.signal(signal)))

    def poll(self, only_lane: str = "") -> None:
        """Ask each watched device on its own line's thread; one that has not answered yet is not asked again."""
        for lane, device in self._fittings.watched:
            if only_lane and lane != only_lane:
                continue
            key = f"{lane} {id(device)}"
            if key not in self._under_way:
                self._under_way.add(key)
                self._loop.start(lane, self._asking(key, device))

    def _asking(self, key: str, device: Resettable) -> Callable[[], None]:
        def ask() -> None:
            try:
                self.compare(device.readiness())
            finally:
                self._under_way.discard(key)

        return ask

    def compare(self, readiness: Readiness) -> None:
        """Post what went up and what is over since the levels that the machine knows."""
        found = {fault.code: fault for fault in faults_of(readiness)}
        up = {fault.code for fault in self._levels() if fault.device == readiness.device}
        for code in sorted(up - found.keys()):
            self._loop.post(events.FaultCleared(readiness.device, code))
        for code in sorted(found.keys() - up):
            self._loop.post(raised(found[code]))


def raised(fault: DeviceFault) -> events.FaultRaised:
    """A device's level as the machine hears of it."""
    return events.FaultRaised(Fault(fault.device, fault.code, fault.action, fault.blocks_service))


def _nothing(_outcome: object) -> None:
    """A tower that failed is found by its readiness; nobody waits for it."""
