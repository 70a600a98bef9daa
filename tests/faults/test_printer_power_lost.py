"""The printer loses power: at any byte of the document, in the middle of a sheet, for good or for a moment."""

from pathlib import Path

import pytest

from simulator.devices.fault_plan import After
from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.wire import PrinterServer
from terminal.devices.api import DeviceStatus
from terminal.devices.printer.api import PrintCompletion, PrinterCode, PrintFailed
from tests.printer_kit import RIGS, Rig, document, driver_on, go_on, new_clock, wire_rig


def failed(outcome: PrintCompletion) -> tuple[PrinterCode, int | None]:
    assert isinstance(outcome, PrintFailed), outcome
    return outcome.code, outcome.impressions_completed


@pytest.mark.parametrize("rig_of", RIGS)
def test_power_is_lost_mid_job_and_nobody_can_know_how_much_came_out(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.POWER_LOST, After(2))
        assert failed(rig.print(pages=4)) == (PrinterCode.UNREACHABLE, None)
        assert rig.sheets() == [("sheets-000001-partial.pdf", 2)]
        assert rig.printer.readiness().status is DeviceStatus.OFFLINE
        rig.printer.clear()
        assert rig.printer.prove().code == PrinterCode.UNREACHABLE


@pytest.mark.parametrize("rig_of", RIGS)
def test_power_comes_back_but_the_job_does_not(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.POWER_LOST, After(2))
        rig.when_time_has_passed(4.0, rig.power_on)
        assert failed(rig.print(pages=4)) == (PrinterCode.JOB_LOST, None)
        rig.printer.clear()
        assert rig.printer.prove().proved


def test_after_power_came_back_another_job_of_the_same_id_is_not_taken_for_ours(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:

        def power_on_and_print_a_strangers_job() -> None:
            rig.power_on()
            rig.strangers_job(pages=4)

        rig.plan(FaultKind.POWER_LOST, After(1))
        rig.when_time_has_passed(4.0, power_on_and_print_a_strangers_job)
        assert failed(rig.print(pages=4)) == (PrinterCode.JOB_LOST, None)
        assert rig.model.job(1).ticket.user == "stranger"


@pytest.mark.parametrize("received_bytes", [1, 200, 700, 1_000, 1_500, 2_000, 2_400, 3_000, 4_000, 6_000])
def test_power_is_lost_at_a_byte_of_the_exchange(received_bytes: int, tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        assert rig.server is not None
        rig.server.power_cut.after(received_bytes)
        code, impressions = failed(rig.print(pages=4))
        assert code is PrinterCode.UNREACHABLE
        assert impressions == (None if rig.progress else 0), "only before the first byte anyone can know"
        assert rig.sheets() == [] or rig.progress


def test_connection_refused_is_an_outcome_and_a_status_not_an_exception(tmp_path: Path) -> None:
    clock = new_clock()
    with PrinterServer(tmp_path, clock=clock) as server:
        printer = driver_on(server, clock)
    assert failed(printer.print(document(), lambda _: None, go_on)) == (PrinterCode.UNREACHABLE, 0)
    assert printer.readiness().status is DeviceStatus.OFFLINE
    printer.clear()
    assert not printer.prove().proved
    printer.close()
