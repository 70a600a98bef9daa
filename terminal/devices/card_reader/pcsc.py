"""The card reader of a terminal in a store: PC/SC, exclusive, unpowered at the end, watched and bounded.

Make a ``PcscReader`` in the process that uses it: neither its threads nor its lines to pcscd survive a fork.
"""

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.card_reader.api import CardError, CardErrorCode, CardReaderEvent
from terminal.devices.card_reader.lane import Lane, LaneHangsError
from terminal.devices.card_reader.pcsc_connection import PcscConnection, hangs
from terminal.devices.card_reader.presence import Poller, is_present
from terminal.devices.card_reader.scard import STATE_EXCLUSIVE, Context

logger = logging.getLogger(__name__)

DEVICE: Final = "card_reader"
_POLL_S: Final = 0.25
_SILENCE_S: Final = 10.0

T = TypeVar("T")


class PcscReader:
    """The one reader with the exact name ``name``; ``watchdog_s`` bounds each single exchange with card or pcscd.

    A signature takes some hundreds of ms on a real card and may be stretched by waiting-time extensions (reference section 7):
    a ``watchdog_s`` below 5 is for tests.
    """

    def __init__(self, name: str, watchdog_s: float, clock: Clock) -> None:
        self._name = name
        self._watchdog_s = watchdog_s
        self._clock = clock
        self._poller: Poller | None = None
        self._connection: PcscConnection | None = None

    def watch(self, listener: Callable[[CardReaderEvent], None]) -> None:
        """Start the poller; ``ReaderFound`` or ``ReaderLost`` comes first, then what lies there. Once in the reader's life."""
        if self._poller is not None:
            raise RuntimeError("the reader is watched already; one listener is enough for everybody")
        self._poller = Poller(self._name, Context, listener, self._clock, _POLL_S)
        self._poller.start()

    def open(self) -> PcscConnection:
        """Connect exclusively to the card that lies there; an earlier connection of this reader is closed first.

        Raise ``CardError``: ``CARD_NO_CARD``, ``CARD_SHARING_VIOLATION``, ``CARD_HANGS``, ``CARD_UNRESPONSIVE``,
        ``CARD_READER_NOT_FOUND`` (lists the readers there are), ``CARD_READER_UNAVAILABLE``.
        """
        self._let_go()
        self._connection = PcscConnection.open(self._name, self._watchdog_s)
        return self._connection

    def close(self) -> None:
        """Stop the poller, cut the card's power and let go; never raises."""
        if self._poller is not None:
            self._poller.stop(within_s=_POLL_S + 1.0)
        self._let_go()

    def readiness(self) -> Readiness:
        """Ask pcscd now; a poller that was started and is silent blocks service."""
        if self._poller is not None and not self._poller.is_alive(_SILENCE_S):
            fault = Fault(DEVICE, CardErrorCode.POLLER_DIED, "restart the terminal")
            return Readiness(DEVICE, DeviceStatus.HARDWARE_ERROR, "the poller does not run", (fault,))
        try:
            state = self._state()
        except CardError as error:
            return _not_ready(error)
        if state & STATE_EXCLUSIVE and self._connection is None:
            fault = Fault(DEVICE, CardErrorCode.SHARING_VIOLATION, "end the other program that uses the reader")
            return Readiness(DEVICE, DeviceStatus.DEVICE_BUSY, "another program holds the card", (fault,))
        detail = "a card lies on the reader" if is_present(state) else "no card on the reader"
        return Readiness(DEVICE, DeviceStatus.ONLINE, detail)

    def clear(self) -> None:
        """Cut the power of whatever card lies there.

        Needed even though the customer's process is gone by then: for a client that dies pcscd resets the card, and a warm
        reset leaves the PIN status standing (reference section 2.4).
        """
        self._let_go()
        try:
            if is_present(self._state()):
                PcscConnection.open(self._name, self._watchdog_s).close()
        except CardError as error:
            logger.info("clearing the card reader: %s", error.code)

    def prove(self) -> ProofLine:
        """Proved only when the reader answers and no card lies on it: a card left behind is the last customer's.

        The reader itself is asked, not only pcscd, which may overlook a card (``Context.look_again``).
        """
        try:
            state = _bounded(lambda: _ask_closely(self._name), self._watchdog_s)
        except CardError as error:
            return ProofLine(DEVICE, False, error.failure.text, error.code, _action(error))
        if is_present(state):
            return ProofLine(
                DEVICE,
                False,
                "expected an empty reader, a card lies on it",
                CardErrorCode.LEFT_ON_READER,
                "take the card off the reader and keep it for its holder",
            )
        return ProofLine(DEVICE, True, "the reader answers and no card lies on it")

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _state(self) -> int:
        """The reader's state now, on a line of its own; raise ``CardError``."""
        return _bounded(lambda: _ask(self._name), self._watchdog_s)


def _ask(name: str) -> int:
    with Context() as context:
        return context.status(name)


def _ask_closely(name: str) -> int:
    with Context() as context:
        state = context.status(name)
        if is_present(state):
            return state
        context.look_again(name)
        return context.status(name)


def _bounded(work: Callable[[], T], watchdog_s: float) -> T:
    lane = Lane("state of the card reader", cleanup=lambda: None)
    try:
        return lane.call(work, watchdog_s)
    except LaneHangsError:
        raise hangs("asking the reader for its state", watchdog_s) from None
    finally:
        lane.abandon()


def _not_ready(error: CardError) -> Readiness:
    match CardErrorCode(error.code):
        case CardErrorCode.READER_NOT_FOUND:
            status = DeviceStatus.NO_DEVICE
        case CardErrorCode.HANGS:
            status = DeviceStatus.DEVICE_BUSY
        case _:
            status = DeviceStatus.OFFLINE
    return Readiness(DEVICE, status, error.failure.text, (Fault(DEVICE, error.code, _action(error)),))


def _action(error: CardError) -> str:
    return error.failure.text.rpartition("; ")[2]
