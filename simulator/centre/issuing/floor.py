"""What all machines of one municipality share: setup, program, agenda, the store of files, the copy of the register."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from simulator.centre.content import Content
from simulator.centre.facts import Applicant
from simulator.centre.issuing.agenda import Agenda
from simulator.centre.issuing.events import Happening
from simulator.centre.issuing.jobs import Job, Order, Reading, WorkArea
from simulator.centre.issuing.program import Program
from simulator.centre.issuing.replica import Replica
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.issuing.writing import Writer
from simulator.centre.registers import Registers
from simulator.centre.sessions import CentreSession
from terminal.centre.api import CentreFailed, Refused
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import Choice

Entitled: TypeAlias = Callable[[CentreSession, Choice, Applicant, datetime], Refused | None]
"""Whether the holder of a session, as just read, may still have what was chosen."""


@dataclass(frozen=True, slots=True, repr=False)
class SpoolFile:
    """A written certificate: its content, the requests whose sheets it is made of, the residents whom these are about."""

    content: Content
    orders: tuple[int, ...]
    residents: tuple[str, ...]


class Store:
    """The files that wait for their print and their handing over, by name. A file goes when nobody has business with its name."""

    def __init__(self) -> None:
        self._files: dict[str, SpoolFile] = {}
        self._users: dict[str, int] = {}

    def put(self, name: str, file: SpoolFile) -> SpoolFile | None:
        """Write a file; return the one that it overwrote."""
        old = self._files.get(name)
        self._files[name] = file
        self._users[name] = self._users.get(name, 0) + 1
        return old

    def get(self, name: str) -> SpoolFile | None:
        """The file of that name."""
        return self._files.get(name)

    def let_go(self, name: str) -> None:
        """One of those who wrote under this name is through with it."""
        if name not in self._users:
            return
        self._users[name] -= 1
        if not self._users[name]:
            del self._users[name], self._files[name]

    def __len__(self) -> int:
        return len(self._files)


@dataclass(slots=True)
class Floor:
    """The parts; ``tell`` passes on what happened at a time of the run's clock."""

    setup: ServerSetup
    program: Program
    registers: Registers
    replica: Replica
    writer: Writer
    entitled: Entitled
    tell: Callable[[float, Happening], None]
    agenda: Agenda = field(default_factory=Agenda)
    store: Store = field(default_factory=Store)
    left_areas: dict[str, tuple[WorkArea, int]] = field(default_factory=dict)
    """What a request that failed left in the work area, by its applicant, and that request's number."""

    def read(self, order: Order, at_s: float) -> Reading | None:
        """The register's entry of who asked, as the server knows it; None when there is none."""
        if order.session is None:
            return self.replica.resident(order.resident_key, at_s)
        registered = self.registers.applicant(order.session.card)
        return None if registered is None else self.replica.of(registered, at_s)


def may_go_on(job: Job) -> bool:
    """Whether nobody has ended the request meanwhile."""
    return job.end is None


def failed(code: CentreErrorCode, why: str) -> CentreFailed:
    """The request failed at the municipality."""
    return CentreFailed(code, f"the municipality {why}; start over with a new request id")
