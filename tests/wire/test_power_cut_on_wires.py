"""Real processes on real wires, killed with SIGKILL in the middle of a command to a device of a paid purchase (promise P4).

Every point is tried in process (``tests/faults/test_power_cut_*_dies.py``); here a few are seen on pty, pcscd, IPP and disk,
drawn from a seed that is printed.
"""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from honnin.demo.hardware import HardwareStuckError
from honnin.demo.world import World
from simulator.checkers.cash_count import Money, breaches, count
from simulator.devices.serial_device import SerialDevice
from simulator.people.typist import ScreenNeverShownError, Typist
from simulator.processes import children
from terminal.control import StaffCommand, ask
from terminal.money.ledger import FILE_NAME
from terminal.money.reading import read_snapshot
from terminal.money.state import LedgerState
from terminal.money.verify import verify_ledger
from terminal.readiness import JOURNAL_FILE
from tests.emulated_card_kit import shared_home
from tests.system import require
from tests.wire.test_terminal_on_wires import authenticate, buy, buy_seal, journal

pytestmark = pytest.mark.system
SEED = int(os.environ.get("HONNIN_SEED", secrets.randbelow(1_000_000)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    require("pcscd", "unshare", "setpriv")
    with World(tmp_path / "world", shared_home()) as world:
        yield world


@dataclass(slots=True)
class Killing:
    """Implements ``SerialDevice``: kills at the ``left``-th command it hears, before or after it obeys."""

    inner: SerialDevice
    kill: Callable[[], None]
    left: int
    after: bool

    def receive(self, data: bytes) -> bytes:
        self.left -= 1
        if self.left == 0 and not self.after:
            self.kill()
            return b""
        answer = self.inner.receive(data)
        if self.left == 0:
            self.kill()
        return answer

    def tick(self) -> bytes:
        return self.inner.tick()

    def power_cycle(self) -> None:
        self.inner.power_cycle()


@pytest.mark.parametrize("device", ["coins", "receipt_printer"])
@pytest.mark.parametrize("victim", ["customer", "service"])
def test_killed_at_a_device_command_no_yen_is_lost(world: World, device: str, victim: str) -> None:
    random = Random(f"{SEED} {device} {victim}")
    number, after = random.randrange(1, 60 if device == "coins" else 6), random.random() < 0.5
    print(
        f"HONNIN_SEED={SEED}: {victim} dies at command {number} to {device}, {'after' if after else 'before'} it is obeyed"
    )
    before = count(world.hardware.coins, world.hardware.notes)
    with world.terminal() as terminal:
        terminal.wait_for("welcome", timeout_s=60)
        authenticate(world, terminal)
        buy_seal(terminal)
        terminal.wait_for("pay", timeout_s=60)
        wire = world.hardware._running[device].wire
        pids = children(terminal.pid) if victim == "customer" else [terminal.pid]
        with wire.lock:
            wire._device = Killing(wire._device, lambda: _kill(pids), number, after)
        _pay_and_take(world, terminal)
        if victim == "customer":
            _settled(world, terminal, before)
    if victim == "service":
        with world.terminal() as again:
            _settled(world, again, before)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _pay_and_take(world: World, terminal: Typist) -> None:
    """Go on as if nothing were, as far as it goes: whoever dies, dies on the way."""
    with suppress(HardwareStuckError, ScreenNeverShownError):
        world.hardware.insert_coin(100)
        world.hardware.insert_coin(500)
        terminal.wait_for("take_sheets", timeout_s=20)
        terminal.press("\n")


def _settled(world: World, terminal: Typist, before: Money) -> None:
    terminal.wait_for("welcome", "out_of_service", timeout_s=90)
    delivered = list(world.tray.glob("*.pdf"))
    _staff_see_to_it(world, terminal)
    ledger = read_snapshot(world.state_dir / FILE_NAME).state
    counted = count(world.hardware.coins, world.hardware.notes)
    assert breaches(LedgerState(), ledger, before, counted, len(delivered)) == []
    assert verify_ledger(world.state_dir / FILE_NAME, world.state_dir / JOURNAL_FILE).ok
    assert journal(world).ok, journal(world).breaches
    for path in delivered:
        path.unlink()
    buy(world, terminal)


def _staff_see_to_it(world: World, terminal: Typist) -> None:
    """Sheets that lie in the tray are taken out, money is looked after; then customers are welcome again."""
    for thing in ("tray", "payment"):
        ask(world.state_dir, StaffCommand(command="settle", staff="SHOP-07", device=thing))
    terminal.wait_for("welcome", timeout_s=90)
