"""What a history does not hold and a scenario needs: the keys that were pressed (never a digit), and the orders to emulators."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    OkPressed,
    PersonInput,
    View,
)


@dataclass(frozen=True, slots=True)
class Press:
    """``what`` (``ok``, ``back``, ``cancel``, ``digits`` or the label of a choice) on ``screen``, by ``person``."""

    at_s: float
    terminal: str
    person: int
    screen: str
    what: str
    chosen: bool = False
    """``what`` is a choice's label; on a screen of selections it is on afterwards (``on``) or off."""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Order:
    """An order to the emulator of ``device``; ``before`` is its panel as it was then."""

    at_s: float
    terminal: str
    device: str
    order: Mapping[str, object]
    before: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class OrderLog:
    """Keeps both, in order. It holds no digit: what is entered at a PIN screen is only ``digits``."""

    presses: list[Press] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    device_age_s: float = 0.0
    """How old the emulators were, in real seconds, when the run began: windows of faults count from their making."""

    def order(
        self,
        at_s: float,
        terminal: str,
        device: str,
        order: Mapping[str, object],
        before: Mapping[str, object],
    ) -> None:
        """One order that was carried out; what only looks is no news."""
        if order.get("do") != "look":
            self.orders.append(Order(at_s, terminal, device, dict(order), before))

    def pressed(self, at_s: float, terminal: str, person: int, view: View, pressed: PersonInput) -> None:
        """One input on the view that was up."""
        match pressed:
            case ChoicePressed(key=key):
                for choice in view.choices:
                    if choice.key == key:
                        press = Press(at_s, terminal, person, view.screen, choice.label, True, not choice.selected)
                        self.presses.append(press)
            case DigitsEntered():
                self.presses.append(Press(at_s, terminal, person, view.screen, "digits"))
            case OkPressed():
                self.presses.append(Press(at_s, terminal, person, view.screen, "ok"))
            case BackPressed():
                self.presses.append(Press(at_s, terminal, person, view.screen, "back"))
            case CancelPressed():
                self.presses.append(Press(at_s, terminal, person, view.screen, "cancel"))
