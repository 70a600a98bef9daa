"""Who lies on the reader: reader states turned into insertions and removals, and the one poller that watches them.

The poller is ours and supervised: what kills pyscard's monitor threads unnoticed (a restart of pcscd, a listener that raises)
is here told as ``ReaderLost`` and answered by starting over. Source: pcsc-lite's SCardGetStatusChange (event counter in the
upper 16 bits); reference jpki-card.md section 5.3.
"""

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol

from terminal.clock import Clock
from terminal.devices.card_reader.api import (
    CardError,
    CardErrorCode,
    CardInserted,
    CardReaderEvent,
    CardRemoved,
    ReaderFound,
    ReaderLost,
)

logger = logging.getLogger(__name__)

PRESENT: Final = 0x0020
"""SCARD_STATE_PRESENT."""

_DOUBTS: Final = 4
"""Answers in doubt until the reader itself is asked: pcscd counts an ordinary removal within 0.4 s."""

_LOOKS: Final = 3
"""Times the reader is asked in one doubt; a reader that is then still empty is."""

_COUNTS: Final = 1 << 16
_COUNTS_OF_A_SWAP: Final = 2

_FIRST_BACK_OFF_S: Final = 0.1
_LONGEST_BACK_OFF_S: Final = 2.0


def is_present(state: int) -> bool:
    """True when a card lies on the reader, powered or not, mute or not."""
    return bool(state & PRESENT)


def event_count(state: int) -> int:
    """pcscd's count of insertions and removals (16 bits, wraps)."""
    return state >> 16 & 0xFFFF


class PresenceTracker:
    """Counts insertions over the reader's life; pure."""

    def __init__(self) -> None:
        self._reachable: bool | None = None
        self._state = 0
        self._insertion = 0
        self._count_at_insertion = 0
        self._lies_there = False
        self._count_when_present: int | None = None

    @property
    def doubts(self) -> bool:
        """True while the reader is said to be empty and pcscd has not counted a removal that we know of.

        It may overlook a card then (``scard.Context.look_again``). At the start nothing is known, so an empty reader is in doubt.
        """
        return not is_present(self._state) and event_count(self._state) == self._count_when_present

    def observed(self, state: int) -> tuple[CardReaderEvent, ...]:
        """What changed with a reader state; every insertion told has exactly one removal, before the next one."""
        # A swap counts two. One is no swap: pcscd sets the state first and counts after it, and a look in between sees the
        # old count. Hence the count of the insertion is kept until there is another one.
        moved = (event_count(state) - self._count_at_insertion) % _COUNTS >= _COUNTS_OF_A_SWAP
        events: list[CardReaderEvent] = []
        if not self._reachable:
            events.append(ReaderFound())
            # Nobody watched meanwhile: whatever lies there now counts as another insertion.
            moved = True
            self._count_when_present = event_count(state)
        if self._lies_there and (moved or not is_present(state)):
            events.append(CardRemoved(self._insertion))
            self._lies_there = False
        if is_present(state) and not self._lies_there:
            self._insertion += 1
            self._count_at_insertion = event_count(state)
            self._lies_there = True
            events.append(CardInserted(self._insertion))
        self._reachable = True
        self._state = state
        if is_present(state):
            self._count_when_present = event_count(state)
        return tuple(events)

    def lost(self, code: CardErrorCode, text: str) -> tuple[CardReaderEvent, ...]:
        """The reader does not answer: told once, until it answers again."""
        if self._reachable is False:
            return ()
        self._reachable = False
        return (ReaderLost(code, text),)


class StatusSource(Protocol):
    """A line to pcscd that a poller asks."""

    def status(self, reader: str, known: int, timeout_s: float) -> int:
        """The reader's state, at the latest after ``timeout_s``; raise ``CardError`` when it cannot be had."""
        ...

    def look_again(self, reader: str) -> None:
        """Have the reader itself look for a card, whatever pcscd believes."""
        ...

    def release(self) -> None:
        """Give the line back."""
        ...


class Poller:
    """One thread that asks for the reader's state, tells each change, and survives what goes wrong."""

    def __init__(
        self,
        reader: str,
        connect: Callable[[], StatusSource],
        listener: Callable[[CardReaderEvent], None],
        clock: Clock,
        poll_s: float,
    ) -> None:
        self._reader = reader
        self._connect = connect
        self._listener = listener
        self._clock = clock
        self._poll_s = poll_s
        self._tracker = PresenceTracker()
        self._stop = threading.Event()
        self._last_sign_s = clock.now_s()
        self._thread = threading.Thread(target=self._run, name=f"poller of {reader}", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self, within_s: float) -> None:
        """Stop watching; waits no longer than ``within_s`` seconds for the thread."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(within_s)

    def is_alive(self, silence_s: float) -> bool:
        """True when the thread lives and gave a sign of life within the last ``silence_s`` seconds."""
        return self._thread.is_alive() and self._clock.now_s() - self._last_sign_s <= silence_s

    def _run(self) -> None:
        back_off_s = _FIRST_BACK_OFF_S
        while not self._stop.is_set():
            self._last_sign_s = self._clock.now_s()
            try:
                self._watch_until_lost()
                return
            except CardError as error:
                lost = self._tracker.lost(CardErrorCode(error.code), error.failure.text)
            except Exception as error:
                lost = self._died(error)
            if self._tell(lost):
                back_off_s = _FIRST_BACK_OFF_S
            self._stop.wait(back_off_s)
            back_off_s = min(back_off_s * 2, _LONGEST_BACK_OFF_S)

    def _died(self, error: Exception) -> tuple[CardReaderEvent, ...]:
        logger.error("poller of %s failed: %s", self._reader, type(error).__name__)
        return self._tracker.lost(
            CardErrorCode.POLLER_DIED, f"expected the poller to run on, it met {type(error).__name__}; it starts over"
        )

    def _tell(self, lost: tuple[CardReaderEvent, ...]) -> bool:
        """Tell of a loss; a listener that raises even now must not end the supervision."""
        try:
            for event in lost:
                self._listener(event)
        except Exception as error:
            logger.error("listener of %s failed: %s", self._reader, type(error).__name__)
        return bool(lost)

    def _watch_until_lost(self) -> None:
        source = self._connect()
        try:
            state, doubts, looks = 0, 0, 0
            while not self._stop.is_set():
                state = source.status(self._reader, state, self._poll_s)
                self._last_sign_s = self._clock.now_s()
                for event in self._tracker.observed(state):
                    self._listener(event)
                doubts, looks = (doubts + 1, looks) if self._tracker.doubts else (0, 0)
                if doubts == _DOUBTS and looks < _LOOKS:
                    source.look_again(self._reader)
                    doubts, looks = 0, looks + 1
        finally:
            source.release()
