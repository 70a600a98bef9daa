"""The emulated signal tower, put together: on a pty for ``honnin sim lamp``, or in process with the real driver."""

from collections.abc import Callable

from simulator.devices.emulation import SPECIMEN, Emulation
from simulator.devices.fault_plan import FaultPlan
from simulator.devices.line_faults import LineFaults
from simulator.devices.serial_device import LoopLine
from simulator.devices.signal_tower.model import WORDS, SignalTowerFault, SignalTowerModel
from simulator.devices.signal_tower.wire import SignalTowerWire
from terminal.clock import Clock
from terminal.devices.signal_tower.driver import PatliteTower


def build(clock: Clock, seed: int = 0) -> Emulation:
    """An emulation of a tower; nothing in it is random (``seed``)."""
    return emulation_of(SignalTowerModel(clock), clock)


def emulation_of(model: SignalTowerModel, clock: Clock) -> Emulation:
    """The emulation around a model that somebody else looks at, too."""
    return Emulation(
        "signal tower",
        SignalTowerWire(model, clock),
        model.plan,
        WORDS,
        {},
        model.panel,
        lambda: None,
        lines=(f"{SPECIMEN}: the answer to M says version 0.0",),
    )


def loop_signal_tower(
    clock: Clock,
    wait: Callable[[float], None],
    *,
    plan: FaultPlan[SignalTowerFault] | None = None,
    faults: LineFaults | None = None,
) -> tuple[PatliteTower, SignalTowerModel, LoopLine]:
    """The real driver in process with the model: (driver, model, line)."""
    model = SignalTowerModel(clock, plan)
    line = LoopLine(SignalTowerWire(model, clock), clock, wait, faults)
    return PatliteTower(line, clock, wait), model, line
