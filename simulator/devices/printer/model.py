"""The printer's behaviour under an injected clock: jobs, states, reasons, and what comes out of the tray.

The model never waits: each call first lets the engine catch up with the clock, so that a run is a pure function of the calls
and of the fault plan. One lock guards it, because a wire emulator serves from threads. Source: RFC 8011 sections 4 and 5.3-5.4.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from typing import Final

from simulator.devices.fault_plan import FaultPlan
from simulator.devices.printer.engine import Engine
from simulator.devices.printer.faults import AT_JOB, FaultKind
from simulator.devices.printer.jobs import Job, RefusedError, Ticket
from simulator.devices.printer.pages import NotPrintableError, count_pages, first_pages
from simulator.devices.printer.traits import Traits
from simulator.devices.printer.tray import Delivery, Tray
from terminal.clock import Clock
from terminal.devices.printer.ipp_names import JobState, PrinterState, Status

_ACTIVE: Final = (JobState.PENDING, JobState.PROCESSING, JobState.PROCESSING_STOPPED)


class PrinterModel:
    """One simulated printer; every public call may come from any thread."""

    def __init__(
        self, clock: Clock, tray: Tray, traits: Traits | None = None, plan: FaultPlan[FaultKind] | None = None
    ) -> None:
        self.traits = traits or Traits()
        self.plan: FaultPlan[FaultKind] = plan or FaultPlan()
        self._clock = clock
        self._tray = tray
        self._jobs: dict[int, Job] = {}
        self._next_id = 1
        self._deliveries = 0
        self.born_s = clock.now_s()
        self._engine = Engine(self.traits, self.plan, self.born_s)
        self._lock = RLock()

    # What a client sees

    @property
    def powered(self) -> bool:
        """True while the printer is switched on and has power."""
        with self._lock:
            self._catch_up()
            return self._engine.powered

    @property
    def up_time_s(self) -> float:
        """Seconds since the model was made."""
        return self._clock.now_s() - self.born_s

    def state(self) -> PrinterState:
        """Return ``printer-state``."""
        with self._lock:
            self._catch_up()
            job = self._active()
            hard_stop = self._engine.door_open or self._engine.jammed or self._engine.paused
            if hard_stop or (job is not None and self._engine.standing(job)):
                return PrinterState.STOPPED
            return PrinterState.IDLE if job is None else PrinterState.PROCESSING

    def reasons(self) -> tuple[str, ...]:
        """Return ``printer-state-reasons``, empty when there is none."""
        with self._lock:
            self._catch_up()
            low = self._engine.toner_low and self._engine.toner_sides > 0
            return (*self._engine.standing(self._active()), *(("toner-low-warning",) if low else ()))

    def paper_sheets(self) -> int:
        """Return how many sheets are in the tray."""
        with self._lock:
            self._catch_up()
            return self._engine.paper_sheets

    def job(self, job_id: int) -> Job:
        """Return a copy of the job as it is now; raise ``RefusedError`` (NOT_FOUND) when there is none."""
        with self._lock:
            self._catch_up()
            return replace(self._find(job_id))

    def jobs(self, *, ended: bool, user: str | None = None) -> tuple[Job, ...]:
        """Return copies of the jobs that have ended (latest first) or not (oldest first), of one user or of all."""
        with self._lock:
            self._catch_up()
            found = [job for job in self._jobs.values() if job.state.ended is ended and user in (None, job.ticket.user)]
            return tuple(replace(job) for job in (reversed(found) if ended else found))

    # Operations

    def create_job(self, ticket: Ticket) -> Job:
        """Take a job in without its document; raise ``RefusedError``."""
        with self._caught_up() as now_s:
            if self.plan.strikes(FaultKind.JOB_REFUSED, now_s - self.born_s):
                raise RefusedError(Status.NOT_ACCEPTING_JOBS, "a planned fault refuses the job")
            job = Job(self._next_id, ticket, now_s)
            self._next_id += 1
            self._jobs[job.job_id] = job
            return replace(job)

    def add_document(self, job_id: int, document: bytes) -> Job:
        """Give the job its one document; raise ``RefusedError``."""
        with self._caught_up() as now_s:
            job = self._find(job_id)
            if not job.open:
                raise RefusedError(Status.NOT_POSSIBLE, "the job has its document or has ended")
            try:
                job.total_sides = count_pages(document) * job.ticket.copies
            except NotPrintableError as error:
                job.end(JobState.ABORTED, "document-format-error", now_s)
                raise RefusedError(Status.DOCUMENT_FORMAT_ERROR, "expected a PDF") from error
            job.document = document
            job.fate = next((kind for kind in AT_JOB if self.plan.strikes(kind, now_s - self.born_s)), None)
            held = job.ticket.hold or job.fate is FaultKind.JOB_HELD
            job.state = JobState.PENDING_HELD if held else JobState.PENDING
            job.reasons = ("job-hold-until-specified",) if held else ("none",)
            self._catch_up()
            return replace(job)

    def cancel_job(self, job_id: int) -> None:
        """Cancel the job; raise ``RefusedError`` when it has ended already."""
        with self._caught_up() as now_s:
            job = self._find(job_id)
            if job.state.ended:
                raise RefusedError(Status.NOT_POSSIBLE, "the job has ended")
            self._end(job, JobState.CANCELED, "job-canceled-by-user", now_s)

    def hold_job(self, job_id: int) -> None:
        """Hold a job that has not begun."""
        with self._caught_up():
            job = self._find(job_id)
            if job.state not in (JobState.PENDING, JobState.PENDING_HELD):
                raise RefusedError(Status.NOT_POSSIBLE, "the job has begun or ended")
            job.state, job.reasons = JobState.PENDING_HELD, ("job-hold-until-specified",)

    def release_job(self, job_id: int) -> None:
        """Let a held job go on."""
        with self._caught_up():
            job = self._find(job_id)
            if job.state is not JobState.PENDING_HELD:
                raise RefusedError(Status.NOT_POSSIBLE, "the job is not held")
            job.state, job.reasons = JobState.PENDING, ("none",)

    def cancel_jobs(self, user: str) -> None:
        """Cancel every job of ``user`` that has not ended."""
        with self._caught_up() as now_s:
            for job in self._jobs.values():
                if not job.state.ended and job.ticket.user == user:
                    self._end(job, JobState.CANCELED, "job-canceled-by-user", now_s)

    def purge(self) -> None:
        """Forget every job, the history included."""
        with self._caught_up() as now_s:
            for job in list(self._jobs.values()):
                self._deliver(job)
                job.end(JobState.CANCELED, "job-canceled-by-operator", now_s)
            self._jobs.clear()
            self._engine.drop_side()

    # What people do to the machine

    @contextmanager
    def panel(self) -> Iterator[Engine]:
        """Change the engine's levels (load paper, open the door, cut the power); the engine goes on from this moment."""
        with self._caught_up():
            yield self._engine

    def heal(self) -> None:
        """Disarm the plan, bring every level back to normal and release held jobs."""
        with self._caught_up():
            self.plan.clear()
            self._engine.heal()
            for job in self._jobs.values():
                if job.fate in (FaultKind.JOB_HELD, FaultKind.NEVER_COMPLETED):
                    job.fate = None
                    if job.state is JobState.PENDING_HELD:
                        job.state, job.reasons = JobState.PENDING, ("none",)

    # The engine catching up with the clock

    @contextmanager
    def _caught_up(self) -> Iterator[float]:
        with self._lock:
            self._catch_up()
            yield self._clock.now_s()
            # What was changed counts from this moment, not from the next look.
            self._catch_up()

    def _catch_up(self) -> None:
        now_s = self._clock.now_s()
        while self._engine.powered and (job := self._active()) is not None:
            if self._engine.standing(job) or job.fate is FaultKind.NEVER_COMPLETED:
                self._engine.rest()
                self._begin(job, now_s)
                return
            self._begin(job, now_s)
            done_s = self._engine.works_off(job, now_s)
            if done_s is not None:
                self._side_came_out(job, done_s)
            elif self._engine.powered and not self._engine.standing(job):
                return
        if not self._engine.powered:
            self._lose_memory()

    def _begin(self, job: Job, now_s: float) -> None:
        if job.started_s is None:
            job.started_s = now_s
        stands = bool(self._engine.standing(job))
        job.state = JobState.PROCESSING_STOPPED if stands else JobState.PROCESSING
        job.reasons = ("printer-stopped",) if stands else ("job-printing",)

    def _side_came_out(self, job: Job, now_s: float) -> None:
        all_but_one = job.sides_done == job.total_sides - 1
        if job.fate is FaultKind.JOB_ABORTED:
            self._end(job, JobState.ABORTED, "aborted-by-system", now_s)
        elif job.fate is FaultKind.JOB_VANISHED:
            self._end(job, JobState.ABORTED, "aborted-by-system", now_s)
            del self._jobs[job.job_id]
        elif job.sides_done >= job.total_sides or (all_but_one and job.fate is FaultKind.FEWER_IMPRESSIONS):
            self._end(job, JobState.COMPLETED, "job-completed-successfully", now_s)

    def _end(self, job: Job, state: JobState, reason: str, now_s: float) -> None:
        self._deliver(job)
        job.end(state, reason, now_s)
        self._engine.drop_side()

    def _deliver(self, job: Job) -> None:
        if job.state.ended or job.sides_done == 0:
            return
        pages_a_copy = job.total_sides // job.ticket.copies
        pdf = job.document if job.sides_done >= pages_a_copy else first_pages(job.document, job.sides_done)
        self._deliveries += 1
        self._tray.deliver(Delivery(self._deliveries, job.ticket.name, pdf, job.sides_done, job.total_sides))

    def _lose_memory(self) -> None:
        for job in self._jobs.values():
            self._deliver(job)
        self._jobs.clear()
        self._next_id = 1
        self._engine.drop_side()

    def _active(self) -> Job | None:
        return next((job for job in self._jobs.values() if job.state in _ACTIVE and job.document), None)

    def _find(self, job_id: int) -> Job:
        try:
            return self._jobs[job_id]
        except KeyError:
            raise RefusedError(Status.NOT_FOUND, "no such job") from None
