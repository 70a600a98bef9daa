"""Helpers of a customer's process (a browser, later) die a moment after the kill: waited for, and never taken for gone."""

import subprocess
import time
from pathlib import Path

import pytest

from terminal import reset
from terminal.processes.channel import Channel
from terminal.processes.group import fork_group


def _with_helper(channel: Channel) -> int:
    subprocess.Popen(["sleep", "600"])
    channel.send(b"ready")
    time.sleep(600)
    return 0


def test_a_helper_that_takes_its_time_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = fork_group(_with_helper)
    group.channel.receive()
    looks = iter([(group.pid + 1,)] * 3)
    truly = reset.members_of_group
    monkeypatch.setattr(reset, "members_of_group", lambda group_id: next(looks, ()) or truly(group_id))
    line, _ = reset.forget(group, tmp_path / "private")
    assert line.proved
    assert next(looks, None) is None


def test_one_that_stays_is_no_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reset, "_DYING_S", 0.05)
    group = fork_group(_with_helper)
    group.channel.receive()
    monkeypatch.setattr(reset, "members_of_group", lambda group_id: (group_id + 1,))
    line, _ = reset.forget(group, tmp_path / "private")
    assert (line.proved, line.code) == (False, "RESET_PROCESS_LEFT")
