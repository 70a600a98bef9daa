"""Cuts the power of a terminal at one chosen point of a purchase, and puts it on again: every durable write, every device event.

The terminal runs in process under virtual time. A *point* is the moment just before or just after a write to journal or ledger, a
command on a device's line, or a report of the printer. At the chosen one a customer's process dies, or the whole service does;
devices, coins and paper go on as they are, as they do in a shop.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from pathlib import Path

from simulator.devices.printer.inprocess import InProcessPrinter
from simulator.home import Home
from simulator.people.script import Rules, ScriptedScreen
from simulator.terminal_inline import InlineConfig, InlineReporter, InlineTerminal
from terminal.clock import Clock
from terminal.customer import Customer
from terminal.devices.printer.api import PrintCompletion, PrintDocument, PrintProgressed
from terminal.devices.serial_line import SerialLine
from terminal.journal.entries import CustomerEntry, JournalEntry
from terminal.journal.store import Journal, Recorded
from terminal.money.ledger import Ledger
from terminal.money.movements import Movement
from terminal.money.state import LedgerState
from terminal.reports import Report
from terminal.serving import CustomerRecord


class PowerCutError(BaseException):
    """Nothing of the process that sees this goes on; no ``except Exception`` may catch it."""


@unique
class Victim(StrEnum):
    """What dies at the cut."""

    CUSTOMER = "customer"
    """The customer's process: the supervisor hears of it, settles and resets."""
    SERVICE = "service"
    """Supervisor and customer: the service is started again."""


@dataclass(slots=True)
class Fuse:
    """Counts the points that are passed; blows at number ``blows_at`` (from 1), and stays blown until ``mend``."""

    blows_at: int | None = None
    victim: Victim = Victim.SERVICE
    armed: bool = False
    blown: bool = False
    passed: list[str] = field(default_factory=list)

    def point(self, name: str) -> None:
        """Pass a point; raise ``PowerCutError`` at the chosen one and ever after."""
        if self.blown:
            raise PowerCutError(name)
        if not self.armed:
            return
        self.passed.append(name)
        if len(self.passed) == self.blows_at:
            self.blown = True
            raise PowerCutError(name)

    def writing(self, name: str, by: Victim) -> None:
        """A point at a durable write: the supervisor's moment where the service dies, its client's where the customer does."""
        if by is self.victim:
            self.point(name)

    def mend(self) -> None:
        """The power is back; no further point counts."""
        self.blown = self.armed = False


class _Ledger(Ledger):
    fuse: Fuse

    def record(self, movement: Movement) -> LedgerState:
        self.fuse.writing(f"before ledger {type(movement).__name__}", Victim.SERVICE)
        state = super().record(movement)
        self.fuse.writing(f"after ledger {type(movement).__name__}", Victim.SERVICE)
        return state


class _Journal(Journal):
    fuse = Fuse()

    def append(self, entry: JournalEntry) -> Recorded:
        self.fuse.writing(f"before journal {type(entry).__name__}", Victim.SERVICE)
        recorded = super().append(entry)
        self.fuse.writing(f"after journal {type(entry).__name__}", Victim.SERVICE)
        return recorded


@dataclass(slots=True)
class _Reporter:
    """The customer's end of the channel: dead before the frame is sent, or before its acknowledgement is read."""

    inner: InlineReporter
    fuse: Fuse

    def entry(self, entry: CustomerEntry) -> None:
        self.fuse.writing(f"before reporting {type(entry).__name__}", Victim.CUSTOMER)
        self.inner.entry(entry)
        self.fuse.writing(f"after reporting {type(entry).__name__}", Victim.CUSTOMER)

    def report(self, report: Report) -> None:
        self.fuse.writing(f"before reporting {type(report).__name__}", Victim.CUSTOMER)
        self.inner.report(report)
        self.fuse.writing(f"after reporting {type(report).__name__}", Victim.CUSTOMER)


@dataclass(slots=True)
class _Line:
    inner: SerialLine
    fuse: Fuse
    device: str

    def write(self, data: bytes) -> None:
        self.fuse.point(f"before a command to {self.device}")
        self.inner.write(data)
        self.fuse.point(f"after a command to {self.device}")

    def read(self, timeout_s: float) -> bytes:
        return self.inner.read(timeout_s)

    def discard(self) -> None:
        self.inner.discard()

    def close(self) -> None:
        self.inner.close()


class _Printer(InProcessPrinter):
    fuse: Fuse

    def print(
        self,
        document: PrintDocument,
        on_progress: Callable[[PrintProgressed], None],
        cancelled: Callable[[], bool],
    ) -> PrintCompletion:
        def progressed(event: PrintProgressed) -> None:
            self.fuse.point("before the printer's progress")
            on_progress(event)
            self.fuse.point("after the printer's progress")

        self.fuse.point("before the print job")
        completion = super().print(document, progressed, cancelled)
        self.fuse.point("after the print job")
        return completion


class CutTerminal(InlineTerminal):
    """An inline terminal with a ``fuse``; a context manager. ``buy`` serves one customer and survives the cut."""

    def __init__(self, home: Home, folder: Path, start: datetime, config: InlineConfig, fuse: Fuse) -> None:
        super().__init__(home, folder, start, config)
        self.fuse = fuse

    def open_books(self) -> None:
        """See ``InlineTerminal``; the devices' lines are put behind the fuse once."""
        if self.cash is not None and not isinstance(self.cash.coins_line, _Line):
            self.cash.ledger_kind = self._open_ledger
            self.cash.coins_line = _Line(self.cash.coins_line, self.fuse, "coins")
            self.cash.notes_line = _Line(self.cash.notes_line, self.fuse, "notes")
            self.cash.receipts_line = _Line(self.cash.receipts_line, self.fuse, "receipt printer")
        super().open_books()

    def set_fuse(self, fuse: Fuse) -> Fuse:
        """Put in another fuse, everywhere; it is returned."""
        self.fuse = fuse
        if isinstance(self.journal, _Journal):
            self.journal.fuse = fuse
        if self.cash is not None:
            if isinstance(self.cash.ledger, _Ledger):
                self.cash.ledger.fuse = fuse
            for line in (self.cash.coins_line, self.cash.notes_line, self.cash.receipts_line):
                if isinstance(line, _Line):
                    line.fuse = fuse
        return fuse

    def buy(self, rules: Rules) -> None:
        """Serve the person who acts by ``rules``; where the fuse blows, its victim dies, and what follows in a shop follows."""
        victim = self.fuse.victim
        record = CustomerRecord(self.journal, lambda report: None, self.money)
        screen = ScriptedScreen(rules, self.loop.spawn, self.loop.wait)
        self.loop.give_up_at_s = self.clock.now_s() + self.config.patience_s
        reporter = _Reporter(InlineReporter(record, self._levels, self.machine, self.loop), self.fuse)
        fitted = self._fittings(screen, reporter)
        self.fuse.armed = True
        try:
            Customer(self.machine, fitted, self.settings, self.loop, reporter, self.clock).run()
            if victim is Victim.CUSTOMER:
                self.fuse.armed = False
            self._part(record, screen)
        except PowerCutError:
            self.fuse.mend()
            if victim is Victim.CUSTOMER:
                self._part(record, screen)
            else:
                screen.close()
                self.restart()
        self.fuse.mend()

    def restart(self) -> None:
        """The service died as it stood; it is started again over the same books, devices and people's money."""
        self.loop.kill()
        self.reader.close()
        self.journal.close()
        if self.cash is not None:
            self.cash.ledger.close()
        self.open_books()

    def _open_ledger(self, path: Path, clock: Clock, terminal_id: str) -> Ledger:
        ledger = _Ledger(path, clock, terminal_id)
        ledger.fuse = self.fuse
        return ledger

    def _open_journal(self, path: Path) -> Journal:
        journal = _Journal(path, self.clock, self.config.terminal_id)
        journal.fuse = self.fuse
        return journal

    def _make_printer(self) -> InProcessPrinter:
        printer = _Printer(self.printer, self.config.timing, self.clock, self.loop.wait)
        printer.fuse = self.fuse
        return printer
