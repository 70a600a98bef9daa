"""The search: breadth first, fewest faults first and then fewest events, so that the first broken promise is the shortest.

A state is a situation of the machine and a world around it. It is expanded once, at the fewest faults that lead to it: what can
happen after more faults can happen after fewer.
"""

import time
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from simulator.explore.broken import Broken
from simulator.explore.environment import Environment, follow
from simulator.explore.faults import Fault
from simulator.explore.graph import NOWHERE, Finding, Graph, Leg
from simulator.explore.reactions import preparing
from simulator.explore.settings import Setting
from simulator.explore.stepping import MachineType, Situation, Stepper
from simulator.explore.telling import Told
from simulator.explore.watching import watch_state, watch_step
from simulator.explore.world import World
from terminal.fsm.engine import Rules
from terminal.fsm.machine import Machine

STATES_MAX: Final = 8_000_000
"""More states than that are not kept: about 2 GB."""
_TELL_EVERY: Final = 1 << 13

Progress: TypeAlias = Callable[[Graph], None]
"""Told every few thousand states."""


class TooManyStatesError(RuntimeError):
    """The world is larger than what may be kept in memory."""


def graph_of(setting: Setting, rules: Rules | None = None, machine_type: MachineType = Machine) -> Graph:
    """A graph with nothing in it yet; ``rules`` and ``machine_type`` make a mutant of the machine."""
    stepper = Stepper(setting, preparing(setting), watch_step, rules, machine_type)
    return Graph(setting, stepper, Environment(setting, stepper))


class Search:
    """Fills ``graph`` with everything that up to ``faults_max`` faults lead to.

    ``first_only`` ends it at the first broken promise; otherwise each is told once, and the search goes on beside it.
    ``known`` says whether a state need not be looked at again, at so many faults.
    """

    def __init__(
        self,
        graph: Graph,
        faults_max: int,
        *,
        first_only: bool = True,
        progress: Progress = lambda _graph: None,
        states_max: int = STATES_MAX,
    ) -> None:
        self.graph = graph
        self.findings: list[Finding] = []
        self._faults_max = faults_max
        self._first_only = first_only
        self._progress = progress
        self._states_max = states_max
        self._told: set[tuple[str, str, tuple[Fault, ...]]] = set()
        self._broken: list[_Break] = []
        self._fresh: list[dict[int, list[int]]] = [{} for _ in range(faults_max + 1)]
        """States to be expanded, by faults and depth."""
        self._seeds: list[dict[int, dict[int, int]]] = [{} for _ in range(faults_max + 1)]
        """Keys that one more fault leads to, by faults and depth, and the state before each."""

    def run(self) -> list[Finding]:
        """Search from the start of the setting."""
        world = World()
        watch_state(self.graph.stepper.start, world)
        return self.go_on([Seed(0, 0, self.graph.key(self.graph.stepper.start, world), NOWHERE)])

    def go_on(self, seeds: Iterable["Seed"]) -> list[Finding]:
        """Search from ``seeds``."""
        started_s = time.perf_counter()
        for seed in seeds:
            self._seeds[seed.faults].setdefault(seed.depth, {}).setdefault(seed.key, seed.before)
        self._exhaust()
        self.graph.seconds += time.perf_counter() - started_s
        return self.findings

    def try_out(self, state: int, only: Container[Told]) -> None:
        """Take the moves from a known ``state`` that tell one of ``only``; what they lead to is searched by ``go_on``."""
        self._expand(state, self.graph.faults_of[state], self.graph.depth_of[state], only)

    def _exhaust(self) -> None:
        for faults in range(self._faults_max + 1):
            fresh, seeds = self._fresh[faults], self._seeds[faults]
            while fresh or seeds:
                depth = min((*fresh, *seeds))
                if self._tell(faults, depth):
                    return
                states = fresh.pop(depth, [])
                for key, before in seeds.pop(depth, {}).items():
                    if self.graph.number(key) is None:
                        states.append(self.graph.add(key, before, faults, depth))
                for state in states:
                    self._expand(state, faults, depth)
            if self._tell(faults, None):
                return

    def _expand(self, state: int, faults: int, depth: int, only: Container[Told] | None = None) -> None:
        graph = self.graph
        self._report(state)
        at, world = graph.at(state)
        if at.state in graph.setting.leaves:
            return
        fresh = self._fresh[faults].setdefault(depth + 1, [])
        costly = self._seeds[faults + 1].setdefault(depth + 1, {}) if faults < self._faults_max else None
        for told, moved, fault in graph.environment.moves(at, world):
            if (fault is not None and costly is None) or (only is not None and (told is None or told not in only)):
                continue
            graph.edges += 1
            try:
                after, there = self._follow(at, told, moved)
                key = graph.key(after, there)
                number = graph.number(key)
                if number is None:
                    watch_state(after, there)
            except Broken as broken:
                self._broken.append(_Break(faults + (fault is not None), depth + 1, state, told, fault, broken))
                continue
            if fault is not None and costly is not None:
                graph.spend(fault, at)
                if number is None:
                    costly.setdefault(key, state)
                continue
            if number is None:
                number = graph.add(key, state, faults, depth + 1)
                fresh.append(number)
            graph.join(state, number)

    def _follow(self, at: Situation, told: Told | None, moved: World) -> tuple[Situation, World]:
        if told is None:
            return at, moved
        step = at.steps.get(told) or self.graph.stepper.step(at, told)
        return step.after, follow(step, moved) if step.reactions else moved

    def _report(self, state: int) -> None:
        if state % _TELL_EVERY == _TELL_EVERY - 1:
            self._progress(self.graph)
            if state >= self._states_max:
                raise TooManyStatesError(
                    f"{self.graph.setting.name}: expected at most {self._states_max} states; explore fewer faults"
                )

    def _tell(self, faults: int, depth: int | None) -> bool:
        """Make findings of what is broken at so many faults, up to ``depth`` if more is to come; True to end the search."""
        due = [one for one in self._broken if one.faults == faults and (depth is None or one.depth <= depth)]
        for one in sorted(due, key=lambda each: each.depth):
            self._broken.remove(one)
            last = Leg(one.told, one.fault, self.graph.at(one.state)[0], None)
            found = Finding(self.graph.setting, one.broken, (*self.graph.legs(one.state), last))
            name = (one.broken.promise, one.broken.what, found.faults)
            if name not in self._told:
                self._told.add(name)
                self.findings.append(found)
                if self._first_only:
                    return True
        return False


@dataclass(frozen=True, slots=True)
class Seed:
    """A state to begin at: reached from ``before`` at so many faults and so many steps."""

    faults: int
    depth: int
    key: int
    before: int


@dataclass(frozen=True, slots=True, eq=False)
class _Break:
    faults: int
    depth: int
    state: int
    told: Told | None
    fault: Fault | None
    broken: Broken
