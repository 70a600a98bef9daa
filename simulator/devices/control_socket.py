"""The one control channel that every serial emulator shares: a Unix socket beside the link, JSON lines in and out.

An order is ``{"do": NAME, …}``; the answer is ``{"ok": true, "panel": {…}}`` or ``{"ok": false, "error": TEXT}``.
``honnin sim control LINK ORDER KEY=VALUE …`` is the same from a shell.
"""

import errno
import json
import os
import socket
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from simulator.devices.emulation import ControlRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUFFIX: Final = ".control"
_ORDER_BYTES_MAX: Final = 65_536
_ANSWER_S: Final = 5.0
_SLOW_S: Final = 2.0
"""Within which an order has come whole. Below the bound of an answer: whoever waits behind a slow one is still heard."""


def socket_path(link: Path) -> Path:
    """Where the control channel of the emulator behind ``link`` is."""
    return link.with_name(link.name + SUFFIX)


class Panel(Protocol):
    """Whoever obeys the orders."""

    def obey(self, order: "Mapping[str, object]") -> "Mapping[str, object]":
        """Carry ``order`` out and return what a look tells; raise ``ControlRefusedError``."""
        ...


class ControlSocket:
    """Serves ``panel`` beside ``link``, one order at a time; a context manager.

    Raises ``OSError`` when it cannot: another emulator runs there, or something else than a socket is there.
    """

    def __init__(self, panel: Panel, link: Path) -> None:
        self._panel = panel
        self._path = socket_path(link)
        self._stopping = Event()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._thread = Thread(target=self._serve, name=f"control {link.name}", daemon=True)

    def __enter__(self) -> Self:
        demand_nobody(self._path)
        if self._path.is_socket():
            self._path.unlink()
        with _short(self._path) as address:
            self._socket.bind(address)
        self._path.chmod(0o600)
        self._socket.listen()
        self._socket.settimeout(0.1)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while not self._stopping.is_set():
            with suppress(OSError):
                connection, _ = self._socket.accept()
                with connection:
                    order = _line(connection, _SLOW_S)
                    connection.settimeout(_SLOW_S)
                    connection.sendall(json.dumps(self._answer(order)).encode() + b"\n")

    def _answer(self, line: bytes) -> "Mapping[str, object]":
        try:
            order = json.loads(line)
            if not isinstance(order, dict):
                raise ControlRefusedError('expected an object like {"do": "look"}')
            return {"ok": True, "panel": self._panel.obey(order)}
        except (ValueError, RecursionError) as error:
            return {"ok": False, "error": str(error)}


def demand_nobody(path: Path) -> None:
    """Raise ``OSError`` when somebody listens at the socket ``path``; one that was left behind by the dead is no matter."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection, _short(path) as address:
        connection.settimeout(_ANSWER_S)
        if connection.connect_ex(address) == 0:
            raise FileExistsError(errno.EEXIST, "another emulator runs there", str(path))


def control(link: Path, do: str, **arguments: object) -> dict[str, Any]:
    """Give an order to the emulator behind ``link`` and return its panel.

    Raises ``ControlRefusedError`` for what it refuses, ``OSError`` when nobody listens, ``ValueError`` when it is no emulator.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_ANSWER_S)
        with _short(socket_path(link)) as address:
            connection.connect(address)
        connection.sendall(json.dumps({"do": do, **arguments}).encode() + b"\n")
        answer = json.loads(_line(connection, _ANSWER_S))
    match answer:
        case {"ok": True, "panel": dict(panel)}:
            return panel
        case {"ok": False, "error": str(error)}:
            raise ControlRefusedError(error)
        case _:
            raise ValueError("what answers there is no emulator")


def _line(connection: socket.socket, within_s: float) -> bytes:
    """What comes up to the end of a line, however slowly it comes; raise ``TimeoutError``."""
    received, until_s = b"", time.monotonic() + within_s
    while b"\n" not in received and len(received) < _ORDER_BYTES_MAX:
        connection.settimeout(max(until_s - time.monotonic(), 0.001))
        part = connection.recv(4096)
        if not part:
            break
        received += part
    return received


@contextmanager
def _short(path: Path) -> "Iterator[str]":
    """An address for ``path`` that fits into sun_path's 108 bytes however deep the folder lies (unix(7))."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
