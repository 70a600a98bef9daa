"""A stranger's printer: the driver prints to CUPS's ippeveprinter, and believes it only what it proves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from terminal.clock import SystemClock
from terminal.devices.printer.api import PrintCanceled, PrintCompleted, PrinterCode, PrintFailed, PrintProgressed
from terminal.devices.printer.driver import IppPrinter
from tests.printer_kit import document, go_on
from tests.wire.eve import URI, Eve, ippeveprinter

pytestmark = pytest.mark.system


def driver(bound_s: float = 40.0, *, history_may_stay: bool = True) -> IppPrinter:
    return IppPrinter(URI, 0.2, bound_s, SystemClock(), history_may_stay=history_may_stay)


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[Eve]:
    with ippeveprinter(tmp_path, counting=True) as printer:
        yield printer


def test_two_sides_are_printed_and_the_very_bytes_arrive(eve: Eve) -> None:
    eve.load_a4(250)
    sent = document(2)
    progress: list[PrintProgressed] = []
    assert eve.inside(driver().readiness).ready
    outcome = eve.inside(lambda: driver().print(sent, progress.append, go_on))
    assert outcome == PrintCompleted(2)
    assert progress[0] == PrintProgressed(0)
    assert [path.read_bytes() for path in eve.spool.glob("*.pdf")] == [sent.pdf]

    eve.inside(driver().clear)
    line = eve.inside(driver().prove)
    assert line.proved
    assert "cannot purge" in line.statement, "ippeveprinter has no Purge-Jobs: the proof says what stays"
    strict = eve.inside(driver(history_may_stay=False).prove)
    assert (strict.proved, strict.code) == (False, PrinterCode.JOBS_LEFT)


def refused_for_paper(eve: Eve) -> None:
    progress: list[PrintProgressed] = []
    outcome = eve.inside(lambda: driver().print(document(2), progress.append, go_on))
    assert isinstance(outcome, PrintFailed)
    assert (outcome.code, outcome.impressions_completed) == (PrinterCode.PAPER_OUT, 0)
    assert progress == []
    assert list(eve.spool.iterdir()) == []


def test_without_a4_no_document_leaves(eve: Eve) -> None:
    """As it comes out of the box only letter paper is loaded; later A4 is, but none is left."""
    refused_for_paper(eve)
    eve.load_a4(0)
    refused_for_paper(eve)


def test_a_job_cancelled_on_our_word_is_gone(eve: Eve) -> None:
    eve.load_a4(250)
    progress: list[PrintProgressed] = []
    outcome = eve.inside(lambda: driver().print(document(2), progress.append, lambda: len(progress) > 1))
    assert isinstance(outcome, PrintCanceled), "the engine may have come to its end, the printer still says cancelled"
    eve.inside(driver().clear)
    assert eve.inside(driver().prove).proved


def test_a_printer_that_says_completed_but_counts_no_side_is_not_believed(tmp_path: Path) -> None:
    """Without an engine ippeveprinter only waits some seconds, then calls the job completed with 0 impressions.

    Within those seconds the paper is taken out and put back by its web form, which the driver reports.
    """
    with ippeveprinter(tmp_path, counting=False) as eve:
        eve.load_a4(250)
        progress: list[PrintProgressed] = []

        def tell(told: PrintProgressed) -> None:
            progress.append(told)
            if len(progress) == 1:
                return
            if told.waiting_for is PrinterCode.PAPER_OUT:
                eve.load_a4(250)

        def look_on() -> bool:
            if len(progress) == 1:
                eve.load_a4(0)
            return False

        outcome = eve.inside(lambda: driver().print(document(2), tell, look_on))
        assert isinstance(outcome, PrintFailed), outcome
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.TOO_FEW_IMPRESSIONS, 0)
        assert PrintProgressed(0, PrinterCode.PAPER_OUT) in progress
