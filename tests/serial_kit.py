"""What the kits of the serial devices share: depths and hands; a toy device for the ground they stand on; bounded waiting."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from pydantic import Field

from simulator.devices.emulation import Action, Arguments, Emulation
from simulator.devices.fault_plan import FaultPlan
from simulator.devices.serial_command import Running
from terminal.clock import Clock
from terminal.devices.api import Readiness

PATIENCE_S = 10.0
Bench = TypeVar("Bench")


class ReadyPort(Protocol):
    """A device's port as far as its readiness goes."""

    def readiness(self) -> Readiness:
        """See each port."""
        ...


def levels_of(port: ReadyPort) -> list[str]:
    """Codes of the fault levels that are up now."""
    return [fault.code for fault in port.readiness().faults]


def heals(levels: Callable[[], list[str]], pause: Callable[[float], None], clock: Clock, within_s: float) -> bool:
    """Whether every level is down within a bound."""
    until_s = clock.now_s() + within_s
    while levels():
        if clock.now_s() >= until_s:
            return False
        pause(0.1)
    return True


def power_switch(running: Running) -> Callable[[], None]:
    """A hand at the emulator's mains switch, off and on again."""

    def off_and_on() -> None:
        with running.wire.lock:
            running.emulation.device.power_cycle()

    return off_and_on


class Babbler:
    """Implements ``SerialLine``: rubbish without end, and without a moment's pause."""

    def __init__(self, rubbish: bytes) -> None:
        self.reads = 0
        self._rubbish = rubbish

    def write(self, data: bytes) -> None:
        """Heard by nobody."""

    def read(self, timeout_s: float) -> bytes:
        """Rubbish."""
        self.reads += 1
        assert self.reads < 500, "it is listened to for ever"
        return self._rubbish

    def discard(self) -> None:
        """There is more."""

    def close(self) -> None:
        """Nobody listens any more."""


def at_depth(
    depth: str, model: Callable[[], Bench], wire: Callable[[], AbstractContextManager[Bench]]
) -> AbstractContextManager[Bench]:
    """The device's test bench at ``depth``: model or wire."""
    return nullcontext(model()) if depth == "model" else wire()


class Parrot:
    """Says back each byte it hears, in brackets; ``by_itself`` is sent at the next tick."""

    def __init__(self) -> None:
        self.heard = b""
        self.by_itself = b""
        self.power_cycles = 0

    def receive(self, data: bytes) -> bytes:
        """See ``SerialDevice.receive``."""
        self.heard += data
        return b"[" + data + b"]"

    def tick(self) -> bytes:
        """See ``SerialDevice.tick``."""
        said, self.by_itself = self.by_itself, b""
        return said

    def power_cycle(self) -> None:
        """See ``SerialDevice.power_cycle``."""
        self.power_cycles += 1


class ParrotFault(StrEnum):
    """What a toy may have."""

    HOARSE = "hoarse"


class Seeds(Arguments):
    """What it is fed with."""

    seeds: int = Field(ge=1, le=10)


def parrot_emulation(parrot: Parrot, **changes: Any) -> Emulation:
    """An emulation of ``parrot``; ``feed seeds=11`` is refused by form, ``feed seeds=7`` by the bird."""

    def feed(order: Seeds) -> None:
        if order.seeds == 7:
            raise ValueError("it does not like sevens")
        parrot.by_itself += b"!" * order.seeds

    given: dict[str, Any] = {
        "plan": FaultPlan[ParrotFault](),
        "faults": {ParrotFault.HOARSE: "at an answer: it croaks"},
        "actions": {"feed": Action("give it seeds", feed, Seeds)},
        "panel": lambda: {"heard": len(parrot.heard)},
        "heal": lambda: None,
        **changes,
    }
    return Emulation("parrot", parrot, **given)


def eventually(done: Callable[[], bool], what: str) -> None:
    """Wait, bounded, for what another thread or process does."""
    until_s = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < until_s, f"expected within {PATIENCE_S:g} s: {what}"
        time.sleep(0.005)
