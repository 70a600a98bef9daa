"""Follows one job that the printer has taken until it ends, is cancelled, is lost or runs out of time (promise P5)."""

from collections.abc import Callable
from contextlib import suppress

from terminal.clock import Clock
from terminal.devices.printer.api import (
    PrintCompleted,
    PrintCompletion,
    PrintDocument,
    PrinterCode,
    PrintFailed,
    PrintProgressed,
    PrintTimedOut,
)
from terminal.devices.printer.ipp import IppError
from terminal.devices.printer.link import Link, PrinterError
from terminal.devices.printer.outcome import judge, waiting_for
from terminal.devices.printer.reports import JobReport
from terminal.devices.printer.timing import Timing


class Following:
    """One job being followed; ``run`` is called once."""

    def __init__(
        self,
        link: Link,
        document: PrintDocument,
        job_id: int,
        timing: Timing,
        clock: Clock,
        wait: Callable[[float], None],
    ) -> None:
        self._link = link
        self._document = document
        self._job_id = job_id
        self._timing = timing
        self._clock = clock
        self._wait = wait
        self._told = PrintProgressed(0)

    def run(
        self, on_progress: Callable[[PrintProgressed], None], cancelled: Callable[[], bool], deadline_s: float
    ) -> PrintCompletion:
        """Poll until the job has ended; cancel it on our own word or when ``deadline_s`` (of the clock) has passed."""
        answered_s = self._clock.now_s()
        while True:
            try:
                job = self._look(on_progress)
            except (PrinterError, IppError) as error:
                silent_s = self._clock.now_s() - answered_s
                if error.code == PrinterCode.JOB_LOST or silent_s >= self._timing.unreachable_s:
                    return self._give_up(PrinterCode(error.code), error.failure.text)
            else:
                answered_s = self._clock.now_s()
                if job.ended:
                    return judge(self._document.impressions, job, canceled_by_us=False)
            if cancelled():
                return self._cancel_on_our_word()
            if self._clock.now_s() >= deadline_s:
                return self._time_out()
            self._wait(self._timing.poll_s)

    def settle(self) -> JobReport | None:
        """Cancel the job and look until it has ended; None when nobody can say that it has."""
        deadline_s = self._clock.now_s() + self._timing.settle_s
        asked = False
        while True:
            try:
                if not asked:
                    self._link.cancel(self._job_id)
                    asked = True
                job = self._ask()
                if job.ended:
                    return job
            except (PrinterError, IppError) as error:
                if error.code == PrinterCode.JOB_LOST:
                    return None
            if self._clock.now_s() >= deadline_s:
                return None
            self._wait(self._timing.poll_s)

    def _look(self, on_progress: Callable[[PrintProgressed], None]) -> JobReport:
        job = self._ask()
        if not job.ended:
            waiting = waiting_for(job, self._link.printer())
            progress = PrintProgressed(job.impressions_completed or 0, waiting)
            if progress != self._told:
                self._told = progress
                on_progress(progress)
        return job

    def _ask(self) -> JobReport:
        job = self._link.job(self._job_id)
        # A printer that lost power counts its jobs from the start again: the same id may be another job.
        if job.name != self._document.job_name:
            raise PrinterError(PrinterCode.JOB_LOST, f"job {self._job_id} is another job now")
        return job

    def _cancel_on_our_word(self) -> PrintCompletion:
        job = self.settle()
        if job is None:
            return PrintFailed(PrinterCode.NOT_COMPLETED_IN_TIME, "cancelled, but the printer did not confirm it", None)
        return judge(self._document.impressions, job, canceled_by_us=True)

    def _time_out(self) -> PrintCompletion:
        code = self._told.waiting_for or PrinterCode.NOT_COMPLETED_IN_TIME
        text = f"not completed within {self._timing.bound_s:g} s"
        job = self.settle()
        if job is None:
            return PrintTimedOut(code, f"{text}; cancelled, but the printer did not confirm it", None)
        if isinstance(late := judge(self._document.impressions, job, canceled_by_us=True), PrintCompleted):
            return late
        return PrintTimedOut(code, f"{text}; cancelled", job.impressions_completed)

    def _give_up(self, code: PrinterCode, text: str) -> PrintFailed:
        """Try once to cancel; a job that prints when the printer comes back is for the reset's ``clear`` and ``prove``."""
        if code is not PrinterCode.JOB_LOST:
            with suppress(PrinterError, IppError):
                self._link.cancel(self._job_id)
        return PrintFailed(code, text, None)
