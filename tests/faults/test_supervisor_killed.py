"""The supervisor itself is killed with a customer in it: the customer's process dies too, and the next start knows everything."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.journal.recover import recover
from terminal.journal.verify import verify_journal
from terminal.processes.channel import Channel
from terminal.reports import CustomerEnded, FaultReported, FindingSealed
from terminal.reset import members_of_group
from tests import journal_kit
from tests.supervisor_kit import CUSTOMER, Body, Shop, began, shop, wait_for_ever

FEE = 200


def until(done: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + 10
    while not done():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.01)


def written(folder: Path, kind: str) -> int:
    """How many entries of ``kind`` the journal of another process holds now."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'journal.sqlite'}?mode=ro", uri=True)) as journal:
            return int(journal.execute("SELECT count(*) FROM entry WHERE kind = ?", (kind,)).fetchone()[0])
    except sqlite3.Error:
        return 0


@contextmanager
def service(folder: Path, *bodies: Body) -> Iterator[int]:
    """A service in a process of its own; its process id."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            place = Shop(folder, list(bodies))
            place.open()
            place.supervisor.run()
            place.journal.append(e.TerminalStopped())
            place.journal.close()
            code = 0
        finally:
            os._exit(code)
    try:
        yield pid
    finally:
        with suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


@contextmanager
def started_again(folder: Path) -> Iterator[Shop]:
    with journal_kit.open_journal(folder) as journal:
        recover(journal)
    with shop(folder, wait_for_ever) as place:
        yield place


def pays(folder: Path) -> Body:
    def body(channel: Channel, _private: Path) -> int:
        (folder / "pid").write_text(str(os.getpid()))
        reporter = began(channel)
        reporter.entry(e.FeeRequested(customer=CUSTOMER, amount_yen=FEE))
        reporter.entry(e.FeeCollected(customer=CUSTOMER, amount_yen=FEE))
        time.sleep(600)
        return 0

    return body


def test_the_customer_s_process_is_dead_with_it_and_the_start_closes_the_journal(tmp_path: Path) -> None:
    with service(tmp_path, pays(tmp_path)) as pid:
        until(lambda: written(tmp_path, "FeeCollected") == 1, "the customer has paid")
        customer = int((tmp_path / "pid").read_text())
        kill(pid)
        until(lambda: members_of_group(customer) == (), "the customer's process died with its supervisor")
    with started_again(tmp_path) as place:
        (closed,) = place.of(e.CustomerClosedAtBoot)
        assert isinstance(closed, e.CustomerClosedAtBoot)
        assert (closed.collected_yen, closed.owed_yen) == (FEE, FEE)
        assert len(place.of(e.RefundOwed)) == 1
        assert len(place.of(e.TerminalClosedAtBoot)) == 1
        place.turn_until(lambda: place.supervisor.state is State.IDLE)


def test_private_files_of_the_dead_customer_are_wiped_before_the_next(tmp_path: Path) -> None:
    def leaves(channel: Channel, private: Path) -> int:
        (private / "sheet").write_bytes(b"canary")
        return pays(tmp_path)(channel, private)

    with service(tmp_path, leaves) as pid:
        until(lambda: written(tmp_path, "FeeCollected") == 1, "the customer has paid")
        kill(pid)
    assert (tmp_path / "private" / "sheet").exists()
    with started_again(tmp_path) as place:
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        assert not (tmp_path / "private" / "sheet").exists()


def finds(channel: Channel, _private: Path) -> int:
    reporter = began(channel)
    reporter.report(FindingSealed(finding="f" * 32, code="GATE_OTHER_NAME"))
    time.sleep(600)
    return 0


def test_a_finding_outlives_the_service(tmp_path: Path) -> None:
    with service(tmp_path, finds) as pid:
        until(lambda: written(tmp_path, "FindingRaised") == 1, "the finding is on record")
        kill(pid)
    with started_again(tmp_path) as place:
        place.turn_until(lambda: place.supervisor.state is State.STOPPED_FOR_FINDING)
        assert (tmp_path / "served").stat().st_size == 1, "nobody is served"


def test_forgotten_sheets_outlive_the_service(tmp_path: Path) -> None:
    def forgets(channel: Channel, _private: Path) -> int:
        reporter = began(channel)
        reporter.report(
            FaultReported(device="tray", code="MACHINE_SHEETS_FORGOTTEN", blocks_service=True, standing=True)
        )
        reporter.report(CustomerEnded(reason="sheets_forgotten", finding=False, delivered=True, owed_yen=0))
        return 0

    with service(tmp_path, forgets) as pid:
        until(lambda: written(tmp_path, "OutOfService") == 1, "out of service")
        kill(pid)
    with started_again(tmp_path) as place:
        assert place.supervisor.state is State.OUT_OF_SERVICE
        assert place.shown[-1].reason == "MACHINE_SHEETS_FORGOTTEN"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_in_order_and_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    with service(tmp_path, pays(tmp_path)) as pid:
        until(lambda: written(tmp_path, "FeeCollected") == 1, "the customer has paid")
        customer = int((tmp_path / "pid").read_text())
        os.kill(pid, number)
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert members_of_group(customer) == ()
        assert not (tmp_path / "control.sock").exists()
        assert not (tmp_path / "private").exists()
        assert written(tmp_path, "TerminalStopped") == 1
        assert written(tmp_path, "CustomerEnded") == 1
        assert written(tmp_path, "RefundOwed") == 1
        report = verify_journal(tmp_path / "journal.sqlite")
        assert report.ok, report.breaches
