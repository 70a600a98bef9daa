"""One exclusive connection to one card: every exchange bounded, every loss told apart, no PIN in any log.

Source: reference jpki-card.md section 5.3 (what pcscd answers to a removal, in flight or between commands).
"""

import logging
from typing import Final, Self

from terminal.devices.card_reader.apdu import describe
from terminal.devices.card_reader.api import CardError, CardErrorCode, ResponseApdu
from terminal.devices.card_reader.lane import Lane, LaneHangsError
from terminal.devices.card_reader.pin import wipe
from terminal.devices.card_reader.presence import event_count, is_present
from terminal.devices.card_reader.scard import Context, Handle
from terminal.errors import Failure

logger = logging.getLogger(__name__)

_SETTLE_S: Final = 1.0
"""How long a removal may take until pcscd tells of it: it looks for the card about every 0.4 s (reference section 5.3)."""

_MAY_BE_REMOVAL: Final = frozenset({CardErrorCode.REMOVED, CardErrorCode.TRANSMISSION, CardErrorCode.BAD_ANSWER})


def hangs(doing: str, watchdog_s: float) -> CardError:
    """The error for a call that outlived its watchdog."""
    return CardError(
        CardErrorCode.HANGS,
        f"{doing}: expected an answer within {watchdog_s:g} s, none came; take the card off the reader",
    )


class _Line:
    """What the lane's thread owns: context and handle. Only that thread touches them."""

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._context: Context | None = None
        self._handle: Handle | None = None
        self._count = 0

    def open(self) -> None:
        """Connect and remember how many insertions and removals pcscd had counted."""
        self._context = Context()
        self._count = event_count(self._context.status(self._reader))
        self._handle = self._context.connect(self._reader)

    def transmit(self, apdu: list[int]) -> list[int]:
        """One exchange; a loss is looked into before it is told."""
        if self._context is None or self._handle is None:
            raise RuntimeError("transmit comes after open")
        try:
            answer = self._handle.transmit(apdu)
        except CardError as error:
            raise self._explained(self._context, error) from None
        finally:
            wipe(apdu)
        if len(answer) < 2:
            raise self._explained(
                self._context,
                CardError(
                    CardErrorCode.BAD_ANSWER,
                    f"expected an answer of at least 2 bytes, {len(answer)} came; put the card on the reader again",
                ),
            )
        return answer

    def _explained(self, context: Context, error: CardError) -> CardError:
        """Tell removal, another insertion and a mere transmission error apart by asking the reader."""
        if error.code not in _MAY_BE_REMOVAL:
            return error
        try:
            state = context.status(self._reader)
            if is_present(state) and event_count(state) == self._count:
                state = context.status(self._reader, state, _SETTLE_S)
        except CardError as lost:
            return lost
        if not is_present(state):
            return CardError(
                CardErrorCode.REMOVED, "expected the card to stay, it was taken off; put it on the reader again"
            )
        if event_count(state) != self._count:
            return CardError(
                CardErrorCode.SWAPPED,
                "expected the card to stay, it was taken off and a card was put on since; it counts as another card",
            )
        return error

    def close(self) -> None:
        """Cut the power, let go, give the line back; in whatever state it is."""
        if self._handle is not None:
            self._handle.unpower()
        if self._context is not None:
            self._context.release()
        self._handle = self._context = None


class PcscConnection:
    """A ``CardConnection`` over PC/SC. The first loss ends it for good: every later call tells the same error."""

    def __init__(self, line: _Line, lane: Lane, watchdog_s: float) -> None:
        """Use ``open`` instead."""
        self._line = line
        self._lane = lane
        self._watchdog_s = watchdog_s
        self._ended: Failure | None = None

    @classmethod
    def open(cls, reader: str, watchdog_s: float) -> Self:
        """Connect exclusively; raise ``CardError`` as ``PcscReader.open`` says."""
        line = _Line(reader)
        lane = Lane(f"card on {reader}", cleanup=line.close)
        try:
            lane.call(line.open, watchdog_s)
        except LaneHangsError:
            raise hangs("connecting to the card", watchdog_s) from None
        except BaseException:
            lane.finish(watchdog_s)
            raise
        logger.debug("card connected")
        return cls(line, lane, watchdog_s)

    def transmit(self, apdu: bytes | bytearray) -> ResponseApdu:
        """Send one command APDU; raise ``CardError``.

        ``CARD_REMOVED``, ``CARD_SWAPPED``, ``CARD_HANGS``, ``CARD_TRANSMISSION``, ``CARD_BAD_ANSWER``,
        ``CARD_READER_UNAVAILABLE``, ``CARD_READER_NOT_FOUND``. The caller's buffer is its own to wipe; ours is wiped here.
        """
        self._raise_if_ended()
        shown = describe(apdu)
        sent = list(apdu)
        try:
            answer = self._lane.call(lambda: self._line.transmit(sent), self._watchdog_s + _SETTLE_S)
        except LaneHangsError:
            self._ended = hangs("waiting for the card", self._watchdog_s).failure
        except CardError as error:
            self._ended = error.failure
        finally:
            wipe(sent)
        if self._ended is not None:
            logger.debug("%s -> %s", shown, self._ended.code)
            self._raise_if_ended()
        sw = answer[-2] << 8 | answer[-1]
        logger.debug("%s -> %04X", shown, sw)
        return ResponseApdu(bytes(answer[:-2]), sw)

    def _raise_if_ended(self) -> None:
        # A new error each time: a kept one would keep, in its traceback, the frames that held a PIN.
        if self._ended is not None:
            raise CardError(CardErrorCode(self._ended.code), self._ended.text)

    def close(self) -> None:
        """Cut the card's power and let go; never raises. A connection that hangs is left to its own thread."""
        if self._ended is None:
            self._ended = Failure(CardErrorCode.REMOVED, "the connection was closed; open another one")
        if not self._lane.finish(self._watchdog_s):
            logger.warning("closing the card connection: the card hangs")
