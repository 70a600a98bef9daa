"""The printer port straight on the model: for machines without sockets and for virtual time. No bytes of IPP are involved."""

from collections.abc import Callable

from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.jobs import Job, RefusedError, Ticket
from simulator.devices.printer.model import PrinterModel
from terminal.clock import Clock
from terminal.devices.printer.api import PrintDocument, PrinterCode
from terminal.devices.printer.ipp_names import A4, USER, Operation, Status
from terminal.devices.printer.link import PrinterError
from terminal.devices.printer.printing import LinkedPrinter
from terminal.devices.printer.reports import Capabilities, JobEntry, JobReport, PrinterReport
from terminal.devices.printer.timing import Timing


class InProcessPrinter(LinkedPrinter):
    """A simulated printer with the real printing loop; ``wait`` is the world's way to let time pass (never ``sleep``)."""

    def __init__(self, model: PrinterModel, timing: Timing, clock: Clock, wait: Callable[[float], None]) -> None:
        super().__init__(ModelLink(model), timing, clock, wait)


class ModelLink:
    """A ``terminal.devices.printer.link.Link`` whose printer is the model itself."""

    def __init__(self, model: PrinterModel) -> None:
        self._model = model

    def printer(self) -> PrinterReport:
        """Report the model's state."""
        self._reach()
        traits = self._model.traits
        sheets = self._model.paper_sheets()
        ready = frozenset({A4}) if sheets else frozenset[str]()
        capabilities = Capabilities(
            frozenset(traits.formats),
            frozenset(traits.sides),
            frozenset(traits.media),
            ready,
            frozenset(traits.operations),
        )
        return PrinterReport(traits.name, self._model.state(), self._model.reasons(), True, capabilities, (sheets,))

    def prepare(self, document: PrintDocument) -> int:
        """Open a job."""
        self._reach()
        try:
            return self._model.create_job(Ticket(USER, document.job_name)).job_id
        except RefusedError as error:
            raise _translated(error) from error

    def send(self, document: PrintDocument, job_id: int | None) -> int:
        """Hand the document over."""
        self._reach()
        if job_id is None:
            job_id = self.prepare(document)
        try:
            return self._model.add_document(job_id, document.pdf).job_id
        except RefusedError as error:
            raise _translated(error) from error

    def job(self, job_id: int) -> JobReport:
        """Report one job."""
        self._reach()
        try:
            job = self._model.job(job_id)
        except RefusedError as error:
            raise _translated(error) from error
        traits = self._model.traits
        return JobReport(
            job_id=job.job_id,
            name=job.ticket.name,
            state=job.state,
            reasons=job.reasons,
            impressions_completed=job.sides_done if traits.counts_impressions else None,
            sheets_completed=job.sheets_done if traits.counts_sheets else None,
        )

    def cancel(self, job_id: int) -> None:
        """Cancel one job, ended or not."""
        self._reach()
        try:
            self._model.cancel_job(job_id)
        except RefusedError as error:
            if error.status not in (Status.NOT_POSSIBLE, Status.NOT_FOUND):
                raise _translated(error) from error

    def jobs(self) -> tuple[JobEntry, ...]:
        """List our jobs."""
        self._reach()
        found = (*self._model.jobs(ended=False, user=USER), *self._model.jobs(ended=True, user=USER))
        return tuple(_entry(job) for job in found)

    def purge(self) -> None:
        """Forget all jobs, where the modelled printer can."""
        self._reach()
        if Operation.PURGE_JOBS in self._model.traits.operations:
            self._model.purge()

    def close(self) -> None:
        """Nothing to let go of."""

    def _reach(self) -> None:
        up_time_s = self._model.up_time_s
        if not self._model.powered or self._model.plan.strikes(FaultKind.NO_ANSWER, up_time_s):
            raise PrinterError(PrinterCode.UNREACHABLE, "the simulated printer does not answer")
        if self._model.plan.strikes(FaultKind.GARBAGE_ANSWER, up_time_s):
            raise PrinterError(PrinterCode.BAD_ANSWER, "the simulated printer answers garbage")


def _entry(job: Job) -> JobEntry:
    return JobEntry(job.job_id, job.state)


def _translated(error: RefusedError) -> PrinterError:
    code = PrinterCode.JOB_LOST if error.status is Status.NOT_FOUND else PrinterCode.REFUSED
    return PrinterError(code, error.failure.text)
