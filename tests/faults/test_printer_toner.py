"""Toner runs low and out: low is told and prints on, out holds the job up."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.printer.faults import FaultKind
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintTimedOut
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_low_toner_is_a_fault_that_does_not_block_service(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.TONER_LOW)
        assert rig.print(pages=2) == PrintCompleted(2)
        assert rig.waits == []
        readiness = rig.printer.readiness()
        assert [(fault.code, fault.blocks_service) for fault in readiness.faults] == [(PrinterCode.TONER_LOW, False)]
        assert readiness.ready


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_new_cartridge_lets_the_job_end_whole(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.TONER_OUT, After(1))
        rig.when(lambda it: it.waiting_for is PrinterCode.TONER_OUT, rig.replace_toner)
        assert rig.print(pages=4) == PrintCompleted(4)


@pytest.mark.parametrize("rig_of", RIGS)
def test_without_toner_the_job_is_cancelled(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.TONER_OUT, After(1))
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintTimedOut)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.TONER_OUT, 1)
        assert not rig.printer.readiness().ready
