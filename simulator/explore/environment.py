"""Everything that can happen next around a situation of one setting, and how the world is after it."""

from collections.abc import Iterator

from simulator.explore.babbling import babbles
from simulator.explore.devices import answers
from simulator.explore.people import Move, cards, clocks, fingers, staff, troubles
from simulator.explore.processes import inline_ends, supervised
from simulator.explore.settings import Setting
from simulator.explore.stepping import Situation, Step, Stepper
from simulator.explore.world import World


class Environment:
    """The world's half of ``setting``; ``stepper`` is the machine's."""

    def __init__(self, setting: Setting, stepper: Stepper) -> None:
        self.setting = setting
        self._stepper = stepper

    def moves(self, at: Situation, world: World) -> Iterator[Move]:
        """Every move, in an order that depends on nothing but ``at`` and ``world``."""
        yield from fingers(at, world)
        yield from answers(at, world, self.setting)
        if self.setting.supervised:
            yield from supervised(at, world)
        else:
            yield from cards(at, world)
            yield from inline_ends(at, world)
            yield from babbles(at, world, self._stepper)
        yield from clocks(at, world)
        yield from staff(at, world)
        yield from troubles(at, world, self.setting.breakable)


def follow(step: Step, world: World) -> World:
    """The world after ``step`` was told in ``world`` (which the move has changed already); raises ``Broken``."""
    for reaction, taken in step.reactions:
        world = reaction(world, taken)
    return world
