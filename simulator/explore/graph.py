"""What a search found: states as numbers, the way back from each, and the edges that no fault was spent on."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from simulator.explore.broken import Broken
from simulator.explore.environment import Environment, follow
from simulator.explore.faults import Fault
from simulator.explore.settings import Setting
from simulator.explore.stepping import Situation, Stepper
from simulator.explore.telling import Told
from simulator.explore.world import World

NOWHERE: Final = 0xFFFFFFFF
"""Where the first state came from."""
_WORLD_BITS: Final = 32


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a path: what was told (None: nobody told anything), the fault that was spent, where it led."""

    told: Told | None
    fault: Fault | None
    at: Situation
    world: World | None
    """None where the step itself broke a promise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that does not hold in ``setting``, and the shortest way there; the last leg is the step that breaks it."""

    setting: Setting
    broken: Broken
    legs: tuple[Leg, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was spent on the way."""
        return tuple(leg.fault for leg in self.legs if leg.fault is not None)


@dataclass(slots=True)
class Graph:
    """States by number, in the order in which they were found; ``faults_of`` is the fewest faults that lead to one."""

    setting: Setting
    stepper: Stepper
    environment: Environment
    worlds: list[World] = field(default_factory=list)
    situation_of: "array[int]" = field(default_factory=lambda: array("I"))
    world_of: "array[int]" = field(default_factory=lambda: array("I"))
    came_from: "array[int]" = field(default_factory=lambda: array("I"))
    faults_of: "array[int]" = field(default_factory=lambda: array("B"))
    depth_of: "array[int]" = field(default_factory=lambda: array("H"))
    sources: "array[int]" = field(default_factory=lambda: array("I"))
    targets: "array[int]" = field(default_factory=lambda: array("I"))
    edges: int = 0
    seconds: float = 0.0
    used: dict[tuple[Fault, str], int] = field(default_factory=dict)
    """How often each fault was spent in each state of the machine."""
    _numbers: dict[int, int] = field(default_factory=dict)
    _world_numbers: dict[World, int] = field(default_factory=dict)

    @property
    def states(self) -> int:
        """How many states were found."""
        return len(self.situation_of)

    def at(self, state: int) -> tuple[Situation, World]:
        """The situation and the world of ``state``."""
        return self.stepper.situations[self.situation_of[state]], self.worlds[self.world_of[state]]

    def key(self, at: Situation, world: World) -> int:
        """One number for a situation in a world."""
        number = self._world_numbers.get(world)
        if number is None:
            number = self._world_numbers[world] = len(self.worlds)
            self.worlds.append(world)
        return at.index << _WORLD_BITS | number

    def number(self, key: int) -> int | None:
        """The state of ``key``, None for a new one."""
        return self._numbers.get(key)

    def add(self, key: int, came_from: int, faults: int, depth: int) -> int:
        """A new state."""
        number = self._numbers[key] = len(self.situation_of)
        self.situation_of.append(key >> _WORLD_BITS)
        self.world_of.append(key & (1 << _WORLD_BITS) - 1)
        self.came_from.append(came_from)
        self.faults_of.append(faults)
        self.depth_of.append(depth)
        return number

    def forget(self, state: int) -> None:
        """``state`` cannot be reached any more by the way it was found; it is new to whoever comes there."""
        at, world = self.at(state)
        self._numbers.pop(self.key(at, world), None)

    def join(self, source: int, target: int) -> None:
        """An edge that no fault is spent on; those that lead nowhere new are not kept."""
        if source != target:
            self.sources.append(source)
            self.targets.append(target)

    def spend(self, fault: Fault, at: Situation) -> None:
        """``fault`` was tried in a situation."""
        place = (fault, at.state.value)
        self.used[place] = self.used.get(place, 0) + 1

    def legs(self, state: int) -> tuple[Leg, ...]:
        """The path on which ``state`` was first found, made again step by step."""
        numbers = [state]
        while (before := self.came_from[numbers[-1]]) != NOWHERE:
            numbers.append(before)
        numbers.reverse()
        return tuple(self._leg(before, after) for before, after in pairwise(numbers))

    def _leg(self, before: int, after: int) -> Leg:
        spent = self.faults_of[after] - self.faults_of[before]
        for leg in self._legs_from(before):
            if (leg.fault is not None) == bool(spent) and self._leads(leg, after):
                return leg
        raise LookupError(
            f"state {after} was not reached from state {before}: the world is not a function of its state"
        )

    def _leads(self, leg: Leg, after: int) -> bool:
        return leg.world is not None and self.number(self.key(leg.at, leg.world)) == after

    def _legs_from(self, state: int) -> Iterator[Leg]:
        at, world = self.at(state)
        for told, moved, fault in self.environment.moves(at, world):
            try:
                if told is None:
                    yield Leg(told, fault, at, moved)
                    continue
                step = self.stepper.step(at, told)
                yield Leg(told, fault, step.after, follow(step, moved))
            except Broken:
                continue
