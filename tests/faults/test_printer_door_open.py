"""The door is opened while the job prints."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.printer.faults import FaultKind
from terminal.devices.api import DeviceStatus
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintTimedOut
from tests.printer_kit import RIGS, Rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_the_door_is_closed_and_the_job_ends_whole(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.DOOR_OPENED, After(3))
        rig.when(lambda it: it.waiting_for is PrinterCode.DOOR_OPEN, rig.close_door)
        assert rig.print(pages=4) == PrintCompleted(4)
        assert rig.waits == [PrinterCode.DOOR_OPEN]


@pytest.mark.parametrize("rig_of", RIGS)
def test_the_door_stays_open_so_the_job_is_cancelled(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.DOOR_OPENED, After(3))
        outcome = rig.print(pages=4)
        assert isinstance(outcome, PrintTimedOut)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.DOOR_OPEN, 3)
        readiness = rig.printer.readiness()
        assert (readiness.ready, readiness.status) == (False, DeviceStatus.USER_ERROR)
        rig.close_door()
        assert rig.printer.readiness().ready
