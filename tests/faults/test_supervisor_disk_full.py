"""The journal takes no more entries: nobody is served, the screen says why, and room made is service restored (P8)."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from terminal.control import StaffCommand
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.journal.entries import JournalEntry
from terminal.journal.errors import JournalCode, JournalError
from terminal.journal.fields import Gate, Verdict
from terminal.journal.store import Journal, Recorded
from terminal.processes.channel import Channel
from terminal.reports import CustomerEnded, FindingSealed
from tests.faults.small_disk import small_disk
from tests.supervisor_kit import CUSTOMER, Body, Shop, began, shop, wait_for_ever

FEE = 200


@contextmanager
def full_from(journal: Journal, when: Callable[[JournalEntry], bool]) -> Iterator[list[bool]]:
    """The disk is full from the first entry for which ``when`` holds, until the list is emptied."""
    full: list[bool] = []
    append = journal.append

    def refusing(entry: JournalEntry) -> Recorded:
        if full or when(entry):
            full[:] = [True]
            raise JournalError(JournalCode.DISK_FULL, "expected room on the disk, there is none; make room")
        return append(entry)

    journal.append = refusing  # type: ignore[method-assign]
    try:
        yield full
    finally:
        journal.append = append  # type: ignore[method-assign]


def pays_and_waits(channel: Channel, _private: Path) -> int:
    reporter = began(channel)
    reporter.entry(e.FeeRequested(customer=CUSTOMER, amount_yen=FEE))
    reporter.entry(e.FeeCollected(customer=CUSTOMER, amount_yen=FEE))
    time.sleep(600)
    return 0


def ends(channel: Channel, _private: Path) -> int:
    reporter = began(channel)
    reporter.report(CustomerEnded(reason="completed", finding=False, delivered=True, owed_yen=0))
    return 0


def finds(channel: Channel, _private: Path) -> int:
    reporter = began(channel)
    reporter.entry(e.GateEnded(customer=CUSTOMER, gate=Gate.SUBJECT, verdict=Verdict.DIFFERENT, code="GATE_OTHER_NAME"))
    reporter.report(FindingSealed(finding="f" * 32, code="GATE_OTHER_NAME"))
    reporter.report(CustomerEnded(reason="finding", finding=True, delivered=False, owed_yen=0))
    return 0


MOMENTS: dict[str, tuple[Body, type[JournalEntry]]] = {
    "start": (pays_and_waits, e.CustomerStarted),
    "fee requested": (pays_and_waits, e.FeeRequested),
    "fee collected": (pays_and_waits, e.FeeCollected),
    "end": (ends, e.CustomerEnded),
}


def closed(place: Shop) -> bool:
    return bool(place.shown) and place.shown[-1].reason == JournalCode.DISK_FULL


@pytest.mark.parametrize("moment", MOMENTS)
def test_nobody_is_served_until_there_is_room_and_the_evidence_is_whole(tmp_path: Path, moment: str) -> None:
    body, kind = MOMENTS[moment]
    with shop(tmp_path, body, wait_for_ever) as place:
        with full_from(place.journal, lambda entry: isinstance(entry, kind)) as full:
            place.turn_until(lambda: closed(place))
            assert place.supervisor.state is State.OUT_OF_SERVICE
            place.clock.advance(16)
            place.supervisor.turn(0)
            assert closed(place), "still full"
            assert (tmp_path / "served").stat().st_size == 1
            full.clear()
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        starts, finished = place.of(e.CustomerStarted), place.of(e.CustomerEnded)
        assert len(starts) == len(finished) == (0 if moment == "start" else 1)
        owed = [claim.amount_yen for claim in place.of(e.RefundOwed) if isinstance(claim, e.RefundOwed)]
        assert owed == ([FEE] if moment in ("fee collected",) else [])
        assert [entry.code for entry in place.of(e.OutOfService)] == [JournalCode.DISK_FULL]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", [e.GateEnded, e.FindingRaised, e.CustomerEnded, e.ResetProved])
def test_a_finding_is_not_lost_in_a_full_disk(tmp_path: Path, kind: type[JournalEntry]) -> None:
    with shop(tmp_path, finds, wait_for_ever) as place:
        done = len(place.of(e.ResetProved))
        assert done == 1
        with full_from(place.journal, lambda entry: isinstance(entry, kind)) as full:
            place.turn_until(lambda: closed(place))
            full.clear()
        place.clock.advance(16)
        place.turn_until(lambda: place.supervisor.state is State.STOPPED_FOR_FINDING)
        assert len(place.journal.open_findings()) == 1
        (end,) = place.of(e.CustomerEnded)
        assert isinstance(end, e.CustomerEnded)
        assert end.reason in (EndReason.CRASHED, EndReason.FINDING)


def test_staff_are_told_and_heard_while_the_journal_is_full(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        with full_from(place.journal, lambda entry: isinstance(entry, e.OutOfService)) as full:
            reply = place.supervisor._obey(StaffCommand(command="withdraw", staff="SHOP-07"))
            assert reply.code == JournalCode.DISK_FULL
            assert reply.state == State.OUT_OF_SERVICE
            status = place.supervisor._obey(StaffCommand(command="status"))
            assert status.text == JournalCode.DISK_FULL
            full.clear()
        place.clock.advance(16)
        place.supervisor.turn(0)
        assert place.supervisor.state is State.OUT_OF_SERVICE, "withdrawn is withdrawn"
        place.supervisor._obey(StaffCommand(command="restore", staff="SHOP-07"))
        place.turn_until(lambda: place.supervisor.state is State.IDLE)


@pytest.mark.system
def test_on_a_real_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 768) as folder:
        ballast = folder / "ballast"

        def fills_up(channel: Channel, private: Path) -> int:
            reporter = began(channel)
            ballast.write_bytes(bytes(400 * 1024))
            for _ in range(3000):
                reporter.entry(e.FeeNotCollected(customer=CUSTOMER, code="PAYMENT_DECLINED", kept_yen=0))
            return 0

        with shop(folder, fills_up, wait_for_ever) as place:
            place.turn_until(lambda: closed(place))
            ballast.unlink()
            place.clock.advance(16)
            place.turn_until(lambda: place.supervisor.state is State.IDLE)
            assert len(place.of(e.CustomerEnded)) == 1
