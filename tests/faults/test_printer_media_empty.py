"""Paper runs out: the job waits and says so, goes on when paper is loaded, and is cancelled when nobody loads any."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintFailed, PrintTimedOut
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_clerk_loads_paper_and_the_job_ends_whole(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.PAPER_OUT, After(2))
        rig.when(lambda it: it.waiting_for is PrinterCode.PAPER_OUT, rig.load_paper)
        assert rig.print(pages=4) == PrintCompleted(4)
        assert rig.waits == [PrinterCode.PAPER_OUT]
        assert rig.sheets() == [("sheets-000001.pdf", 4)]


@pytest.mark.parametrize("rig_of", RIGS)
def test_nobody_loads_paper_so_the_job_is_cancelled_and_says_how_far_it_came(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.PAPER_OUT, After(2))
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintTimedOut)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.PAPER_OUT, 2)
        assert rig.sheets() == [("sheets-000001-partial.pdf", 2)]
        rig.load_paper()
        rig.clock.advance(60)
        assert rig.sheets() == [("sheets-000001-partial.pdf", 2)], "a cancelled job never goes on"


@pytest.mark.parametrize("rig_of", RIGS)
def test_no_document_leaves_for_a_printer_without_paper(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.load_paper(0)
        outcome = rig.print()
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.PAPER_OUT, 0)
        assert rig.progress == [], "the point of no return was not passed"
        assert rig.model.jobs(ended=False) == ()
        readiness = rig.printer.readiness()
        assert not readiness.ready
        assert [fault.code for fault in readiness.faults] == [PrinterCode.PAPER_OUT]
        rig.load_paper()
        assert rig.printer.readiness().ready
