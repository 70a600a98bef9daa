"""The emulated card behind a real PC/SC stack: a slot of the vpcd driver on which cards are laid and from which they go.

Source: reference jpki-card.md sections 5.2 to 5.4.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from simulator.devices.card_reader.apdu import Instruction
from simulator.devices.card_reader.apdu_log import ApduLog
from simulator.devices.card_reader.exchange_faults import Act, ExchangeFaults
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.vpcd_frames import (
    MAX_PAYLOAD_BYTES,
    Control,
    SlotError,
    connect,
    leave,
    receive_frame,
    send_cut_frame,
    send_frame,
)

_RECONNECT_PAUSE_S = 0.05
_JOIN_TIMEOUT_S = 5.0
NOTICED_ABSENCE_S = 0.6
"""An absence that pcscd cannot miss: it looks every 400 ms. When an exchange has met the removal and another card
lies there before pcscd looked, the reader says "empty" until that card is lifted off too (measured, pcscd 1.9.9)."""


@dataclass(frozen=True, slots=True)
class Delays:
    """How long the card thinks, in seconds, by kind of command. Real contactless cards: tens of ms a read, more a signature."""

    read_s: float = 0.0
    verify_s: float = 0.0
    sign_s: float = 0.0
    other_s: float = 0.0

    def of(self, apdu: bytes) -> float:
        """The delay of one command."""
        match apdu[1] if len(apdu) > 1 else None:
            case Instruction.READ_BINARY | Instruction.READ_RECORD:
                return self.read_s
            case Instruction.VERIFY:
                return self.verify_s
            case Instruction.PERFORM_SECURITY_OPERATION:
                return self.sign_s
            case _:
                return self.other_s


NO_DELAYS = Delays()


class CardSlot:
    """One slot of a vpcd reader at ``host:port``, served by a thread of its own while a card lies on it.

    ``dial`` opens the connection. With ``reconnect`` a card stays where it lies when pcscd restarts, as a real one would.
    Cards leave by ``remove`` or by an armed fault. All methods may be called from any thread but the slot's own.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        delays: Delays = NO_DELAYS,
        reconnect: bool = True,
        dial: Callable[[str, int], socket.socket] = connect,
    ) -> None:
        self.host = host
        self.port = port
        self.delays = delays
        self.apdu_log = ApduLog()
        self._dial = dial
        self._reconnect = reconnect
        self._faults = ExchangeFaults()
        self._insertion: _Insertion | None = None
        self._left_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    @property
    def card(self) -> Card | None:
        """The card that lies here now."""
        insertion = self._insertion
        return insertion.card if insertion is not None and insertion.lies_here() else None

    def insert(self, card: Card, *, absence_s: float = 0.0) -> None:
        """Lay ``card`` down, not sooner than ``absence_s`` after the last one left; raise ``SlotError`` when no vpcd listens.

        ``NOTICED_ABSENCE_S`` is a person's pace; at once is faster than pcscd looks.
        """
        if self.card is not None:
            raise ValueError("expected an empty slot, a card lies on it; use swap()")
        time.sleep(max(0.0, self._left_s + absence_s - time.monotonic()))
        self._insertion = _Insertion(self, card)

    def remove(self) -> None:
        """Lift the card off; an armed fault is forgotten. Does nothing when no card lies here."""
        self._faults.clear()
        insertion, self._insertion = self._insertion, None
        if insertion is not None:
            insertion.end()

    def swap(self, card: Card) -> None:
        """Put another card in place faster than pcscd's poll of 400 ms looks."""
        self.remove()
        self.insert(card)

    def remove_at(self, nth: int, *, in_flight: bool = False, executed: bool = False) -> None:
        """Let the card leave just before the ``nth`` command from now, or while that command is in flight.

        ``executed`` says whether the card still carried the command out: a VERIFY may have spent a try unseen.
        """
        if self._faults.arm_removal(nth, in_flight=in_flight, executed=executed):
            self.remove()

    def hang_at(self, nth: int) -> None:
        """Let the card not answer the ``nth`` command from now until ``resume`` or ``remove``."""
        self._faults.arm(nth, Act.HANG)

    def cut_answer_at(self, nth: int) -> None:
        """Let the ``nth`` answer from now break off in its middle, and the card leave with it."""
        self._faults.arm(nth, Act.CUT_ANSWER)

    def resume(self) -> None:
        """Let a hanging card answer after all."""
        if self._insertion is not None:
            self._insertion.resumed.set()

    def wait_until_seen(self, timeout_s: float) -> bool:
        """True once the driver asked the card for its ATR: pcscd's poll, every 400 ms, has found it."""
        return self._insertion is not None and self._insertion.seen.wait(timeout_s)

    def wait_until_hanging(self, timeout_s: float) -> bool:
        """True once the card hangs in a command."""
        return self._insertion is not None and self._insertion.hanging.wait(timeout_s)

    def wait_until_gone(self, timeout_s: float) -> bool:
        """True once no card lies here: it was removed, left by a fault, or lost its reader without ``reconnect``."""
        insertion = self._insertion
        return insertion is None or insertion.wait(timeout_s)


class _Insertion:
    """One stay of one card on a slot: the connection and the thread that serves it."""

    def __init__(self, slot: CardSlot, card: Card) -> None:
        self.card = card
        self.resumed = threading.Event()
        self.hanging = threading.Event()
        self.seen = threading.Event()
        self._slot = slot
        self._ended = threading.Event()
        self._connection = slot._dial(slot.host, slot.port)
        self._thread = threading.Thread(target=self._run, name=f"card-slot-{slot.port}", daemon=True)
        self._thread.start()

    def lies_here(self) -> bool:
        return not self._ended.is_set()

    def wait(self, timeout_s: float) -> bool:
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def end(self) -> None:
        self._ended.set()
        self.resumed.set()
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(_JOIN_TIMEOUT_S)

    def _run(self) -> None:
        try:
            while True:
                self._serve()
                leave(self._connection)
                self.card.power_off()
                if self._ended.is_set() or not self._slot._reconnect or not self._connect_again():
                    return
        finally:
            self._ended.set()
            leave(self._connection)
            self._slot._left_s = time.monotonic()

    def _connect_again(self) -> bool:
        while not self._ended.wait(_RECONNECT_PAUSE_S):
            try:
                self._connection = self._slot._dial(self._slot.host, self._slot.port)
            except SlotError:
                continue
            return not self._ended.is_set()
        return False

    def _serve(self) -> None:
        while not self._ended.is_set():
            payload = receive_frame(self._connection)
            if payload is None:
                return
            try:
                self._handle(payload)
            except OSError:
                return

    def _handle(self, payload: bytes) -> None:
        if not payload:
            return
        match payload[0] if len(payload) == 1 else None:
            case Control.POWER_OFF:
                self.card.power_off()
            case Control.POWER_ON:
                self.card.power_on()
            case Control.RESET:
                self.card.reset()
            case Control.GET_ATR:
                send_frame(self._connection, self.card.atr)
                self.seen.set()
            case _:
                self._exchange(payload)

    def _exchange(self, apdu: bytes) -> None:
        act = self._slot._faults.next_act()
        if act is Act.HANG:
            self._hang()
        if self._ended.is_set() or act is Act.LEAVE_UNEXECUTED:
            self._slot.apdu_log.add(apdu, None)
            self._ended.set()
            return
        self._ended.wait(self._slot.delays.of(apdu))
        answer = self.card.transmit(apdu)[-MAX_PAYLOAD_BYTES:]
        delivered = act in (Act.ANSWER, Act.ANSWER_THEN_LEAVE, Act.HANG)
        self._slot.apdu_log.add(apdu, answer if delivered else None)
        if act is Act.CUT_ANSWER:
            send_cut_frame(self._connection, answer)
        if delivered:
            send_frame(self._connection, answer)
        if act not in (Act.ANSWER, Act.HANG):
            self._ended.set()

    def _hang(self) -> None:
        self.hanging.set()
        self.resumed.wait()
        self.resumed.clear()
        self.hanging.clear()
