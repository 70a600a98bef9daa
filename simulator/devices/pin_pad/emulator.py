"""The emulated PIN pad, put together: on a pty for ``honnin sim pinpad``, or in process with the real driver."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from simulator.devices.emulation import SPECIMEN, Action, Arguments, Emulation
from simulator.devices.fault_plan import FaultPlan
from simulator.devices.line_faults import LineFaults
from simulator.devices.pin_pad.faults import WORDS, PinPadFault
from simulator.devices.pin_pad.identity import PUBLIC_FILE, throw_away_identity
from simulator.devices.pin_pad.model import KEYS, PinPadModel
from simulator.devices.pin_pad.wire import NAME, PinPadWire
from simulator.devices.serial_device import LoopLine
from terminal.clock import Clock
from terminal.devices.pin_pad.driver import SerialPinPad
from terminal.devices.pin_pad.session import RandomBytes


class Press(Arguments):
    """Keys, one after the other. A number stands for its digits, because the shell's ``keys=1234`` is one."""

    keys: str | int = Field(repr=False)


def build(clock: Clock, seed: int = 0, *, key_folder: Path | None = None) -> Emulation:
    """An emulation whose identity key is kept in ``key_folder``; without one it has a key that nobody keeps.

    Its keys are secrets, not drawn from ``seed``. Raise ``HomeError`` for a folder that cannot be used.
    """
    identity = Ed25519PrivateKey.generate() if key_folder is None else throw_away_identity(key_folder)
    model = PinPadModel(clock)
    return emulation_of(model, PinPadWire(model, clock, identity), key_folder)


def emulation_of(model: PinPadModel, wire: PinPadWire, key_folder: Path | None = None) -> Emulation:
    """The emulation around a model that somebody else looks at, too."""

    def press(pressed: Press) -> None:
        model.press(str(pressed.keys))

    key_line = (f"key      {key_folder / PUBLIC_FILE}",) if key_folder is not None else ()
    return Emulation(
        "PIN pad",
        wire,
        model.plan,
        WORDS,
        {"press": Action(f"press keys of {KEYS}: '#' is OK, '*' correction, 'x' cancel", press, Press)},
        lambda: panel_of(model, wire),
        model.heal,
        lines=(f"{SPECIMEN} in its name: {NAME}", *key_line),
    )


def panel_of(model: PinPadModel, wire: PinPadWire) -> Mapping[str, object]:
    """What a look at the pad tells: never a digit."""
    return {
        "name": NAME,
        "entry": model.state.name.lower(),
        "digits": model.count,
        "session": "open" if wire.in_session else "none",
        "key_stuck": model.key_stuck,
    }


def loop_pin_pad(
    clock: Clock,
    wait: Callable[[float], None],
    *,
    plan: FaultPlan[PinPadFault] | None = None,
    faults: LineFaults | None = None,
    random_bytes: RandomBytes = secrets.token_bytes,
) -> tuple[SerialPinPad, PinPadModel, LoopLine]:
    """The real driver in process with the model, which it trusts: (driver, model, line)."""
    model = PinPadModel(clock, plan)
    identity = Ed25519PrivateKey.from_private_bytes(random_bytes(32))
    line = LoopLine(PinPadWire(model, clock, identity, random_bytes), clock, wait, faults)
    driver = SerialPinPad(line, clock, wait, identity.public_key(), random_bytes=random_bytes)
    return driver, model, line
