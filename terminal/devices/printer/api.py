"""The printer port: one job in, progress and exactly one completion out.

"Completed" means the printer reported the job complete with every impression (promise P5), not that it accepted the job.
Source: RFC 8011 (IPP/1.1 model), PWG 5100.14 (IPP Everywhere).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from terminal.devices.api import Resettable


class PrinterCode(StrEnum):
    """Why a job failed or the printer is not ready."""

    UNREACHABLE = "PRINTER_UNREACHABLE"
    BAD_ANSWER = "PRINTER_BAD_ANSWER"
    REFUSED = "PRINTER_REFUSED"
    PAPER_OUT = "PRINTER_PAPER_OUT"
    PAPER_JAMMED = "PRINTER_PAPER_JAMMED"
    DOOR_OPEN = "PRINTER_DOOR_OPEN"
    TONER_OUT = "PRINTER_TONER_OUT"
    TONER_LOW = "PRINTER_TONER_LOW"
    STOPPED = "PRINTER_STOPPED"
    JOB_ABORTED = "PRINTER_JOB_ABORTED"
    JOB_CANCELED = "PRINTER_JOB_CANCELED"
    JOB_HELD = "PRINTER_JOB_HELD"
    JOB_LOST = "PRINTER_JOB_LOST"
    NOT_COMPLETED_IN_TIME = "PRINTER_NOT_COMPLETED_IN_TIME"
    TOO_FEW_IMPRESSIONS = "PRINTER_TOO_FEW_IMPRESSIONS"
    JOBS_LEFT = "PRINTER_JOBS_LEFT"
    NOT_CAPABLE = "PRINTER_NOT_CAPABLE"


@dataclass(frozen=True, slots=True, repr=False)
class PrintDocument:
    """The exact bytes to print: an A4 PDF of ``impressions`` page sides, two-sided on the long edge.

    ``job_name`` is random and says nothing of a person.
    """

    pdf: bytes
    impressions: int
    job_name: str

    def __repr__(self) -> str:
        return f"PrintDocument({len(self.pdf)} bytes, {self.impressions} impressions)"


@dataclass(frozen=True, slots=True)
class PrintProgressed:
    """The job is under way; ``impressions_completed`` page sides are out; ``waiting_for`` names what holds it up, if anything."""

    impressions_completed: int
    waiting_for: PrinterCode | None = None


@dataclass(frozen=True, slots=True)
class PrintCompleted:
    """The printer reported the job complete with every impression."""

    impressions_completed: int


@dataclass(frozen=True, slots=True)
class PrintFailed:
    """The job ended otherwise. ``impressions_completed`` sides may lie in the tray; None when nobody can know."""

    code: PrinterCode
    text: str
    impressions_completed: int | None


@dataclass(frozen=True, slots=True)
class PrintCanceled:
    """The job was cancelled on our own word before it completed."""

    impressions_completed: int | None


@dataclass(frozen=True, slots=True)
class PrintTimedOut:
    """The bound passed and the job was cancelled; a job that is never completed is never shown as printed."""

    code: PrinterCode
    text: str
    impressions_completed: int | None


PrintCompletion: TypeAlias = PrintCompleted | PrintFailed | PrintCanceled | PrintTimedOut


class Printer(Resettable, Protocol):
    """A two-sided A4 printer."""

    def print(
        self,
        document: PrintDocument,
        on_progress: Callable[[PrintProgressed], None],
        cancelled: Callable[[], bool],
    ) -> PrintCompletion:
        """Print and stay until the job has ended in one of the four ways; blocking, bounded, never raises.

        ``cancelled`` is asked between polls; a first progress is reported before the first byte of the document leaves.
        """
        ...

    def close(self) -> None:
        """Let go of the connection; never raises."""
        ...
