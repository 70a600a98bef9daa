"""Promise P5 as a pure rule: what an ended job amounts to, and what a job that has not ended waits for.

"Printed" is proved by the printer's own count, never by ``completed`` alone:
1. ``job-impressions-completed`` is reported: it equals the page sides of our document;
2. it is not reported, ``job-media-sheets-completed`` is: it equals the sheets of our two-sided document;
3. neither is reported: nothing is proved, the job has failed.
Source: RFC 8011 sections 5.3.7, 5.3.8 and 5.3.18; design section 3.7 gate D.
"""

from terminal.devices.printer.api import PrintCanceled, PrintCompleted, PrinterCode, PrintFailed
from terminal.devices.printer.ipp_names import JobState
from terminal.devices.printer.reports import JobReport, PrinterReport

_NOT_REALLY_COMPLETED = frozenset(
    {"job-completed-with-errors", "queued-in-device", "job-canceled-by-user", "aborted-by-system"}
)


def judge(impressions: int, job: JobReport, canceled_by_us: bool) -> PrintCompleted | PrintFailed | PrintCanceled:
    """Say what the ended ``job`` of ``impressions`` page sides amounts to."""
    done = job.impressions_completed
    match job.state:
        case JobState.COMPLETED:
            return _judge_completed(impressions, job)
        case JobState.CANCELED if canceled_by_us:
            return PrintCanceled(done)
        case JobState.CANCELED:
            return PrintFailed(PrinterCode.JOB_CANCELED, "the job was cancelled, not by this terminal", done)
        case JobState.ABORTED:
            return PrintFailed(PrinterCode.JOB_ABORTED, f"the printer aborted the job: {_reasons(job)}", done)
        case state:
            raise ValueError(f"a job in state {state.name} has not ended")


def _judge_completed(impressions: int, job: JobReport) -> PrintCompleted | PrintFailed:
    done, sheets = job.impressions_completed, job.sheets_completed
    if not _NOT_REALLY_COMPLETED.isdisjoint(job.reasons):
        return PrintFailed(PrinterCode.JOB_ABORTED, f"completed, but {_reasons(job)}", done)
    if done is not None:
        return _compare("impressions", impressions, done, done)
    if sheets is not None:
        outcome = _compare("sheets", (impressions + 1) // 2, sheets, None)
        return PrintCompleted(impressions) if isinstance(outcome, PrintCompleted) else outcome
    text = "completed, but the printer counts neither impressions nor sheets, so nothing is proved"
    return PrintFailed(PrinterCode.TOO_FEW_IMPRESSIONS, text, None)


def _compare(what: str, expected: int, counted: int, impressions: int | None) -> PrintCompleted | PrintFailed:
    text = f"completed with {counted} {what}, expected {expected}"
    if counted < expected:
        return PrintFailed(PrinterCode.TOO_FEW_IMPRESSIONS, text, impressions)
    if counted > expected:
        return PrintFailed(PrinterCode.BAD_ANSWER, text, impressions)
    return PrintCompleted(counted)


def waiting_for(job: JobReport, printer: PrinterReport) -> PrinterCode | None:
    """Name what holds up a job that has not ended, if anything does."""
    if (blocking := printer.blocking()) is not None:
        return blocking
    match job.state:
        case JobState.PENDING_HELD:
            return PrinterCode.JOB_HELD
        case JobState.PROCESSING_STOPPED:
            return PrinterCode.STOPPED
        case _:
            return None


def _reasons(job: JobReport) -> str:
    return ", ".join(job.reasons) or "no reason given"
