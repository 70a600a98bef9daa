"""The printer answers garbage, or nothing, or something that is no IPP: an outcome with its code, within the bound."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from simulator.devices.fault_plan import After, UntilCleared
from simulator.devices.printer.faults import FaultKind
from terminal.devices.api import DeviceStatus
from terminal.devices.printer.api import PrintCompleted, PrinterCode, PrintFailed
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.printer.ipp import Attribute, Group, GroupTag, Message, Tag, attribute
from terminal.devices.printer.ipp_codec import decode, encode
from tests.printer_kit import RIGS, Rig, document, go_on, new_clock, wire_rig


@pytest.mark.parametrize("rig_of", RIGS)
def test_one_garbled_answer_in_a_job_does_not_end_it(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.plan(FaultKind.GARBAGE_ANSWER, After(12))
        assert rig.print(pages=4) == PrintCompleted(4)
        assert rig.model.plan.waiting == (), "the fault did strike"


@pytest.mark.parametrize("rig_of", RIGS)
def test_a_printer_that_talks_garbage_from_mid_job_on_has_failed(rig_of: Rig, tmp_path: Path) -> None:
    with rig_of(tmp_path) as rig:
        rig.when(lambda it: it.impressions_completed == 1, lambda: rig.plan(FaultKind.GARBAGE_ANSWER, UntilCleared()))
        outcome = rig.print(pages=40)
        assert isinstance(outcome, PrintFailed)
        assert (outcome.code, outcome.impressions_completed) == (PrinterCode.BAD_ANSWER, None)
        assert rig.printer.readiness().status is DeviceStatus.HARDWARE_ERROR
        assert rig.printer.prove().code == PrinterCode.BAD_ANSWER


def test_a_printer_that_takes_the_request_and_says_nothing_is_unreachable(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        rig.plan(FaultKind.NO_ANSWER)
        outcome = rig.print()
        assert isinstance(outcome, PrintFailed)
        assert outcome.code is PrinterCode.UNREACHABLE


class EndlessStream(httpx.SyncByteStream):
    """An answer without an end, counting what was read of it."""

    def __init__(self) -> None:
        self.sent_bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.sent_bytes += 65_536
            yield bytes(65_536)


IPP = {"Content-Type": "application/ipp"}
HTML = {"Content-Type": "text/html"}


def readiness_code(answer: httpx.Response) -> str:
    clock = new_clock()
    printer = IppPrinter(
        "ipp://printer.test/ipp/print", 0.5, 10, clock, wait=clock.advance, http=httpx.MockTransport(lambda _: answer)
    )
    readiness = printer.readiness()
    assert not readiness.ready
    return readiness.faults[0].code


def test_an_answer_that_drips_is_cut_off_at_the_deadline() -> None:
    clock = new_clock()

    class DrippingStream(httpx.SyncByteStream):
        """One byte a second, for an hour."""

        def __iter__(self) -> Iterator[bytes]:
            for _ in range(3_600):
                clock.advance(1.0)
                yield b"\x00"

    answer = httpx.Response(200, headers=IPP, stream=DrippingStream())
    http = httpx.MockTransport(lambda _: answer)
    printer = IppPrinter("ipp://printer.test/ipp/print", 0.5, 10, clock, wait=clock.advance, http=http, exchange_s=5.0)
    assert printer.readiness().faults[0].code == PrinterCode.UNREACHABLE
    assert clock.now_s() <= 7.0


def test_the_answer_to_another_request_is_a_bad_answer(tmp_path: Path) -> None:
    with wire_rig(tmp_path) as rig:
        line = httpx.HTTPTransport()

        def one_behind(request: httpx.Request) -> httpx.Response:
            answer = decode(line.handle_request(request).read())
            late = encode(replace(answer, request_id=answer.request_id + 1))
            return httpx.Response(200, headers=IPP, stream=httpx.ByteStream(late))

        assert rig.server is not None
        printer = IppPrinter(
            rig.server.uri, 0.5, 10, rig.clock, wait=rig.clock.advance, http=httpx.MockTransport(one_behind)
        )
        assert [fault.code for fault in printer.readiness().faults] == [PrinterCode.BAD_ANSWER]


def test_a_web_page_is_no_answer_even_if_its_bytes_are_ipp() -> None:
    whole = encode(Message(0, 1, (Group(GroupTag.PRINTER, (attribute("printer-state", Tag.ENUM, 3),)),)))
    as_page = httpx.Response(200, headers=HTML, stream=httpx.ByteStream(whole))
    assert readiness_code(as_page) == PrinterCode.BAD_ANSWER
    as_ipp = httpx.Response(200, headers=IPP, stream=httpx.ByteStream(whole))
    assert readiness_code(as_ipp) == PrinterCode.NOT_CAPABLE


def test_the_environments_proxy_never_sees_a_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with wire_rig(tmp_path) as rig:
        assert rig.printer.readiness().ready


def test_an_endless_answer_is_cut_off() -> None:
    stream = EndlessStream()
    assert readiness_code(httpx.Response(200, headers=IPP, stream=stream)) == PrinterCode.BAD_ANSWER
    assert stream.sent_bytes <= 2 << 20


def with_printer_state(*state: Attribute) -> bytes:
    return encode(Message(0, 1, (Group(GroupTag.PRINTER, state),)))


ELSEWHERE = {"Location": "http://elsewhere.test/"}


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, IPP, b""),
        (200, HTML, b"<p>printer</p>"),
        (302, ELSEWHERE, b""),
        (401, IPP, b""),
        (200, IPP, encode(Message(0, 999, ()))),
        (200, IPP, encode(Message(0, 1, ()))),
        (200, IPP, with_printer_state()),
        (200, IPP, with_printer_state(attribute("printer-state", Tag.ENUM, 9))),
        (200, IPP, with_printer_state(attribute("printer-state", Tag.TEXT, "idle"))),
        (200, {**IPP, "Content-Encoding": "gzip"}, gzip.compress(bytes(1 << 20))),
    ],
    ids=[
        "empty",
        "html",
        "redirect",
        "unauthorised",
        "other-request",
        "no-printer",
        "no-state",
        "unknown-state",
        "text-state",
        "gzip",
    ],
)
def test_each_unusable_answer_is_a_bad_answer(status: int, headers: dict[str, str], body: bytes) -> None:
    answer = httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))
    assert readiness_code(answer) == PrinterCode.BAD_ANSWER


def test_the_answer_about_another_job_is_a_bad_answer(tmp_path: Path) -> None:
    """A printer that mixes its jobs up must not lend one customer's completion to another."""
    with wire_rig(tmp_path) as rig:
        rig.strangers_job(pages=2)
        rig.clock.advance(10)
        inner = httpx.HTTPTransport()

        def mix_up(request: httpx.Request) -> httpx.Response:
            asked = decode(request.read())
            target = asked.groups[0].find("job-id")
            if asked.code == 0x0009 and target is not None:
                swapped = tuple(
                    attribute("job-id", Tag.INTEGER, 1) if item.name == "job-id" else item
                    for item in asked.groups[0].attributes
                )
                body = encode(Message(asked.code, asked.request_id, (Group(GroupTag.OPERATION, swapped),)))
                request = httpx.Request("POST", request.url, headers={"Content-Type": "application/ipp"}, content=body)
            return inner.handle_request(request)

        assert rig.server is not None
        printer = IppPrinter(
            rig.server.uri,
            0.5,
            20,
            rig.clock,
            wait=rig.clock.advance,
            unreachable_s=2,
            http=httpx.MockTransport(mix_up),
        )
        outcome = printer.print(document(2), lambda _: None, go_on)
        assert isinstance(outcome, PrintFailed)
        assert outcome.code is PrinterCode.BAD_ANSWER
