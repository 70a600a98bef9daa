"""The modelled printer: virtual time, planned faults, the tray, the control endpoint, and the marks that say specimen."""

from pathlib import Path

import httpx
import pytest

from simulator.devices.fault_plan import After, FaultPlan, Next, PlannedFault, Ratio, UntilCleared, When, Window
from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.jobs import Ticket
from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.traits import Traits
from simulator.devices.printer.tray import MemoryTray
from simulator.devices.printer.wire import PrinterServer
from terminal.devices.printer.ipp_names import JobState, PrinterState
from tests.printer_kit import StoryClock, new_clock, page_texts, specimen_pdf, wire_rig


def model_with_tray(traits: Traits | None = None) -> tuple[PrinterModel, StoryClock, MemoryTray]:
    clock, tray = new_clock(), MemoryTray()
    return PrinterModel(clock, tray, traits), clock, tray


def submit(model: PrinterModel, pages: int, *, sides: str = "two-sided-long-edge", copies: int = 1) -> int:
    job = model.create_job(Ticket("somebody", "some job", copies=copies, sides=sides))
    model.add_document(job.job_id, specimen_pdf(pages))
    return job.job_id


def test_a_side_takes_its_time_and_no_more() -> None:
    model, clock, tray = model_with_tray(Traits(side_s=2.0))
    job_id = submit(model, pages=3)
    clock.advance(1.9)
    assert (model.job(job_id).sides_done, model.state()) == (0, PrinterState.PROCESSING)
    clock.advance(0.1)
    assert model.job(job_id).sides_done == 1
    clock.advance(100)
    job = model.job(job_id)
    assert (job.state, job.sides_done, job.sheets_done, job.ended_s) == (JobState.COMPLETED, 3, 2, 6.0)
    assert model.state() is PrinterState.IDLE
    assert [(item.sides, item.sides_asked) for item in tray.deliveries] == [(3, 3)]


@pytest.mark.parametrize(("sides", "sheets"), [("two-sided-long-edge", 2), ("one-sided", 4)])
def test_two_sided_takes_half_the_paper(sides: str, sheets: int) -> None:
    model, clock, _ = model_with_tray()
    before = model.paper_sheets()
    submit(model, pages=4, sides=sides)
    clock.advance(100)
    assert before - model.paper_sheets() == sheets


def test_what_lies_in_the_tray_of_a_broken_job_is_what_came_out() -> None:
    model, clock, tray = model_with_tray()
    job_id = submit(model, pages=4)
    clock.advance(3.5)
    model.cancel_job(job_id)
    [delivery] = tray.deliveries
    assert page_texts(delivery.pdf) == ["SPECIMEN page 1 of 4", "SPECIMEN page 2 of 4", "SPECIMEN page 3 of 4"]


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        (Next(), [True, False, False, False]),
        (After(2), [False, False, True, False]),
        (UntilCleared(), [True, True, True, True]),
        (Window(1.0, 3.0), [False, True, True, False]),
        (Ratio(0.0, 1), [False, False, False, False]),
        (Ratio(1.0, 1), [True, True, True, True]),
    ],
)
def test_each_way_to_say_when(when: When, struck: list[bool]) -> None:
    plan = FaultPlan(PlannedFault(FaultKind.PAPER_JAMMED, when))
    assert [plan.strikes(FaultKind.PAPER_JAMMED, float(now_s)) for now_s in range(4)] == struck
    assert not plan.strikes(FaultKind.DOOR_OPENED, 1.0)
    plan.clear()
    assert not plan.strikes(FaultKind.PAPER_JAMMED, 1.0)


def test_a_ratio_is_the_same_again_with_its_seed() -> None:
    def run(seed: int) -> list[bool]:
        plan = FaultPlan(PlannedFault(FaultKind.PAPER_JAMMED, Ratio(0.5, seed)))
        return [plan.strikes(FaultKind.PAPER_JAMMED, 0.0) for _ in range(64)]

    assert run(1) == run(1) != run(2)


def test_the_default_plan_is_empty() -> None:
    model, _, _ = model_with_tray()
    assert model.plan.waiting == ()


def test_heal_brings_every_fault_back_to_a_ready_printer() -> None:
    for kind in FaultKind:
        model, clock, _ = model_with_tray()
        model.plan.add(PlannedFault(kind, UntilCleared()))
        if kind is not FaultKind.JOB_REFUSED:
            submit(model, pages=4)
        clock.advance(60)
        model.heal()
        clock.advance(60)
        assert (model.powered, model.state(), model.reasons(), model.plan.waiting) == (
            True,
            PrinterState.IDLE,
            (),
            (),
        ), kind
        assert model.jobs(ended=False) == (), kind


def test_the_spool_is_never_overwritten(tmp_path: Path) -> None:
    for expected in (1, 2):
        with wire_rig(tmp_path) as rig:
            rig.print(pages=2)
            assert len(rig.sheets()) == expected


def test_the_control_endpoint_is_qas_hand_on_the_machine(tmp_path: Path) -> None:
    with PrinterServer(tmp_path) as server, httpx.Client(base_url=server.url, trust_env=False) as qa:

        def do(**command: object) -> dict[str, object]:
            answer = qa.post("/control", json=command)
            assert answer.status_code == 200, answer.text
            told: dict[str, object] = answer.json()
            return told

        assert do(do="load-paper", sheets=0)["reasons"] == ["media-empty-error"]
        assert do(do="set-door", open=True)["state"] == "stopped"
        assert do(do="set-jam", jammed=True)["jammed"] is True
        assert do(do="set-toner", sides=3)["toner_sides"] == 3
        assert do(do="set-pause", paused=True)["paused"] is True
        assert do(do="set-power", on=False)["powered"] is False
        with pytest.raises(httpx.TransportError):
            qa.post("/ipp/print", content=b"", headers={"Content-Type": "application/ipp"})
        assert do(do="add-fault", kind="job-held", after=2)["faults_armed"] != []
        healed = do(do="heal")
        assert (healed["state"], healed["reasons"], healed["faults_armed"]) == ("idle", [], [])
        assert healed == qa.get("/state").json()
        for wrong in ({"do": "explode"}, {"do": "load-paper", "sheets": -1}, {"do": "heal", "extra": 1}):
            assert qa.post("/control", json=wrong).status_code == 422
        both = {"do": "add-fault", "kind": "job-held", "after": 1, "until_cleared": True}
        assert qa.post("/control", json=both).status_code == 422


def test_the_simulated_printer_says_that_it_is_one(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        assert "SPECIMEN" in rig.printer.readiness().detail
        assert rig.server is not None
        home = httpx.get(rig.server.url + "/", trust_env=False).text
        assert "SPECIMEN" in home
        assert "見本" in home


def test_a_window_counts_from_the_printers_start_whatever_its_clock_shows() -> None:
    clock = new_clock()
    clock.advance(1_000_000)
    model = PrinterModel(clock, MemoryTray(), plan=FaultPlan(PlannedFault(FaultKind.TONER_LOW, Window(2.0, 4.0))))
    submit(model, pages=4)
    clock.advance(1.5)
    assert model.reasons() == ()
    clock.advance(1.0)
    assert model.reasons() == ("toner-low-warning",)
