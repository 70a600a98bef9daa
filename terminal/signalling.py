"""What the signal tower says of the terminal, seen from across the shop: by the screen that is up."""

from collections.abc import Mapping
from types import MappingProxyType

from terminal.devices.signal_tower.api import Signal
from terminal.fsm.showing import Screen

_SIGNALS: Mapping[Screen, Signal] = MappingProxyType(
    {
        Screen.WELCOME: Signal.IDLE,
        Screen.OUT_OF_SERVICE: Signal.FAULT,
        Screen.STOPPED: Signal.FAULT,
        Screen.SORRY: Signal.ATTENTION,
        Screen.PRINTER_WAITING: Signal.ATTENTION,
        Screen.TAKE_SHEETS: Signal.ATTENTION,
        Screen.TAKE_INCOMPLETE_SHEETS: Signal.ATTENTION,
        Screen.TAKE_CARD_BACK: Signal.ATTENTION,
        Screen.PIN_LOCKED: Signal.ATTENTION,
    }
)


def signal_of(screen: Screen) -> Signal:
    """Idle, fault, attention where a person must act or things may be left behind, else busy."""
    return _SIGNALS.get(screen, Signal.BUSY)
