"""Progress (P7) on a whole graph: from every state a way to idle on which nothing more goes wrong, and time alone ends a session.

The way back may use everything that people and staff do of their own accord, and everything that devices do when they work. Its
length is a bound in events; how long nobody does anything at all is bounded by the situations' own limits, in seconds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from simulator.explore.broken import Broken
from simulator.explore.graph import Finding, Graph, Leg
from simulator.explore.stepping import Situation, Stepper
from terminal.fsm.states import CUSTOMER_STATES, State

_FAR = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class Progress:
    """``idle_within`` is the most events that the shortest way to idle has from anywhere. Left alone, a session is over after at
    most ``over_after_s`` seconds and ``over_after_expiries`` expired limits."""

    idle_within: int
    over_after_s: float
    over_after_expiries: int
    trap: Finding | None = None
    """The state nearest to the start that no way leads out of, or that time alone does not end."""


def progress_of(graph: Graph) -> Progress:
    """Hold every state of ``graph`` to P7."""
    distances = _distances(graph)
    worst_s, worst_expiries = 0.0, 0
    for at in _visited(graph):
        if at.state in CUSTOMER_STATES:
            try:
                alone = _alone(at, graph.stepper)
            except Broken as broken:
                return Progress(0, 0.0, 0, _trap(graph, _first_at(graph, at), broken))
            if alone is None:
                endless = Broken("P7", f"time alone does not end {at.state}")
                return Progress(0, 0.0, 0, _trap(graph, _first_at(graph, at), endless))
            worst_s, worst_expiries = max(worst_s, alone[0]), max(worst_expiries, alone[1])
    lost = np.flatnonzero(distances == _FAR)
    if len(lost):
        depths = np.frombuffer(graph.depth_of, dtype=np.uint16)[lost]
        state = int(lost[int(np.argmin(depths))])
        no_way = Broken("P7", f"no way leads from {graph.at(state)[0].state} to {State.IDLE}")
        return Progress(0, 0.0, 0, _trap(graph, state, no_way))
    return Progress(int(distances.max()), worst_s, worst_expiries)


def _distances(graph: Graph) -> npt.NDArray[np.uint16]:
    """The events from each state to the nearest idle one (or to where this world ends), over edges without a fault."""
    ends = {State.IDLE, *graph.setting.leaves}
    is_end = np.array([at.state in ends for at in graph.stepper.situations], dtype=np.bool_)
    situations = np.frombuffer(graph.situation_of, dtype=np.uint32)
    distances: npt.NDArray[np.uint16] = np.full(len(situations), _FAR, dtype=np.uint16)
    front = np.flatnonzero(is_end[situations])
    distances[front] = 0
    starts, sources = _backwards(graph)
    for far in range(1, _FAR):
        if not len(front):
            break
        counts = starts[front + 1] - starts[front]
        # Every edge into the front: the runs starts[n]..starts[n + 1] of all its states, laid end to end.
        places = np.repeat(starts[front] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(
            counts.sum()
        )
        before = np.unique(sources[places])
        front = before[distances[before] == _FAR]
        distances[front] = far
    return distances


def _backwards(graph: Graph) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint32]]:
    """The edges by where they lead: those into state ``n`` are at ``starts[n]`` up to ``starts[n + 1]`` of the sources."""
    targets = np.frombuffer(graph.targets, dtype=np.uint32)
    sources = np.frombuffer(graph.sources, dtype=np.uint32)
    order = np.argsort(targets, kind="stable")
    starts = np.zeros(graph.states + 1, dtype=np.int64)
    np.cumsum(np.bincount(targets, minlength=graph.states), out=starts[1:])
    return starts, sources[order]


def _alone(at: Situation, stepper: Stepper) -> tuple[float, int] | None:
    """The seconds and expiries until a session is over by time alone; None when it never is."""
    limits, seconds, expiries = stepper.setting.config.limits, 0.0, 0
    seen = set()
    while at.state in CUSTOMER_STATES:
        if at.expiry is None or at.index in seen:
            return None
        seen.add(at.index)
        seconds += limits[at.state].expire_after_s
        expiries += 1
        at = stepper.step(at, at.expiry).after
    return seconds, expiries


def _visited(graph: Graph) -> list[Situation]:
    """The situations that some state is in: the stepper knows others, which were only tried out and cost more faults to reach."""
    numbers = np.unique(np.frombuffer(graph.situation_of, dtype=np.uint32))
    return [graph.stepper.situations[number] for number in numbers.tolist()]


def _first_at(graph: Graph, at: Situation) -> int:
    return int(np.flatnonzero(np.frombuffer(graph.situation_of, dtype=np.uint32) == at.index)[0])


def _trap(graph: Graph, state: int, broken: Broken) -> Finding:
    at, world = graph.at(state)
    return Finding(graph.setting, broken, (*graph.legs(state), Leg(None, None, at, world)))
