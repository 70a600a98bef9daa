"""Whatever a customer's process dies of, at whatever step: one end on record, the money accounted for, and back to Idle."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.journal.fields import Gate, PrintOutcome, Verdict
from terminal.processes.channel import Channel
from terminal.processes.hardening import forbid_dumps_and_tracing
from terminal.reports import ChannelReporter, CustomerEnded, entry_frame
from terminal.reset import members_of_group
from tests.faults.test_supervisor_staff import staff
from tests.supervisor_kit import CUSTOMER, Body, began, shop, wait_for_ever

FEE = 200


def nothing(_reporter: ChannelReporter) -> None:
    """The customer has begun, and that is all."""


def fee_pending(reporter: ChannelReporter) -> None:
    reporter.entry(e.FeeRequested(customer=CUSTOMER, amount_yen=FEE))


def paid(reporter: ChannelReporter) -> None:
    fee_pending(reporter)
    reporter.entry(e.FeeCollected(customer=CUSTOMER, amount_yen=FEE))


def refund_pending(reporter: ChannelReporter) -> None:
    paid(reporter)
    reporter.entry(e.RefundRequested(customer=CUSTOMER, amount_yen=FEE))


def refunded(reporter: ChannelReporter) -> None:
    refund_pending(reporter)
    reporter.entry(e.RefundPaid(customer=CUSTOMER, amount_yen=FEE))


def printing(reporter: ChannelReporter) -> None:
    paid(reporter)
    reporter.entry(e.PrintStarted(customer=CUSTOMER, impressions=2))


def printed(reporter: ChannelReporter) -> None:
    printing(reporter)
    reporter.entry(e.PrintEnded(customer=CUSTOMER, outcome=PrintOutcome.COMPLETED, impressions=2))


STEPS: dict[str, tuple[Callable[[ChannelReporter], None], int, str, bool]] = {
    "nothing": (nothing, 0, "", False),
    "fee pending": (fee_pending, FEE, "RECOVERY_FEE_UNKNOWN", False),
    "paid": (paid, FEE, "RECOVERY_NOT_DELIVERED", False),
    "refund pending": (refund_pending, FEE, "RECOVERY_REFUND_UNKNOWN", False),
    "refunded": (refunded, 0, "", False),
    "printing": (printing, FEE, "RECOVERY_DELIVERY_UNKNOWN", False),
    "printed": (printed, 0, "", True),
}

SHEETS_MAY_LIE = ("printing", "printed")


def raise_memory_error() -> None:
    raise MemoryError


def raise_error() -> None:
    raise RuntimeError("見本 太郎 1234")


DEATHS: dict[str, Callable[[], object]] = {
    "SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "SIGSEGV": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "exit": lambda: os._exit(3),
    "clean exit without an end": lambda: os._exit(0),
    "exception": raise_error,
    "MemoryError": raise_memory_error,
}


def dies(step: Callable[[ChannelReporter], None], death: Callable[[], object]) -> Body:
    def body(channel: Channel, _private: Path) -> int:
        forbid_dumps_and_tracing()
        step(began(channel))
        death()
        return 0

    return body


@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.parametrize("step", STEPS)
def test_one_end_the_money_on_record_and_the_next_process(tmp_path: Path, step: str, death: str) -> None:
    do, owed_yen, code, delivered = STEPS[step]
    with shop(tmp_path, dies(do, DEATHS[death]), wait_for_ever) as place:
        place.turn_until_written(e.ResetProved, times=2)
        if step in SHEETS_MAY_LIE:
            # The next customer must not find them: a clerk looks into the tray first.
            assert place.supervisor.state is State.OUT_OF_SERVICE
            assert staff(place, "settle", "tray").code == ""
        place.turn_until(lambda: (tmp_path / "served").stat().st_size == 2)
        assert place.supervisor.state is State.IDLE
        (end,) = place.of(e.CustomerEnded)
        assert isinstance(end, e.CustomerEnded)
        assert (end.reason, end.delivered) == (EndReason.CRASHED, delivered)
        claims = [(claim.amount_yen, claim.code) for claim in place.of(e.RefundOwed)]  # type: ignore[union-attr]
        assert claims == ([(owed_yen, code)] if owed_yen else [])


@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_hangs_is_ended_by_the_supervisor_s_own_bound(tmp_path: Path, step: str) -> None:
    do, owed_yen, _, _ = STEPS[step]
    marks = tmp_path / "pid"

    def hangs(channel: Channel, _private: Path) -> int:
        do(began(channel))
        marks.write_text(str(os.getpid()))
        time.sleep(600)
        return 0

    with shop(tmp_path, hangs, wait_for_ever) as place:
        place.turn_until(lambda: marks.exists() and marks.read_text() != "")
        place.turn_until(lambda: place.supervisor.state is State.SERVING)
        place.clock.advance(1801)
        place.turn_until_written(e.ResetProved, times=2)
        assert members_of_group(int(marks.read_text())) == ()
        (end,) = place.of(e.CustomerEnded)
        assert isinstance(end, e.CustomerEnded)
        assert end.reason is EndReason.CRASHED
        assert sum(claim.amount_yen for claim in place.of(e.RefundOwed) if isinstance(claim, e.RefundOwed)) == owed_yen
        assert place.supervisor.state is (State.OUT_OF_SERVICE if step in SHEETS_MAY_LIE else State.IDLE)


def test_an_end_in_order_is_not_written_twice(tmp_path: Path) -> None:
    def ends(channel: Channel, _private: Path) -> int:
        reporter = began(channel)
        reporter.report(CustomerEnded(reason="completed", finding=False, delivered=True, owed_yen=0))
        return 0

    with shop(tmp_path, ends, wait_for_ever) as place:
        place.turn_until_written(e.ResetProved, times=2)
        (end,) = place.of(e.CustomerEnded)
        assert isinstance(end, e.CustomerEnded)
        assert end.reason is EndReason.COMPLETED


def test_what_was_said_before_the_death_is_on_record(tmp_path: Path) -> None:
    """Frames that lie in the socket when the process dies were said: they are heard before the end is written."""

    pid = tmp_path / "pid"

    def says_and_dies(channel: Channel, _private: Path) -> int:
        began(channel)
        channel.send(entry_frame(e.FeeRequested(customer=CUSTOMER, amount_yen=FEE)))
        channel.send(entry_frame(e.FeeCollected(customer=CUSTOMER, amount_yen=FEE)))
        channel.send(entry_frame(e.RefundRequested(customer=CUSTOMER, amount_yen=FEE)))
        pid.write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with shop(tmp_path, says_and_dies, wait_for_ever) as place:
        place.turn_until_written(e.CustomerStarted)
        deadline_s = time.monotonic() + 10
        while not (pid.exists() and pid.read_text() and members_of_group(int(pid.read_text())) == ()):
            assert time.monotonic() < deadline_s
        place.turn_until_written(e.ResetProved, times=2)
        assert len(place.of(e.RefundRequested)) == 1
        assert [claim.code for claim in place.of(e.RefundOwed)] == ["RECOVERY_REFUND_UNKNOWN"]  # type: ignore[union-attr]


def test_a_process_that_dies_after_a_gate_said_different_leaves_a_finding(tmp_path: Path) -> None:
    """Promise P6 must not depend on the finder's living long enough to report it."""

    def finds_and_dies(channel: Channel, _private: Path) -> int:
        reporter = began(channel)
        reporter.entry(
            e.GateEnded(customer=CUSTOMER, gate=Gate.SUBJECT, verdict=Verdict.DIFFERENT, code="GATE_OTHER_NAME")
        )
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with shop(tmp_path, finds_and_dies, wait_for_ever) as place:
        place.turn_until_written(e.ResetProved, times=2)
        assert place.supervisor.state is State.STOPPED_FOR_FINDING
        (finding,) = place.journal.open_findings()
        assert finding.code == "GATE_OTHER_NAME"
        assert (tmp_path / "served").stat().st_size == 1


def test_a_hanging_process_with_a_finding_stops_the_terminal_too(tmp_path: Path) -> None:
    def finds_and_hangs(channel: Channel, _private: Path) -> int:
        began(channel).entry(
            e.GateEnded(customer=CUSTOMER, gate=Gate.SUBJECT, verdict=Verdict.DIFFERENT, code="GATE_OTHER_NAME")
        )
        time.sleep(600)
        return 0

    with shop(tmp_path, finds_and_hangs, wait_for_ever) as place:
        place.turn_until_written(e.GateEnded)
        place.clock.advance(1801)
        place.turn_until_written(e.ResetProved, times=2)
        assert place.supervisor.state is State.STOPPED_FOR_FINDING
        assert len(place.journal.open_findings()) == 1


def test_an_end_that_names_a_finding_which_was_never_sealed_stops_the_terminal(tmp_path: Path) -> None:
    def ends(channel: Channel, _private: Path) -> int:
        reporter = began(channel)
        reporter.report(CustomerEnded(reason="finding", finding=True, delivered=False, owed_yen=0))
        return 0

    with shop(tmp_path, ends, wait_for_ever) as place:
        place.turn_until_written(e.ResetProved, times=2)
        assert place.supervisor.state is State.STOPPED_FOR_FINDING
        assert len(place.journal.open_findings()) == 1


def test_a_process_that_dies_at_once_is_not_started_round_and_round(tmp_path: Path) -> None:
    def stillborn(_channel: Channel, _private: Path) -> int:
        os._exit(1)

    with shop(tmp_path, stillborn, stillborn, stillborn, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        assert (tmp_path / "served").stat().st_size == 3
        assert place.shown[-1].reason == "SERVICE_PROCESS_DIES"
        resets = len(place.of(e.ResetProved))
        for _ in range(5):
            place.supervisor.turn(0.02)
        assert len(place.of(e.ResetProved)) == resets, "quiet until the next look"
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        place.turn_until(lambda: (tmp_path / "served").stat().st_size == 4)


def test_private_files_go_with_their_customer(tmp_path: Path) -> None:
    def writes_and_dies(channel: Channel, private: Path) -> int:
        (private / "sheet.pdf").write_bytes(b"canary")
        began(channel)
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with shop(tmp_path, writes_and_dies, wait_for_ever) as place:
        place.turn_until_written(e.ResetProved, times=2)
        assert list(place.private_files.iterdir()) == []
