"""The process that waits for a card hangs or is stopped: the terminal must not welcome people for ever and serve nobody (P7)."""

import os
import signal
from pathlib import Path

from terminal.fsm.states import State
from terminal.journal import entries as e
from terminal.processes.channel import Channel
from terminal.reports import ChannelReporter, Waiting
from terminal.reset import members_of_group
from tests.supervisor_kit import Shop, began, shop, wait_for_ever


def _pid(place: Shop) -> int:
    assert place.supervisor._serving is not None
    return place.supervisor._serving.process.pid


def test_a_stopped_process_is_replaced(tmp_path: Path) -> None:
    with shop(tmp_path, wait_for_ever) as place:
        place.turn_until(lambda: place.supervisor.state is State.IDLE)
        stopped = _pid(place)
        os.kill(stopped, signal.SIGSTOP)
        place.clock.advance(61)
        place.turn_until_written(e.ResetProved, times=2)
        assert members_of_group(stopped) == ()
        assert place.supervisor.state is State.IDLE
        assert _pid(place) != stopped


def test_one_that_says_that_it_waits_is_left_alone(tmp_path: Path) -> None:
    def body(channel: Channel, private: Path) -> int:
        reporter = ChannelReporter(channel)
        while True:
            reporter.report(Waiting())

    with shop(tmp_path, body) as place:
        for _ in range(5000):
            place.clock.advance(0.1)
            place.supervisor.turn(5)
        assert len(place.of(e.ResetProved)) == 1
        assert not place.of(e.CustomerMessageRefused)


def test_a_customer_who_has_begun_is_not_hurried(tmp_path: Path) -> None:
    def body(channel: Channel, private: Path) -> int:
        began(channel)
        return wait_for_ever(channel, private)

    with shop(tmp_path, body) as place:
        place.turn_until(lambda: place.supervisor.state is State.SERVING)
        place.clock.advance(600)
        place.supervisor.turn(0)
        assert place.supervisor.state is State.SERVING
