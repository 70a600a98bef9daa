"""What the signal tower's tests share: the real driver on the model at each depth."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from simulator.devices.fault_plan import PlannedFault, UntilCleared, When
from simulator.devices.line_faults import LineFault, LineFaults
from simulator.devices.serial_command import serving
from simulator.devices.signal_tower.emulator import emulation_of, loop_signal_tower
from simulator.devices.signal_tower.model import SignalTowerFault, SignalTowerModel
from terminal.clock import Clock, ManualClock, SystemClock
from terminal.devices.serial_line import LineSettings, PortLine
from terminal.devices.signal_tower.driver import PatliteTower
from tests.serial_kit import at_depth, levels_of

_BAUD = 9_600


@dataclass
class Shop:
    """The driver, what it talks to, and hands to put things right."""

    tower: PatliteTower
    model: SignalTowerModel
    faults: LineFaults
    unplug: Callable[[], None]
    plug: Callable[[], None]
    clock: Clock

    def plan(self, kind: SignalTowerFault) -> None:
        """Arm a lasting fault of the tower."""
        self.model.plan.add(PlannedFault(kind, UntilCleared()))

    def harm(self, kind: LineFault, when: When = UntilCleared()) -> None:  # noqa: B008 - a frozen value
        """Arm a fault of the line."""
        self.faults.add(PlannedFault(kind, when))

    def heal(self) -> None:
        """Everything is as new."""
        self.model.plan.clear()
        self.faults.heal()
        self.plug()

    def levels(self) -> list[str]:
        """Codes of the fault levels that are up now."""
        return levels_of(self.tower)


def model_shop() -> Shop:
    """The driver over ``LoopLine`` in virtual time."""
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    tower, model, line = loop_signal_tower(clock, clock.advance)
    return Shop(tower, model, line.faults, line.unplug, line.plug, clock)


@contextmanager
def wire_shop(folder: Path) -> Iterator[Shop]:
    """The driver on a port that is the emulator's pty."""
    clock = SystemClock()
    model = SignalTowerModel(clock)
    link = folder / "lamp"
    with serving(emulation_of(model, clock), link) as running:
        line = PortLine(LineSettings(link, _BAUD))
        wire = running.wire
        yield Shop(
            PatliteTower(line, clock, time.sleep, answer_s=0.1), model, wire.faults, wire.unplug, wire.plug, clock
        )
        line.close()


def shop_at(depth: str, folder: Path) -> AbstractContextManager[Shop]:
    """A shop at ``depth``: model or wire."""
    return at_depth(depth, model_shop, lambda: wire_shop(folder))


def real_tower() -> PatliteTower | None:
    """The tower on the port that ``HONNIN_REAL_SIGNAL_TOWER`` names, if any."""
    port = os.environ.get("HONNIN_REAL_SIGNAL_TOWER")
    if not port:
        return None
    return PatliteTower(PortLine(LineSettings(Path(port), _BAUD)), SystemClock(), time.sleep)
