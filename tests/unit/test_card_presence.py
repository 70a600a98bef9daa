"""Who lies on the reader: states turned into events, and a poller that tells of its own death."""

import queue
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from terminal.clock import ManualClock
from terminal.devices.card_reader.api import (
    CardError,
    CardErrorCode,
    CardInserted,
    CardReaderEvent,
    CardRemoved,
    ReaderFound,
    ReaderLost,
)
from terminal.devices.card_reader.presence import PRESENT, Poller, PresenceTracker
from tests.card_kit import clock

_SOON_S = 5.0
_EMPTY = 0x0010


def _state(count: int, present: bool) -> int:
    return count << 16 | (PRESENT if present else _EMPTY)


def test_a_card_that_lies_there_already_is_told() -> None:
    assert PresenceTracker().observed(_state(1, True)) == (ReaderFound(), CardInserted(1))


def test_insertions_are_counted_and_each_has_its_removal() -> None:
    tracker = PresenceTracker()
    assert tracker.observed(_state(0, False)) == (ReaderFound(),)
    assert tracker.observed(_state(1, True)) == (CardInserted(1),)
    assert tracker.observed(_state(1, True)) == ()
    assert tracker.observed(_state(2, False)) == (CardRemoved(1),)
    assert tracker.observed(_state(3, True)) == (CardInserted(2),)


def test_a_swap_faster_than_the_poll_is_noticed_by_the_event_counter() -> None:
    tracker = PresenceTracker()
    tracker.observed(_state(1, True))
    assert tracker.observed(_state(3, True)) == (CardRemoved(1), CardInserted(2))


def test_a_look_between_pcscds_state_and_its_count_is_no_removal() -> None:
    """pcscd sets the state before it counts: seen on a busy machine as a card removed a moment after it was laid down."""
    tracker = PresenceTracker()
    tracker.observed(_state(4, False))
    assert tracker.observed(_state(4, True)) == (CardInserted(1),)
    assert tracker.observed(_state(5, True)) == ()
    assert tracker.observed(_state(7, True)) == (CardRemoved(1), CardInserted(2))


def test_a_swap_is_noticed_although_the_look_came_before_its_last_count() -> None:
    tracker = PresenceTracker()
    tracker.observed(_state(5, True))
    told = (*tracker.observed(_state(6, True)), *tracker.observed(_state(7, True)), *tracker.observed(_state(7, True)))
    assert told == (CardRemoved(1), CardInserted(2))


def test_the_event_counter_wraps() -> None:
    tracker = PresenceTracker()
    tracker.observed(_state(0xFFFF, True))
    assert tracker.observed(_state(1, True)) == (CardRemoved(1), CardInserted(2))


def test_a_change_of_flags_alone_is_no_event() -> None:
    tracker = PresenceTracker()
    tracker.observed(_state(1, True))
    assert tracker.observed(_state(1, True) | 0x0080) == ()


def test_a_loss_is_told_once_and_what_lies_there_afterwards_is_another_insertion() -> None:
    tracker = PresenceTracker()
    tracker.observed(_state(1, True))
    lost = ReaderLost(CardErrorCode.READER_UNAVAILABLE, "gone")
    assert tracker.lost(lost.code, lost.text) == (lost,)
    assert tracker.lost(lost.code, lost.text) == ()
    assert tracker.observed(_state(1, True)) == (ReaderFound(), CardRemoved(1), CardInserted(2))


def test_a_reader_that_is_not_there_at_the_start_is_lost() -> None:
    assert PresenceTracker().lost(CardErrorCode.READER_NOT_FOUND, "none") != ()


def _doubts(*states: int) -> bool:
    tracker = PresenceTracker()
    for state in states:
        tracker.observed(state)
    return tracker.doubts


def test_an_empty_reader_is_in_doubt_until_pcscd_counted_a_removal() -> None:
    assert not _doubts(_state(1, True))
    assert _doubts(_state(1, True), _state(1, False))
    assert not _doubts(_state(1, True), _state(1, False), _state(2, False))
    assert not _doubts(_state(1, True), _state(2, False))


def test_at_the_start_an_empty_reader_is_in_doubt() -> None:
    assert _doubts(_state(1, False))
    assert not _doubts(_state(1, False), _state(2, True))


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.booleans()), max_size=30))
def test_insertions_and_removals_alternate_whatever_the_reader_says(steps: list[tuple[int, bool, bool]]) -> None:
    tracker, events = PresenceTracker(), list[CardReaderEvent]()
    for count, present, reachable in steps:
        code = CardErrorCode.READER_UNAVAILABLE
        events += tracker.observed(_state(count, present)) if reachable else tracker.lost(code, "gone")
    told = [event for event in events if isinstance(event, CardInserted | CardRemoved)]
    expected = [kind(1 + at // 2) for at, kind in zip(range(len(told)), [CardInserted, CardRemoved] * 30, strict=False)]
    assert told == expected
    found = [event for event in events if isinstance(event, ReaderFound | ReaderLost)]
    assert all(type(one) is not type(next_one) for one, next_one in pairwise(found))


class _Source:
    """A line to pcscd that gives states and errors from a queue and then stays silent."""

    def __init__(self, answers: "queue.SimpleQueue[int | Exception]", overlooked: int | None = None) -> None:
        self._answers = answers
        self._overlooked = overlooked

    def status(self, reader: str, known: int, timeout_s: float) -> int:
        try:
            answer = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return known
        if isinstance(answer, Exception):
            raise answer
        return answer

    def look_again(self, reader: str) -> None:
        """A card that pcscd overlooked is seen now."""
        if self._overlooked is not None:
            self._answers.put(self._overlooked)
            self._overlooked = None

    def release(self) -> None:
        """See ``StatusSource``."""


def _poller(
    answers: list[int | Exception], listener: Callable[[CardReaderEvent], None], overlooked: int | None = None
) -> Poller:
    waiting: queue.SimpleQueue[int | Exception] = queue.SimpleQueue()
    for answer in answers:
        waiting.put(answer)
    return Poller("reader", lambda: _Source(waiting, overlooked), listener, clock(), poll_s=0.02)


def _first(events: "queue.SimpleQueue[CardReaderEvent]", count: int) -> list[CardReaderEvent]:
    return [events.get(timeout=_SOON_S) for _ in range(count)]


def test_a_restart_of_pcscd_is_lost_and_found() -> None:
    events: queue.SimpleQueue[CardReaderEvent] = queue.SimpleQueue()
    gone = CardError(CardErrorCode.READER_UNAVAILABLE, "pcscd is gone")
    poller = _poller([_state(0, False), gone, gone, _state(1, True)], events.put)
    poller.start()
    assert _first(events, 4) == [
        ReaderFound(),
        ReaderLost(CardErrorCode.READER_UNAVAILABLE, "pcscd is gone"),
        ReaderFound(),
        CardInserted(1),
    ]
    poller.stop(_SOON_S)
    assert not poller.is_alive(_SOON_S)


def test_a_card_that_pcscd_overlooks_is_found_by_having_the_reader_look_again() -> None:
    events: queue.SimpleQueue[CardReaderEvent] = queue.SimpleQueue()
    poller = _poller([_state(1, True), _state(1, False)], events.put, overlooked=_state(1, True))
    poller.start()
    assert _first(events, 4) == [ReaderFound(), CardInserted(1), CardRemoved(1), CardInserted(2)]
    poller.stop(_SOON_S)


def test_a_card_that_was_overlooked_before_the_watch_began_is_found_too() -> None:
    events: queue.SimpleQueue[CardReaderEvent] = queue.SimpleQueue()
    poller = _poller([_state(1, False)], events.put, overlooked=_state(1, True))
    poller.start()
    assert _first(events, 2) == [ReaderFound(), CardInserted(1)]
    poller.stop(_SOON_S)


def test_a_poller_that_fails_tells_so_and_starts_over() -> None:
    events: queue.SimpleQueue[CardReaderEvent] = queue.SimpleQueue()
    poller = _poller([_state(0, False), ZeroDivisionError(), _state(0, False)], events.put)
    poller.start()
    found, lost, again = _first(events, 3)
    assert (found, again) == (ReaderFound(), ReaderFound())
    assert isinstance(lost, ReaderLost)
    assert lost.code == CardErrorCode.POLLER_DIED
    assert "ZeroDivisionError" in lost.text
    poller.stop(_SOON_S)


def test_a_listener_that_raises_does_not_end_the_watch() -> None:
    events: queue.SimpleQueue[CardReaderEvent] = queue.SimpleQueue()

    def fails_at_insertions(event: CardReaderEvent) -> None:
        events.put(event)
        if isinstance(event, CardInserted | ReaderLost) and events.qsize() < 5:
            raise RuntimeError

    poller = _poller([_state(0, False), _state(1, True), _state(1, True)], fails_at_insertions)
    poller.start()
    told = _first(events, 6)
    assert [type(event) for event in told] == [
        ReaderFound,
        CardInserted,
        ReaderLost,
        ReaderFound,
        CardRemoved,
        CardInserted,
    ]
    assert poller.is_alive(_SOON_S)
    poller.stop(_SOON_S)


def test_a_silent_poller_is_not_alive_even_though_its_thread_is() -> None:
    stuck: queue.SimpleQueue[int] = queue.SimpleQueue()

    class Stuck(_Source):
        def status(self, reader: str, known: int, timeout_s: float) -> int:
            return stuck.get()

    time = ManualClock(clock().wall())
    poller = Poller("reader", lambda: Stuck(queue.SimpleQueue()), lambda event: None, time, poll_s=0.02)
    poller.start()
    assert poller.is_alive(10.0)
    time.advance(11.0)
    assert not poller.is_alive(10.0)
    stuck.put(_state(0, False))
    stuck.put(_state(0, False))
    poller.stop(0.0)
    stuck.put(_state(0, False))
