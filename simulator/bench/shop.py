"""One terminal with everything in process under virtual time: the loop of a store, simulated devices, the simulated centre.

Nothing of the terminal is replaced: ``terminal.customer.Customer`` runs on ``VirtualLoop``; its entries go through the
supervisor's frame check into a real journal.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from printer_templates.certificate import PageSigner, warm_up
from simulator.bench.customer import CustomerScreen
from simulator.bench.people import Case
from simulator.centre.assembly import assemble
from simulator.centre.inprocess import InProcessCentre
from simulator.centre.registers import PLAIN_MEMORY
from simulator.devices.card_reader.inprocess import InProcessReader
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import load_throwaway_card
from simulator.devices.payment.model import SimulatedPayment
from simulator.devices.printer.inprocess import InProcessPrinter
from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.tray import MemoryTray
from simulator.home import Home
from simulator.trusting import settings_of, trusts_of
from terminal import reports
from terminal.clock import ManualClock, SystemClock
from terminal.customer import Customer, Happening
from terminal.devices.printer.api import PrintCompletion, PrintDocument, PrintProgressed
from terminal.devices.printer.timing import Timing
from terminal.fittings import Fittings
from terminal.fsm.machine import Machine
from terminal.journal import entries
from terminal.journal.entries import CustomerEntry
from terminal.journal.fields import Part
from terminal.journal.store import Journal
from terminal.loop import VirtualLoop
from terminal.reset import clear_and_prove
from terminal.serving import end_entry

TERMINAL_ID: Final = "SPECIMEN-BENCH"


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase: CPU ms from the tap to the moment the printer is given the verified bytes, and those bytes."""

    cpu_ms: float
    document: PrintDocument
    screens: tuple[str, ...]


class InlineReporter:
    """What the supervisor does with a customer's frames, in the same process: check, journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._customer = ""
        self.ended: reports.CustomerEnded | None = None

    def entry(self, entry: CustomerEntry) -> None:
        """See ``Reporter.entry``."""
        received = reports.read_frame(reports.entry_frame(entry), self._customer)
        assert received.entry is not None  # noqa: S101 - an entry's frame holds an entry
        self._journal.append(received.entry)

    def report(self, report: reports.Report) -> None:
        """See ``Reporter.report``."""
        received = reports.read_frame(reports.report_frame(report), self._customer).report
        match received:
            case reports.CustomerBegan():
                self._customer = received.customer
                self._journal.append(
                    entries.CustomerStarted(customer=received.customer, generation=received.generation)
                )
            case reports.CustomerEnded():
                self.ended = received
                self._journal.append(end_entry(self._customer, received))
            case _:
                raise RuntimeError(f"expected a purchase without incident, came {type(received).__name__}")


class MarkingPrinter(InProcessPrinter):
    """The in-process printer, which tells when it is given a document: the moment of print-ready."""

    def __init__(self, model: PrinterModel, clock: ManualClock, ready: Callable[[PrintDocument], None]) -> None:
        super().__init__(model, Timing(poll_s=0.5), clock, clock.advance)
        self._ready = ready

    def print(
        self,
        document: PrintDocument,
        on_progress: Callable[[PrintProgressed], None],
        cancelled: Callable[[], bool],
    ) -> PrintCompletion:
        """See ``Printer.print``."""
        self._ready(document)
        return super().print(document, on_progress, cancelled)


class Shop:
    """The terminal and its world; a context manager. ``home`` keeps the throw-away keys, ``folder`` till and journal."""

    def __init__(self, home: Home, folder: Path) -> None:
        self._home = home
        self._folder = folder
        self._stack = ExitStack()
        self._cards: dict[str, Card] = {}
        self.clock = ManualClock(SystemClock().wall())

    def __enter__(self) -> Self:
        warm_up()
        centre = assemble(self._home, PLAIN_MEMORY, self.clock)
        self._stack.callback(centre.close)
        self.centre = InProcessCentre(centre.model, TERMINAL_ID)
        trust = trusts_of(self._home, centre.pki, (TERMINAL_ID,))[TERMINAL_ID]
        self._settings = settings_of(trust, TERMINAL_ID, self._folder)
        self._journal = self._stack.enter_context(Journal(self._folder / "journal.sqlite", self.clock, TERMINAL_ID))
        self._tray = MemoryTray()
        self._printer = PrinterModel(self.clock, self._tray)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def signer(self) -> PageSigner:
        """The key that signs this terminal's sheets."""
        return self._settings.gates.signer

    def buy(
        self, case: Case, on_tap: Callable[[], None] | None = None, on_ready: Callable[[], None] | None = None
    ) -> Purchase:
        """Serve one customer to the end; raise when anything but a delivered sheet comes of it."""
        card = self._card(case.profile)
        taken: list[tuple[int, PrintDocument]] = []
        tapped: list[int] = []

        def before_tap() -> None:
            if on_tap is not None:
                on_tap()
            tapped.append(time.process_time_ns())

        def ready(document: PrintDocument) -> None:
            taken.append((time.process_time_ns(), document))
            if on_ready is not None:
                on_ready()

        reader = InProcessReader("SPECIMEN reader")
        screen = CustomerScreen(case, reader, card, before_tap)
        reporter = InlineReporter(self._journal)
        fittings = Fittings(
            card_reader=reader,
            printer=MarkingPrinter(self._printer, self.clock, ready),
            payment=SimulatedPayment(self._folder / "till.json"),
            screen=screen,
            centre=self.centre,
        )
        loop: VirtualLoop[Happening] = VirtualLoop(self.clock)
        Customer(Machine.for_customer(), fittings, self._settings, loop, reporter, self.clock).run()
        if reporter.ended is None or not reporter.ended.delivered or len(self._tray.deliveries) != 1:
            raise RuntimeError(f"expected one delivered certificate, screens were {' > '.join(screen.screens)}")
        self._reset(fittings)
        [(ready_ns, document)] = taken
        return Purchase((ready_ns - tapped[0]) / 1e6, document, tuple(screen.screens))

    def _reset(self, fittings: Fittings) -> None:
        """What the supervisor does between customers, without its processes: clear, prove, journal; a clerk fills up paper."""
        self._tray.deliveries.clear()
        self._printer.heal()
        answers = clear_and_prove(
            {
                "card_reader": fittings.card_reader,
                "printer": fittings.printer,
                "payment": fittings.payment,
                "screen": fittings.screen,
            }
        )
        unproved = [line.statement for line in answers.lines if not line.proved]
        if unproved:
            raise RuntimeError(f"expected a proved reset, came: {'; '.join(unproved)}")
        lines = tuple(entries.ProvedLine(part=Part.named(line.device), proved=True) for line in answers.lines)
        self._journal.append(entries.ResetProved(lines=lines, duration_ms=0))

    def _card(self, profile: str) -> Card:
        if profile not in self._cards:
            self._cards[profile] = load_throwaway_card(self._home, profile)
        return self._cards[profile]
