"""The line between a terminal and its centre, as TCP that somebody can cut or slow down; TLS goes through untouched."""

import socket
import time
from contextlib import suppress
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self

_PIECE_BYTES: Final = 1 << 16
_QUIET_S: Final = 0.2
"""Whoever speaks after so long a silence begins something new: a request, not the next flight of a handshake."""
_LOOK_S: Final = 0.1


class Relay:
    """Listens on the loopback and passes everything on to ``target``; a context manager. ``port`` is where it listens.

    ``cut``: nothing passes, connections are dropped, new ones too. ``delay_s``: each request waits so long before it goes on.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self.delay_s = 0.0
        self._cut = False
        self._stopping = Event()
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = Thread(target=self._accept, name="relay", daemon=True)

    def __enter__(self) -> Self:
        self._socket.settimeout(_LOOK_S)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._drop()
        self._thread.join()
        self._socket.close()

    @property
    def cut(self) -> bool:
        """Whether the line is cut."""
        return self._cut

    @cut.setter
    def cut(self, cut: bool) -> None:
        self._cut = cut
        if cut:
            self._drop()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            with suppress(OSError):
                near, _ = self._socket.accept()
                if self._cut:
                    near.close()
                    continue
                Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(self._target)
        except OSError:
            near.close()
            return
        with self._lock:
            self._open += [near, far]
        heard_s = [0.0]
        Thread(target=self._pump, args=(far, near, heard_s, False), daemon=True).start()
        self._pump(near, far, heard_s, True)

    def _pump(self, source: socket.socket, sink: socket.socket, heard_s: list[float], asks: bool) -> None:
        """Pass on until either side is gone; what ``asks`` after a silence waits."""
        with suppress(OSError):
            while piece := source.recv(_PIECE_BYTES):
                if asks and self.delay_s and time.monotonic() - heard_s[0] > _QUIET_S:
                    self._stopping.wait(self.delay_s)
                heard_s[0] = time.monotonic()
                sink.sendall(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            if source in self._open:
                self._open.remove(source)
        source.close()

    def _drop(self) -> None:
        with self._lock:
            ends = list(self._open)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
