"""A card reader in the process: the reader port straight on the card's model, for virtual time and machines without pcscd.

It ends in the same codes as the driver on the real stack does (reference jpki-card.md section 5.3), but never waits: a card
that hangs is told at once, and events come on the thread that inserts or removes.
"""

import threading
from collections.abc import Callable
from typing import Final

from simulator.devices.card_reader.apdu_log import ApduLog
from simulator.devices.card_reader.exchange_faults import Act, ExchangeFaults
from simulator.devices.card_reader.model import Card
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

DEVICE: Final = "card_reader"

_TEXTS: Final = {
    CardErrorCode.NO_CARD: "expected a card on the reader, there is none; put a card on the reader",
    CardErrorCode.REMOVED: "expected the card to stay, it was taken off; put it on the reader again",
    CardErrorCode.SWAPPED: "expected the card to stay, another was put in its place; it counts as another card",
    CardErrorCode.HANGS: "expected an answer of the card, none came; take the card off the reader",
    CardErrorCode.SHARING_VIOLATION: "expected a free card, a program holds it; end the other program that uses the reader",
    CardErrorCode.READER_UNAVAILABLE: "expected the reader to answer, it does not; see that the reader is connected",
}


class InProcessReader:
    """A ``CardReader`` whose card is laid down and lifted off by method. Safe to use from several threads.

    ``name`` is the reader's name in texts. Hooks: ``insert``, ``remove``, ``swap``, ``remove_at``, ``hang_at``,
    ``cut_answer_at``, ``resume``, ``lose``, ``find``, ``hold_elsewhere``.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.apdu_log = ApduLog()
        self._lock = threading.RLock()
        self._faults = ExchangeFaults()
        self._listener: Callable[[CardReaderEvent], None] | None = None
        self._card: Card | None = None
        self._insertion = 0
        self._told_insertion: int | None = None
        self._connection: InProcessConnection | None = None
        self._lost = False
        self._held_elsewhere = False
        self._hanging = False

    @property
    def card(self) -> Card | None:
        """The card that lies here now."""
        return self._card

    @property
    def lost(self) -> bool:
        """Whether the reader or its service is gone."""
        return self._lost

    def insert(self, card: Card) -> None:
        """Lay ``card`` down."""
        with self._lock:
            if self._card is not None:
                raise ValueError("expected an empty reader, a card lies on it; use swap()")
            self._card = card
            self._insertion += 1
            self._tell_insertion()

    def remove(self) -> None:
        """Lift the card off; an armed fault is forgotten. Does nothing when no card lies here."""
        with self._lock:
            self._faults.clear()
            self._hanging = False
            card, self._card = self._card, None
            if card is not None:
                card.power_off()
                self._tell_removal()

    def swap(self, card: Card) -> None:
        """Put another card in place."""
        with self._lock:
            self.remove()
            self.insert(card)

    def remove_at(self, nth: int, *, in_flight: bool = False, executed: bool = False) -> None:
        """Let the card leave just before the ``nth`` command from now, or while that command is in flight."""
        if self._faults.arm_removal(nth, in_flight=in_flight, executed=executed):
            self.remove()

    def hang_at(self, nth: int) -> None:
        """Let the card not answer from the ``nth`` command from now on, until ``resume`` or ``remove``."""
        self._faults.arm(nth, Act.HANG)

    def cut_answer_at(self, nth: int) -> None:
        """Let the ``nth`` answer from now break off in its middle, and the card leave with it."""
        self._faults.arm(nth, Act.CUT_ANSWER)

    def resume(self) -> None:
        """Let a hanging card answer again."""
        self._hanging = False

    def lose(self) -> None:
        """The reader or its service is gone; the card stays where it is but nobody sees it."""
        with self._lock:
            self._lost = True
            if self._card is not None:
                self._card.power_off()
            self._tell(ReaderLost(CardErrorCode.READER_UNAVAILABLE, _TEXTS[CardErrorCode.READER_UNAVAILABLE]))

    def find(self) -> None:
        """The reader is back; a card on it counts as another insertion, because nobody watched meanwhile."""
        with self._lock:
            self._lost = False
            self._tell(ReaderFound())
            self._tell_removal()
            if self._card is not None:
                self._insertion += 1
                self._tell_insertion()

    def hold_elsewhere(self, held: bool) -> None:
        """Let another program hold the card, or let go of it."""
        self._held_elsewhere = held

    def watch(self, listener: Callable[[CardReaderEvent], None]) -> None:
        """Tell ``listener`` each change of presence, beginning with what is so now. Once in the reader's life."""
        with self._lock:
            if self._listener is not None:
                raise RuntimeError("the reader is watched already; one listener is enough for everybody")
            self._listener = listener
            if self._lost:
                lost = ReaderLost(CardErrorCode.READER_UNAVAILABLE, _TEXTS[CardErrorCode.READER_UNAVAILABLE])
                self._tell(lost)
                return
            self._tell(ReaderFound())
            if self._card is not None:
                self._tell_insertion()

    def open(self) -> "InProcessConnection":
        """Connect to the card that lies there; an earlier connection is closed first. Raise ``CardError``."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            if self._lost:
                raise _error(CardErrorCode.READER_UNAVAILABLE)
            if self._card is None:
                raise _error(CardErrorCode.NO_CARD)
            if self._held_elsewhere:
                raise _error(CardErrorCode.SHARING_VIOLATION)
            if self._hanging:
                raise _error(CardErrorCode.HANGS)
            self._card.power_on()
            self._connection = InProcessConnection(self, self._insertion)
            return self._connection

    def close(self) -> None:
        """Stop telling events, cut the card's power and let go; never raises."""
        with self._lock:
            self._listener = None
            if self._connection is not None:
                self._connection.close()

    def readiness(self) -> Readiness:
        """Whether the reader can serve the next customer."""
        if self._lost:
            code = CardErrorCode.READER_UNAVAILABLE
            fault = Fault(DEVICE, code, _action(code))
            return Readiness(DEVICE, DeviceStatus.OFFLINE, _TEXTS[code], (fault,))
        if self._held_elsewhere:
            code = CardErrorCode.SHARING_VIOLATION
            fault = Fault(DEVICE, code, _action(code))
            return Readiness(DEVICE, DeviceStatus.DEVICE_BUSY, "another program holds the card", (fault,))
        detail = "a card lies on the reader" if self._card is not None else "no card on the reader"
        return Readiness(DEVICE, DeviceStatus.ONLINE, f"{detail} (emulated, SPECIMEN)")

    def clear(self) -> None:
        """Cut the power of whatever card lies there."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            if self._card is not None:
                self._card.power_off()

    def prove(self) -> ProofLine:
        """Proved only when the reader answers and no card lies on it."""
        if self._lost:
            code = CardErrorCode.READER_UNAVAILABLE
            return ProofLine(DEVICE, False, _TEXTS[code], code, _action(code))
        if self._card is not None:
            return ProofLine(
                DEVICE,
                False,
                "expected an empty reader, a card lies on it",
                CardErrorCode.LEFT_ON_READER,
                "take the card off the reader and keep it for its holder",
            )
        return ProofLine(DEVICE, True, "the reader answers and no card lies on it")

    def _tell_insertion(self) -> None:
        if not self._lost and self._listener is not None:
            self._told_insertion = self._insertion
            self._listener(CardInserted(self._insertion))

    def _tell_removal(self) -> None:
        """Every insertion told has exactly one removal, whatever was swapped while the reader was lost."""
        if not self._lost and self._listener is not None and self._told_insertion is not None:
            told, self._told_insertion = self._told_insertion, None
            self._listener(CardRemoved(told))

    def _tell(self, event: CardReaderEvent) -> None:
        if self._listener is not None:
            self._listener(event)

    def _exchange(self, apdu: bytes, insertion: int) -> ResponseApdu:
        with self._lock:
            card = self._reachable(insertion)
            act = self._faults.next_act()
            if act is Act.HANG:
                self._hanging = True
                self.apdu_log.add(apdu, None)
                raise _error(CardErrorCode.HANGS)
            if act is Act.LEAVE_UNEXECUTED:
                return self._left_in_flight(apdu)
            answer = card.transmit(apdu)
            if act is Act.LEAVE_EXECUTED:
                return self._left_in_flight(apdu)
            if act is Act.CUT_ANSWER:
                answer = answer[: max(1, len(answer) // 2)]
                if len(answer) < 2:
                    return self._left_in_flight(apdu)
            if act is not Act.ANSWER:
                self.remove()
            self.apdu_log.add(apdu, answer)
            return ResponseApdu(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def _reachable(self, insertion: int) -> Card:
        if self._lost:
            raise _error(CardErrorCode.READER_UNAVAILABLE)
        if self._card is None:
            raise _error(CardErrorCode.REMOVED)
        if self._insertion != insertion:
            raise _error(CardErrorCode.SWAPPED)
        if self._hanging:
            raise _error(CardErrorCode.HANGS)
        return self._card

    def _left_in_flight(self, apdu: bytes) -> ResponseApdu:
        self.apdu_log.add(apdu, None)
        self.remove()
        raise _error(CardErrorCode.REMOVED)

    def _disconnect(self, insertion: int) -> None:
        with self._lock:
            if self._card is not None and self._insertion == insertion and not self._hanging:
                self._card.power_off()


class InProcessConnection:
    """A ``CardConnection`` to one insertion. The first loss ends it for good: every later call tells the same error."""

    def __init__(self, reader: InProcessReader, insertion: int) -> None:
        self._reader = reader
        self._insertion = insertion
        self._ended: CardErrorCode | None = None

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """Send one command APDU; raise ``CardError``."""
        if self._ended is not None:
            raise _error(self._ended)
        try:
            return self._reader._exchange(bytes(apdu), self._insertion)
        except CardError as error:
            self._ended = CardErrorCode(error.code)
            raise

    def close(self) -> None:
        """Cut the card's power and let go; never raises."""
        if self._ended is None:
            self._ended = CardErrorCode.REMOVED
            self._reader._disconnect(self._insertion)


def _error(code: CardErrorCode) -> CardError:
    return CardError(code, _TEXTS[code])


def _action(code: CardErrorCode) -> str:
    return _TEXTS[code].rpartition("; ")[2]
