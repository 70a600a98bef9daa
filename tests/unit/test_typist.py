"""A service on a pty ends with whoever started it, however that ends; and only then."""

import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simulator.people.typist import Typist

BOUND_S = 20.0
STARTER = """
import select, signal, sys
from pathlib import Path
from simulator.people.typist import Typist
heard = bytearray()
service = Typist([sys.executable, "-c", sys.argv[2]], Path(sys.argv[1]) / "log", heard=heard.extend)
while b"up" not in heard:
    select.select([service], [], [])
    service.look()
print(service.pid, flush=True)
signal.pause()
"""
WAITS = "import signal; print('up', flush=True); signal.pause()"
ANSWERS = "print('up', flush=True)\nwhile True: print('heard', input(), flush=True)"


def ends(pidfd: int) -> bool:
    """Whether the process ends within the bound; a process that has ended is readable (pidfd_open(2))."""
    return bool(select.select([pidfd], [], [], BOUND_S)[0])


@pytest.fixture
def starter(tmp_path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", STARTER, str(tmp_path), WAITS]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])


def test_a_service_ends_when_whoever_started_it_is_killed(starter: subprocess.Popen[str]) -> None:
    assert starter.stdout is not None
    pid = int(starter.stdout.readline())
    pidfd = os.pidfd_open(pid)
    try:
        assert not select.select([pidfd], [], [], 0)[0]
        starter.kill()
        starter.wait(BOUND_S)
        ended = ends(pidfd)
        if not ended:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        assert ended
    finally:
        os.close(pidfd)
        starter.stdout.close()


def test_a_service_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    """The kernel's signal is bound to a thread, not to a process."""
    started: list[Typist] = []
    heard = bytearray()
    command = [sys.executable, "-c", ANSWERS]

    def listen_for(words: bytes, service: Typist) -> None:
        while words not in heard:
            assert select.select([service], [], [], BOUND_S)[0]
            assert not service.ended
            service.look()

    def start() -> None:
        started.append(Typist(command, tmp_path / "log", heard=heard.extend))
        listen_for(b"up", started[0])

    thread = threading.Thread(target=start)
    thread.start()
    thread.join(BOUND_S)
    [service] = started
    with service:
        for words in ("still here", "and here"):
            service.press(f"{words}\n")
            listen_for(f"heard {words}".encode(), service)
        assert not service.ended


def test_a_machine_without_setpriv_starts_its_service_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with Typist([sys.executable, "-c", WAITS], tmp_path / "log") as service:
        assert not service.ended
        assert service.stop() == -signal.SIGTERM
