"""A customer's process can always be ended, keeps nothing of the supervisor's, and cannot be dumped or traced."""

import json
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from terminal.processes.channel import FRAME_MAX_BYTES, Channel, ChannelError
from terminal.processes.group import fork_group
from terminal.processes.hardening import is_dumpable
from terminal.processes.private_files import make_private, wipe
from terminal.reset import members_of_group


def _sleep_forever(channel: Channel) -> int:
    channel.send(b"ready")
    time.sleep(600)
    return 0


def test_a_killed_group_is_reaped_and_empty() -> None:
    group = fork_group(_sleep_forever)
    assert group.channel.receive() == b"ready"
    ended = group.kill()
    assert ended.signal_number == signal.SIGKILL
    assert members_of_group(group.pid) == ()
    assert group.kill() == ended


def test_helpers_that_the_process_started_die_with_it() -> None:
    def with_helper(channel: Channel) -> int:
        helper = subprocess.Popen(["sleep", "600"])
        channel.send(str(helper.pid).encode())
        time.sleep(600)
        return 0

    group = fork_group(with_helper)
    helper = int(group.channel.receive())
    assert helper in members_of_group(group.pid)
    group.kill()
    deadline = time.monotonic() + 5
    while members_of_group(group.pid) and time.monotonic() < deadline:
        os.sched_yield()
    assert members_of_group(group.pid) == ()


def test_helpers_of_a_process_that_ended_by_itself_are_ended_too() -> None:
    def leave_helper(channel: Channel) -> int:
        subprocess.Popen(["sleep", "600"])
        channel.send(b"left")
        return 0

    group = fork_group(leave_helper)
    group.channel.receive()
    assert group.wait(5)
    assert group.kill().clean
    deadline = time.monotonic() + 5
    while members_of_group(group.pid) and time.monotonic() < deadline:
        os.sched_yield()
    assert members_of_group(group.pid) == ()


def test_the_child_cannot_be_dumped_and_leaves_no_core() -> None:
    def answer(channel: Channel) -> int:
        channel.send(json.dumps([is_dumpable(), resource.getrlimit(resource.RLIMIT_CORE)]).encode())
        return 0

    group = fork_group(answer)
    assert json.loads(group.channel.receive()) == [False, [0, 0]]
    group.kill()


def test_the_child_keeps_no_descriptor_of_the_supervisor(tmp_path: Path) -> None:
    with (tmp_path / "journal").open("wb") as journal, socket.socket() as control:
        numbers = {journal.fileno(), control.fileno()}

        def list_descriptors(channel: Channel) -> int:
            opened = {int(path.name) for path in Path("/proc/self/fd").iterdir()}
            channel.send(json.dumps(sorted(opened & numbers)).encode())
            return 0

        group = fork_group(list_descriptors)
        assert json.loads(group.channel.receive()) == []
        group.kill()


def test_a_crash_says_where_but_not_what(capfd: pytest.CaptureFixture[str]) -> None:
    def crash(channel: Channel) -> int:
        raise RuntimeError("見本太郎 1234")

    group = fork_group(crash)
    assert group.wait(5)
    assert group.kill().exit_code == 70
    printed = capfd.readouterr().err
    assert "RuntimeError" in printed
    assert "1234" not in printed
    assert "見本" not in printed


def test_the_child_dies_with_the_supervisor() -> None:
    def supervise(channel: Channel) -> int:
        inner = fork_group(_sleep_forever)
        inner.channel.receive()
        channel.send(str(inner.pid).encode())
        time.sleep(600)
        return 0

    outer = fork_group(supervise)
    customer = int(outer.channel.receive())
    outer.kill()
    deadline = time.monotonic() + 5
    while members_of_group(customer) and time.monotonic() < deadline:
        os.sched_yield()
    assert members_of_group(customer) == ()


def test_an_oversized_frame_is_refused_on_both_sides() -> None:
    ours, theirs = Channel.pair()
    with pytest.raises(ChannelError, match="CHANNEL_BAD_FRAME"):
        ours.send(b"x" * (FRAME_MAX_BYTES + 1))
    ours._socket.sendall(b"\xff\xff\xff\xff")
    with pytest.raises(ChannelError, match="CHANNEL_BAD_FRAME"):
        theirs.receive()


def test_a_closed_channel_is_an_error_not_an_empty_frame() -> None:
    ours, theirs = Channel.pair()
    ours.close()
    with pytest.raises(ChannelError, match="CHANNEL_CLOSED"):
        theirs.receive()


def test_private_files_are_overwritten_before_they_go(tmp_path: Path) -> None:
    directory = tmp_path / "private"
    make_private(directory)
    secret = directory / "sheet.pdf"
    secret.write_bytes(b"CANARY" * 100)
    kept_open = secret.open("rb")
    wipe(directory)
    assert not directory.exists()
    assert set(kept_open.read()) == {0}
    wipe(directory)


def test_private_directory_is_for_its_user_only(tmp_path: Path) -> None:
    directory = tmp_path / "private"
    make_private(directory)
    assert directory.stat().st_mode & 0o777 == 0o700
