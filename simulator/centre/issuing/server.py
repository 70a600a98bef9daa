"""The municipal issuing server (証明発行サーバ): requests in, answers out, in the time that its setup gives them.

It never waits: each call first works off what was due by the clock's time, so that a run is a pure function of clock, ids and
calls. The faces wait (``look`` again at ``next_at_s``). One lock guards it, because the HTTP face serves from threads.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from printer_templates.records import Scope
from simulator.centre.facts import Applicant
from simulator.centre.ids import Ids, opaque
from simulator.centre.issuing.events import (
    Happening,
    Listener,
    ServerEvent,
    SynchronisationFailed,
    SynchronisationRan,
    nobody_listens,
)
from simulator.centre.issuing.floor import Entitled, Floor
from simulator.centre.issuing.jobs import End, Job, Order
from simulator.centre.issuing.machine import Machine
from simulator.centre.issuing.program import program_of
from simulator.centre.issuing.replica import Replica
from simulator.centre.issuing.setup import HEALTHY, Company, ServerSetup, SyncPlan
from simulator.centre.issuing.writing import Writer
from simulator.centre.registers import Registers
from terminal.centre.messages import Choice
from terminal.clock import JST, Clock


@dataclass(frozen=True, slots=True)
class ServerParts:
    """What every municipality's server is made of."""

    registers: Registers
    writer: Writer
    clock: Clock
    ids: Ids
    entitled: Entitled
    listener: Listener = nobody_listens


@dataclass(frozen=True, slots=True)
class Remains:
    """Files in the store, and things still to be done for some request."""

    files: int
    appointments: int


class IssuingServer:
    """One municipality's server; every public call may come from any thread."""

    def __init__(self, code: str, setup: ServerSetup, parts: ServerParts) -> None:
        self.setup = setup
        self._code = code
        self._parts = parts
        self._replica = Replica(parts.registers, code, parts.clock, setup)
        self._floor = Floor(
            setup, program_of(setup.defects), parts.registers, self._replica, parts.writer, parts.entitled, self._tell
        )
        self._machines = tuple(Machine(number, self._floor) for number in range(1, setup.servers + 1))
        self._orders = 0
        self._companions = 0
        self._lock = threading.RLock()
        if setup.sync is not None:
            self._plan_synchronisations(setup.sync, parts.clock.now_s())

    def holder(self, registered: Applicant) -> Applicant | None:
        """Of a card's holder, whom the register itself knows as ``registered``, what this server knows; None: nobody."""
        with self._lock:
            now_s = self._caught_up()
            reading = self._replica.of(registered, now_s)
            return None if reading is None else reading.applicant

    def accept(self, order: Order) -> Job:
        """Take a request in; what comes of it is seen by ``look``."""
        with self._lock:
            now_s = self._parts.clock.now_s()
            company = self.setup.company
            for _ in range(0 if company is None else company.ahead):
                self._join_in(company, order.choice, now_s)
            job = self._enter(order, now_s)
            for after_s in () if company is None else company.after_s:
                self._join_in(company, order.choice, now_s + after_s)
            return job

    def look(self, job: Job) -> End | None:
        """How the request ended, or None while it has not."""
        with self._lock:
            self._caught_up()
            return job.end

    def cancel(self, job: Job) -> None:
        """The centre drops the request: it is ended wherever it is."""
        with self._lock:
            now_s = self._caught_up()
            machine = self._machine_of(job)
            machine.cancel(job, now_s, "centre")

    def tell(self, happening: Happening) -> None:
        """Let the listener know of something that was done to an answer outside this server's program."""
        with self._lock:
            self._tell(self._caught_up(), happening)

    def catch_up(self) -> None:
        """Do what is due by now, though nobody looks at a request: so that a listener hears of it in time."""
        with self._lock:
            self._caught_up()

    def next_at_s(self) -> float | None:
        """When, on the run's clock, something will happen next; None: nothing will."""
        with self._lock:
            return self._floor.agenda.next_at_s()

    def remains(self) -> Remains:
        """What is left of requests: of a server on which all have ended, nothing."""
        with self._lock:
            self._caught_up()
            plan = self.setup.sync
            standing = 0 if plan is None else (plan.nightly_at is not None) + (plan.continual_every_s is not None)
            return Remains(len(self._floor.store), len(self._floor.agenda) - standing)

    def _caught_up(self) -> float:
        now_s = self._parts.clock.now_s()
        self._floor.agenda.work_off(now_s)
        return now_s

    def _enter(self, order: Order, at_s: float) -> Job:
        self._orders += 1
        job = Job(order, self._orders)
        machine = self._machine_of(job)
        self._floor.agenda.at(at_s, lambda then_s: machine.take_in(job, then_s))
        return job

    def _machine_of(self, job: Job) -> Machine:
        """Requests go to the machines in turn."""
        return self._machines[(job.number - 1) % len(self._machines)]

    def _join_in(self, company: Company | None, choice: Choice, at_s: float) -> None:
        if company is None:
            return
        resident = company.residents[self._companions % len(company.residents)]
        self._companions += 1
        scope = Scope.HOUSEHOLD if choice.scope is Scope.MEMBERS else choice.scope
        alike = choice.model_copy(update={"scope": scope, "members": ()})
        self._enter(Order(opaque(self._parts.ids), alike, resident, None), at_s)

    def _plan_synchronisations(self, plan: SyncPlan, now_s: float) -> None:
        every_s = plan.continual_every_s
        if every_s is not None:
            self._floor.agenda.at(now_s + every_s, lambda at_s: self._synchronise(plan, "continual", at_s))
        if plan.nightly_at is not None:
            night_s = self._next_night_s(plan, now_s)
            self._floor.agenda.at(night_s, lambda at_s: self._synchronise(plan, "nightly", at_s))

    def _next_night_s(self, plan: SyncPlan, after_s: float) -> float:
        local = self._replica.moment(after_s).astimezone(JST)
        hour = local.timetz().replace(tzinfo=None) if plan.nightly_at is None else plan.nightly_at
        tonight = local.replace(hour=hour.hour, minute=hour.minute, second=hour.second, microsecond=hour.microsecond)
        if tonight <= local:
            tonight += timedelta(days=1)
        return after_s + (tonight - local).total_seconds()

    def _synchronise(self, plan: SyncPlan, which: Literal["nightly", "continual"], at_s: float) -> None:
        carried = self._replica.synchronise(at_s)
        came = tuple(dict.fromkeys((*carried.came, *plan.always_carried)))
        if carried.missed:
            self._tell(at_s, SynchronisationFailed(which, carried.missed))
        elif came or which == "nightly":
            self._tell(at_s, SynchronisationRan(which, came))
        if came and not self._floor.program.own_work_area:
            for machine in self._machines:
                machine.overwrite_work_areas(came[-1], at_s)
        again = replace(plan, nightly_at=None) if which == "continual" else replace(plan, continual_every_s=None)
        self._plan_synchronisations(again, at_s)

    def _tell(self, at_s: float, happening: Happening) -> None:
        self._parts.listener(ServerEvent(at_s, self._code, happening))


class IssuingServers:
    """The servers of all municipalities; one without a setup of its own is healthy, and made when first asked for. Safe to
    use from threads."""

    def __init__(self, parts: ServerParts, setups: Mapping[str, ServerSetup] | None = None) -> None:
        self._parts = parts
        self._setups = dict(setups or {})
        self._servers = {code: IssuingServer(code, setup, parts) for code, setup in self._setups.items()}
        self._lock = threading.Lock()

    def of(self, municipality_code: str) -> IssuingServer:
        """The server of a municipality."""
        with self._lock:
            server = self._servers.get(municipality_code)
            if server is None:
                setup = self._setups.get(municipality_code, HEALTHY)
                server = self._servers[municipality_code] = IssuingServer(municipality_code, setup, self._parts)
            return server

    def install(self, municipality_code: str, setup: ServerSetup) -> IssuingServer:
        """Put another setup into service; requests under way end where they began."""
        with self._lock:
            self._setups[municipality_code] = setup
            server = self._servers[municipality_code] = IssuingServer(municipality_code, setup, self._parts)
            return server
