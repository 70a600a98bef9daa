"""Staff at the control socket: each command, the wrong user, garbage, silence, two at once. The supervisor is never held up."""

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from terminal.control import SOCKET_NAME, ControlError, StaffCommand, StaffReply, ask
from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.processes.channel import Channel
from terminal.reports import CustomerEnded, FaultReported, FindingSealed
from tests.supervisor_kit import Shop, began, shop, wait_for_ever

STAFF = "SHOP-07"


def asked(place: Shop, command: StaffCommand) -> StaffReply:
    """Give a command over the socket, while the supervisor turns."""
    replies: list[StaffReply] = []
    asking = threading.Thread(target=lambda: replies.append(ask(place.folder, command)))
    asking.start()
    place.turn_until(lambda: not asking.is_alive())
    return replies[0]


def staff(place: Shop, command: str, device: str | None = None) -> StaffReply:
    return asked(place, StaffCommand.model_validate({"command": command, "staff": STAFF, "device": device}))


def finds(channel: Channel, _private: Path) -> int:
    reporter = began(channel)
    reporter.report(FindingSealed(finding="f" * 32, code="GATE_OTHER_NAME"))
    reporter.report(CustomerEnded(reason="finding", finding=True, delivered=False, owed_yen=0))
    return 0


def forgets_sheets(channel: Channel, _private: Path) -> int:
    reporter = began(channel)
    reporter.report(FaultReported(device="tray", code="MACHINE_SHEETS_FORGOTTEN", blocks_service=True, standing=True))
    reporter.report(CustomerEnded(reason="sheets_forgotten", finding=False, delivered=True, owed_yen=0))
    return 0


def test_status_says_what_is_the_case(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        assert asked(place, StaffCommand(command="status")) == StaffReply(state="Idle", text="")


def test_release_ends_a_finding_under_the_name_of_who_did_it(tmp_path: Path) -> None:
    with shop(tmp_path, finds, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.STOPPED_FOR_FINDING)
        reply = staff(place, "release")
        assert reply.code == ""
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        (released,) = place.of(e.FindingReleased)
        assert isinstance(released, e.FindingReleased)
        assert (released.staff, released.finding) == (STAFF, "f" * 32)


def test_release_without_a_finding_and_settle_without_a_fault_say_so(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        assert staff(place, "release").code == "CONTROL_NOTHING_TO_RELEASE"
        assert staff(place, "settle", "tray").code == "CONTROL_NOTHING_TO_SETTLE"
        assert not place.of(e.FindingReleased, e.FaultCleared)


@pytest.mark.parametrize("command", ["release", "withdraw", "restore", "settle", "stop"])
def test_nothing_is_done_for_nobody(tmp_path: Path, command: str) -> None:
    with shop(tmp_path, finds, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.STOPPED_FOR_FINDING)
        before = len(place.written)
        reply = asked(place, StaffCommand.model_validate({"command": command}))
        assert reply.code == "CONTROL_STAFF_MISSING"
        assert len(place.written) == before
        assert place.supervisor.state is State.STOPPED_FOR_FINDING


def test_withdrawn_and_restored(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        assert staff(place, "withdraw").state == State.OUT_OF_SERVICE
        place.clock.advance(100)
        place.supervisor.turn(0)
        assert place.supervisor.state is State.OUT_OF_SERVICE
        staff(place, "restore")
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        assert place.of(e.OutOfService, e.ServiceRestored)


def test_a_customer_who_is_served_when_the_terminal_is_withdrawn_is_served_to_the_end(tmp_path: Path) -> None:
    gate = tmp_path / "go on"

    def waits(channel: Channel, _private: Path) -> int:
        reporter = began(channel)
        while not gate.exists():
            time.sleep(0.01)
        reporter.report(CustomerEnded(reason="completed", finding=False, delivered=True, owed_yen=0))
        return 0

    with shop(tmp_path, waits, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.SERVING)
        assert staff(place, "withdraw").state == State.SERVING
        gate.touch()
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        (end,) = place.of(e.CustomerEnded)
        assert isinstance(end, e.CustomerEnded)
        assert end.delivered


def test_forgotten_sheets_are_settled_by_staff(tmp_path: Path) -> None:
    with shop(tmp_path, forgets_sheets, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.OUT_OF_SERVICE)
        assert staff(place, "settle", "payment").code == "CONTROL_NOTHING_TO_SETTLE"
        assert staff(place, "settle", "tray").code == ""
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        assert place.journal.standing_faults() == ()


def knock(place: Shop, content: bytes, *, finish: bool = True) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(str(place.folder / SOCKET_NAME))
    connection.sendall(content)
    if finish:
        connection.shutdown(socket.SHUT_WR)
    return connection


GARBAGE = {
    "nothing": b"",
    "noise": os.urandom(200),
    "another command": b'{"command":"sell"}',
    "surplus": b'{"command":"status","name":"x"}',
    "nesting": b"[" * 4000,
    "too long": b'{"command":"' + b"a" * 10_000 + b'"}',
    "a name for a code": '{"command":"release","staff":"見本 太郎"}'.encode(),
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_answered_as_garbage(tmp_path: Path, what: str) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        with knock(place, GARBAGE[what]) as connection:
            place.supervisor.turn(1)
            answer = connection.recv(4096)
        assert b"CONTROL_BAD_REQUEST" in answer
        assert "見本".encode() not in answer
        assert asked(place, StaffCommand(command="status")).state == State.IDLE


@pytest.mark.parametrize("content", [b"", b'{"command":'], ids=["silence", "half a command"])
def test_one_who_connects_and_says_no_more_holds_nobody_up_for_long(tmp_path: Path, content: bytes) -> None:
    with shop(tmp_path, wait_for_ever) as place, knock(place, content, finish=False):
        started_s = time.monotonic()
        place.supervisor.turn(1)
        assert time.monotonic() - started_s < 2.5
        assert asked(place, StaffCommand(command="status")).state == State.IDLE


def test_one_who_types_a_letter_now_and_then_holds_nobody_up_for_long(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place, knock(place, b"{", finish=False) as connection:
        stop = threading.Event()

        def trickle() -> None:
            while not stop.wait(0.2):
                connection.sendall(b" ")

        typing = threading.Thread(target=trickle)
        typing.start()
        started_s = time.monotonic()
        place.supervisor.turn(1)
        taken_s = time.monotonic() - started_s
        stop.set()
        typing.join()
        assert taken_s < 2.5


def test_one_who_hangs_up_before_the_answer_is_no_matter(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        knock(place, b'{"command":"status"}').close()
        place.supervisor.turn(1)
        assert asked(place, StaffCommand(command="status")).state == State.IDLE


def test_two_at_once_are_both_answered(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        replies: list[StaffReply] = []
        command = StaffCommand(command="status")
        askers = [threading.Thread(target=lambda: replies.append(ask(tmp_path, command))) for _ in range(2)]
        for asker in askers:
            asker.start()
        place.turn_until(lambda: not any(asker.is_alive() for asker in askers))
        assert [reply.state for reply in replies] == [State.IDLE, State.IDLE]


def test_another_user_is_not_heard(tmp_path: Path) -> None:
    with shop(tmp_path, finds, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.STOPPED_FOR_FINDING)
        answers: list[bytes] = []
        as_nobody(tmp_path / SOCKET_NAME, b'{"command":"release","staff":"SHOP-07"}', answers, place.supervisor.turn)
        assert b"CONTROL_NOT_ALLOWED" in answers[0]
        assert place.supervisor.state is State.STOPPED_FOR_FINDING


def as_nobody(path: Path, content: bytes, answers: list[bytes], turn: Callable[[float], None]) -> None:
    """Ask as user ``nobody``, on a connection whose file would let them: only the socket's own word on its peer helps."""
    if os.getuid() != 0:
        pytest.skip("only root can become another user")
    path.parent.chmod(0o711)
    path.chmod(0o777)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            # From within: the folders above belong to root alone.
            os.chdir(path.parent)
            os.setgid(65534)
            os.setuid(65534)
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.connect(path.name)
                connection.sendall(content)
                connection.shutdown(socket.SHUT_WR)
                os.write(writing, connection.recv(4096))
        finally:
            os._exit(0)
    os.close(writing)
    turn(2)
    os.waitpid(pid, 0)
    answers.append(os.read(reading, 4096))
    os.close(reading)


def test_the_socket_belongs_to_the_service_s_user_alone(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever):
        assert (tmp_path / SOCKET_NAME).stat().st_mode & 0o077 == 0


def test_nobody_answers_where_no_service_runs(tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="CONTROL_NO_SERVICE"):
        ask(tmp_path, StaffCommand(command="status"))
