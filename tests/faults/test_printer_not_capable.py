"""A printer that cannot do what a certificate needs, or refuses the job: nothing leaves the terminal."""

from pathlib import Path

import pytest

from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.traits import Traits
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintFailed
from terminal.devices.printer.ipp_names import Operation
from tests.printer_kit import RIGS, Rig

LACKS = {
    "pdf": Traits(formats=("image/pwg-raster", "application/octet-stream")),
    "two-sided": Traits(sides=("one-sided",)),
    "a4": Traits(media=("na_letter_8.5x11in",)),
    "cancel": Traits(operations=tuple(item for item in Operation if item is not Operation.CANCEL_JOB)),
}


@pytest.mark.parametrize("lack", LACKS)
@pytest.mark.parametrize("rig_of", RIGS)
def test_a_printer_that_lacks_something_gets_no_job(rig_of: Rig, lack: str, tmp_path: Path) -> None:
    with rig_of(tmp_path, LACKS[lack]) as rig:
        outcome = rig.print()
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.NOT_CAPABLE, 0)
        assert rig.progress == []
        assert rig.model.jobs(ended=False) == () == rig.model.jobs(ended=True)
        assert not rig.printer.readiness().ready


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_refused_job_has_failed_before_the_point_of_no_return(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.JOB_REFUSED)
        outcome = rig.print()
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.REFUSED, 0)
        assert rig.progress == []
        assert rig.print(pages=2) == PrintCompleted(2)
