"""Something done in a child that may be killed on the way: for power cuts at every step, without a new interpreter each."""

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn


def die() -> NoReturn:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive after SIGKILL")


def was_killed(job: Callable[[], object]) -> bool:
    """Run ``job`` in a child; whether it was killed. Fails when it ended otherwise than in order."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            job()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or os.waitstatus_to_exitcode(status) == 0
    return killed


_FILE_EVENTS = frozenset({"open", "os.link", "os.remove", "os.rename", "sqlite3.connect", "sqlite3.connect/handle"})


def dying_at(step: int, job: Callable[[], object]) -> Callable[[], object]:
    """``job``, killed before its ``step``-th (from 0) touch of a file, by Python's audit events; for ``was_killed`` only."""

    def dying() -> object:
        left = step

        def hook(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            if event in _FILE_EVENTS:
                if left == 0:
                    die()
                left -= 1

        sys.addaudithook(hook)
        return job()

    return dying
