"""The PIN pad as a source of a person's input: asked for digits exactly while the screen asks for a PIN.

The pad's digits come as the console's do (``DigitsEntered``); what failed is a fault level, which the machine judges.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from terminal.devices.pin_pad.api import (
    PinEntryCanceled,
    PinEntryFailed,
    PinEntryTimedOut,
    PinPad,
    PinTyped,
)
from terminal.devices.screen.api import CancelPressed, DigitsEntered
from terminal.fsm import events
from terminal.fsm.values import Fault
from terminal.loop import Commander

DEVICE: Final = "pin_pad"
_ENTRY_S: Final = 300.0
"""Longer than the machine waits for a PIN: the machine's own bound ends an entry."""
ACTION: Final = "check the PIN pad's cable; staff can send the customer to the counter meanwhile"


@dataclass(frozen=True, slots=True)
class KeysTyped:
    """So many digits stand in the pad now, for the dots on the screen; not an event of the machine."""

    count: int


PadInput: TypeAlias = DigitsEntered | CancelPressed | KeysTyped | events.FaultRaised


@dataclass(slots=True)
class _Entry:
    """Implements ``Entering`` for one entry; ``over`` is set when the screen asks for no PIN any more."""

    typed_keys: Callable[[int], None]
    over: bool = False

    def cancelled(self) -> bool:
        """See ``Entering.cancelled``."""
        return self.over

    def typed(self, count: int) -> None:
        """See ``Entering.typed``."""
        self.typed_keys(count)


class PinPadInput:
    """Joins ``pin_pad`` to the loop; ``follow`` is told of every screen."""

    def __init__(self, pin_pad: PinPad, loop: Commander[PadInput]) -> None:
        self._pin_pad = pin_pad
        self._loop = loop
        self._entry: _Entry | None = None

    def follow(self, *, asks_for_pin: bool) -> None:
        """Begin an entry where a PIN is asked for, end it where none is."""
        if not asks_for_pin and self._entry is not None:
            self._entry.over, self._entry = True, None
        elif asks_for_pin and self._entry is None:
            entry = self._entry = _Entry(lambda count: self._loop.post(KeysTyped(count)))
            self._loop.start(DEVICE, lambda: self._enter(entry))

    def _enter(self, entry: _Entry) -> PadInput | None:
        if entry.over:
            return None
        outcome = self._pin_pad.enter(entry, _ENTRY_S)
        match outcome:
            case PinTyped():
                return DigitsEntered(outcome.digits)
            case PinEntryCanceled():
                return None if entry.over else CancelPressed()
            case PinEntryTimedOut():
                return None
            case PinEntryFailed(code=code):
                return events.FaultRaised(Fault(DEVICE, code.value, ACTION))
            case _:
                assert_never(outcome)
