"""What the PIN pad's tests share: the real driver on the model at each depth, a person who types, and every byte of the line."""

import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from simulator.devices.fault_plan import Next, PlannedFault, UntilCleared, When
from simulator.devices.line_faults import LineFault, LineFaults
from simulator.devices.pin_pad.emulator import emulation_of
from simulator.devices.pin_pad.faults import PinPadFault
from simulator.devices.pin_pad.identity import PUBLIC_FILE, throw_away_identity
from simulator.devices.pin_pad.model import PinPadModel
from simulator.devices.pin_pad.wire import PinPadWire
from simulator.devices.serial_command import serving
from simulator.devices.serial_device import LoopLine, SerialDevice
from terminal.clock import ManualClock, SystemClock
from terminal.devices.pin_pad.driver import SerialPinPad
from terminal.devices.pin_pad.identity import load_identity_key
from terminal.devices.pin_pad.timing import PinPadTiming
from terminal.devices.serial_line import LineSettings, PortLine
from tests.serial_kit import at_depth, levels_of

START = datetime(2026, 4, 1, tzinfo=UTC)
_BAUD = 9_600
_QUICK = PinPadTiming(answer_s=0.1, poll_s=0.01)
"""On a pty; a real line has the usual timing."""


@dataclass(slots=True)
class Asking:
    """Implements ``Entering``; ``on_look`` runs at each look of the driver, the first one is number 1."""

    on_look: Callable[[int], None] = lambda _: None
    over: bool = False
    counts: list[int] = field(default_factory=list)
    looks: int = 0

    def cancelled(self) -> bool:
        """Whether the entry is not wanted any more."""
        self.looks += 1
        self.on_look(self.looks)
        return self.over

    def typed(self, count: int) -> None:
        """Dots on the screen."""
        self.counts.append(count)


class TappedDevice:
    """Implements ``SerialDevice``; keeps every byte of both directions."""

    def __init__(self, device: SerialDevice) -> None:
        self.requests: list[bytes] = []
        self.answers: list[bytes] = []
        self._device = device

    def receive(self, data: bytes) -> bytes:
        """As the device."""
        answer = self._device.receive(data)
        self.requests.append(data)
        self.answers.append(answer)
        return answer

    def tick(self) -> bytes:
        """As the device, which never speaks unasked."""
        return self._device.tick()

    def power_cycle(self) -> None:
        """As the device."""
        self._device.power_cycle()

    @property
    def bytes_seen(self) -> bytes:
        """Everything that was on the line."""
        return b"".join(part for pair in zip(self.requests, self.answers, strict=True) for part in pair)


@dataclass
class Desk:
    """The driver, what it talks to, and hands to put things right."""

    pin_pad: SerialPinPad
    model: PinPadModel
    tap: TappedDevice
    faults: LineFaults
    unplug: Callable[[], None]
    plug: Callable[[], None]

    def plan(self, kind: PinPadFault, when: When = Next()) -> None:  # noqa: B008 - a frozen value
        """Arm a fault of the pad."""
        self.model.plan.add(PlannedFault(kind, when))

    def harm(self, kind: LineFault, when: When = UntilCleared()) -> None:  # noqa: B008 - a frozen value
        """Arm a fault of the line."""
        self.faults.add(PlannedFault(kind, when))

    def heal(self) -> None:
        """Everything is as new."""
        self.model.plan.clear()
        self.model.heal()
        self.faults.heal()
        self.plug()

    def person_types(self, keys: str) -> None:
        """Whenever the pad asks, somebody presses ``keys``."""
        self.model.on_start = lambda: self.model.press(keys)

    def levels(self) -> list[str]:
        """Codes of the fault levels that are up now."""
        return levels_of(self.pin_pad)


@dataclass
class ModelDesk(Desk):
    """A desk in virtual time."""

    clock: ManualClock
    line: LoopLine


def model_desk() -> ModelDesk:
    """The driver over ``LoopLine`` in virtual time."""
    clock = ManualClock(START)
    model = PinPadModel(clock)
    identity = Ed25519PrivateKey.generate()
    tap = TappedDevice(PinPadWire(model, clock, identity))
    faults = LineFaults()
    line = LoopLine(tap, clock, clock.advance, faults)
    pin_pad = SerialPinPad(line, clock, clock.advance, identity.public_key())
    return ModelDesk(pin_pad, model, tap, faults, line.unplug, line.plug, clock, line)


@contextmanager
def wire_desk(folder: Path) -> Iterator[Desk]:
    """The driver on a port that is the emulator's pty, with the key from the emulator's own file."""
    clock = SystemClock()
    model = PinPadModel(clock)
    wire = PinPadWire(model, clock, throw_away_identity(folder / "key"), secrets.token_bytes)
    tap = TappedDevice(wire)
    link = folder / "pin-pad"
    with serving(replace(emulation_of(model, wire), device=tap), link) as running:
        line = PortLine(LineSettings(link, _BAUD))
        identity = load_identity_key(folder / "key" / PUBLIC_FILE)
        pin_pad = SerialPinPad(line, clock, time.sleep, identity, timing=_QUICK)
        yield Desk(pin_pad, model, tap, running.wire.faults, running.wire.unplug, running.wire.plug)
        line.close()


def desk_at(depth: str, folder: Path) -> AbstractContextManager[Desk]:
    """A desk at ``depth``: model or wire."""
    return at_depth(depth, model_desk, lambda: wire_desk(folder))


def real_pin_pad() -> SerialPinPad | None:
    """The pad on the port that ``HONNIN_REAL_PIN_PAD`` names, whose key ``HONNIN_REAL_PIN_PAD_KEY`` names, if any."""
    port, key = os.environ.get("HONNIN_REAL_PIN_PAD"), os.environ.get("HONNIN_REAL_PIN_PAD_KEY")
    if not port or not key:
        return None
    line = PortLine(LineSettings(Path(port), _BAUD))
    return SerialPinPad(line, SystemClock(), time.sleep, load_identity_key(Path(key)))
