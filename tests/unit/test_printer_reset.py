"""Clear and prove: no job of a customer outlives the customer in the printer, its history included."""

from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from simulator.devices.printer.traits import Traits
from terminal.devices.printer.api import PrintCompleted, PrinterCode
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.printer.ipp_codec import decode, encode
from terminal.devices.printer.ipp_names import Operation
from tests.printer_kit import BOUND_S, POLL_S, RIGS, Rig, document, wire_rig

WITHOUT_PURGE = Traits(operations=tuple(item for item in Operation if item is not Operation.PURGE_JOBS))
CANCEL_ONE_BY_ONE = Traits(
    operations=tuple(item for item in Operation if item not in (Operation.PURGE_JOBS, Operation.CANCEL_MY_JOBS))
)


@pytest.mark.parametrize("rig_of", RIGS)
def test_the_history_is_purged_and_only_then_proved_empty(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        assert rig.print() == PrintCompleted(4)
        before = rig.printer.prove()
        assert (before.proved, before.code) == (False, PrinterCode.JOBS_LEFT)
        rig.printer.clear()
        assert rig.printer.prove().proved
        assert rig.model.jobs(ended=True) == ()


@pytest.mark.parametrize(
    "traits", [Traits(), WITHOUT_PURGE, CANCEL_ONE_BY_ONE], ids=["purge", "cancel-my-jobs", "cancel-each"]
)
@pytest.mark.parametrize("rig_of", RIGS)
def test_a_job_left_behind_in_the_printer_is_cancelled(rig_of: Rig, traits: Traits, tmp_path: Path) -> None:
    with rig_of(tmp_path, traits) as rig:
        rig.leave_our_job_behind(pages=40)
        assert rig.printer.prove().code == PrinterCode.JOBS_LEFT
        rig.printer.clear()
        assert rig.model.jobs(ended=False) == ()
        rig.clock.advance(120)
        assert all(sides < 40 for _, sides in rig.sheets())


def test_history_that_cannot_be_purged_is_told_and_accepted_only_where_configured(tmp_path: Path) -> None:
    for may_stay in (False, True):
        with wire_rig(tmp_path, WITHOUT_PURGE, history_may_stay=may_stay) as rig:
            assert rig.print() == PrintCompleted(4)
            rig.printer.clear()
            line = rig.printer.prove()
            assert line.proved is may_stay
            assert line.code == ("" if may_stay else PrinterCode.JOBS_LEFT)


def test_a_printer_that_can_purge_gets_no_leave_to_keep_its_history(tmp_path: Path) -> None:
    with wire_rig(tmp_path, history_may_stay=True) as rig:
        assert rig.print() == PrintCompleted(4)
        assert not rig.printer.prove().proved


@pytest.mark.parametrize("rig_of", RIGS)
def test_jobs_of_others_are_not_ours_to_prove(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.strangers_job(pages=2)
        rig.clock.advance(10)
        assert rig.printer.prove().proved


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_printer_that_is_not_at_rest_is_not_proved(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.strangers_job(pages=40)
        line = rig.printer.prove()
        assert (line.proved, line.code) == (False, PrinterCode.STOPPED)


def test_the_finished_job_keeps_no_document(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        assert rig.print() == PrintCompleted(4)
        assert rig.model.job(1).document == b""
        assert document().pdf not in repr(rig.model.job(1)).encode()


def test_a_printer_that_ignores_my_jobs_does_not_make_others_jobs_ours(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        rig.strangers_job(pages=2)
        rig.clock.advance(10)
        line = httpx.HTTPTransport()

        def deaf_to_my_jobs(request: httpx.Request) -> httpx.Response:
            asked = decode(request.read())
            groups = tuple(
                replace(it, attributes=tuple(a for a in it.attributes if a.name != "my-jobs")) for it in asked.groups
            )
            body = encode(replace(asked, groups=groups))
            headers = {"Content-Type": "application/ipp"}
            return line.handle_request(httpx.Request("POST", request.url, headers=headers, content=body))

        assert rig.server is not None
        http = httpx.MockTransport(deaf_to_my_jobs)
        printer = IppPrinter(rig.server.uri, POLL_S, BOUND_S, rig.clock, wait=rig.clock.advance, http=http)
        assert printer.prove().proved
        rig.leave_our_job_behind(pages=2)
        rig.clock.advance(10)
        assert printer.prove().code == PrinterCode.JOBS_LEFT
