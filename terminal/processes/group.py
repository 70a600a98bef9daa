"""A forked process with a group of its own, which can always be ended: SIGKILL the group, reap it, done.

The supervisor is single-threaded, so that fork is safe; the child never returns into the supervisor's code.
"""

import os
import selectors
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from terminal.processes.channel import Channel
from terminal.processes.hardening import die_with_parent, forbid_dumps_and_tracing

_KEPT_DESCRIPTORS = 3
_CRASHED = 70


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: ``exit_code`` of a normal end, or the ``signal_number`` that killed it."""

    exit_code: int | None
    signal_number: int | None

    @property
    def clean(self) -> bool:
        """True for a normal end with code 0."""
        return self.exit_code == 0


class ProcessGroup:
    """A running child that leads its own session; made by ``fork_group``."""

    def __init__(self, pid: int, channel: Channel) -> None:
        self.pid = pid
        self.channel = channel
        self._pidfd = os.pidfd_open(pid)
        self._ended: Ended | None = None

    def pidfd(self) -> int:
        """A descriptor that becomes readable when the process has ended."""
        return self._pidfd

    def kill(self) -> Ended:
        """SIGKILL the whole group and reap its leader; safe to call again, and for a group that has ended by itself.

        The group is signalled while the leader is still unreaped, so that its number cannot belong to anyone else.
        """
        if self._ended is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                os.kill(self.pid, signal.SIGKILL)
            self._reap()
        assert self._ended is not None  # noqa: S101
        return self._ended

    def halt(self) -> None:
        """SIGKILL the group and leave the rest to ``kill``: its descriptors stay open, for whoever still watches them."""
        if self._ended is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def wait(self, timeout_s: float) -> bool:
        """Wait until the process has ended, at most ``timeout_s`` seconds; does not reap."""
        if self._ended is not None:
            return True
        with selectors.DefaultSelector() as selector:
            selector.register(self._pidfd, selectors.EVENT_READ)
            return bool(selector.select(timeout_s))

    def _reap(self) -> None:
        _, status = os.waitpid(self.pid, 0)
        if os.WIFSIGNALED(status):
            self._ended = Ended(None, os.WTERMSIG(status))
        else:
            self._ended = Ended(os.WEXITSTATUS(status), None)
        os.close(self._pidfd)
        self.channel.close()


def fork_group(body: Callable[[Channel], int], keep: tuple[int, ...] = ()) -> ProcessGroup:
    """Fork a child that runs ``body(channel)`` and exits with its result; ``keep`` names further descriptors it may hold.

    The child leads a new session, dies with the supervisor, cannot be dumped or traced, and keeps no other descriptor of the
    supervisor's (neither the journal nor the control socket). Its standard error is shut: a warning or a library's message could
    carry a customer's data into a log. An exception on any of its threads ends it, with one line that says where.
    """
    ours, theirs = Channel.pair()
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _run_child(body, theirs, parent, keep)
    theirs.close()
    return ProcessGroup(pid, ours)


def _run_child(body: Callable[[Channel], int], channel: Channel, parent: int, keep: tuple[int, ...]) -> None:
    code, log = _CRASHED, -1
    try:
        log = _shut_standard_error()
        _end_with_any_thread(log)
        os.setsid()
        forbid_dumps_and_tracing()
        die_with_parent(parent)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        _close_others({channel.fileno(), *keep, *({log} if log >= 0 else ())})
        code = body(channel)
    except BaseException as error:
        _report_crash(error, log)
    finally:
        os._exit(code)


def _shut_standard_error() -> int:
    """Point descriptor 2 to nowhere; where it led before, for the one line of a crash (-1: nowhere)."""
    with suppress(OSError):
        log = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        return log
    return -1


def _end_with_any_thread(log: int) -> None:
    """A watcher that dies in silence leaves a terminal that is deaf; and Python would print what the exception says."""

    def end(crash: threading.ExceptHookArgs) -> None:
        _report_crash(crash.exc_value or crash.exc_type(), log)
        os._exit(_CRASHED)

    threading.excepthook = end


def _close_others(kept: set[int]) -> None:
    first = _KEPT_DESCRIPTORS
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))


def _report_crash(error: BaseException, log: int) -> None:
    """Type and places only: the message of an exception may hold a customer's data."""
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
    text = f"process crashed: {type(error).__name__} at {' < '.join(reversed(places[-6:]))}\n"
    with suppress(OSError):
        os.write(log, text.encode())
