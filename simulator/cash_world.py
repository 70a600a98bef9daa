"""Coins, notes and a receipt printer for a terminal in process: models that go on, and drivers opened anew by whoever needs them.

As in a store, a customer's process and the reset each open the devices for themselves; only models and lines are the same.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from simulator.devices.coins.emulator import loop_coins, profile
from simulator.devices.notes.emulator import loop_notes
from simulator.devices.receipt_printer.emulator import loop_receipt_printer
from simulator.devices.serial_device import LoopLine
from terminal.clock import Clock
from terminal.devices.api import Resettable
from terminal.devices.coins.driver import CcTalkCoins
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.receipt_printer.driver import SerialReceiptPrinter
from terminal.devices.serial_line import SerialLine
from terminal.fittings import Fittings
from terminal.journal.store import Journal
from terminal.money.codec import frame_of
from terminal.money.collecting import CashDevices
from terminal.money.desk import MoneyDesk
from terminal.money.ledger import FILE_NAME, Ledger
from terminal.money.register import CashRegister
from terminal.money.settling import AccountSettler
from terminal.money.slips import MoneySlips, print_claim
from terminal.money.state import Claim
from terminal.money.till import RemoteTill, Till
from terminal.presenting.slips import SlipHead
from terminal.reports import MoneyMoved, Reporter

NOTES_YEN = frozenset({1000})


class CashWorld:
    """``coins``, ``notes`` and ``receipts`` are the models; ``cables`` are their lines, with the line's faults."""

    def __init__(
        self, clock: Clock, wait: Callable[[float], None], folder: Path, terminal_id: str, kinds: tuple[str, ...]
    ) -> None:
        self._kinds = kinds
        self._clock = clock
        self._wait = wait
        self._folder = folder
        self._terminal_id = terminal_id
        self.ledger_kind: Callable[[Path, Clock, str], Ledger] = Ledger
        self._left_over = folder / "receipt.left-over"
        _, self.coins, coins_line = loop_coins(clock, wait)
        _, self.notes, notes_line = loop_notes(clock, wait)
        _, self.receipts, receipts_line = loop_receipt_printer(clock, wait, None)
        self.coins_line: SerialLine = coins_line
        self.notes_line: SerialLine = notes_line
        self.receipts_line: SerialLine = receipts_line
        self.cables: tuple[LoopLine, LoopLine, LoopLine] = (coins_line, notes_line, receipts_line)

    def devices(self) -> CashDevices:
        """Fresh drivers of what takes and pays money."""
        coins = CcTalkCoins(self.coins_line, self._clock, self._wait, profile()) if "coins" in self._kinds else None
        notes = None
        if "notes" in self._kinds:
            alone = "coins" not in self._kinds
            notes = Id003Notes(self.notes_line, self._clock, self._wait, NOTES_YEN, blocks_service=alone)
        return CashDevices(coins, notes)

    def receipt_printer(self) -> SerialReceiptPrinter:
        """A fresh driver of the receipt printer."""
        return SerialReceiptPrinter(self.receipts_line, self._clock, self._wait, left_over=self._left_over)

    def open(self, journal: Journal, books: ExitStack) -> AccountSettler:
        """Open the ledger in the terminal's folder, and whoever settles its accounts."""
        ledger = books.enter_context(self.ledger_kind(self._folder / FILE_NAME, self._clock, self._terminal_id))
        self.ledger = ledger
        self.settler = AccountSettler(MoneyDesk(ledger), journal, self._print_ticket)
        return self.settler

    def fit(self, fitted: Fittings, reporter: Reporter) -> Fittings:
        """The fittings of a customer who pays in cash; what moves goes on record over ``reporter``."""
        state = self.settler.state
        till = RemoteTill(state, lambda movement: reporter.report(MoneyMoved(movement=frame_of(movement))))
        devices, printer = self.devices(), self.receipt_printer()
        slips = MoneySlips(printer, till, self._terminal_id, self._clock, simulated=True)
        watched = (("payment", device) for device in (devices.coins, devices.notes) if device is not None)
        return replace(
            fitted,
            payment=self._register(devices, till),
            slips=slips,
            watched=(*watched, ("receipt_printer", printer)),
        )

    def heal(self) -> None:
        """No fault waits or stands any more: cables are sound and in, devices freed, filled and right."""
        for cable in self.cables:
            cable.faults.heal()
            cable.plug()
        for plan in (self.coins.plan, self.notes.plan, self.receipts.plan):
            plan.clear()
        for model in (self.coins, self.notes, self.receipts):
            model.heal()

    def resettables(self) -> Mapping[str, Resettable]:
        """What a reset clears, in its order: the register last."""
        devices = self.devices()
        fitted: dict[str, Resettable | None] = {"coins": devices.coins, "notes": devices.notes}
        return {
            **{name: device for name, device in fitted.items() if device is not None},
            "receipt_printer": self.receipt_printer(),
            "payment": self._register(devices, self.settler.desk),
        }

    def _register(self, devices: CashDevices, till: Till) -> CashRegister:
        return CashRegister(devices, till, self._clock, self._wait)

    def _print_ticket(self, claim: Claim) -> bool:
        head = SlipHead(self._terminal_id, self._clock.wall(), simulated=True)
        return print_claim(self.receipt_printer(), head, claim)
