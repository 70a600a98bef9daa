"""One deadline bounds a whole exchange: what is left shrinks, ends in the operation's own time-out, and is each thread's own."""

import threading
from datetime import datetime

import httpcore
import pytest

from terminal.centre.transport import Deadline
from terminal.clock import JST, ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 4, 1, tzinfo=JST))


def test_an_operation_gets_what_is_left_and_never_more_than_it_wants(clock: ManualClock) -> None:
    deadline = Deadline(clock)
    with deadline.within(10.0):
        assert deadline.left_s(4.0, httpcore.ReadTimeout) == 4.0
        clock.advance(7.0)
        assert deadline.left_s(4.0, httpcore.ReadTimeout) == 3.0
        assert deadline.left_s(None, httpcore.ReadTimeout) == 3.0


@pytest.mark.parametrize("error", [httpcore.ReadTimeout, httpcore.WriteTimeout, httpcore.ConnectTimeout])
def test_nothing_left_is_a_time_out(clock: ManualClock, error: type[httpcore.TimeoutException]) -> None:
    deadline = Deadline(clock)
    with deadline.within(10.0):
        clock.advance(10.0)
        with pytest.raises(error):
            deadline.left_s(4.0, error)


def test_another_threads_exchange_has_its_own_deadline(clock: ManualClock) -> None:
    deadline = Deadline(clock)
    left_s: list[float] = []

    def elsewhere() -> None:
        with deadline.within(60.0):
            left_s.append(deadline.left_s(None, httpcore.ReadTimeout))

    with deadline.within(1.0):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        assert deadline.left_s(None, httpcore.ReadTimeout) == 1.0
    assert left_s == [60.0]
