"""A simulated serial device on a pty: the real driver opens the link as it opens a serial port. Pull the cable: pty and link go.

One thread serves the line; ``lock`` is held while it touches the device, and is for whoever else does (the control channel).
"""

import errno
import os
import pty
import select
import termios
import tty
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread
from types import TracebackType
from typing import Final, Self

from simulator.devices.line_faults import LineFault, LineFaults
from simulator.devices.serial_device import SerialDevice
from terminal.clock import Clock, SystemClock

TICK_S: Final = 0.01
_READ_BYTES: Final = 4096
_PTYS: Final = Path("/dev/pts")


class PtyWire:
    """Serves ``device`` on a pty that ``link`` points to; a context manager. ``echo`` as in ``LoopLine``.

    Raises ``OSError`` for a ``link`` that cannot be made: a file, or a link to something else than a pty, is never replaced.
    """

    def __init__(
        self,
        device: SerialDevice,
        link: Path,
        faults: LineFaults | None = None,
        clock: Clock | None = None,
        *,
        echo: bool = False,
    ) -> None:
        self.link = link
        self.lock = RLock()
        self.faults = faults or LineFaults()
        self._device = device
        self._clock = clock or SystemClock()
        self._echo = echo
        self._ends: tuple[int, int] | None = None
        self._stopping = Event()
        self._started_s = self._clock.now_s()
        self._thread = Thread(target=self._serve, name=f"pty {link.name}", daemon=True)

    def __enter__(self) -> Self:
        self.plug()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self.unplug()

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._ends is not None

    def plug(self) -> None:
        """Put the cable (back) in: a new pty under the same link."""
        with self.lock:
            if self._ends is not None:
                return
            master, slave = pty.openpty()
            try:
                tty.setraw(slave)
                os.set_blocking(master, False)
                self._point_link(os.ttyname(slave))
            except OSError:
                os.close(master)
                os.close(slave)
                raise
            # The slave end stays open here, so that a driver may come and go without hanging the line up.
            self._ends = (master, slave)

    def unplug(self) -> None:
        """Pull the cable: whoever holds the port sees it hang up, and the link is gone."""
        with self.lock:
            ends, self._ends = self._ends, None
            if ends is None:
                return
            with suppress(OSError):
                if str(self.link.readlink()) == os.ttyname(ends[1]):
                    self.link.unlink()
            for end in ends:
                os.close(end)

    def _point_link(self, name: str) -> None:
        if self.link.is_symlink():
            if self.link.readlink().parent != _PTYS:
                raise FileExistsError(errno.EEXIST, "a link to something else than a pty is there", str(self.link))
            self.link.unlink()
        self.link.symlink_to(name)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            ends = self._ends
            if ends is None:
                self._stopping.wait(TICK_S)
                continue
            with suppress(OSError, ValueError):
                select.select([ends[0]], [], [], TICK_S)
            with self.lock:
                if self._ends == ends:
                    self._turn(ends[0])

    def _turn(self, master: int) -> None:
        try:
            data = os.read(master, _READ_BYTES)
        except BlockingIOError:
            data = b""
        except OSError:
            return
        if data:
            self._answer(master, data)
        if self._ends is not None:
            self._send(self._device.tick())

    def _answer(self, master: int, data: bytes) -> None:
        up_time_s = self._clock.now_s() - self._started_s
        match self.faults.before_answer(up_time_s):
            case LineFault.UNPLUGGED:
                self._device.receive(data)
                self.unplug()
            case LineFault.DEVICE_RESET:
                self._device.receive(data)
                self._device.power_cycle()
                self._send(data if self._echo else b"")
            case _:
                answer = self.faults.mangle(self._device.receive(data), up_time_s)
                self._send((data if self._echo else b"") + answer)

    def _send(self, data: bytes) -> None:
        """What nobody reads is lost, as on a real line."""
        ends = self._ends
        while data and ends is not None:
            try:
                data = data[os.write(ends[0], data) :]
            except BlockingIOError:
                with suppress(termios.error):
                    termios.tcflush(ends[0], termios.TCOFLUSH)
                return
            except OSError:
                return
