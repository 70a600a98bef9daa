"""A serial line as the drivers see it: bytes out, bytes in within a bound, and a typed error when the line is gone.

``PortLine`` is the real thing, on pyserial: it opens its port when it is first needed and again after it was lost, so that a
cable pulled and put back heals by itself. A port is held exclusively (flock, ``serial.Serial(exclusive=True)``): two processes
never talk on one line at a time.
"""

import errno
import select
import termios
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, Protocol

import serial

from terminal.errors import HonninError

_WRITE_S: Final = 1.0
_READ_BYTES_MAX: Final = 4096


_ERRORS: Final = (serial.SerialException, OSError, TypeError, termios.error)
"""What pyserial raises for a port that went away, ``TypeError`` where it trips over its own closed descriptor."""


class LineCode(StrEnum):
    """Why a line could not be used."""

    GONE = "LINE_GONE"
    """No such port, or the device behind it was unplugged."""
    BUSY = "LINE_BUSY"
    """Another process holds the port."""
    STALLED = "LINE_STALLED"
    """The port took no bytes within a second."""


class LineError(HonninError):
    """The line cannot be used now (``LINE_…``); it may heal."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """A port and how it talks: ``port`` is a device file (or a link to one), ``baud`` in bits a second, 8 data bits."""

    port: Path
    baud: int
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1


class SerialLine(Protocol):
    """What a driver needs of a line; every call is bounded and raises ``LineError`` when the line is gone."""

    def write(self, data: bytes) -> None:
        """Send ``data`` whole."""
        ...

    def read(self, timeout_s: float) -> bytes:
        """What has come in; waits up to ``timeout_s`` for the first byte; empty when none came."""
        ...

    def discard(self) -> None:
        """Throw away what came in and was not read: the late answer to an earlier question."""
        ...

    def close(self) -> None:
        """Let go of the line; never raises. A later call opens it again."""
        ...


class PortLine:
    """Implements ``SerialLine`` on a serial port of the system."""

    def __init__(self, settings: LineSettings) -> None:
        self._settings = settings
        self._port: serial.Serial | None = None

    def write(self, data: bytes) -> None:
        """See ``SerialLine.write``."""
        try:
            self._open().write(data)
        except serial.SerialTimeoutException:
            raise self._lost(LineCode.STALLED, f"took no bytes within {_WRITE_S:g} s") from None
        except _ERRORS as error:
            raise self._lost(LineCode.GONE, _words(error)) from None

    def read(self, timeout_s: float) -> bytes:
        """See ``SerialLine.read``."""
        try:
            port = self._open()
            # Not the port's own time-out: each change of it sets the whole line up anew.
            if not select.select([port.fileno()], [], [], timeout_s)[0]:
                return b""
            return port.read(_READ_BYTES_MAX)
        except _ERRORS as error:
            raise self._lost(LineCode.GONE, _words(error)) from None

    def discard(self) -> None:
        """See ``SerialLine.discard``."""
        try:
            self._open().reset_input_buffer()
        except _ERRORS as error:
            raise self._lost(LineCode.GONE, _words(error)) from None

    def close(self) -> None:
        """See ``SerialLine.close``."""
        port, self._port = self._port, None
        if port is not None:
            with suppress(OSError):
                port.close()

    def _open(self) -> serial.Serial:
        if self._port is None:
            settings = self._settings
            try:
                self._port = serial.Serial(
                    str(settings.port),
                    settings.baud,
                    parity="N" if _is_pty(settings.port) else settings.parity,
                    stopbits=settings.stop_bits,
                    timeout=0,
                    write_timeout=_WRITE_S,
                    exclusive=True,
                )
            except (*_ERRORS, ValueError) as error:
                busy = getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY)
                raise self._lost(LineCode.BUSY if busy else LineCode.GONE, _words(error)) from None
        return self._port

    def _lost(self, code: LineCode, detail: str) -> LineError:
        self.close()
        action = "stop the other program" if code is LineCode.BUSY else "check the device's cable and power"
        return LineError(code, f"expected a device on {self._settings.port.name}, {detail}; {action}")


def _is_pty(port: Path) -> bool:
    """A pty carries bytes, not bits: it has no parity, and setting one is refused (EINVAL)."""
    return port.resolve().parent == Path("/dev/pts")


def _words(error: Exception) -> str:
    number = getattr(error, "errno", None)
    return errno.errorcode.get(number, type(error).__name__) if number else type(error).__name__
