"""The P5 rule as a table: which ended job counts as printed."""

import pytest

from terminal.devices.api import DeviceStatus
from terminal.devices.printer.api import PrintCanceled, PrintCompleted, PrinterCode, PrintFailed
from terminal.devices.printer.ipp_names import A4, LONG_EDGE, PDF, JobState, Operation, PrinterState
from terminal.devices.printer.outcome import judge, waiting_for
from terminal.devices.printer.reports import Capabilities, JobReport, PrinterReport

CAPABLE = Capabilities(frozenset({PDF}), frozenset({LONG_EDGE}), frozenset({A4}), frozenset({A4}), frozenset(Operation))


def job(state: JobState, *reasons: str, impressions: int | None = None, sheets: int | None = None) -> JobReport:
    return JobReport(7, "job-name", state, reasons, impressions, sheets)


def printer(
    *reasons: str, state: PrinterState = PrinterState.IDLE, accepting: bool = True, levels: tuple[int, ...] = ()
) -> PrinterReport:
    return PrinterReport("SPECIMEN", state, reasons, accepting, CAPABLE, levels)


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (job(JobState.COMPLETED, impressions=4), None),
        (job(JobState.COMPLETED, impressions=4, sheets=0), None),
        (job(JobState.COMPLETED, sheets=2), None),
        (job(JobState.COMPLETED, "job-completed-with-warnings", impressions=4), None),
        (job(JobState.COMPLETED, impressions=3), PrinterCode.TOO_FEW_IMPRESSIONS),
        (job(JobState.COMPLETED, impressions=0, sheets=2), PrinterCode.TOO_FEW_IMPRESSIONS),
        (job(JobState.COMPLETED, sheets=1), PrinterCode.TOO_FEW_IMPRESSIONS),
        (job(JobState.COMPLETED), PrinterCode.TOO_FEW_IMPRESSIONS),
        (job(JobState.COMPLETED, impressions=5), PrinterCode.BAD_ANSWER),
        (job(JobState.COMPLETED, sheets=4), PrinterCode.BAD_ANSWER),
        (job(JobState.COMPLETED, "queued-in-device", impressions=4), PrinterCode.JOB_ABORTED),
        (job(JobState.COMPLETED, "job-completed-with-errors", impressions=4), PrinterCode.JOB_ABORTED),
        (job(JobState.ABORTED, "aborted-by-system", impressions=4), PrinterCode.JOB_ABORTED),
        (job(JobState.CANCELED, "job-canceled-by-operator", impressions=4), PrinterCode.JOB_CANCELED),
    ],
)  # fmt: skip
def test_four_sides_are_printed_only_when_four_are_proved(ended: JobReport, code: PrinterCode | None) -> None:
    outcome = judge(4, ended, canceled_by_us=False)
    if code is None:
        assert outcome == PrintCompleted(4)
    else:
        assert isinstance(outcome, PrintFailed)
        assert outcome.code is code


def test_our_own_cancel_is_a_cancel_and_a_completed_job_stays_completed() -> None:
    assert judge(4, job(JobState.CANCELED, impressions=1), canceled_by_us=True) == PrintCanceled(1)
    assert judge(4, job(JobState.COMPLETED, impressions=4), canceled_by_us=True) == PrintCompleted(4)


def test_a_job_that_still_moves_to_its_stop_point_has_not_ended() -> None:
    assert job(JobState.CANCELED).ended
    assert not job(JobState.CANCELED, "processing-to-stop-point").ended
    assert not job(JobState.PROCESSING).ended
    with pytest.raises(ValueError, match="has not ended"):
        judge(4, job(JobState.PROCESSING, impressions=4), canceled_by_us=False)


@pytest.mark.parametrize(
    ("reported", "code"),
    [
        (printer(), None),
        (printer("media-jam-error"), PrinterCode.PAPER_JAMMED),
        (printer("media-jam"), PrinterCode.PAPER_JAMMED),
        (printer("cover-open-error", "media-jam-error"), PrinterCode.PAPER_JAMMED),
        (printer("door-open-warning", "media-empty-error"), PrinterCode.DOOR_OPEN),
        (printer("media-empty-error"), PrinterCode.PAPER_OUT),
        (printer("media-empty-warning"), PrinterCode.PAPER_OUT),
        (printer("media-empty-report"), None),
        (printer("media-empty-warning", levels=(200,)), None),
        (printer("media-empty-report", levels=(0,)), PrinterCode.PAPER_OUT),
        (printer("media-empty-report", levels=(0, -2)), None),
        (printer("media-needed-warning", levels=(200,)), PrinterCode.PAPER_OUT),
        (printer("toner-low-warning"), None),
        (printer("marker-supply-empty-error"), PrinterCode.TONER_OUT),
        (printer("fuser-over-temp-error"), PrinterCode.STOPPED),
        (printer("fuser-over-temp-warning"), None),
        (printer(state=PrinterState.STOPPED), PrinterCode.STOPPED),
        (printer("toner-low-warning", state=PrinterState.STOPPED), PrinterCode.STOPPED),
        (printer(accepting=False), PrinterCode.STOPPED),
    ],
)  # fmt: skip
def test_what_a_printer_says_is_one_cause_that_blocks_or_none(
    reported: PrinterReport, code: PrinterCode | None
) -> None:
    assert reported.blocking() is code
    assert (reported.status() is DeviceStatus.ONLINE) is (code is None)
    assert all(fault.action for fault in reported.faults())


def test_a_printer_that_does_not_tell_its_loaded_paper_is_not_out_of_it() -> None:
    silent = Capabilities(CAPABLE.formats, CAPABLE.sides, CAPABLE.media, None, CAPABLE.operations)
    letter = Capabilities(
        CAPABLE.formats, CAPABLE.sides, CAPABLE.media, frozenset({"na_letter_8.5x11in"}), CAPABLE.operations
    )
    idle = PrinterState.IDLE
    assert PrinterReport("SPECIMEN", idle, (), True, silent).blocking() is None
    assert PrinterReport("SPECIMEN", idle, (), True, letter).blocking() is PrinterCode.PAPER_OUT


def test_what_a_job_waits_for() -> None:
    assert waiting_for(job(JobState.PROCESSING), printer()) is None
    assert waiting_for(job(JobState.PENDING_HELD), printer()) is PrinterCode.JOB_HELD
    assert waiting_for(job(JobState.PROCESSING_STOPPED), printer()) is PrinterCode.STOPPED
    assert waiting_for(job(JobState.PROCESSING_STOPPED), printer("media-empty-error")) is PrinterCode.PAPER_OUT


def test_a_busy_printer_is_busy_not_ready() -> None:
    assert printer(state=PrinterState.PROCESSING).status() is DeviceStatus.DEVICE_BUSY
