"""The watchdog over calls that have no time-out of their own."""

import threading

import pytest

from terminal.devices.card_reader.lane import Lane, LaneHangsError

_SOON_S = 5.0


def test_results_and_errors_come_back() -> None:
    lane = Lane("test", cleanup=lambda: None)
    assert lane.call(lambda: 42, _SOON_S) == 42
    with pytest.raises(KeyError):
        lane.call(lambda: {"here": 1}["missing"], _SOON_S)
    assert lane.call(lambda: "still there", _SOON_S) == "still there"
    assert lane.finish(_SOON_S)


def test_every_call_runs_on_the_lanes_one_thread() -> None:
    lane = Lane("test", cleanup=lambda: None)
    threads = {lane.call(threading.get_ident, _SOON_S) for _ in range(5)}
    assert len(threads) == 1
    assert threads != {threading.get_ident()}
    assert lane.finish(_SOON_S)


def test_a_call_that_hangs_ends_the_lane_for_good_and_cleans_up_when_it_returns() -> None:
    release, cleaned = threading.Event(), threading.Event()
    lane = Lane("test", cleanup=cleaned.set)
    with pytest.raises(LaneHangsError):
        lane.call(lambda: release.wait(_SOON_S), 0.01)
    assert not lane.finish(0.01)
    with pytest.raises(LaneHangsError):
        lane.call(lambda: 42, _SOON_S)
    assert not cleaned.is_set()
    release.set()
    assert cleaned.wait(_SOON_S)


def test_finishing_cleans_up_once() -> None:
    cleaned: list[int] = []
    lane = Lane("test", cleanup=lambda: cleaned.append(1))
    assert lane.finish(_SOON_S)
    assert lane.finish(_SOON_S)
    assert cleaned == [1]
