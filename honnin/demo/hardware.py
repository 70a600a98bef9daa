"""The devices on serial lines around a demo terminal: five emulators, each on a pty, as ``honnin sim coins`` runs one."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from simulator.devices.coins.emulator import emulation_of as coins_emulation
from simulator.devices.coins.model import HOPPERS, CoinsModel
from simulator.devices.notes.emulator import emulation_of as notes_emulation
from simulator.devices.notes.model import NoteValidatorModel
from simulator.devices.pin_pad.emulator import build as build_pin_pad
from simulator.devices.pin_pad.identity import PUBLIC_FILE
from simulator.devices.receipt_printer.emulator import build as build_receipt_printer
from simulator.devices.serial_command import Running, serving
from simulator.devices.signal_tower.emulator import build as build_signal_tower
from simulator.home import Home
from terminal.clock import SystemClock

_PATIENCE_S = 20.0


class HardwareStuckError(AssertionError):
    """A device never came to the situation that a person waited for; the text holds the panels."""


class Hardware:
    """Runs the emulators; a context manager. ``coins`` and ``notes`` are the models, for whoever counts the money in them."""

    def __init__(self, directory: Path, home: Home) -> None:
        self._directory = directory.resolve()
        self._key_folder = home.root.resolve() / "pin-pad"
        self._stack = ExitStack()
        self.slips = self._directory / "slips"
        clock = SystemClock()
        self.coins = CoinsModel(clock)
        self.notes = NoteValidatorModel(clock)
        self._emulations = {
            "coins": coins_emulation(self.coins, clock),
            "notes": notes_emulation(self.notes),
            "pin_pad": build_pin_pad(clock, key_folder=self._key_folder),
            "signal_tower": build_signal_tower(clock),
            "receipt_printer": build_receipt_printer(clock, out=self.slips),
        }
        self._running: dict[str, Running] = {}

    def __enter__(self) -> Self:
        self._directory.mkdir(parents=True, exist_ok=True)
        for name, emulation in self._emulations.items():
            self._running[name] = self._stack.enter_context(serving(emulation, self.link(name)))
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

    def sections(self) -> str:
        """The sections of a configuration that has all of it."""
        hoppers = ", ".join(f"{{ address = {address}, coin_yen = {yen} }}" for address, yen in HOPPERS.items())
        return f"""[payment]
driver = "cash"

[coins]
port = "{self.link("coins")}"
hoppers = [{hoppers}]

[notes]
port = "{self.link("notes")}"
accept_yen = [1000]

[pin_pad]
port = "{self.link("pin_pad")}"
key = "{self._key_folder / PUBLIC_FILE}"

[signal_tower]
port = "{self.link("signal_tower")}"

[receipt_printer]
port = "{self.link("receipt_printer")}"
"""
