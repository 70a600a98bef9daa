"""One terminal with everything in process under virtual time: the customer's part of a store, on simulated devices and centre.

Nothing of the terminal is replaced: ``terminal.customer.Customer`` runs with its commands, gates and machine; what it says goes
through the supervisor's own check (``serving.CustomerRecord``) into a real journal. Only the processes are missing: between
customers the devices are cleared and proved here, by the reset's own code.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from printer_templates.certificate import warm_up
from simulator import pki as card_pki
from simulator.centre import pki as centre_pki
from simulator.centre.assembly import AssembledCentre, assemble
from simulator.centre.inprocess import InProcessCentre
from simulator.centre.line import Line
from simulator.centre.registers import PLAIN_MEMORY
from simulator.centre.seed import MUNICIPALITY_CODES
from simulator.cooperative import CooperativeLoop
from simulator.devices.card_reader.inprocess import InProcessReader
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.personalisation import load_throwaway_card
from simulator.devices.payment.unhurried import UnhurriedPayment
from simulator.devices.printer.inprocess import InProcessPrinter
from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.tray import MemoryTray
from simulator.home import Home
from simulator.inline_supervisor import InlineSupervisor
from simulator.people.script import Rules, ScriptedScreen
from simulator.trusting import Trust, settings_of, trusts_of
from simulator.world import World
from terminal import reports
from terminal.customer import Customer, Happening
from terminal.devices.api import Resettable
from terminal.devices.printer.timing import Timing
from terminal.devices.screen.api import Screen
from terminal.fault_levels import FaultLevels
from terminal.fittings import Fittings, Settings
from terminal.fsm.config import Evidence, MachineConfig
from terminal.fsm.machine import Machine
from terminal.fsm.states import State
from terminal.journal.entries import CustomerEntry, JournalEntry
from terminal.journal.recover import recover
from terminal.journal.store import Journal
from terminal.loop import StalledError
from terminal.serving import CustomerRecord, Settled
from terminal.verification.subject import SubjectEvidence

if TYPE_CHECKING:
    from simulator.cash_world import CashWorld


class NotServingError(RuntimeError):
    """A customer came while the terminal takes none; the text says in which situation it is."""


@dataclass(frozen=True, slots=True)
class InlineConfig:
    """How this terminal is set up. ``patience_s`` of virtual time is the most that one customer may take."""

    terminal_id: str = "SPECIMEN-INLINE"
    evidence: Evidence = Evidence.SERIAL_AND_BASIC_FOUR
    cash: tuple[str, ...] = ()
    """``coins``, ``notes`` or both, and a receipt printer, on simulated lines, with a ledger; none: the device that takes the
    exact fee."""
    municipality_limit: str | None = None
    timing: Timing = field(default_factory=Timing)
    patience_s: float = 3600.0


class _EndedWhileIdleError(Exception):
    """The customer's process was ended before anybody came."""


@dataclass(slots=True)
class InlineReporter:
    """What the supervisor does with a customer's frames, in the same process."""

    record: CustomerRecord
    levels: FaultLevels
    machine: Machine
    loop: CooperativeLoop[Happening]

    def entry(self, entry: CustomerEntry) -> None:
        """See ``Reporter.entry``."""
        self.record.take(reports.entry_frame(entry))

    def report(self, report: reports.Report) -> None:
        """See ``Reporter.report``."""
        self.record.take(reports.report_frame(report))
        if not isinstance(report, reports.FaultReported):
            return
        if report.standing:
            self.levels.stand(report.device, report.code)
        if not report.cleared:
            self.loop.spawn(self._end_if_idle)

    def _end_if_idle(self) -> None:
        """The supervisor ends a process that waits for a customer when the terminal goes out of service."""
        if self.machine.state is State.OUT_OF_SERVICE:
            raise _EndedWhileIdleError


@dataclass(frozen=True, slots=True)
class Visit:
    """One customer as seen from outside: what was shown, what they were told at the end, what lay in the tray afterwards."""

    screen: ScriptedScreen
    ended: reports.CustomerEnded | None
    entries: tuple[JournalEntry, ...]

    @property
    def screens(self) -> tuple[str, ...]:
        """The names of the screens in order."""
        return tuple(self.screen.screens)

    def of(self, *kinds: type[JournalEntry]) -> tuple[JournalEntry, ...]:
        """The journal's entries of these kinds, in order."""
        return tuple(entry for entry in self.entries if isinstance(entry, kinds))


class InlineTerminal(InlineSupervisor):
    """The terminal and its world; a context manager. ``home`` keeps the throw-away keys, ``folder`` journal, till, findings.

    ``reader``, ``printer``, ``payment``, ``line`` and ``centre`` are the world's handles; ``tray`` holds what came out. Alone it
    has a world and a centre of its own; terminals that share them are given the same ``world`` and ``assembled``.
    """

    def __init__(
        self,
        home: Home,
        folder: Path,
        start: datetime,
        config: InlineConfig | None = None,
        *,
        world: World | None = None,
        assembled: AssembledCentre | None = None,
    ) -> None:
        super().__init__()
        self.home = home
        self.folder = folder
        self.config = config or InlineConfig()
        self.ground = world or World(start)
        self.clock = self.ground.clock
        self.loop: CooperativeLoop[Happening] = CooperativeLoop(self.ground.scheduler)
        self.tray = MemoryTray()
        self._shared = assembled
        self._start = start
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        warm_up()
        if self._shared is None:
            card_pki.load_or_create(self.home, self._start)
            centre_pki.load_or_create(self.home, MUNICIPALITY_CODES, self._start)
        self.assembled = self._shared or assemble(self.home, PLAIN_MEMORY, self.clock)
        if self._shared is None:
            self._stack.callback(self.assembled.close)
        self.centre = InProcessCentre(self.assembled.model, self.config.terminal_id, wait=self.loop.wait)
        self.line = Line(self.centre, self.loop.wait)
        self.printer = PrinterModel(self.clock, self.tray)
        self.payment = self._make_payment()
        self.reader = InProcessReader("SPECIMEN reader")
        self.cash = _cash_world(self) if self.config.cash else None
        self.settings = self._settings()
        self.open_books()
        return self

    def open_books(self) -> None:
        """What the service does at its start: journal and ledger, what they left open, a machine, the first reset."""
        self.journal = self._stack.enter_context(self._open_journal(self.folder / "journal.sqlite"))
        self.money = self.cash.open(self.journal, self._stack) if self.cash is not None else None
        recover(self.journal, self.money.state if self.money is not None else None)
        if self.money is not None:
            self.money.keep_if_delivered()
        self._boot(Machine(self._machine_config()))

    def _open_journal(self, path: Path) -> Journal:
        return Journal(path, self.clock, self.config.terminal_id)

    def _machine_config(self) -> MachineConfig:
        delivery_devices = frozenset({"printer", "payment", *self.config.cash[:1]})
        return MachineConfig(evidence=self.config.evidence, delivery_devices=delivery_devices)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.loop.kill()
        self._stack.close()

    def card(self, profile: str) -> Card:
        """A fresh card of ``profile``, all its tries left."""
        return load_throwaway_card(self.home, profile, now=self._start)

    def serve(self, rules: Rules) -> Visit:
        """Serve the person who acts by ``rules`` until the session is over and the reset is done; raise ``NotServingError``."""
        if self.situation() is not State.IDLE:
            raise NotServingError(f"the terminal is in {self.situation()} and takes no customer")
        first = self.journal.head.sequence
        record = CustomerRecord(self.journal, lambda report: None, self.money)
        screen = self._make_screen(rules)
        self.loop.give_up_at_s = self.clock.now_s() + self.config.patience_s
        reporter = InlineReporter(record, self._levels, self.machine, self.loop)
        fitted = self._fittings(screen, reporter)
        customer = Customer(self.machine, fitted, self.settings, self.loop, reporter, self.clock)
        try:
            customer.run()
        except StalledError:
            raise StalledError(f"the customer never ended; screens were {' > '.join(screen.screens)}") from None
        except _EndedWhileIdleError:
            self._cut_off(screen)
        else:
            self._part(record, screen)
        ended = record.outcome.ended
        written = tuple(recorded.entry for recorded in self.journal.entries(after=first))
        return Visit(screen, ended, written)

    def _part(self, record: CustomerRecord, screen: ScriptedScreen) -> None:
        """The customer's process is over, however that came about: its end goes on record, and the reset follows."""
        self._cut_off(screen)
        settled = record.settle() or Settled(clean=True, finding=False, owed_yen=0)
        self._handle(settled.told, screen)

    def _cut_off(self, screen: ScriptedScreen) -> None:
        self.loop.kill()
        screen.close()
        self.reader.close()

    def _make_payment(self) -> UnhurriedPayment:
        return UnhurriedPayment(self.folder / "till.json", self.loop.wait)

    def _make_screen(self, rules: Rules) -> ScriptedScreen:
        return ScriptedScreen(rules, self.loop.spawn, self.loop.wait)

    def _nobodys_screen(self) -> ScriptedScreen:
        """A screen that nobody stands in front of."""
        return self._make_screen({})

    def _trust(self) -> Trust:
        terminal_id = self.config.terminal_id
        return trusts_of(self.home, self.assembled.pki, (terminal_id,))[terminal_id]

    def _settings(self) -> Settings:
        return settings_of(
            self._trust(),
            self.config.terminal_id,
            self.folder,
            evidence=SubjectEvidence(self.config.evidence.value),
            municipality_limit=self.config.municipality_limit,
            takes=self.config.cash or ("exact",),
        )

    def _fittings(self, screen: Screen, reporter: reports.Reporter) -> Fittings:
        printer = self._make_printer()
        fitted = Fittings(
            card_reader=self.reader, printer=printer, payment=self.payment, screen=screen, centre=self.line
        )
        return fitted if self.cash is None else self.cash.fit(fitted, reporter)

    def _make_printer(self) -> InProcessPrinter:
        return InProcessPrinter(self.printer, self.config.timing, self.clock, self.loop.wait)

    def _devices(self, screen: Screen) -> Mapping[str, Resettable]:
        printer = self._make_printer()
        devices: dict[str, Resettable] = {"card_reader": self.reader, "printer": printer, "screen": screen}
        return {**devices, "payment": self.payment} if self.cash is None else {**devices, **self.cash.resettables()}


def _cash_world(inline: InlineTerminal) -> "CashWorld":
    from simulator.cash_world import CashWorld

    return CashWorld(inline.clock, inline.loop.wait, inline.folder, inline.config.terminal_id, inline.config.cash)
