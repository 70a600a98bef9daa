"""Power cuts at every point of a purchase, in shares that one test takes at a time."""

import tempfile
from functools import cache
from pathlib import Path

from simulator.power_cut_runs import Prepare, Summary, cut_at, points_of
from simulator.power_cuts import Victim
from tests.terminal_kit import NOW, shared_home

SHARES = 8
_CUTS_A_TERMINAL = 12
"""Each start reads the whole journal again: on one terminal for a whole share, that would be half of the time."""


@cache
def points(victim: Victim, prepare: Prepare) -> tuple[str, ...]:
    """The points of an undisturbed purchase; the same in every run, for nothing in it is left to chance."""
    with tempfile.TemporaryDirectory() as folder:
        return points_of(shared_home(), Path(folder), NOW, victim, prepare)


def cut_share(victim: Victim, prepare: Prepare, share: int) -> Summary:
    """Cut at every ``SHARES``-th point, and sum up what is left."""
    summary = Summary()
    numbers = range(1 + share, len(points(victim, prepare)) + 1, SHARES)
    for begin in range(0, len(numbers), _CUTS_A_TERMINAL):
        some = numbers[begin : begin + _CUTS_A_TERMINAL]
        with tempfile.TemporaryDirectory() as folder:
            for left in cut_at(shared_home(), Path(folder), NOW, victim, prepare, some):
                summary.take(left)
    assert summary.points == len(numbers)
    return summary
