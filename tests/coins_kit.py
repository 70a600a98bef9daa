"""What the coin mechanism's tests share: the real driver on the model at each depth, and hands to use and to harm it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from simulator.devices.coins.emulator import emulation_of, profile
from simulator.devices.coins.faults import CoinsFault
from simulator.devices.coins.model import CoinsModel
from simulator.devices.coins.wire import CoinsWire, readdressed
from simulator.devices.fault_plan import Next, PlannedFault, When
from simulator.devices.line_faults import LineFault, LineFaults
from simulator.devices.serial_command import serving
from simulator.devices.serial_device import LoopLine
from terminal.clock import ManualClock, SystemClock
from terminal.devices.coins.api import CoinPoll
from terminal.devices.coins.bus import BusProfile
from terminal.devices.coins.driver import CcTalkCoins, CoinsProfile
from terminal.devices.coins.frames import Checksum
from terminal.devices.coins.hopper import CcTalkHopper, DispenseKey
from terminal.devices.serial_line import LineSettings, PortLine
from tests.serial_kit import at_depth, heals, levels_of, power_switch

ALL_YEN = frozenset({10, 50, 100, 500})
HOPPER_10 = 3
BAUD = 9_600


@dataclass(frozen=True, slots=True)
class Makers:
    """How one maker's mechanism differs from another's."""

    checksum: Checksum = Checksum.SIMPLE
    coin_first: bool = True
    echo: bool = True
    key: DispenseKey = DispenseKey.SERIAL


@dataclass
class Shop:
    """The driver, what it talks to, and hands."""

    coins: CcTalkCoins
    model: CoinsModel
    faults: LineFaults
    unplug: Callable[[], None]
    plug: Callable[[], None]
    pause: Callable[[float], None]
    power_cycle: Callable[[], None]
    clock: ManualClock | SystemClock
    lock: AbstractContextManager[Any] = field(default_factory=nullcontext)

    def plan(self, kind: CoinsFault, when: When | None = None) -> None:
        """Arm a fault of the mechanism."""
        self.model.plan.add(PlannedFault(kind, when or Next()))

    def harm(self, kind: LineFault, when: When | None = None) -> None:
        """Arm a fault of the line."""
        self.faults.add(PlannedFault(kind, when or Next()))

    def hopper(self, address: int = HOPPER_10) -> CcTalkHopper:
        """The driver's hopper at ``address``."""
        found = next(hopper for hopper in self.coins.hoppers if hopper.name == f"hopper-{address}")
        assert isinstance(found, CcTalkHopper)
        return found

    def poll(self, after: int | None) -> CoinPoll:
        """A poll that has to succeed."""
        found = self.coins.acceptor.poll(after)
        assert isinstance(found, CoinPoll), found
        return found

    def open(self, coins_yen: frozenset[int] = ALL_YEN) -> int:
        """Let coins in; the event counter to ask after."""
        assert self.coins.acceptor.accept(coins_yen) is None
        return self.poll(None).counter

    def insert(self, *coins_yen: int) -> list[bool]:
        """Put coins into the slot and wait until they have fallen; whether each was taken."""
        with self.lock:
            taken = [self.model.insert(coin_yen) for coin_yen in coins_yen]
        self.pause(0.5)
        return taken

    def levels(self) -> list[str]:
        """Codes of the fault levels that are up now."""
        return levels_of(self.coins)

    def heals(self, within_s: float = 5.0) -> bool:
        """Whether every level is down within a bound."""
        return heals(self.levels, self.pause, self.clock, within_s)


def model_shop(
    coins: int = 100,
    meanwhile: Callable[[CoinsModel], None] | None = None,
    up_s: float = 0.0,
    makers: Makers | None = None,
) -> Shop:
    """The driver over ``LoopLine`` in virtual time; ``meanwhile`` happens whenever the driver waits."""
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC), up_s)
    model = CoinsModel(clock, coins=coins)

    def wait(by_s: float) -> None:
        clock.advance(by_s)
        model.work()
        if meanwhile is not None:
            meanwhile(model)

    driver, line = _joined(model, clock, wait, makers or Makers())
    return Shop(driver, model, line.faults, line.unplug, line.plug, wait, model.power_cycle, clock)


def _joined(
    model: CoinsModel, clock: ManualClock, wait: Callable[[float], None], makers: Makers
) -> tuple[CcTalkCoins, LoopLine]:
    """As ``loop_coins``, for any maker."""
    wire = CoinsWire(model, clock, makers.checksum, coin_first=makers.coin_first)
    faults = LineFaults(readdress=lambda answer: readdressed(answer, makers.checksum))
    line = LoopLine(wire, clock, wait, faults, echo=makers.echo)
    bus = BusProfile(checksum=makers.checksum, echo=makers.echo)
    own = replace(profile(), coin_first=makers.coin_first, dispense_key=makers.key, bus=bus)
    return CcTalkCoins(line, clock, wait, own), line


@contextmanager
def wire_shop(folder: Path) -> Iterator[Shop]:
    """The driver on a port that is the emulator's pty."""
    clock = SystemClock()
    model = CoinsModel(clock)
    emulation = emulation_of(model, clock)
    link = folder / "coins"
    with serving(emulation, link) as running:
        line = PortLine(LineSettings(link, BAUD))
        driver = CcTalkCoins(line, clock, time.sleep, profile())
        wire = running.wire

        yield Shop(
            driver, model, wire.faults, wire.unplug, wire.plug, time.sleep, power_switch(running), clock, wire.lock
        )
        line.close()


def shop_at(depth: str, folder: Path) -> AbstractContextManager[Shop]:
    """A shop at ``depth``: model or wire."""
    return at_depth(depth, model_shop, lambda: wire_shop(folder))


def real_coins() -> CcTalkCoins | None:
    """The acceptor (no hoppers: a test pays nothing out) on the port that ``HONNIN_REAL_COINS`` names, if any."""
    port = os.environ.get("HONNIN_REAL_COINS")
    if not port:
        return None
    return CcTalkCoins(PortLine(LineSettings(Path(port), BAUD)), SystemClock(), time.sleep, CoinsProfile())
