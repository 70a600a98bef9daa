"""What the printer's tests share: specimen documents, and the real driver on the emulator's real wire under one virtual clock."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Protocol

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from simulator.devices.fault_plan import Next, PlannedFault, When
from simulator.devices.printer.engine import Engine
from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.inprocess import InProcessPrinter
from simulator.devices.printer.jobs import Ticket
from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.traits import Traits
from simulator.devices.printer.tray import SpoolTray
from simulator.devices.printer.wire import PrinterServer
from terminal.clock import ManualClock
from terminal.devices.printer.api import PrintCompletion, PrintDocument, PrinterCode, PrintProgressed
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.printer.ipp_names import USER
from terminal.devices.printer.printing import LinkedPrinter
from terminal.devices.printer.timing import Timing

POLL_S = 0.5
BOUND_S = 60.0
UNREACHABLE_S = 5.0
SETTLE_S = 5.0
_A4_POINTS = (595.28, 841.89)


def specimen_pdf(pages: int, size: tuple[float, float] = _A4_POINTS) -> bytes:
    """Return a PDF whose every page says which one it is."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=size)
    for number in range(1, pages + 1):
        canvas.drawString(72, 700, f"SPECIMEN page {number} of {pages}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def document(pages: int = 4, name: str = "job-5f3a9c") -> PrintDocument:
    """Return a document of ``pages`` page sides."""
    return PrintDocument(specimen_pdf(pages), pages, name)


def page_texts(pdf: bytes) -> list[str]:
    """Read the text of each page back."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_bounded().strip() for page in opened]
    finally:
        opened.close()


class StoryClock(ManualClock):
    """A virtual clock at whose moments the story goes on."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._acts: list[tuple[float, Callable[[], None]]] = []

    def at(self, at_s: float, act: Callable[[], None]) -> None:
        """Do ``act`` once, when the clock has come to ``at_s``."""
        self._acts.append((at_s, act))

    def advance(self, by_s: float) -> None:
        """Let time pass and do what is due."""
        super().advance(by_s)
        due = [item for item in self._acts if item[0] <= self.now_s()]
        for item in due:
            self._acts.remove(item)
            item[1]()


def new_clock() -> StoryClock:
    """Return a virtual clock."""
    return StoryClock(datetime(2026, 4, 1, 0, 0, tzinfo=UTC))


def go_on() -> bool:
    """Nobody cancels."""
    return False


@dataclass
class PrinterRig:
    """A printer and its model; ``when`` lets the story go on at a moment of the job."""

    model: PrinterModel
    printer: LinkedPrinter
    clock: StoryClock
    spool: Path
    progress: list[PrintProgressed] = field(default_factory=list)
    server: PrinterServer | None = None
    _steps: list[tuple[Callable[[PrintProgressed], bool], Callable[[], None]]] = field(default_factory=list)

    @property
    def waits(self) -> list[PrinterCode]:
        """What the job waited for, in order, each once."""
        return list(dict.fromkeys(item.waiting_for for item in self.progress if item.waiting_for is not None))

    def plan(self, kind: FaultKind, when: When | None = None) -> None:
        """Arm a fault."""
        self.model.plan.add(PlannedFault(kind, when or Next()))

    def when(self, moment: Callable[[PrintProgressed], bool], act: Callable[[], None]) -> None:
        """Do ``act`` once, at the first progress for which ``moment`` is true."""
        self._steps.append((moment, act))

    def panel(self, change: Callable[[Engine], None]) -> None:
        """Put a hand to the machine."""
        with self.model.panel() as engine:
            change(engine)

    def load_paper(self, sheets: int = 500) -> None:
        """Load paper, or take it out with 0."""
        self.panel(lambda engine: setattr(engine, "paper_sheets", sheets))

    def clear_jam(self) -> None:
        """Take the jammed paper out."""
        self.panel(lambda engine: setattr(engine, "jammed", False))

    def close_door(self) -> None:
        """Close the door."""
        self.panel(lambda engine: setattr(engine, "door_open", False))

    def replace_toner(self) -> None:
        """Put a new cartridge in."""
        self.panel(lambda engine: setattr(engine, "toner_sides", 10_000))

    def power_on(self) -> None:
        """Give the printer its power back."""
        self.panel(lambda engine: setattr(engine, "powered", True))

    def strangers_job(self, pages: int) -> None:
        """Somebody else prints on the same printer."""
        job = self.model.create_job(Ticket("stranger", "not ours"))
        self.model.add_document(job.job_id, specimen_pdf(pages))

    def leave_our_job_behind(self, pages: int) -> None:
        """A customer process died in the middle of its job."""
        job = self.model.create_job(Ticket(USER, "job-left-behind"))
        self.model.add_document(job.job_id, specimen_pdf(pages))

    def when_time_has_passed(self, at_s: float, act: Callable[[], None]) -> None:
        """Do ``act`` once, when the virtual clock first stands at ``at_s`` or later."""
        self.clock.at(at_s, act)

    def print(self, pages: int = 4, cancelled: Callable[[], bool] = go_on) -> PrintCompletion:
        """Print a specimen and keep its progress."""
        return self.printer.print(document(pages), self._progressed, cancelled)

    def sheets(self) -> list[tuple[str, int]]:
        """What came out: file name and page sides of each delivery."""
        return [(path.name, len(page_texts(path.read_bytes()))) for path in sorted(self.spool.glob("*.pdf"))]

    def _progressed(self, progress: PrintProgressed) -> None:
        self.progress.append(progress)
        for step in [step for step in self._steps if step[0](progress)]:
            self._steps.remove(step)
            step[1]()


@contextmanager
def wire_rig(spool: Path, traits: Traits | None = None, *, history_may_stay: bool = False) -> Iterator[PrinterRig]:
    """The real driver on the emulator over HTTP, both under one clock that only the driver's waiting moves."""
    clock = new_clock()
    with PrinterServer(spool, clock=clock, traits=traits) as server:
        printer = driver_on(server, clock, history_may_stay=history_may_stay)
        try:
            yield PrinterRig(server.model, printer, clock, spool, server=server)
        finally:
            printer.close()


def driver_on(server: PrinterServer, clock: ManualClock, *, history_may_stay: bool = False) -> IppPrinter:
    """Connect the real driver to ``server``."""
    return IppPrinter(
        server.uri,
        POLL_S,
        BOUND_S,
        clock,
        wait=clock.advance,
        exchange_s=2.0,
        unreachable_s=UNREACHABLE_S,
        settle_s=SETTLE_S,
        history_may_stay=history_may_stay,
    )


@contextmanager
def model_rig(spool: Path, traits: Traits | None = None) -> Iterator[PrinterRig]:
    """The same printing loop straight on the model, without sockets."""
    clock = new_clock()
    model = PrinterModel(clock, SpoolTray(spool), traits)
    timing = Timing(POLL_S, BOUND_S, UNREACHABLE_S, SETTLE_S)
    yield PrinterRig(model, InProcessPrinter(model, timing, clock, clock.advance), clock, spool)


class Rig(Protocol):
    """Makes a rig at one of the depths: behind the real wire, or on the model."""

    def __call__(self, spool: Path, traits: Traits | None = None) -> AbstractContextManager[PrinterRig]: ...


RIGS: tuple[Rig, ...] = (wire_rig, model_rig)
