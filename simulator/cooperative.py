"""The terminal's loop under virtual time, with commands that take time: one greenlet a device, no thread, no waiting.

``terminal.loop.VirtualLoop`` runs a command at once and whole, so nothing can happen while it runs. Here one that waits lets the
world go on: a person cancels while coins are counted, a card is pulled while the printer works. The order is a function of
the calls alone: what is posted comes first, then whoever can run, in order, then time goes on.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from greenlet import getcurrent, greenlet

from terminal.clock import ManualClock
from terminal.loop import StalledError, Timers

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class _Wake:
    task: Any


class CooperativeLoop(Generic[E]):
    """Implements ``terminal.loop.Loop``; ``wait`` is what commands, devices and people use in place of ``sleep``.

    ``next`` raises ``StalledError`` when nothing is left that could happen, or nothing happens before ``give_up_at_s``.
    """

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._inbox: deque[E] = deque()
        self._timers: Timers[E | _Wake] = Timers()
        self._lanes: dict[str, deque[Callable[[], E | None]]] = {}
        self._runnable: deque[Any] = deque()
        self._tasks: set[Any] = set()
        self._waits = 0
        self.give_up_at_s = float("inf")

    def post(self, event: E) -> None:
        """See ``Loop.post``."""
        self._inbox.append(event)

    def set_timer(self, name: str, after_s: float, event: E) -> None:
        """See ``Loop.set_timer``."""
        self._timers.set(name, self._clock.now_s() + after_s, event)

    def stop_timer(self, name: str) -> None:
        """See ``Loop.stop_timer``."""
        self._timers.stop(name)

    def start(self, device: str, command: Callable[[], E | None]) -> None:
        """See ``Loop.start``; the command begins when everything posted so far has been taken."""
        lane = self._lanes.setdefault(device, deque())
        lane.append(command)
        if len(lane) == 1:
            self.spawn(lambda: self._work_off(lane))

    def spawn(self, task: Callable[[], None]) -> None:
        """Have ``task`` run beside everything else; a person, for example."""
        fresh = greenlet(task)
        self._tasks.add(fresh)
        self._runnable.append(fresh)

    def wait(self, for_s: float) -> None:
        """Let ``for_s`` seconds pass for the caller; called from outside of every task, the clock itself goes on."""
        task = getcurrent()
        if task not in self._tasks:
            self._clock.advance(for_s)
            return
        self._waits += 1
        self._timers.set(f"wait {self._waits}", self._clock.now_s() + for_s, _Wake(task))
        task.parent.switch()

    def next(self) -> E:
        """See ``Loop.next``."""
        while not self._inbox:
            if self._runnable:
                self._run(self._runnable.popleft())
                continue
            at_s = self._timers.next_at_s()
            if at_s is None or at_s > self.give_up_at_s:
                raise StalledError(f"nothing happens any more at {self._clock.now_s():g} s of virtual time")
            self._clock.advance(max(0.0, at_s - self._clock.now_s()))
            due = self._timers.pop()
            if not isinstance(due, _Wake):
                return due
            self._runnable.append(due.task)
        return self._inbox.popleft()

    def kill(self) -> None:
        """End every task where it stands and forget every event and timer, as SIGKILL does to a process."""
        tasks, self._tasks = self._tasks, set()
        self._runnable.clear()
        for task in tasks:
            if task:
                task.parent = getcurrent()
                task.throw()
        self._inbox.clear()
        self._timers = Timers()
        self._lanes.clear()

    def _run(self, task: Any) -> None:
        task.parent = getcurrent()
        try:
            task.switch()
        finally:
            if task.dead:
                self._tasks.discard(task)

    def _work_off(self, lane: deque[Callable[[], E | None]]) -> None:
        while lane:
            event = lane[0]()
            lane.popleft()
            if event is not None:
                self._inbox.append(event)
