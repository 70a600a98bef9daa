"""What a customer's process prints goes nowhere (promise P2), and a thread that dies takes the process with it (promise P7)."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from terminal.processes.channel import Channel
from terminal.processes.group import fork_group

NAME = "見本太郎"


def _to_the_descriptor() -> None:
    os.write(2, NAME.encode())


def _by_python() -> None:
    sys.stderr.write(NAME)
    sys.stderr.flush()


def _by_a_helper() -> None:
    subprocess.run(["sh", "-c", f"echo {NAME} >&2"], check=True)


@pytest.mark.parametrize("say", [_to_the_descriptor, _by_python, _by_a_helper])
def test_standard_error_goes_nowhere(say: Callable[[], None], capfd: pytest.CaptureFixture[str]) -> None:
    def body(channel: Channel) -> int:
        # As in a service: pytest has put something else there.
        sys.stderr = os.fdopen(2, "w", closefd=False)
        say()
        return 0

    group = fork_group(body)
    assert group.wait(10)
    assert group.kill().clean
    assert NAME not in capfd.readouterr().err


def test_a_thread_that_dies_ends_the_process_and_says_only_where(capfd: pytest.CaptureFixture[str]) -> None:
    def watch() -> None:
        raise ValueError(NAME)

    def body(channel: Channel) -> int:
        threading.Thread(target=watch, name="card-presence", daemon=True).start()
        time.sleep(600)
        return 0

    group = fork_group(body)
    ended = group.wait(10)
    assert group.kill().exit_code == 70
    assert ended
    printed = capfd.readouterr().err
    assert "ValueError at test_process_says_nothing.py" in printed
    assert NAME not in printed
