"""A customer's process says what it may not say: refused, journalled, ended; the service goes on and waits for nobody."""

import os
import signal
import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.journal.fields import Part
from terminal.processes.channel import FRAME_MAX_BYTES, Channel
from terminal.reports import (
    ChannelReporter,
    CustomerBegan,
    CustomerEnded,
    FaultReported,
    FindingSealed,
    entry_frame,
    report_frame,
)
from terminal.serving import FRAME_S, FRAMES_MAX
from tests.supervisor_kit import CUSTOMER, Body, Shop, began, shop, wait_for_ever

OTHER = "b" * 32
FEE = e.FeeRequested(customer=CUSTOMER, amount_yen=200)
ENDED = CustomerEnded(reason="completed", finding=False, delivered=True, owed_yen=0)
FINDING = FindingSealed(finding="f" * 32, code="GATE_OTHER_NAME")


def raw(channel: Channel, content: bytes) -> None:
    os.write(channel.fileno(), content)


def sends(*frames: bytes) -> Callable[[Channel], None]:
    def send(channel: Channel) -> None:
        for frame in frames:
            channel.send(frame)

    return send


BEFORE_THE_START: dict[str, tuple[Callable[[Channel], None], str]] = {
    "garbage": (sends(b"garbage"), "REPORT_UNFIT"),
    "empty frame": (sends(b""), "REPORT_UNFIT"),
    "unknown report": (sends(b'R{"type":"release"}'), "REPORT_UNFIT"),
    "surplus field": (sends(report_frame(ENDED)[:-1] + b',"name":"x"}'), "REPORT_UNFIT"),
    "bytes that are no text": (sends(b"R\xff\xfe"), "REPORT_UNFIT"),
    "deep nesting": (sends(b"R" + b"[" * 20_000), "REPORT_UNFIT"),
    "deep nesting in an entry": (sends(b"J" + b"[" * 3000 + b"\n"), "JOURNAL_MESSAGE_UNFIT"),
    "oversized": (lambda channel: raw(channel, struct.pack(">I", FRAME_MAX_BYTES + 1)), "CHANNEL_BAD_FRAME"),
    "entry before the start": (sends(entry_frame(FEE)), "JOURNAL_NOT_YOURS"),
    "end before the start": (sends(report_frame(ENDED)), "REPORT_OUT_OF_ORDER"),
    "finding before the start": (sends(report_frame(FINDING)), "REPORT_OUT_OF_ORDER"),
}
AFTER_THE_START: dict[str, tuple[Callable[[Channel], None], str]] = {
    "garbage": (sends(b"\x00" * 1000), "REPORT_UNFIT"),
    "a second start": (
        sends(report_frame(CustomerBegan(customer=OTHER, generation=2))),
        "REPORT_OUT_OF_ORDER",
    ),
    "another customer's entry": (sends(entry_frame(e.FeeRequested(customer=OTHER, amount_yen=1))), "JOURNAL_NOT_YOURS"),
    "a release of a finding": (
        sends(entry_frame(e.FindingReleased(finding="f" * 32, staff="X"))),  # type: ignore[arg-type]
        "JOURNAL_NOT_YOURS",
    ),
    "a proof of its own reset": (
        sends(entry_frame(e.ResetProved(lines=(e.ProvedLine(part=Part.PRINTER, proved=True),), duration_ms=1))),  # type: ignore[arg-type]
        "JOURNAL_NOT_YOURS",
    ),
    "an end of its own making": (
        sends(entry_frame(e.CustomerEnded(customer=CUSTOMER, reason=EndReason.COMPLETED, delivered=True))),
        "JOURNAL_NOT_YOURS",
    ),
    "an entry after the end": (sends(report_frame(ENDED), entry_frame(FEE)), "REPORT_OUT_OF_ORDER"),
    "a finding after the end": (sends(report_frame(ENDED), report_frame(FINDING)), "REPORT_OUT_OF_ORDER"),
    "a second end": (sends(report_frame(ENDED), report_frame(ENDED)), "REPORT_OUT_OF_ORDER"),
}


def misbehaves(say: Callable[[Channel], None], *, after_start: bool) -> Body:
    def body(channel: Channel, _private: Path) -> int:
        if after_start:
            began(channel)
        say(channel)
        time.sleep(600)
        return 0

    return body


def assert_goes_on(place: Shop, code: str) -> None:
    place.turn_until_written(e.CustomerMessageRefused)
    place.turn_until_written(e.ResetProved, times=2)
    place.turn_until(lambda: (place.folder / "served").stat().st_size == 2)
    assert place.supervisor.state is State.IDLE
    refusals = [entry.code for entry in place.of(e.CustomerMessageRefused)]  # type: ignore[union-attr]
    assert refusals == [code]


@pytest.mark.parametrize("what", BEFORE_THE_START)
def test_refused_before_a_customer_began(tmp_path: Path, what: str) -> None:
    say, code = BEFORE_THE_START[what]
    with shop(tmp_path, misbehaves(say, after_start=False), wait_for_ever) as place:
        assert_goes_on(place, code)
        assert not place.of(e.CustomerStarted)
        assert place.journal.open_findings() == ()


@pytest.mark.parametrize("what", AFTER_THE_START)
def test_refused_while_a_customer_is_served(tmp_path: Path, what: str) -> None:
    say, code = AFTER_THE_START[what]
    with shop(tmp_path, misbehaves(say, after_start=True), wait_for_ever) as place:
        assert_goes_on(place, code)
        assert len(place.of(e.CustomerEnded)) == 1
        assert not place.of(e.FindingReleased)


@pytest.mark.parametrize("content", [b"\x00", b"\x00\x00\x00\x10J"], ids=["half a length", "half a frame"])
def test_a_frame_that_is_never_finished_does_not_hold_the_supervisor(tmp_path: Path, content: bytes) -> None:
    with shop(tmp_path, misbehaves(lambda channel: raw(channel, content), after_start=True), wait_for_ever) as place:
        started_s = time.monotonic()
        assert_goes_on(place, "CHANNEL_STALLED")
        assert time.monotonic() - started_s < FRAME_S + 4


def test_a_frame_that_trickles_in_does_not_hold_the_supervisor(tmp_path: Path) -> None:
    def trickles(channel: Channel) -> None:
        raw(channel, struct.pack(">I", 1000))
        for _ in range(1000):
            time.sleep(0.2)
            raw(channel, b"J")

    with shop(tmp_path, misbehaves(trickles, after_start=True), wait_for_ever) as place:
        started_s = time.monotonic()
        assert_goes_on(place, "CHANNEL_STALLED")
        assert time.monotonic() - started_s < FRAME_S + 4


def test_a_process_that_never_reads_its_acknowledgements_is_ended(tmp_path: Path) -> None:
    frame = report_frame(FaultReported(device="printer", code="PRINTER_TONER_LOW", blocks_service=False))

    def talks_on(channel: Channel) -> None:
        for _ in range(10 * FRAMES_MAX):
            channel.send(frame)

    with shop(tmp_path, misbehaves(talks_on, after_start=True), wait_for_ever) as place:
        assert_goes_on(place, "CHANNEL_STALLED")


def test_a_process_that_reports_for_ever_does_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terminal.serving.FRAMES_MAX", 50)
    frame = report_frame(FaultReported(device="printer", code="PRINTER_TONER_LOW", blocks_service=False))

    def talks_on(channel: Channel) -> None:
        while True:
            channel.send(frame)
            channel.receive()

    with shop(tmp_path, misbehaves(talks_on, after_start=True), wait_for_ever) as place:
        assert_goes_on(place, "REPORT_TOO_MANY")
        assert len(place.of(e.FaultRaised)) < 50


def test_what_is_due_comes_to_its_turn_however_much_there_is_to_hear(tmp_path: Path) -> None:
    frame = report_frame(FaultReported(device="printer", code="PRINTER_TONER_LOW", blocks_service=False))

    def chatters(channel: Channel) -> None:
        for _ in range(500):
            channel.send(frame)

    with shop(tmp_path, misbehaves(chatters, after_start=True), wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.SERVING)
        place.turn_until_written(e.FaultRaised)
        place.clock.advance(1801)
        place.supervisor.turn(0.05)
        assert len(place.of(e.CustomerEnded)) == 1


def test_a_process_that_closes_its_channel_and_lives_on_is_ended(tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    def closes(channel: Channel, _private: Path) -> int:
        pid.write_text(str(os.getpid()))
        began(channel)
        channel.close()
        time.sleep(600)
        return 0

    with shop(tmp_path, closes, wait_for_ever) as place:
        place.turn_until_written(e.ResetProved, times=2)
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)
        (end,) = place.of(e.CustomerEnded)
        assert isinstance(end, e.CustomerEnded)
        assert end.reason is EndReason.CRASHED


def test_a_refused_process_cannot_go_on_working(tmp_path: Path) -> None:
    pid = tmp_path / "pid"

    def goes_on(channel: Channel, _private: Path) -> int:
        pid.write_text(str(os.getpid()))
        reporter: ChannelReporter = began(channel)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        channel.send(b"garbage")
        time.sleep(600)
        reporter.entry(FEE)
        return 0

    with shop(tmp_path, goes_on, wait_for_ever) as place:
        assert_goes_on(place, "REPORT_UNFIT")
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)
