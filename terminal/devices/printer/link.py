"""What the printing loop needs of a printer, whatever carries it: IPP on a wire, or a model in the same process."""

from typing import Protocol

from terminal.devices.printer.api import PrintDocument
from terminal.devices.printer.reports import JobEntry, JobReport, PrinterReport
from terminal.errors import HonninError


class PrinterError(HonninError):
    """An exchange with the printer that gave no usable answer or a refusal; ``code`` is a ``PrinterCode``."""


class JobLink(Protocol):
    """One job: every call is bounded in time and raises ``PrinterError`` or ``IppError`` when it fails."""

    def prepare(self, document: PrintDocument) -> int | None:
        """Ask whether the job would be taken and open it if the printer can; no byte of the document leaves here.

        Returns the job's id, or None from a printer that gives ids only with the document.
        """
        ...

    def send(self, document: PrintDocument, job_id: int | None) -> int:
        """Hand over the document and return the job's id."""
        ...

    def job(self, job_id: int) -> JobReport:
        """Ask for the job's state; raise with JOB_LOST when the printer knows no such job."""
        ...

    def cancel(self, job_id: int) -> None:
        """Ask the printer to cancel the job; a job that has ended already is no failure."""
        ...


class HouseLink(Protocol):
    """The printer as a whole, with the same bounds and failures."""

    def printer(self) -> PrinterReport:
        """Ask for the printer's state and capabilities."""
        ...

    def jobs(self) -> tuple[JobEntry, ...]:
        """List every job of ours that the printer remembers, ended or not."""
        ...

    def purge(self) -> None:
        """Have the printer forget our jobs, ended ones included, by whatever operations it offers."""
        ...

    def close(self) -> None:
        """Let go of the connection; never raises."""
        ...


class Link(JobLink, HouseLink, Protocol):
    """Both halves."""
