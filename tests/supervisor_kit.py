"""A real supervisor with real customers' processes, whose bodies a test writes itself: for what goes wrong between the two.

Devices are one file that says what is wrong; time stands still until the test advances it; a turn waits for real events only.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from terminal.clock import ManualClock
from terminal.control import ControlServer
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness, Resettable
from terminal.duties import Duties
from terminal.fsm import effects
from terminal.fsm.machine import Machine
from terminal.journal import entries as e
from terminal.journal.entries import JournalEntry
from terminal.journal.store import Journal
from terminal.journal.verify import verify_journal
from terminal.money.settling import AccountSettler
from terminal.processes.channel import Channel
from terminal.reports import ChannelReporter, CustomerBegan
from terminal.reset import HardReset, ResettableFactory
from terminal.supervisor import Supervisor
from tests import journal_kit

Body = Callable[[Channel, Path], int]
CUSTOMER = "a" * 32
_DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class FileDevice:
    """A device whose faults are the lines of a file: any process can break or heal it."""

    path: Path

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        faults = tuple(Fault("printer", code, "look at it") for code in self._codes())
        return Readiness("printer", DeviceStatus.ONLINE, "a device made of a file", faults)

    def clear(self) -> None:
        """Count it: ``path`` with the suffix ``.cleared`` grows by a byte."""
        with self.path.with_suffix(".cleared").open("ab") as cleared:
            cleared.write(b".")

    def prove(self) -> ProofLine:
        """Always empty."""
        return ProofLine("printer", True, "nothing is left")

    def _codes(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").split() if self.path.exists() else []


@dataclass(slots=True)
class Shop:
    """One supervisor in a folder; ``bodies`` are what the next customers' processes do, the last one again and again."""

    folder: Path
    bodies: list[Body]
    clock: ManualClock = field(default_factory=journal_kit.clock)
    shown: list[effects.Show] = field(default_factory=list)
    stopped: bool = False
    open_money: Callable[[Journal], AccountSettler] | None = None
    resettables: ResettableFactory | None = None
    journal: Journal = field(init=False)
    supervisor: Supervisor = field(init=False)

    @property
    def faults(self) -> Path:
        """The device's faults, one code a line."""
        return self.folder / "device"

    @property
    def clearings(self) -> int:
        """How often the devices were cleared."""
        return len(self.faults.with_suffix(".cleared").read_bytes())

    @property
    def private_files(self) -> Path:
        """The customer's process's own directory."""
        return self.folder / "private"

    def open(self, devices: Callable[[], Mapping[str, Resettable]] | None = None) -> None:
        """Start as ``honnin.compose`` does."""
        self.journal = journal_kit.open_journal(self.folder)
        self.journal.append(journal_kit.STARTED)

        def serve(_machine: Machine, channel: Channel, private_files: Path) -> int:
            with (self.folder / "served").open("ab") as served:
                number = served.tell()
                served.write(b".")
            return self.bodies[min(number, len(self.bodies) - 1)](channel, private_files)

        money = self.open_money(self.journal) if self.open_money is not None else None
        self.supervisor = Supervisor(
            Duties(
                machine=Machine(),
                clock=self.clock,
                journal=self.journal,
                control=ControlServer(self.folder),
                reset=HardReset(
                    self.resettables or self._opener(devices),
                    self.clock,
                    5.0,
                    money.desk if money is not None else None,
                ),
                money=money,
                serve=serve,
                show=self.shown.append,
                private_files=self.private_files,
            )
        )
        self.supervisor.boot()

    def _opener(self, devices: Callable[[], Mapping[str, Resettable]] | None) -> ResettableFactory:
        return lambda _till: devices() if devices is not None else {"printer": FileDevice(self.faults)}

    def turn_until(self, done: Callable[[], bool]) -> None:
        """Let the supervisor work until ``done``, bounded."""
        deadline_s = time.monotonic() + _DEADLINE_S
        while not done():
            assert time.monotonic() < deadline_s, f"{self.supervisor.state}: {[type(x).__name__ for x in self.written]}"
            self.supervisor.turn(0.05)

    def turn_until_written(self, *kinds: type[JournalEntry], times: int = 1) -> None:
        """Let it work until the journal holds that many entries of ``kinds``."""
        self.turn_until(lambda: len(self.of(*kinds)) >= times)

    @property
    def written(self) -> list[JournalEntry]:
        """The journal."""
        return [recorded.entry for recorded in self.journal.entries()]

    def of(self, *kinds: type[JournalEntry]) -> list[JournalEntry]:
        """The journal's entries of these kinds."""
        return [entry for entry in self.written if isinstance(entry, kinds)]

    def stop(self) -> None:
        """Stop the supervisor as a signal or the staff do; once is enough."""
        if not self.stopped:
            self.stopped = True
            self.supervisor.stop()
            self.supervisor.run()

    def close(self) -> None:
        """Stop the supervisor, and check that the evidence is whole (promise P8)."""
        self.stop()
        self.journal.append(e.TerminalStopped())
        self.journal.close()
        report = verify_journal(self.folder / "journal.sqlite")
        assert report.ok, report.breaches


@contextmanager
def shop(folder: Path, *bodies: Body) -> Iterator[Shop]:
    """A shop that is open, and is closed in order at the end."""
    place = Shop(folder, list(bodies))
    place.open()
    try:
        yield place
    except BaseException:
        place.stop()
        place.journal.close()
        raise
    place.close()


def wait_for_ever(channel: Channel, _private: Path) -> int:
    """A process that waits for a card."""
    time.sleep(600)
    return 0


def began(channel: Channel) -> ChannelReporter:
    """The reporter of a process whose customer has begun."""
    reporter = ChannelReporter(channel)
    reporter.report(CustomerBegan(customer=CUSTOMER, generation=1))
    return reporter
