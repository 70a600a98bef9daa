"""A printer over any ``Link``: readiness, one job from start to completion, and the reset with its proof.

The same code serves the real driver (``driver.IppPrinter``) and the simulator's in-process printer, so that the rule of what
counts as printed exists once.
"""

from collections.abc import Callable
from contextlib import suppress

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.printer.api import (
    PrintCanceled,
    PrintCompletion,
    PrintDocument,
    PrinterCode,
    PrintFailed,
    PrintProgressed,
)
from terminal.devices.printer.following import Following
from terminal.devices.printer.ipp import IppError
from terminal.devices.printer.ipp_names import Operation, PrinterState
from terminal.devices.printer.link import Link, PrinterError
from terminal.devices.printer.reports import DEVICE, JobEntry, PrinterReport, action
from terminal.devices.printer.timing import Timing


class LinkedPrinter:
    """Implements ``terminal.devices.printer.api.Printer``; all calls block, are bounded and never raise for the printer's sake.

    ``history_may_stay`` concerns printers without Purge-Jobs only: when True, ended jobs of ours in the printer's list (a random
    name each, no document) do not spoil the proof, and the proof says so.
    """

    def __init__(
        self,
        link: Link,
        timing: Timing,
        clock: Clock,
        wait: Callable[[float], None],
        *,
        history_may_stay: bool = False,
    ) -> None:
        self._link = link
        self._timing = timing
        self._clock = clock
        self._wait = wait
        self._history_may_stay = history_may_stay

    def print(
        self,
        document: PrintDocument,
        on_progress: Callable[[PrintProgressed], None],
        cancelled: Callable[[], bool],
    ) -> PrintCompletion:
        """Print ``document`` and stay until the job has ended (see ``outcome`` for what counts as printed)."""
        try:
            job_id = self._open(document)
        except (PrinterError, IppError) as error:
            self._abandon()
            return PrintFailed(PrinterCode(error.code), error.failure.text, 0)
        if cancelled():
            self._abandon()
            return PrintCanceled(0)
        on_progress(PrintProgressed(0))
        deadline_s = self._clock.now_s() + self._timing.bound_s
        try:
            sent_id = self._link.send(document, job_id)
        except (PrinterError, IppError) as error:
            return self._sending_failed(document, job_id, error)
        return self._following(document, sent_id).run(on_progress, cancelled, deadline_s)

    def readiness(self) -> Readiness:
        """Ask the printer for its state, its reasons and what it can do."""
        try:
            report = self._link.printer()
        except (PrinterError, IppError) as error:
            fault = Fault(DEVICE, error.code, action(PrinterCode(error.code)))
            offline = error.code == PrinterCode.UNREACHABLE
            status = DeviceStatus.OFFLINE if offline else DeviceStatus.HARDWARE_ERROR
            return Readiness(DEVICE, status, error.failure.text, (fault,))
        return Readiness(DEVICE, report.status(), _describe(report), report.faults())

    def clear(self) -> None:
        """Cancel our jobs, wait until the printer is at rest, purge the history where it can; within twice ``settle_s``."""
        self._until(self._withdrawn)
        self._until(self._purged)

    def prove(self) -> ProofLine:
        """Prove that the printer remembers no job of ours and that no sheet is on its way or stuck in it."""
        try:
            report = self._link.printer()
            jobs = self._link.jobs()
        except (PrinterError, IppError) as error:
            return _unproved(PrinterCode(error.code), error.failure.text)
        left = [job for job in jobs if not (job.state.ended and self._history_is_tolerable(report))]
        if left:
            return _unproved(PrinterCode.JOBS_LEFT, f"{len(left)} jobs of ours are left in the printer")
        blocking = report.blocking()
        if report.state is not PrinterState.IDLE or blocking is PrinterCode.PAPER_JAMMED:
            return _unproved(blocking or PrinterCode.STOPPED, f"the printer is not at rest: {_describe(report)}")
        return ProofLine(DEVICE, True, _statement(jobs))

    def close(self) -> None:
        """Let go of the connection."""
        self._link.close()

    def _open(self, document: PrintDocument) -> int | None:
        deadline_s = self._clock.now_s() + self._timing.settle_s
        while self._require_ready().state is PrinterState.PROCESSING:
            if self._clock.now_s() >= deadline_s:
                raise PrinterError(PrinterCode.JOBS_LEFT, "expected an idle printer, it is busy with another job")
            self._wait(self._timing.poll_s)
        job_id = self._link.prepare(document)
        # Asked again: this is the moment before the point of no return.
        self._require_ready()
        return job_id

    def _require_ready(self) -> PrinterReport:
        report = self._link.printer()
        blocking = report.blocking()
        if blocking is PrinterCode.NOT_CAPABLE:
            missing = ", ".join(report.capabilities.missing())
            raise PrinterError(blocking, f"expected a printer that offers {missing}; connect one")
        if blocking is not None:
            raise PrinterError(blocking, f"expected a ready printer, got {_describe(report)}")
        return report

    def _sending_failed(
        self, document: PrintDocument, job_id: int | None, error: PrinterError | IppError
    ) -> PrintFailed:
        code, text = PrinterCode(error.code), error.failure.text
        if job_id is None:
            self._abandon()
            return PrintFailed(code, text, None)
        job = self._following(document, job_id).settle()
        return PrintFailed(code, text, None if job is None else job.impressions_completed)

    def _abandon(self) -> None:
        with suppress(PrinterError, IppError):
            for job in self._unfinished():
                self._link.cancel(job.job_id)

    def _until(self, done: Callable[[], bool]) -> bool:
        deadline_s = self._clock.now_s() + self._timing.settle_s
        while True:
            with suppress(PrinterError, IppError):
                if done():
                    return True
            if self._clock.now_s() >= deadline_s:
                return False
            self._wait(self._timing.poll_s)

    def _at_rest(self) -> bool:
        return self._link.printer().state is not PrinterState.PROCESSING

    def _withdrawn(self) -> bool:
        unfinished = self._unfinished()
        for job in unfinished:
            self._link.cancel(job.job_id)
        return not unfinished and self._at_rest()

    def _purged(self) -> bool:
        try:
            self._link.purge()
        except PrinterError as error:
            # A refusal is final; what it leaves behind shows in the proof.
            return error.code == PrinterCode.REFUSED
        return True

    def _unfinished(self) -> list[JobEntry]:
        return [job for job in self._link.jobs() if not job.state.ended]

    def _following(self, document: PrintDocument, job_id: int) -> Following:
        return Following(self._link, document, job_id, self._timing, self._clock, self._wait)

    def _history_is_tolerable(self, report: PrinterReport) -> bool:
        return self._history_may_stay and Operation.PURGE_JOBS not in report.capabilities.operations


def _statement(jobs: tuple[JobEntry, ...]) -> str:
    if jobs:
        return f"at rest; {len(jobs)} ended jobs stay in the history of a printer that cannot purge it, by random names only"
    return "at rest; no job of ours, ended ones included"


def _unproved(code: PrinterCode, text: str) -> ProofLine:
    return ProofLine(DEVICE, False, text, code, action(code))


def _describe(report: PrinterReport) -> str:
    reasons = ", ".join(report.reasons) or "no reasons"
    return f"{report.name}: {report.state.name.lower()}, {reasons}"
