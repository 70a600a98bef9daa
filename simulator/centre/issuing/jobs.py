"""One request on a server: what was asked, how far it is, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from simulator.centre.content import Content
from simulator.centre.facts import Applicant
from simulator.centre.issuing.agenda import Due
from simulator.centre.sessions import CentreSession
from terminal.centre.api import CentreFailed, Refused
from terminal.centre.messages import Choice


@dataclass(frozen=True, slots=True, repr=False)
class Order:
    """One request: of a session, or of the company (``session`` is None), for the resident of that key."""

    request_id: str
    choice: Choice
    resident_key: str
    session: CentreSession | None

    @property
    def member_ids(self) -> Mapping[str, str]:
        """The household members' opaque ids by register key, as the session gave them out."""
        return {} if self.session is None else self.session.member_ids


@dataclass(frozen=True, slots=True, repr=False)
class Reading:
    """What was read of a resident, and of when it says that it is."""

    applicant: Applicant
    as_of: datetime


@dataclass(frozen=True, slots=True, repr=False)
class WorkArea:
    """What a certificate is written from: somebody's entry, and the ids under which the household is stated."""

    reading: Reading
    member_ids: Mapping[str, str]

    @property
    def resident(self) -> str:
        """Whose entry it is."""
        return self.reading.applicant.person.key


@dataclass(frozen=True, slots=True, repr=False)
class Handed:
    """A request was answered with this content; ``applicant`` is who asked, as the server read them."""

    content: Content
    applicant: Applicant


End: TypeAlias = Handed | Refused | CentreFailed


@dataclass(slots=True, repr=False, eq=False)
class Job:
    """A request on its way through one machine. Only the server's own lock may be held by who touches it."""

    order: Order
    number: int
    """The server's own count of requests, from 1: how events name them."""
    accepted_s: float = 0.0
    persons: int = 1
    """How many persons the certificate states."""
    working: bool = False
    """Holds one of the machine's workers."""
    area: WorkArea | None = None
    read_of: Applicant | None = None
    """Who asked, as read for this very request."""
    resumed_from: int = 0
    """The failed request whose work area this one goes on with."""
    content: Content | None = None
    """What was written for this request."""
    file_name: str = ""
    print_limit: Due | None = None
    answer_limit: Due | None = None
    end: End | None = None
