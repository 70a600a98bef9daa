"""The signal tower says of each screen whether the terminal is free, busy, waits for a person or is out of service."""

import pytest

from terminal.devices.signal_tower.api import Signal
from terminal.fsm.showing import Screen
from terminal.signalling import signal_of

IDLE = {Screen.WELCOME}
FAULT = {Screen.OUT_OF_SERVICE, Screen.STOPPED}
ATTENTION = {
    Screen.SORRY,
    Screen.PRINTER_WAITING,
    Screen.TAKE_SHEETS,
    Screen.TAKE_INCOMPLETE_SHEETS,
    Screen.TAKE_CARD_BACK,
    Screen.PIN_LOCKED,
}


@pytest.mark.parametrize("screen", Screen)
def test_each_screen_has_its_signal(screen: Screen) -> None:
    """Green only where the next customer may come: a reset that is not proved yet is busy."""
    wanted = Signal.BUSY
    for signal, screens in ((Signal.IDLE, IDLE), (Signal.FAULT, FAULT), (Signal.ATTENTION, ATTENTION)):
        wanted = signal if screen in screens else wanted
    assert signal_of(screen) is wanted
