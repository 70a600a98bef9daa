"""The devices on serial lines around a demo terminal: five emulators, each on a pty, as ``honnin sim coins`` runs one."""

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.devices.coins.emulator import emulation_of as coins_emulation
from simulator.devices.coins.model import HOPPERS, CoinsModel
from simulator.devices.fault_plan import FaultPlan
from simulator.devices.notes.emulator import emulation_of as notes_emulation
from simulator.devices.notes.model import NoteValidatorModel
from simulator.devices.pin_pad.emulator import build as build_pin_pad
from simulator.devices.pin_pad.identity import PUBLIC_FILE
from simulator.devices.receipt_printer.emulator import emulation_of as receipts_emulation
from simulator.devices.receipt_printer.model import ReceiptPrinterModel
from simulator.devices.serial_command import Running, serving
from simulator.devices.signal_tower.emulator import build as build_signal_tower
from simulator.home import Home
from terminal.clock import SystemClock

_PATIENCE_S = 20.0
DEVICES = ("coins", "notes", "pin_pad", "signal_tower", "receipt_printer")
"""All that can be fitted on serial lines."""
HeardOfDevice = Callable[[str, Mapping[str, object], Mapping[str, object]], None]
"""Told of an order: the device's name, the order, and the panel as it was before."""


def nobody_hears_of(_device: str, _order: Mapping[str, object], _before: Mapping[str, object]) -> None:
    """The usual."""


class HardwareStuckError(AssertionError):
    """A device never came to the situation that a person waited for; the text holds the panels."""


class Hardware:
    """Runs the emulators; a context manager. ``coins``, ``notes`` and ``receipts`` are the models, for whoever looks into them.

    ``fitted`` names those that the terminal has, ``seed`` is of what line faults do; ``heard`` is told of each order with the
    device's name.
    """

    def __init__(
        self,
        directory: Path,
        home: Home,
        *,
        fitted: Collection[str] = DEVICES,
        seed: int = 0,
        heard: HeardOfDevice = nobody_hears_of,
    ) -> None:
        self._fitted = fitted
        self._seed = seed
        self._heard = heard
        self._directory = directory.resolve()
        self._key_folder = home.root.resolve() / "pin-pad"
        self._stack = ExitStack()
        self.slips = self._directory / "slips"
        clock = SystemClock()
        self.coins = CoinsModel(clock)
        self.notes = NoteValidatorModel(clock)
        self.slips.mkdir(parents=True, exist_ok=True)
        self.receipts = ReceiptPrinterModel(clock, FaultPlan(), self.slips)
        self._emulations = {
            "coins": coins_emulation(self.coins, clock),
            "notes": notes_emulation(self.notes),
            "pin_pad": build_pin_pad(clock, key_folder=self._key_folder),
            "signal_tower": build_signal_tower(clock),
            "receipt_printer": receipts_emulation(self.receipts, self.slips),
        }
        self._running: dict[str, Running] = {}

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        for name in self._fitted:
            served = serving(self._emulations[name], self.link(name), seed=self._seed, heard=partial(self._heard, name))
            self._running[name] = self._stack.enter_context(served)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def link(self, name: str) -> Path:
        """The port of device ``name``, as a configuration has it."""
        return self._directory / name

    def do(self, device: str, order: str, **arguments: object) -> dict[str, object]:
        """What a person does to a device (``insert``, ``press``, ``take`` …); its panel afterwards."""
        return self._running[device].panel.obey({"do": order, **arguments})

    def look(self, device: str) -> dict[str, object]:
        """The panel of a device."""
        return self.do(device, "look")

    def type_pin(self, digits: str) -> None:
        """Type ``digits`` and OK on the PIN pad; raise ``HardwareStuckError`` when the pad takes no keys."""
        self._until(lambda: self.look("pin_pad")["entry"] == "entering", "the PIN pad waits for an entry")
        self.do("pin_pad", "press", keys=f"{digits}#")

    def insert_coin(self, coin_yen: int) -> None:
        """Put a coin in when its light is on, and see it fall; raise ``HardwareStuckError`` when it is never taken."""
        self._until(lambda: coin_yen in self.coins_taken(), f"the slot takes {coin_yen} yen")
        before = self.look("coins")["accepted_total"]
        self.do("coins", "insert", coin_yen=coin_yen)
        self._until(lambda: self.look("coins")["accepted_total"] != before, f"{coin_yen} yen fell")

    def coins_taken(self) -> list[int]:
        """The coins that the slot takes now."""
        taken = self.look("coins")["takes_yen"]
        return taken if isinstance(taken, list) else []

    def insert_note(self, note_yen: int) -> None:
        """Put a note in when the validator is open; raise ``HardwareStuckError`` when it never is."""
        self._until(lambda: self.look("notes")["state"] == "IDLING", "the validator is open")
        self.do("notes", "insert", note_yen=note_yen)

    def _until(self, done: Callable[[], bool], what: str) -> None:
        until_s = time.monotonic() + _PATIENCE_S
        while not done():
            if time.monotonic() > until_s:
                panels = {name: self.look(name) for name in ("coins", "notes", "pin_pad")}
                raise HardwareStuckError(f"expected that {what} within {_PATIENCE_S:g} s; {panels}")
            time.sleep(0.02)

    def inside_yen(self) -> int:
        """What the terminal holds that its customers put in and did not get back."""
        with self._running["coins"].wire.lock, self._running["notes"].wire.lock:
            self.coins.work()
            return self.coins.kept_yen + sum(self.notes.stacker_yen)

    def take_money(self) -> tuple[int, int]:
        """Empty the coin tray and the validator's mouth, where they are fitted: yen of coins and of notes."""
        coins_yen = 0
        if "coins" in self._running:
            with self._running["coins"].wire.lock:
                coins_yen = self.coins.take()
        return coins_yen, self.take_note()

    def take_note(self) -> int:
        """Take what sticks out of the validator's mouth, where one is fitted: its yen, 0 when nothing does."""
        if "notes" not in self._running:
            return 0
        with self._running["notes"].wire.lock:
            return self.notes.take() or 0

    def sections(self) -> str:
        """The sections of a configuration that has all that is fitted."""
        cash = '[payment]\ndriver = "cash"\n' if {"coins", "notes"} & set(self._fitted) else ""
        return "\n".join(filter(None, (cash, *(self._section(name) for name in DEVICES if name in self._fitted))))

    def _section(self, name: str) -> str:
        lines = [f"[{name}]", f'port = "{self.link(name)}"']
        if name == "coins":
            hoppers = ", ".join(f"{{ address = {address}, coin_yen = {yen} }}" for address, yen in HOPPERS.items())
            lines.append(f"hoppers = [{hoppers}]")
        elif name == "notes":
            lines.append("accept_yen = [1000]")
        elif name == "pin_pad":
            lines.append(f'key = "{self._key_folder / PUBLIC_FILE}"')
        return "\n".join(lines) + "\n"
