"""The printer says completed, but not every impression came out: completed is not printed (P5)."""

from pathlib import Path

import pytest

from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.traits import Traits
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintFailed
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_one_side_is_missing(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.FEWER_IMPRESSIONS)
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.TOO_FEW_IMPRESSIONS, 3)
        assert rig.sheets() == [("sheets-000001-partial.pdf", 3)]


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_printer_that_counts_sheets_only_is_held_to_its_sheets(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path, Traits(counts_impressions=False)) as rig:
        assert rig.print(pages=4) == PrintCompleted(4)


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_printer_that_counts_nothing_proves_nothing(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path, Traits(counts_impressions=False, counts_sheets=False)) as rig:
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.TOO_FEW_IMPRESSIONS, None)
