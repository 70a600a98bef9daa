"""Frames over a socket pair between the supervisor and a forked process: bounded, in order, and garbage is an error.

A frame is a 4-byte big-endian length and that many bytes. The supervisor trusts nothing that a customer's process says.
"""

import select
import socket
import struct
import time

from terminal.errors import HonninError

_LENGTH = struct.Struct(">I")
FRAME_MAX_BYTES = 1 << 16


class ChannelError(HonninError):
    """The other side broke the frame (``CHANNEL_BAD_FRAME``), went away (``CHANNEL_CLOSED``), or stalls (``CHANNEL_STALLED``)."""


class Channel:
    """One end of a framed, blocking connection; ``fileno`` makes it selectable."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._timeout_s: float | None = None

    @classmethod
    def pair(cls) -> tuple["Channel", "Channel"]:
        """Two connected ends, for before a fork."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return cls(ours), cls(theirs)

    def fileno(self) -> int:
        """The file descriptor, for selectors."""
        return self._socket.fileno()

    def set_timeout(self, timeout_s: float | None) -> None:
        """Bound every later send and receive of a whole frame, in seconds; a passed bound raises ``CHANNEL_STALLED``."""
        self._timeout_s = timeout_s
        self._socket.settimeout(timeout_s)

    def waiting(self) -> bool:
        """Whether something (or the stream's end) can be received at once; False for a closed end."""
        return self._socket.fileno() >= 0 and bool(select.select([self._socket], [], [], 0)[0])

    def send(self, payload: bytes) -> None:
        """Send one frame; raise ``ChannelError`` when the other side is gone."""
        if len(payload) > FRAME_MAX_BYTES:
            raise ChannelError("CHANNEL_BAD_FRAME", f"a frame has at most {FRAME_MAX_BYTES} bytes, not {len(payload)}")
        try:
            self._socket.settimeout(self._timeout_s)
            self._socket.sendall(_LENGTH.pack(len(payload)) + payload)
        except TimeoutError:
            raise ChannelError("CHANNEL_STALLED", "the other process does not read what it is sent") from None
        except OSError as error:
            raise ChannelError("CHANNEL_CLOSED", f"the other process does not listen ({error})") from None

    def receive(self) -> bytes:
        """Take one frame; raise ``ChannelError`` at the end of the stream or on an oversized frame."""
        # One bound for the whole frame: a byte now and then must not hold the supervisor for ever.
        until_s = None if self._timeout_s is None else time.monotonic() + self._timeout_s
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size, until_s))
        if length > FRAME_MAX_BYTES:
            raise ChannelError("CHANNEL_BAD_FRAME", f"a frame has at most {FRAME_MAX_BYTES} bytes, {length} announced")
        return self._exactly(length, until_s)

    def close(self) -> None:
        """Let go of this end."""
        self._socket.close()

    def _exactly(self, count: int, until_s: float | None) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            try:
                # Never 0, which would mean "do not wait" and lose a frame that has come already.
                self._socket.settimeout(None if until_s is None else max(0.001, until_s - time.monotonic()))
                part = self._socket.recv(count - len(parts))
            except TimeoutError:
                raise ChannelError("CHANNEL_STALLED", "the other process does not finish its frame") from None
            except OSError as error:
                raise ChannelError("CHANNEL_CLOSED", f"the other process does not answer ({error})") from None
            if not part:
                raise ChannelError("CHANNEL_CLOSED", "the other process ended its stream")
            parts += part
            if len(parts) < count and until_s is not None and time.monotonic() > until_s:
                raise ChannelError("CHANNEL_STALLED", "the other process drips its frame")
        return bytes(parts)
