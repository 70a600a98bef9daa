"""The hard reset with real processes: from a customer's last moment to the next customer's process that is ready.

The real supervisor, journal and reset run here. Customers draw a sheet, print it and write to their private files, then end:
every other one in order, the rest by SIGKILL in the middle of it.
"""

import os
import pty
import signal
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

from printer_templates.certificate import draw_certificate, warm_up
from simulator.bench import emulated_printer
from simulator.bench.findings import Findings, Table, judged, paragraphs
from simulator.bench.people import SPECIMEN_SIGNER, household_of_three, identities
from simulator.bench.timing import Summary, summarise
from simulator.devices.card_reader.inprocess import InProcessReader
from simulator.devices.payment.model import SimulatedPayment
from terminal import reports
from terminal.clock import Clock, SystemClock
from terminal.control import ControlServer
from terminal.devices.api import Resettable
from terminal.devices.printer.api import PrintCompleted, PrintDocument
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.screen.api import View
from terminal.devices.screen.console import ConsoleScreen, open_terminal_mode
from terminal.duties import Duties
from terminal.fsm.machine import Machine
from terminal.fsm.values import EndReason
from terminal.journal.pseudonym import PseudonymKey
from terminal.journal.store import Journal
from terminal.processes.channel import Channel
from terminal.processes.group import ProcessGroup
from terminal.processes.private_files import tmpfs_root, wipe
from terminal.reset import HardReset, ResetProof
from terminal.supervisor import Supervisor

BUDGET_MS: Final = 150.0
_READY: Final = b"R"
_ENDED: Final = b"E"
_KILLED: Final = b"K"
_MARK: Final = struct.Struct(">cq")
_STALLED_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class ResetTimes:
    """ms from the customer's last moment to ready, by how the customer ended, and of the reset proper.

    ``surplus`` counts resets that no customer called for.
    """

    in_order: Summary
    killed: Summary
    all_ends: Summary
    perform: Summary
    surplus: int


class TimedReset(HardReset):
    """The hard reset, whose ``perform`` also keeps how long it took (ms)."""

    def __init__(self, shop: "_Shop", bound_s: float) -> None:
        super().__init__(lambda _till: shop.devices(), shop.clock, bound_s)
        self._shop = shop
        self.taken_ms: list[float] = []
        self.unproved: list[str] = []

    def perform(self, customer: ProcessGroup | None, private_files: Path) -> ResetProof:
        """See ``HardReset.perform``."""
        started_s = time.monotonic()
        proof = super().perform(customer, private_files)
        self.taken_ms.append((time.monotonic() - started_s) * 1e3)
        self._shop.customers += 1
        self.unproved += [f"{line.device}: {line.code}" for line in proof.lines if not line.proved]
        return proof


@dataclass(slots=True)
class _Shop:
    """What the processes share: where things are, and the pipe that their marks go into."""

    folder: Path
    printer_uri: str
    marks: int
    clock: Clock = field(default_factory=SystemClock)
    customers: int = 0
    """Counted by the supervisor; a customer's process sees the number at its fork."""

    def devices(self) -> Mapping[str, Resettable]:
        return {
            "card_reader": InProcessReader("SPECIMEN reader"),
            "printer": self.printer(),
            "payment": SimulatedPayment(self.folder / "till.json"),
            "screen": ConsoleScreen(),
        }

    def printer(self) -> IppPrinter:
        return IppPrinter(self.printer_uri, 0.01, 30.0, self.clock)

    def mark(self, kind: bytes) -> None:
        os.write(self.marks, _MARK.pack(kind, time.monotonic_ns()))

    def serve(self, machine: Machine, channel: Channel, private_files: Path) -> int:
        """A customer's process: ready, serve, end."""
        printer, screen = self.printer(), ConsoleScreen()
        screen.show(View("welcome", "SPECIMEN"))
        InProcessReader("SPECIMEN reader").watch(lambda event: None)
        self.mark(_READY)
        reporter = reports.ChannelReporter(channel)
        reporter.report(reports.CustomerBegan(customer=PseudonymKey().customer(), generation=machine.generation + 1))
        drawn = draw_certificate(household_of_three(), identities(1), SPECIMEN_SIGNER, specimen=True)
        (private_files / "left-behind").write_bytes(drawn.pdf)
        document = PrintDocument(drawn.pdf, drawn.impressions, "specimen")
        outcome = printer.print(document, lambda progress: None, lambda: False)
        if not isinstance(outcome, PrintCompleted):
            raise RuntimeError(f"expected a printed sheet, came {outcome}")
        if self.customers % 2:
            self.mark(_KILLED)
            os.kill(os.getpid(), signal.SIGKILL)
        reporter.report(
            reports.CustomerEnded(reason=EndReason.COMPLETED.value, finding=False, delivered=True, owed_yen=0)
        )
        self.mark(_ENDED)
        return 0


@contextmanager
def _console() -> Iterator[None]:
    """Put a pty that somebody reads in the place of standard input and output."""
    ours, theirs = pty.openpty()
    kept = (os.dup(0), os.dup(1))
    reader = subprocess.Popen(["cat"], stdin=ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.dup2(theirs, 0)
    os.dup2(theirs, 1)
    restore = open_terminal_mode(0)
    try:
        yield
    finally:
        restore()
        for number, descriptor in enumerate(kept):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(theirs)
        os.close(ours)
        reader.terminate()
        reader.wait()


def measure(resets: int) -> ResetTimes:
    """Let ``resets`` customers come and go; raise ``RuntimeError`` when a reset is not proved or nothing goes on."""
    warm_up()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="honnin-bench-")))
        uri = stack.enter_context(emulated_printer.running(folder / "spool"))
        marks, marks_end = os.pipe()
        os.set_blocking(marks, False)
        stack.callback(os.close, marks)
        stack.callback(os.close, marks_end)
        stack.enter_context(_console())
        shop = _Shop(folder, uri, marks_end)
        journal = stack.enter_context(Journal(folder / "journal.sqlite", shop.clock, "SPECIMEN-BENCH"))
        reset = TimedReset(shop, 30.0)
        private = (tmpfs_root() or folder) / f"honnin-bench-{os.getpid()}"
        stack.callback(wipe, private)
        supervisor = Supervisor(_duties(shop, journal, reset, private))
        stack.callback(_end, supervisor)
        supervisor.boot()
        return _times(_watch(supervisor, marks, resets, reset), reset)


def _duties(shop: _Shop, journal: Journal, reset: HardReset, private: Path) -> Duties:
    return Duties(
        machine=Machine(),
        clock=shop.clock,
        journal=journal,
        control=ControlServer(shop.folder),
        reset=reset,
        serve=shop.serve,
        show=lambda show: None,
        private_files=private,
        keep_descriptors=(shop.marks,),
    )


def _end(supervisor: Supervisor) -> None:
    """Have the supervisor end its last customer's process as it does at its own end."""
    supervisor.stop()
    supervisor.run()


def _watch(supervisor: Supervisor, marks: int, resets: int, reset: TimedReset) -> list[tuple[bytes, int]]:
    """Turn the supervisor until ``resets`` customers have been followed by a ready process; the marks in order (kind, ns)."""
    found: list[tuple[bytes, int]] = []
    last_s = time.monotonic()
    while len(_waits(found)) < resets:
        supervisor.turn(0.2)
        new = list(_read(marks))
        last_s = time.monotonic() if new else last_s
        found += new
        if reset.unproved or time.monotonic() - last_s > _STALLED_S:
            raise RuntimeError(f"resets came to a halt in {supervisor.state}; not proved: {reset.unproved[:3]}")
    return found


def _read(marks: int) -> Iterator[tuple[bytes, int]]:
    try:
        content = os.read(marks, 1 << 16)
    except BlockingIOError:
        return
    yield from _MARK.iter_unpack(content)


def _waits(marks: list[tuple[bytes, int]]) -> list[tuple[bytes, float]]:
    """How each customer ended, and the ms until the next process was ready."""
    return [
        (kind, (ready_ns - at_ns) / 1e6)
        for (kind, at_ns), (following, ready_ns) in pairwise(marks)
        if kind in (_ENDED, _KILLED) and following == _READY
    ]


def _times(marks: list[tuple[bytes, int]], reset: TimedReset) -> ResetTimes:
    waits = _waits(marks)
    return ResetTimes(
        in_order=summarise([ms for kind, ms in waits if kind == _ENDED]),
        killed=summarise([ms for kind, ms in waits if kind == _KILLED]),
        all_ends=summarise([ms for _, ms in waits]),
        # The first reset is the boot's: no customer went before it.
        perform=summarise(reset.taken_ms[1:]),
        surplus=len(reset.taken_ms) - 1 - len(waits),
    )


def run(quick: bool) -> Findings:
    """The section of the report."""
    times = measure(4 if quick else 200)
    rows = (
        _row("last moment to the next process ready, customer ended in order", times.in_order),
        _row("the same, customer's process killed in the middle", times.killed),
        _row("the same, both", times.all_ends),
        _row("of it: forget, clear and prove (`HardReset.perform`)", times.perform),
    )
    return Findings(
        "The hard reset",
        paragraphs(
            """
            The real supervisor with its journal (SQLite, synchronous=FULL) and real processes; wall time from the last moment of
            one customer's process to the first moment at which the next one has opened its devices. Each customer drew and
            printed a sheet and left a file behind. Devices: emulated IPP printer over HTTP in a process of its own (page sides
            take no time; history is purged and the purge is proved), in-process card reader, simulated payment, console on a pty.
            """
        ),
        (
            Table("ms", ("what", "runs", "min", "median", "p99"), rows),
            Table("Resets that no customer called for (0 expected)", ("count",), ((str(times.surplus),),)),
        ),
        (
            judged(
                "hard reset, last event to ready, device mechanics aside",
                times.all_ends.p99,
                BUDGET_MS,
                "ms",
                detail=f"p99; p50 {times.all_ends.median:.1f}",
            ),
        ),
    )


def _row(what: str, summary: Summary) -> tuple[str, ...]:
    return (what, str(summary.runs), f"{summary.minimum:.1f}", f"{summary.median:.1f}", f"{summary.p99:.1f}")
