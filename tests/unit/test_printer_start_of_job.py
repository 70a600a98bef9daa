"""The beginning of a job: what must hold before the first byte of the document leaves the terminal."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from simulator.devices.printer.traits import Traits
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintFailed
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.printer.ipp import GroupTag, Message
from terminal.devices.printer.ipp_codec import decode
from terminal.devices.printer.ipp_names import A4, LONG_EDGE, PDF, Operation
from tests.printer_kit import BOUND_S, POLL_S, RIGS, PrinterRig, Rig, document, go_on, page_texts, wire_rig

NO_CREATE_JOB = Traits(operations=tuple(item for item in Operation if item is not Operation.CREATE_JOB))


def listening(rig: PrinterRig, after: Callable[[Message], None]) -> IppPrinter:
    """The driver with somebody on the line who hears each request and may act once it is answered."""
    assert rig.server is not None
    line = httpx.HTTPTransport()

    def carry(request: httpx.Request) -> httpx.Response:
        body = request.read()
        answer = line.handle_request(request)
        after(decode(body))
        return answer

    return IppPrinter(
        rig.server.uri, POLL_S, BOUND_S, rig.clock, wait=rig.clock.advance, http=httpx.MockTransport(carry)
    )


@pytest.mark.parametrize("traits", [Traits(), NO_CREATE_JOB], ids=["create-job", "print-job"])
def test_the_first_progress_comes_before_the_first_byte_of_the_document(traits: Traits, tmp_path: Path) -> None:
    with wire_rig(tmp_path, traits) as rig:
        story: list[str] = []
        printer = listening(rig, lambda request: story.append("document" if request.document else "question"))
        sent = document(2)
        assert printer.print(sent, lambda _: story.append("progress"), go_on) == PrintCompleted(2)
        assert story.count("document") == 1
        assert "progress" in story[: story.index("document")]
        [sheets] = rig.spool.glob("*.pdf")
        assert sheets.read_bytes() == sent.pdf
        assert len(page_texts(sheets.read_bytes())) == 2


def test_a_printer_that_stops_being_ready_in_between_gets_no_document(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:

        def open_the_door_after_create_job(request: Message) -> None:
            assert not request.document
            if request.code == Operation.CREATE_JOB:
                rig.panel(lambda engine: setattr(engine, "door_open", True))

        outcome = listening(rig, open_the_door_after_create_job).print(document(), rig.progress.append, go_on)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.DOOR_OPEN, 0)
        assert rig.progress == []
        assert rig.model.jobs(ended=False) == (), "the job that was opened is cancelled"


def test_the_job_is_asked_for_as_certificates_need_it(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        heard: list[Message] = []
        listening(rig, heard.append).print(document(2, "job-77aa"), lambda _: None, go_on)
        [opened] = [request for request in heard if request.code == Operation.CREATE_JOB]
        operation, template = opened.group(GroupTag.OPERATION), opened.group(GroupTag.JOB)
        assert operation.string("requesting-user-name") == "honnin"
        assert operation.string("job-name") == "job-77aa"
        assert operation.boolean("ipp-attribute-fidelity") is True
        assert (template.string("sides"), template.string("media")) == (LONG_EDGE, A4)
        assert template.whole_number("copies") == 1
        [sent] = [request for request in heard if request.document]
        assert sent.group(GroupTag.OPERATION).string("document-format") == PDF
        assert {request.group(GroupTag.OPERATION).string("requesting-user-name") for request in heard} == {"honnin"}


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_printer_busy_with_another_job_is_waited_for_and_then_refused(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.strangers_job(pages=3)
        assert rig.print(pages=2) == PrintCompleted(2)
        rig.progress.clear()
        rig.strangers_job(pages=300)
        outcome = rig.print(pages=2)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.JOBS_LEFT, 0)
        assert rig.progress == []


@pytest.mark.parametrize("uri", ["", "http://printer/ipp/print", "ipp:///ipp/print", "printer", "file:///dev/usb/lp0"])
def test_a_wrong_printer_uri_is_told_at_once(uri: str, tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig, pytest.raises(ValueError, match="expected a printer URI"):
        IppPrinter(uri, POLL_S, BOUND_S, rig.clock)


def test_the_document_never_shows_in_a_repr() -> None:
    assert "SPECIMEN" not in repr(document())
    assert "%PDF" not in repr(Message(2, 1, (), document=document().pdf))
