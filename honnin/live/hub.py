"""What lets a live run go on: one thread that looks at consoles, hears emulators and keeps appointments, at real time.

The people and their habits are the virtual world's own (``simulator.shop``), on the same scheduler; only its clock follows the
real one here, ``speed`` seconds for each.
"""

import queue
import select
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from honnin.live.place import LiveTerminal
from simulator.history import At
from simulator.world import World as Ground

_LOOK_S: Final = 0.02
Deed = Callable[[], None]


class Hub:
    """``hear`` takes what happened on another thread; ``told`` gets the history's new lines as they come."""

    def __init__(self, ground: Ground, speed: float, told: Callable[[Sequence[At]], None]) -> None:
        self.ground = ground
        self.terminals: list[LiveTerminal] = []
        self.keyboards: dict[int, Deed] = {}
        """Further descriptors that are looked at, and what to do when something is there."""
        self._speed = speed
        self._told = told
        self._lines_told = 0
        self._heard: queue.SimpleQueue[Deed] = queue.SimpleQueue()
        self._origin_s: float | None = None

    def hear(self, deed: Deed) -> None:
        """Have ``deed`` done by the run's own thread, before whatever the consoles show of it."""
        self._heard.put(deed)

    def begin(self) -> None:
        """From now on time goes by; until now the run's clock stood still."""
        self._origin_s = time.monotonic() - self.ground.clock.now_s() / self._speed

    def run_until(self, done: Callable[[], bool], at_s: float = float("inf")) -> bool:
        """Let everything happen until ``done``, or until ``at_s`` of the run's clock; whether it was done."""
        while not done():
            if self.ground.clock.now_s() >= at_s:
                return False
            self.turn()
        return True

    def run_for(self, done: Callable[[], bool], real_s: float) -> bool:
        """The same, for at most ``real_s`` seconds of the real clock."""
        until_s = time.monotonic() + real_s
        while not done():
            if time.monotonic() > until_s:
                return False
            self.turn()
        return True

    def turn(self) -> None:
        """Look once, wait for a moment at most."""
        looked_at: list[Any] = [*(each.typist for each in self.terminals), *self.keyboards]
        ready, _, _ = select.select(looked_at, [], [], _LOOK_S / max(1.0, self._speed / 4))
        for each in self.terminals:
            each.look_at_console()
        # Whatever a console shows by now was told by the emulators before: so they are heard first.
        while not self._heard.empty():
            self._heard.get()()
        for each in self.terminals:
            each.work()
        for descriptor in self.keyboards:
            if descriptor in ready:
                self.keyboards[descriptor]()
        self.ground.scheduler.run_until(self._now_s())
        self.tell()

    def tell(self) -> None:
        """Hand on what is new in the history."""
        lines = list(self.ground.history)
        if len(lines) > self._lines_told:
            self._told(lines[self._lines_told :])
            self._lines_told = len(lines)

    def _now_s(self) -> float:
        if self._origin_s is None:
            return self.ground.clock.now_s()
        return max(self.ground.clock.now_s(), (time.monotonic() - self._origin_s) * self._speed)
