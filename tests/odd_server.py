"""A TLS server that says whatever bytes a test wants, once for each connection: what a broken centre looks like."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Self, TypeAlias

from simulator.centre.server import server_context
from terminal.centre.client import TlsFiles

Script: TypeAlias = Callable[[socket.socket, threading.Event], None]


class OddServer:
    """Listens on the loopback with ``tls``; plays ``script`` to every client after its request's head has come."""

    def __init__(self, tls: TlsFiles | None, script: Script) -> None:
        self._context = None if tls is None else server_context(tls)
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._accept, name="odd-server", daemon=True)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError, ssl.SSLError):
                self._serve(connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        if self._context is None:
            self._script(connection, self._stopping)
            return
        with self._context.wrap_socket(connection, server_side=True) as secured:
            if _read_request(secured):
                self._script(secured, self._stopping)
                # Unread bytes at the close would reset the connection and take the answer with them.
                secured.shutdown(socket.SHUT_WR)
                while secured.recv(65_536):
                    pass


def _read_request(connection: socket.socket) -> bool:
    """Read one request to its end; False when the client left first."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = connection.recv(65_536)
        if not part:
            return False
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    fields = [line.partition(b":") for line in head.lower().split(b"\r\n")]
    due = next((int(value) for name, _, value in fields if name == b"content-length"), 0)
    while len(body) < due:
        body += connection.recv(65_536)
    return True


def says(answer: bytes) -> Script:
    """Send ``answer`` and hang up."""

    def script(connection: socket.socket, _stopping: threading.Event) -> None:
        connection.sendall(answer)

    return script


def http(status: int, body: bytes, content_type: str = "application/json", extra: str = "") -> bytes:
    """A whole HTTP answer."""
    head = f"HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}\r\n{extra}\r\n"
    return head.encode() + body
