"""One scheduler for everything that happens under virtual time: one greenlet a task, no thread, no waiting.

The order is a function of the calls alone: whoever can run runs first, in order, then time goes on to the next appointment; equal
times are kept in the order in which they were asked for.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from greenlet import GreenletExit, getcurrent, greenlet

from terminal.clock import ManualClock

_NEVER_S = float("inf")


@dataclass(slots=True)
class Appointment:
    """Something to be done at a time; cancelled, it never is."""

    deed: Callable[[], None] | None

    def cancel(self) -> None:
        """Forget it; doing so twice is harmless."""
        self.deed = None


class Scheduler:
    """Runs tasks on ``clock``: whoever drives it (``step``, ``run_until``) is the hub that every task comes back to."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        # Plain tuples, compared by time and then by number: the heap compares a thousand times a customer.
        self._appointments: list[tuple[float, int, Appointment]] = []
        self._numbers = itertools.count()
        self._runnable: deque[Any] = deque()
        self._tasks: set[Any] = set()

    def at(self, at_s: float, deed: Callable[[], None]) -> Appointment:
        """Have ``deed`` done by the hub at ``at_s`` of the clock; in the past means next."""
        appointment = Appointment(deed)
        heapq.heappush(self._appointments, (at_s, next(self._numbers), appointment))
        return appointment

    def spawn(self, task: Callable[[], None]) -> Any:
        """Have ``task`` run beside everything else; the handle is for ``kill``. What it raises ends the run."""
        fresh = greenlet(task)
        self._tasks.add(fresh)
        self._runnable.append(fresh)
        return fresh

    def wait(self, for_s: float) -> None:
        """Let ``for_s`` seconds pass for the calling task; called from outside of every task, the clock itself goes on."""
        task = getcurrent()
        if task not in self._tasks:
            self.clock.advance(for_s)
            return
        self.at(self.clock.now_s() + for_s, lambda: self._runnable.append(task))
        task.parent.switch()

    @property
    def in_task(self) -> bool:
        """Whether the caller is a task, so that it can be paused."""
        return getcurrent() in self._tasks

    def pause(self, waker: Callable[[Callable[[], None]], None]) -> None:
        """Pause the calling task; ``waker`` is handed the function that lets it run next."""
        task = getcurrent()
        waker(lambda: self._runnable.appendleft(task))
        task.parent.switch()

    def step(self, not_after_s: float = _NEVER_S) -> bool:
        """Run one task or keep one appointment; False when there is none (left) up to ``not_after_s``."""
        if self._runnable:
            self._run(self._runnable.popleft())
            return True
        while self._appointments and self._appointments[0][2].deed is None:
            heapq.heappop(self._appointments)
        if not self._appointments or (soonest_s := self._appointments[0][0]) > not_after_s or soonest_s == _NEVER_S:
            return False
        at_s, _, appointment = heapq.heappop(self._appointments)
        self.clock.advance(max(0.0, at_s - self.clock.now_s()))
        deed, appointment.deed = appointment.deed, None
        if deed is not None:
            deed()
        return True

    def run_until(self, at_s: float) -> None:
        """Let everything happen that happens up to ``at_s``, and leave the clock there."""
        while self.step(at_s):
            pass
        self.clock.advance(max(0.0, at_s - self.clock.now_s()))

    def kill(self, task: Any) -> None:
        """End ``task`` where it stands, as SIGKILL does to a process; its ``finally`` blocks run, nothing else does."""
        self._tasks.discard(task)
        if task in self._runnable:
            self._runnable.remove(task)
        if task and not task.dead:
            task.parent = getcurrent()
            task.throw(GreenletExit)

    def _run(self, task: Any) -> None:
        if task.dead or task not in self._tasks:
            return
        task.parent = getcurrent()
        try:
            task.switch()
        finally:
            if task.dead:
                self._tasks.discard(task)
