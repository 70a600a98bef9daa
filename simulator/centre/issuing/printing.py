"""The print room of one machine: one file at a time, in order, and a line of requests that wait for theirs.

The right program leans on two things that the accidents broke: the order of printing and the line of the waiting have the same
members, so that what comes out belongs to whoever is first in line; and a file's name is its own.
"""

from collections.abc import Callable
from dataclasses import replace

from simulator.centre.content import Content
from simulator.centre.issuing.events import (
    ErrorExplainedAway,
    FileHandedOver,
    FileMissing,
    FilePrinted,
    FileWritten,
    OrderCancelled,
    PrintOrderLockReleased,
    PrintWaitTimedOut,
)
from simulator.centre.issuing.floor import Floor, SpoolFile, failed
from simulator.centre.issuing.jobs import End, Handed, Job
from simulator.centre.issuing.program import FileNames
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import BundleMode


class PrintRoom:
    """:param finish: told of each request that ends here, with its end and the time"""

    def __init__(self, floor: Floor, finish: Callable[[Job, End, float], None]) -> None:
        self._floor = floor
        self._finish = finish
        self._order: list[Job] = []
        self._line: list[Job] = []
        self._printing: Job | None = None
        self._output: SpoolFile | None = None
        self._sequence = 0

    def take(self, job: Job, file: SpoolFile, at_s: float) -> None:
        """Put a written file into the store, its print into the order, its request into the line."""
        setup, program, agenda = self._floor.setup, self._floor.program, self._floor.agenda
        job.file_name = self._name(job)
        over = self._floor.store.put(job.file_name, file)
        self._floor.tell(at_s, FileWritten(job.number, job.file_name, 0 if over is None else over.orders[0]))
        self._order.append(job)
        self._line.append(job)
        job.print_limit = agenda.at(at_s + setup.print_wait_limit_s, lambda then_s: self._time_out(job, then_s))
        if not program.clears_output_area:
            agenda.at(at_s + program.looks_into_output_every_s, lambda then_s: self._look(job, then_s))
        self._start(at_s)

    def withdraw(self, job: Job) -> None:
        """Take a request out of order and line; what is printing goes on and is thrown away."""
        for place in (self._order, self._line):
            if job in place:
                place.remove(job)
        self._floor.agenda.drop(job.print_limit)
        self._floor.store.let_go(job.file_name)

    def _name(self, job: Job) -> str:
        match self._floor.program.file_names:
            case FileNames.REQUEST:
                return f"{job.number:08d}"
            case FileNames.SECOND:
                return f"{self._floor.replica.moment(job.accepted_s):%H%M%S}"
            case FileNames.SERVERS_OWN_SEQUENCE:
                self._sequence += 1
                return f"{self._sequence:08d}"

    def _start(self, at_s: float) -> None:
        if self._printing is None and self._order:
            job = self._printing = self._order[0]
            setup = self._floor.setup
            takes_s = setup.print_s + setup.per_person_s * (job.persons - 1)
            self._floor.agenda.at(at_s + takes_s, lambda then_s: self._printed(job, then_s))

    def _printed(self, job: Job, at_s: float) -> None:
        self._printing = None
        if job in self._order:
            self._order.remove(job)
            self._floor.tell(at_s, FilePrinted(job.number))
            self._output = self._floor.store.get(job.file_name)
            if self._line:
                self._hand_over(self._line[0], at_s)
        self._start(at_s)

    def _look(self, job: Job, at_s: float) -> None:
        """Who waits looks into the output area, in which nothing should be that is not theirs."""
        if job not in self._line:
            return
        if self._output is not None:
            self._hand_over(job, at_s)
            return
        every_s = self._floor.program.looks_into_output_every_s
        self._floor.agenda.at(at_s + every_s, lambda then_s: self._look(job, then_s))

    def _time_out(self, job: Job, at_s: float) -> None:
        self._floor.tell(at_s, PrintWaitTimedOut(job.number))
        if self._floor.program.cancels_on_print_timeout:
            self.withdraw(job)
            self._floor.tell(at_s, OrderCancelled(job.number, "print wait"))
            self._finish(job, failed(CentreErrorCode.BUSY, "could not print in time"), at_s)
        else:
            if job in self._order:
                self._order.remove(job)
            self._floor.tell(at_s, PrintOrderLockReleased(job.number))
        self._start(at_s)

    def _hand_over(self, job: Job, at_s: float) -> None:
        file, own = self._output, job.content
        if self._floor.program.clears_output_area:
            self._output = None
        self.withdraw(job)
        if file is None or own is None or job.read_of is None or file.content.mode is not own.mode:
            self._floor.tell(at_s, FileMissing(job.number))
            self._finish(job, failed(CentreErrorCode.INTERNAL, "cannot find the file that it wrote"), at_s)
            return
        self._floor.tell(at_s, FileHandedOver(job.number, job.order.resident_key, file.orders, file.residents))
        if job.resumed_from:
            self._floor.tell(at_s, ErrorExplainedAway(job.number, job.resumed_from))
        self._finish(job, Handed(_joined(own, file.content), job.read_of), at_s)


def _joined(own: Content, file: Content) -> Content:
    """What goes into the bundle: the file is the record, or the PDFs beside the request's own record."""
    if own.mode is BundleMode.DOCUMENT:
        pdfs = file.documents
        return replace(own, documents=tuple(pdfs[copy % len(pdfs)] for copy in range(len(own.identities))))
    return replace(file, applicant=own.applicant, choice=own.choice, request_id=own.request_id)
