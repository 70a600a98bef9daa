"""No process can be started, no folder made, no connection accepted: out of service or nothing, never a dead supervisor."""

import errno
import os
import socket
from pathlib import Path

import pytest

from terminal.control import ControlServer, StaffCommand, StaffReply
from terminal.fsm.states import State
from terminal.journal import entries as e
from tests.supervisor_kit import Shop, wait_for_ever


def refuse(*_: object) -> None:
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))


@pytest.mark.parametrize("what", ["fork_group", "make_private"])
def test_a_customer_s_process_that_cannot_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(f"terminal.supervisor.{what}", refuse)
        place = Shop(tmp_path, [wait_for_ever])
        place.open()
        assert place.supervisor.state is State.OUT_OF_SERVICE
        assert place.shown[-1].reason == "SERVICE_PROCESS_DIES"
    place.clock.advance(16)
    place.turn_until(lambda: place.supervisor.state is State.IDLE)
    place.close()


def test_a_reset_that_cannot_be_started_is_not_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("terminal.aside.fork_group", refuse)
        place = Shop(tmp_path, [wait_for_ever])
        place.open()
        assert place.supervisor.state is State.OUT_OF_SERVICE
        assert len(place.of(e.ResetNotProved)) == 1
        assert not (tmp_path / "served").exists()
    place.clock.advance(16)
    place.turn_until(lambda: place.supervisor.state is State.IDLE)
    place.close()


def test_a_connection_that_cannot_be_accepted_is_nobody_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ControlServer(tmp_path)

    def handle(_command: StaffCommand) -> StaffReply:
        raise AssertionError("nobody asked")

    monkeypatch.setattr(socket.socket, "accept", refuse)
    server.serve_one(handle)
    monkeypatch.undo()
    server.close()
