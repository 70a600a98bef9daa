"""Frames of the vpcd protocol: two bytes of length, big endian, and a payload, over TCP.

The driver listens, the card connects. Source: reference jpki-card.md sections 5.2 and 5.4.
"""

import contextlib
import socket
from enum import IntEnum, StrEnum

from terminal.errors import HonninError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 35963
MAX_PAYLOAD_BYTES = 0xFFFF

_CONNECT_TIMEOUT_S = 5.0


class Control(IntEnum):
    """One-byte payloads of the driver."""

    POWER_OFF = 0
    POWER_ON = 1
    RESET = 2
    GET_ATR = 4


class SlotErrorCode(StrEnum):
    """Why a card could not be laid on a slot."""

    NO_VPCD = "SIMCARD_NO_VPCD"


class SlotError(HonninError):
    """No vpcd where one was expected."""


def connect(host: str, port: int) -> socket.socket:
    """Connect to a vpcd slot; raise ``SlotError`` when none listens there."""
    try:
        connection = socket.create_connection((host, port), timeout=_CONNECT_TIMEOUT_S)
    except OSError as error:
        raise no_vpcd(host, port, error.strerror) from None
    connection.settimeout(None)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def no_vpcd(host: str, port: int, came: str | None) -> SlotError:
    """The error for a slot that nobody listens on."""
    return SlotError(
        SlotErrorCode.NO_VPCD,
        f"expected a vpcd reader slot listening on {host}:{port}, got {came or 'no answer'}; "
        "start pcscd with the vsmartcard-vpcd driver, or give the port it listens on",
    )


def receive_frame(connection: socket.socket) -> bytes | None:
    """The next payload, however its bytes were cut into segments; None when the driver is gone."""
    header = _receive_exactly(connection, 2)
    if header is None:
        return None
    return _receive_exactly(connection, int.from_bytes(header, "big"))


def send_frame(connection: socket.socket, payload: bytes) -> None:
    """Send one payload. An empty one would block pcscd's reader thread for good, so it is a programmer's error."""
    if not 1 <= len(payload) <= MAX_PAYLOAD_BYTES:
        raise ValueError(f"expected 1 to {MAX_PAYLOAD_BYTES} bytes for a vpcd frame, got {len(payload)}")
    connection.sendall(len(payload).to_bytes(2, "big") + payload)


def send_cut_frame(connection: socket.socket, payload: bytes) -> None:
    """A fault: announce the whole payload and send half of it."""
    connection.sendall(len(payload).to_bytes(2, "big") + payload[: max(1, len(payload) // 2)])


def leave(connection: socket.socket) -> None:
    """Close cleanly: to the driver the card is removed."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def _receive_exactly(connection: socket.socket, count: int) -> bytes | None:
    received = bytearray()
    while len(received) < count:
        try:
            # Without it each APDU waits 44 ms: the driver's two sends meet delayed acknowledgement (section 5.4).
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = connection.recv(count - len(received))
        except OSError:
            return None
        if not part:
            return None
        received += part
    return bytes(received)
