"""How a PIN pad behaves under its keys: one entry of four digits, correction, cancel, OK. It knows no bytes of the wire."""

from collections.abc import Callable
from typing import Final

from simulator.devices.fault_plan import FaultPlan
from simulator.devices.pin_pad.faults import PinPadFault
from terminal.clock import Clock
from terminal.devices.card_reader.pin import wipe
from terminal.devices.pin_pad.api import DIGITS
from terminal.devices.pin_pad.messages import PadState

OK: Final = "#"
CORRECTION: Final = "*"
CANCEL: Final = "x"
KEYS: Final = "0123456789" + OK + CORRECTION + CANCEL


class PinPadModel:
    """The keypad; nothing pressed outside an entry is kept. ``on_start`` is called when an entry starts: a person who types."""

    def __init__(self, clock: Clock, plan: FaultPlan[PinPadFault] | None = None) -> None:
        self.plan: FaultPlan[PinPadFault] = plan or FaultPlan()
        self.state = PadState.IDLE
        self.key_stuck = False
        self.power_cycles = 0
        self.on_start: Callable[[], None] | None = None
        self._clock = clock
        self._made_s = clock.now_s()
        self._digits = bytearray(DIGITS)
        self._count = 0

    @property
    def count(self) -> int:
        """Digits that stand in the pad."""
        return self._count

    def strikes(self, fault: PinPadFault) -> bool:
        """Whether ``fault`` strikes at this occasion."""
        return self.plan.strikes(fault, self._clock.now_s() - self._made_s)

    def press(self, keys: str) -> None:
        """Press keys one after the other (``KEYS``); raise ``ValueError`` when one is not there, before any is pressed."""
        if any(key not in KEYS for key in keys):
            raise ValueError(f"expected keys of {KEYS}, came another one; '#' is OK, '*' correction, 'x' cancel")
        for key in keys:
            if self.state is PadState.ENTERING:
                self._press(key)

    def start(self) -> None:
        """An entry is asked for: empty, keys are taken from now on."""
        self.forget()
        self.state = PadState.STUCK_KEY if self.key_stuck else PadState.ENTERING
        if self.on_start is not None:
            self.on_start()

    def take(self) -> bytearray:
        """The digits of an entry that is complete, moved out of the keypad."""
        digits = bytearray(self._digits)
        self.forget()
        return digits

    def forget(self) -> None:
        """No entry, no digits."""
        wipe(self._digits)
        self._count = 0
        self.state = PadState.IDLE

    def power_cycle(self) -> None:
        """Everything volatile is gone; a key that is stuck stays stuck."""
        self.forget()
        self.power_cycles += 1

    def heal(self) -> None:
        """Free the stuck key."""
        self.key_stuck = False

    def _press(self, key: str) -> None:
        if self.strikes(PinPadFault.ENTRY_LOST):
            self.power_cycle()
            return
        if self.strikes(PinPadFault.STUCK_KEY):
            self.forget()
            self.key_stuck, self.state = True, PadState.STUCK_KEY
            return
        if key == CANCEL:
            self.forget()
            self.state = PadState.CANCELED
        elif key == CORRECTION:
            self._correct()
        elif key == OK:
            self._confirm()
        elif self._count < DIGITS:
            self._digits[self._count] = ord(key)
            self._count += 1

    def _correct(self) -> None:
        if self._count:
            self._count -= 1
            self._digits[self._count] = 0

    def _confirm(self) -> None:
        if self._count == DIGITS:
            self.state = PadState.ENTERED
