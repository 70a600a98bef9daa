"""A toy device for tests of the ground that every serial device stands on, and bounded waiting for what a thread will do."""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from pydantic import Field

from simulator.devices.emulation import Action, Arguments, Emulation
from simulator.devices.fault_plan import FaultPlan

PATIENCE_S = 10.0


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
