"""Events with an identity: what the machine makes of one is looked up by it, and need not be worked out twice.

Generations are relative: ``LIVE`` is the one that is alive now, ``DEAD`` any that is over. ``Memory.without_counters`` does the
same to the machine's side, so that two customers in one situation are one state.
"""

from typing import Final

from terminal.fsm import events as ev
from terminal.fsm.values import TimerId

LIVE: Final = 0
DEAD: Final = -1


class Told:
    """One event, once: equal events are the same ``Told``."""

    __slots__ = ("dead", "event", "kind")

    def __init__(self, event: ev.Event) -> None:
        self.event = event
        self.kind: type[ev.Event] = type(event)
        self.dead = is_dead(event)

    def __repr__(self) -> str:
        return repr(self.event)


_KNOWN: dict[ev.Event, Told] = {}


def told(event: ev.Event) -> Told:
    """The one ``Told`` of ``event``."""
    known = _KNOWN.get(event)
    if known is None:
        known = _KNOWN[event] = Told(event)
    return known


def is_dead(event: ev.Event) -> bool:
    """Whether it answers a generation, or tells the expiry of a timer, that is over."""
    timer: TimerId | None = getattr(event, "timer", None)
    return timer.serial == DEAD if timer is not None else getattr(event, "generation", LIVE) == DEAD
