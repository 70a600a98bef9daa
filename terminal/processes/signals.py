"""Signals that ask a service to stop, made selectable, so that its one thread hears them wherever it waits (signal(7))."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

# SIGHUP: whoever closes the console's window must not leave a customer's files and a start without an end behind.
STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopSignals:
    """Calls ``stop`` at each of ``STOP_SIGNALS``; ``fileno`` becomes readable, ``drain`` makes it quiet again."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno())

        def end(number: int, frame: FrameType | None) -> None:
            stop()

        for number in STOP_SIGNALS:
            signal.signal(number, end)

    def fileno(self) -> int:
        """The descriptor to select on."""
        return self._ours.fileno()

    def drain(self) -> None:
        """Take what the signals wrote."""
        self._ours.recv(64)
