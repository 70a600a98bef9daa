"""Issuances in two phases: a request begins at its municipality's server, and is looked at again until it has ended.

In between other requests, register changes, synchronisations and cancellations happen. A terminal that gives up leaves the
request with the server; its late answer finds it cancelled in the book.
"""

import threading
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from printer_templates.errors import FormError
from simulator.centre.envelopes import Asked, Envelopes
from simulator.centre.faults import FaultPlan
from simulator.centre.issuing.events import AnswerSpoilt
from simulator.centre.issuing.jobs import Handed, Job, Order
from simulator.centre.issuing.machine import undrawable
from simulator.centre.issuing.server import IssuingServer, IssuingServers
from simulator.centre.memory_book import MemoryRequestBook
from simulator.centre.request_book import KnownRequest, RequestBook, RequestState, digest
from simulator.centre.sessions import CentreSession
from terminal.centre.api import CentreFailed, IssuanceOutcome, Refused
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import IssuanceReply, IssuanceRequest

UNDERWAY_MAX = 1000
"""From so many on, those that nobody asks for any more are looked for and forgotten."""

Book: TypeAlias = RequestBook | MemoryRequestBook


@dataclass(slots=True, repr=False, eq=False)
class Underway:
    """A request that a server has not answered yet: give it to ``CentreModel.look`` again after ``look_again_in_s``."""

    terminal_id: str
    request: IssuanceRequest
    session: CentreSession
    server: IssuingServer
    job: Job


Begun: TypeAlias = IssuanceOutcome | Underway
"""How a request stands: ended, or under way."""


class Issuances:
    """The requests that are under way, and the book of all. Safe to use from threads."""

    def __init__(self, book: Book, servers: IssuingServers, envelopes: Envelopes, faults: FaultPlan) -> None:
        self._book = book
        self._servers = servers
        self._envelopes = envelopes
        self._faults = faults
        self._underway: dict[str, Underway] = {}
        self._lock = threading.Lock()

    def known(self, terminal_id: str, request: IssuanceRequest) -> Begun | None:
        """How a request stands that was asked before; None when its id is new."""
        with self._lock:
            underway = self._underway.get(request.request_id)
        if underway is not None:
            return self._join(underway, terminal_id, request)
        known = self._book.find(request.request_id)
        return None if known is None else answer_again(known, terminal_id, request)

    def begin(self, terminal_id: str, request: IssuanceRequest, session: CentreSession) -> Begun:
        """Give a request to its municipality's server, and see at once what comes of it."""
        with self._lock:
            underway = self._underway.get(request.request_id)
            if underway is None:
                self._drop_abandoned()
                server = self._servers.of(session.municipality_code)
                job = server.accept(Order(request.request_id, request.choice, session.resident_key, session))
                mine = self._underway[request.request_id] = Underway(terminal_id, request, session, server, job)
        return self.look(mine) if underway is None else self._join(underway, terminal_id, request)

    def look(self, underway: Underway) -> Begun:
        """How a request stands now: ``underway`` itself while the server has not answered."""
        end = underway.server.look(underway.job)
        match end:
            case None:
                return underway
            case Handed():
                outcome = self._answer(underway, end)
            case Refused() | CentreFailed():
                outcome = end
            case _:
                assert_never(end)
        self._forget(underway)
        return outcome

    def cancel(self, terminal_id: str, request_id: str) -> KnownRequest | None:
        """Kill a request in the book and at its server; None when another terminal has it under way."""
        with self._lock:
            underway = self._underway.get(request_id)
        if underway is not None and underway.terminal_id != terminal_id:
            return None
        known = self._book.cancel(request_id, terminal_id)
        if underway is not None:
            underway.server.cancel(underway.job)
            self._forget(underway)
        return known

    def _answer(self, underway: Underway, handed: Handed) -> IssuanceOutcome:
        request, session = underway.request, underway.session
        asked = Asked(request.request_id, session, request.choice, handed.applicant)
        try:
            made = self._envelopes.make(asked, handed.content, self._faults)
        except FormError as error:
            return undrawable(error)
        for spoilt in made.spoilt:
            underway.server.tell(
                AnswerSpoilt(underway.job.number, session.resident_key, type(spoilt.fault).__name__, spoilt.other)
            )
        # Of two who look at once the book takes the first one's bundle, and gives it to both.
        entered = self._book.issue(
            request.request_id, underway.terminal_id, request.session_id, request.choice, made.bundle
        )
        return answer_again(entered, underway.terminal_id, request)

    def _join(self, underway: Underway, terminal_id: str, request: IssuanceRequest) -> Begun:
        """The same request again waits for the same answer; anything else under its id is a conflict."""
        if underway.terminal_id != terminal_id:
            return conflict("a request id of this terminal's own")
        first = underway.request
        if (first.session_id, digest(first.choice)) != (request.session_id, digest(request.choice)):
            return conflict("the session and choice of before")
        return self.look(underway)

    def _drop_abandoned(self) -> None:
        """Requests that ended while nobody looked any more: their terminals have lost power, or given up without a word."""
        if len(self._underway) >= UNDERWAY_MAX:
            self._underway = {key: each for key, each in self._underway.items() if each.job.end is None}

    def _forget(self, underway: Underway) -> None:
        with self._lock:
            if self._underway.get(underway.request.request_id) is underway:
                del self._underway[underway.request.request_id]


def answer_again(known: KnownRequest, terminal_id: str, request: IssuanceRequest) -> IssuanceOutcome:
    """What the book has for a request id that was asked before."""
    if known.terminal_id != terminal_id:
        return conflict("a request id of this terminal's own")
    if known.state is RequestState.CANCELLED:
        return failed(CentreErrorCode.REQUEST_CANCELLED, "a request that was not cancelled")
    same = (known.session_id, known.choice_sha256) == (request.session_id, digest(request.choice))
    if not same or known.bundle is None:
        return conflict("the session and choice of before, with no report sent yet")
    return IssuanceReply(request_id=request.request_id, bundle=known.bundle)


def conflict(expected: str) -> CentreFailed:
    """The id stands for something else."""
    return failed(CentreErrorCode.REQUEST_CONFLICT, expected)


def failed(code: CentreErrorCode, expected: str) -> CentreFailed:
    """The exchange failed: what was expected, and what to do."""
    return CentreFailed(code, f"expected {expected}, something else came; start over with a new session or request id")
