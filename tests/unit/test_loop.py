"""The two loops deliver the same events in the same order, in real and in virtual time."""

from datetime import UTC, datetime
from functools import partial

import pytest

from terminal.clock import ManualClock, SystemClock
from terminal.loop import CommandCrashedError, StalledError, SystemLoop, VirtualLoop

START = datetime(2026, 4, 1, tzinfo=UTC)


def test_virtual_time_jumps_to_the_next_timer_without_waiting() -> None:
    clock = ManualClock(START)
    loop: VirtualLoop[str] = VirtualLoop(clock)
    loop.set_timer("late", 600, "late")
    loop.set_timer("early", 30, "early")
    assert [loop.next(), clock.now_s(), loop.next(), clock.now_s()] == ["early", 30.0, "late", 600.0]


def test_events_that_wait_come_before_time_goes_on() -> None:
    clock = ManualClock(START)
    loop: VirtualLoop[str] = VirtualLoop(clock)
    loop.set_timer("pin", 1, "timed out")
    loop.start("card_reader", lambda: "card read")
    assert loop.next() == "card read"
    assert clock.now_s() == 0


def test_a_stopped_timer_never_fires_and_a_replaced_one_fires_once() -> None:
    loop: VirtualLoop[str] = VirtualLoop(ManualClock(START))
    loop.set_timer("a", 1, "first")
    loop.set_timer("a", 2, "second")
    loop.set_timer("b", 3, "stopped")
    loop.stop_timer("b")
    assert loop.next() == "second"
    with pytest.raises(StalledError):
        loop.next()


def test_timers_of_equal_time_fire_in_the_order_they_were_set() -> None:
    loop: VirtualLoop[str] = VirtualLoop(ManualClock(START))
    for name in "cab":
        loop.set_timer(name, 5, name)
    assert [loop.next() for _ in range(3)] == ["c", "a", "b"]


def test_commands_of_one_device_run_in_order_on_one_thread() -> None:
    loop: SystemLoop[int] = SystemLoop(SystemClock())
    for number in range(20):
        loop.start("printer", partial(int, number))
    assert [loop.next() for _ in range(20)] == list(range(20))


def test_a_command_that_raises_ends_the_customer_instead_of_being_swallowed() -> None:
    loop: SystemLoop[int] = SystemLoop(SystemClock())
    loop.start("printer", lambda: 1 // 0)
    with pytest.raises(CommandCrashedError, match="printer raised ZeroDivisionError"):
        loop.next()


def test_a_command_without_a_completion_posts_nothing() -> None:
    loop: VirtualLoop[int] = VirtualLoop(ManualClock(START))
    loop.start("screen", lambda: None)
    with pytest.raises(StalledError):
        loop.next()
