"""A card reader without pcscd: takes the vpcd driver's place and speaks to the emulated card itself, over the same TCP frames.

For machines where pcscd cannot be had. ``honnin sim card`` and ``CardSlot`` connect to it as they would to vpcd; what is missing
is PC/SC itself. Frames: reference jpki-card.md section 5.2.
"""

import contextlib
import select
import socket
import threading
from collections.abc import Callable

from simulator.devices.card_reader.vpcd_frames import Control, leave, receive_frame, send_frame
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.card_reader.api import (
    CardError,
    CardErrorCode,
    CardInserted,
    CardReaderEvent,
    CardRemoved,
    ReaderFound,
    ReaderLost,
    ResponseApdu,
)

DEVICE = "card_reader"
_LOOK_S = 0.1
_ARRIVAL_S = 0.4
"""How long a card that lies there may take to connect again after the reader came back."""


class DirectReader:
    """Implements ``terminal.devices.card_reader.api.CardReader`` on a listening port of the loopback."""

    def __init__(self, port: int, watchdog_s: float, host: str = "127.0.0.1") -> None:
        self._address = (host, port)
        self._watchdog_s = watchdog_s
        self._listening: socket.socket | None = None
        self._card: socket.socket | None = None
        self._insertion = 0
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def watch(self, listener: Callable[[CardReaderEvent], None]) -> None:
        """See ``CardReader.watch``."""
        try:
            self._listen()
        except CardError as error:
            listener(ReaderLost(CardErrorCode.READER_UNAVAILABLE, error.failure.text))
            return
        listener(ReaderFound())
        threading.Thread(target=self._poll, args=(listener,), name="card-presence", daemon=True).start()

    def open(self) -> "DirectConnection":
        """See ``CardReader.open``."""
        with self._lock:
            if self._card is None:
                raise CardError(CardErrorCode.NO_CARD, "expected a card on the reader, found none; put the card on it")
            connection = DirectConnection(self, self._card, self._watchdog_s)
        connection.control(Control.POWER_ON)
        return connection

    def close(self) -> None:
        """See ``CardReader.close``."""
        self._closed.set()
        with self._lock:
            for end in (self._card, self._listening):
                if end is not None:
                    leave(end)
            self._card = self._listening = None

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        try:
            self._listen()
        except CardError as error:
            fault = Fault(DEVICE, error.code, "end the other program that uses the reader's port")
            return Readiness(DEVICE, DeviceStatus.DEVICE_BUSY, error.failure.text, (fault,))
        return Readiness(DEVICE, DeviceStatus.ONLINE, "emulated card over TCP, without pcscd (SPECIMEN)")

    def clear(self) -> None:
        """Cut the power of a card that lies there."""
        with contextlib.suppress(CardError):
            self._listen()
            self._accept(_ARRIVAL_S)
            if self._card is not None:
                DirectConnection(self, self._card, self._watchdog_s).close()

    def prove(self) -> ProofLine:
        """Proved only when no card lies there."""
        try:
            self._listen()
        except CardError as error:
            return ProofLine(DEVICE, False, error.failure.text, error.code, "end the other program that uses the port")
        if self._card is not None and not _is_gone(self._card):
            statement = "expected an empty reader, a card lies on it"
            action = "take the card off the reader and keep it for its holder"
            return ProofLine(DEVICE, False, statement, CardErrorCode.LEFT_ON_READER, action)
        return ProofLine(DEVICE, True, "no card lies on the reader")

    def _listen(self) -> None:
        if self._listening is not None:
            return
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(self._address)
        except OSError as error:
            listening.close()
            text = f"expected the reader's port {self._address[1]} to be free, {error.strerror}"
            raise CardError(CardErrorCode.SHARING_VIOLATION, text) from None
        listening.listen(1)
        self._listening = listening

    def _accept(self, wait_s: float) -> bool:
        if self._listening is None or not select.select([self._listening], [], [], wait_s)[0]:
            return False
        try:
            card, _ = self._listening.accept()
        except OSError:
            return False
        card.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._card = card
            self._insertion += 1
        return True

    def _poll(self, listener: Callable[[CardReaderEvent], None]) -> None:
        while not self._closed.is_set():
            if self._card is None:
                if self._accept(_LOOK_S):
                    listener(CardInserted(self._insertion))
            elif _is_gone(self._card):
                self.drop()
                listener(CardRemoved(self._insertion))
            else:
                self._closed.wait(_LOOK_S)

    def drop(self) -> None:
        """The card is gone."""
        with self._lock:
            if self._card is not None:
                leave(self._card)
            self._card = None


class DirectConnection:
    """An exclusive connection to the card; one thread at a time."""

    def __init__(self, reader: DirectReader, card: socket.socket, watchdog_s: float) -> None:
        self._reader = reader
        self._card = card
        self._watchdog_s = watchdog_s

    def control(self, control: Control) -> None:
        """Power on or off; raise ``CardError`` when the card is gone."""
        self._send(bytes((control,)))

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """See ``CardConnection.transmit``."""
        self._send(bytes(apdu))
        if not select.select([self._card], [], [], self._watchdog_s)[0]:
            raise CardError(CardErrorCode.HANGS, f"the card has not answered for {self._watchdog_s:g} s; take it off")
        answer = receive_frame(self._card)
        if answer is None:
            raise CardError(CardErrorCode.REMOVED, "the card was taken off; put it on the reader again")
        if len(answer) < 2:
            raise CardError(
                CardErrorCode.BAD_ANSWER, "expected at least a status word; put the card on the reader again"
            )
        return ResponseApdu(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def close(self) -> None:
        """See ``CardConnection.close``."""
        with contextlib.suppress(CardError):
            self.control(Control.POWER_OFF)

    def _send(self, payload: bytes) -> None:
        try:
            send_frame(self._card, payload)
        except OSError:
            raise CardError(CardErrorCode.REMOVED, "the card was taken off; put it on the reader again") from None


def _is_gone(card: socket.socket) -> bool:
    """A card speaks only when it is asked: what can be read while nobody asked is the end of the stream."""
    try:
        if not select.select([card], [], [], 0)[0]:
            return False
        return card.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True
