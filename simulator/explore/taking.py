"""What a reaction is told of one effect: everything that can be known of it before the world is known."""

from collections.abc import Callable
from typing import Any, TypeAlias

from simulator.explore.broken import hold
from simulator.explore.settings import Setting
from simulator.explore.stepping import Step
from simulator.explore.world import World
from terminal.fsm import events as ev


class Taken:
    """``effect`` is the effect, or the entry of a ``Note``; ``price`` is what this terminal takes for its choice, in yen."""

    __slots__ = ("crashed", "effect", "grew", "price", "session_ended", "told")

    def __init__(self, effect: Any, step: Step, setting: Setting) -> None:
        self.effect = effect
        self.told = step.told
        self.grew = step.grew
        self.session_ended = step.before.memory.session is not None
        self.crashed = isinstance(step.told.event, ev.CustomerProcessEnded)
        choice = getattr(effect, "choice", None)
        self.price = 0 if choice is None or setting.config.fee_elsewhere else choice.fee_yen


Reaction: TypeAlias = Callable[[World, Taken], World]


def give(world: World, command: int, lane: int, promise: str) -> World:
    """The world with ``command`` under way; only one command of a lane may be."""
    hold(not world.busy & lane, promise, "a command is given to a device that has not answered the one before")
    return world.but(busy=world.busy | command)
