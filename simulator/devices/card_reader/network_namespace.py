"""Reaching into the network namespace of another process: vpcd listens on every interface, so it gets interfaces of its own.

Linux, needs CAP_SYS_ADMIN and CAP_NET_ADMIN. Source: setns(2), netdevice(7); reference jpki-card.md section 5.1.
"""

import ctypes
import fcntl
import os
import socket
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_CLONE_NEWNET = 0x40000000
_SIOCGIFFLAGS = 0x8913
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1
_LOOPBACK = b"lo"
_REQUEST = struct.Struct("16sh22x")


def inside(pid: int, act: Callable[[], T]) -> T:
    """Run ``act`` in the network namespace of process ``pid``; sockets made there stay there. Raises ``OSError``."""
    # A namespace belongs to a thread: this one ends with the call, the caller's own is never moved.
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(_enter, pid, act).result()


def raise_loopback() -> None:
    """Switch the loopback interface of the present namespace on; raises ``OSError`` without CAP_NET_ADMIN."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        answer = fcntl.ioctl(control, _SIOCGIFFLAGS, _REQUEST.pack(_LOOPBACK, 0))
        _, flags = _REQUEST.unpack(answer)
        fcntl.ioctl(control, _SIOCSIFFLAGS, _REQUEST.pack(_LOOPBACK, flags | _IFF_UP))


def _enter(pid: int, act: Callable[[], T]) -> T:
    library = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        if library.setns(descriptor, _CLONE_NEWNET) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)
    return act()
