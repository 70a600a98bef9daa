"""What the note validator's tests share: the real driver on the model at each depth, and hands to use and to harm it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from simulator.devices.fault_plan import Next, PlannedFault, When
from simulator.devices.line_faults import LineFault, LineFaults
from simulator.devices.notes.emulator import emulation_of
from simulator.devices.notes.faults import NotesFault
from simulator.devices.notes.model import NoteValidatorModel
from simulator.devices.notes.wire import NoteValidatorWire
from simulator.devices.serial_command import serving
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock, SystemClock
from terminal.devices.notes.api import NoteCommand, NoteEscrowed, NotesFailed, NoteState, NoteVendValid
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.notes.timing import Id003Profile
from terminal.devices.serial_line import LineSettings, PortLine
from tests.serial_kit import at_depth, heals, levels_of, power_switch

ALL_YEN: Final = frozenset({1000, 2000, 5000, 10_000})
BAUD: Final = 9_600
NO_RECOVERY: Final = Id003Profile(vend_valid_after_power_up=False)
BOUND_S: Final = 40.0
"""No call of the driver may take longer, whatever the line does."""


@dataclass
class Booth:
    """The driver, what it talks to, and hands."""

    notes: Id003Notes
    model: NoteValidatorModel
    faults: LineFaults
    unplug: Callable[[], None]
    plug: Callable[[], None]
    pause: Callable[[float], None]
    power_cycle: Callable[[], None]
    clock: ManualClock | SystemClock
    lock: AbstractContextManager[Any] = field(default_factory=nullcontext)
    reopen: Callable[[], Id003Notes] | None = None

    def plan(self, kind: NotesFault, when: When | None = None) -> None:
        """Arm a fault of the validator."""
        self.model.plan.add(PlannedFault(kind, when or Next()))

    def harm(self, kind: LineFault, when: When | None = None) -> None:
        """Arm a fault of the line."""
        self.faults.add(PlannedFault(kind, when or Next()))

    def open(self, notes_yen: frozenset[int] = ALL_YEN) -> None:
        """Let these notes in."""
        assert self.notes.accept(notes_yen) is None

    def order(self, command: NoteCommand) -> None:
        """A command that has to be taken."""
        assert self.notes.command(command) is None

    def insert(self, note_yen: int) -> bool:
        """Put a note in; whether the mouth drew it in."""
        with self.lock:
            return self.model.insert(note_yen)

    def take(self) -> int | None:
        """Take the note at the mouth."""
        with self.lock:
            return self.model.take()

    def until(self, kind: type[NoteState], within_s: float = 15.0) -> NoteState:
        """Poll until the validator is in a state of this kind."""
        until_s = self.clock.now_s() + within_s
        while not isinstance(state := self.notes.poll(), kind):
            assert self.clock.now_s() < until_s, (kind, state, self.model.status())
            self.pause(0.05)
        assert not isinstance(state, NotesFailed)
        return state

    def vend(self, note_yen: int, acknowledge: bool = True) -> None:
        """A note all the way into the stacker."""
        assert self.insert(note_yen)
        assert self.until(NoteEscrowed) == NoteEscrowed(note_yen)
        self.order(NoteCommand.STACK)
        self.until(NoteVendValid)
        if acknowledge:
            self.order(NoteCommand.ACKNOWLEDGE_VEND)

    def levels(self) -> list[str]:
        """Codes of the fault levels that are up now."""
        return levels_of(self.notes)

    def heals(self, within_s: float = 20.0) -> bool:
        """Whether every level is down within a bound."""
        return heals(self.levels, self.pause, self.clock, within_s)

    def heal_line(self) -> None:
        """The cable is sound and plugged in."""
        self.faults.heal()
        self.plug()


def model_booth(
    accepts_yen: frozenset[int] = ALL_YEN,
    profile: Id003Profile | None = None,
    meanwhile: Callable[[NoteValidatorModel], None] | None = None,
    *,
    capacity_notes: int = 600,
    blocks_service: bool = True,
) -> Booth:
    """The driver over ``LoopLine`` in virtual time; ``meanwhile`` happens whenever the driver waits."""
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    model = NoteValidatorModel(clock, capacity_notes=capacity_notes)

    def wait(by_s: float) -> None:
        clock.advance(by_s)
        model.work()
        if meanwhile is not None:
            meanwhile(model)

    device = NoteValidatorWire(model)
    line = LoopLine(device, clock, wait)

    def reopen() -> Id003Notes:
        return Id003Notes(line, clock, wait, accepts_yen, profile or Id003Profile(), blocks_service=blocks_service)

    return Booth(reopen(), model, line.faults, line.unplug, line.plug, wait, device.power_cycle, clock, reopen=reopen)


@contextmanager
def wire_booth(folder: Path) -> Iterator[Booth]:
    """The driver on a port that is the emulator's pty."""
    clock = SystemClock()
    model = NoteValidatorModel(clock)
    emulation = emulation_of(model)
    link = folder / "notes"
    with serving(emulation, link) as running:
        line = PortLine(LineSettings(link, BAUD, parity="E"))
        wire = running.wire

        driver = Id003Notes(line, clock, time.sleep, ALL_YEN)
        yield Booth(
            driver, model, wire.faults, wire.unplug, wire.plug, time.sleep, power_switch(running), clock, wire.lock
        )
        line.close()


def booth_at(depth: str, folder: Path) -> AbstractContextManager[Booth]:
    """A booth at ``depth``: model or wire."""
    return at_depth(depth, model_booth, lambda: wire_booth(folder))


def real_notes() -> Id003Notes | None:
    """The validator on the port that ``HONNIN_REAL_NOTES`` names, if any."""
    port = os.environ.get("HONNIN_REAL_NOTES")
    if not port:
        return None
    line = PortLine(LineSettings(Path(port), BAUD, parity="E"))
    return Id003Notes(line, SystemClock(), time.sleep, ALL_YEN)
