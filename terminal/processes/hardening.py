"""What makes a process that holds a person's data hard to read: no core dumps, no tracing by others, dies with its parent.

Source: prctl(2), setrlimit(2), Linux man-pages; design section 4.
"""

import ctypes
import ctypes.util
import os
import resource
import signal
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38

_libc = ctypes.CDLL(ctypes.util.find_library("c") or "libc.so.6", use_errno=True)


def _prctl(option: int, value: int) -> int:
    result: int = _libc.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}, {value}): {os.strerror(code)}")
    return result


def forbid_dumps_and_tracing() -> None:
    """No core file of this process, and no ptrace or /proc/PID/mem by anyone without CAP_SYS_PTRACE; inherited by forks."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def is_dumpable() -> bool:
    """Whether the kernel would let this process be dumped or traced by its own user."""
    return _prctl(_PR_GET_DUMPABLE, 0) != 0


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent ends; end at once when the parent is gone already."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)


def swap_in_use() -> bool:
    """Whether the system has swap, to which memory of a customer could be written (promise P2 asks for none)."""
    try:
        lines = Path("/proc/swaps").read_text(encoding="ascii").splitlines()
    except OSError:
        return False
    return len(lines) > 1
