"""Frames over a socket pair between the supervisor and a forked process: bounded, in order, and garbage is an error.

A frame is a 4-byte big-endian length and that many bytes. The supervisor trusts nothing that a customer's process says.
"""

import socket
import struct

from terminal.errors import HonninError

_LENGTH = struct.Struct(">I")
FRAME_MAX_BYTES = 1 << 16


class ChannelError(HonninError):
    """The other side broke the framing (``CHANNEL_BAD_FRAME``) or went away (``CHANNEL_CLOSED``)."""


class Channel:
    """One end of a framed, blocking connection; ``fileno`` makes it selectable."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    @classmethod
    def pair(cls) -> tuple["Channel", "Channel"]:
        """Two connected ends, for before a fork."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return cls(ours), cls(theirs)

    def fileno(self) -> int:
        """The file descriptor, for selectors."""
        return self._socket.fileno()

    def set_timeout(self, timeout_s: float | None) -> None:
        """Bound every later send and receive; a passed bound raises ``CHANNEL_CLOSED``."""
        self._socket.settimeout(timeout_s)

    def send(self, payload: bytes) -> None:
        """Send one frame; raise ``ChannelError`` when the other side is gone."""
        if len(payload) > FRAME_MAX_BYTES:
            raise ChannelError("CHANNEL_BAD_FRAME", f"a frame has at most {FRAME_MAX_BYTES} bytes, not {len(payload)}")
        try:
            self._socket.sendall(_LENGTH.pack(len(payload)) + payload)
        except OSError as error:
            raise ChannelError("CHANNEL_CLOSED", f"the other process is gone ({error.strerror})") from None

    def receive(self) -> bytes:
        """Take one frame; raise ``ChannelError`` at the end of the stream or on an oversized frame."""
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if length > FRAME_MAX_BYTES:
            raise ChannelError("CHANNEL_BAD_FRAME", f"a frame has at most {FRAME_MAX_BYTES} bytes, {length} announced")
        return self._exactly(length)

    def close(self) -> None:
        """Let go of this end."""
        self._socket.close()

    def _exactly(self, count: int) -> bytes:
        parts = bytearray()
        while len(parts) < count:
            try:
                part = self._socket.recv(count - len(parts))
            except OSError as error:
                raise ChannelError("CHANNEL_CLOSED", f"the other process does not answer ({error})") from None
            if not part:
                raise ChannelError("CHANNEL_CLOSED", "the other process ended its stream")
            parts += part
        return bytes(parts)
