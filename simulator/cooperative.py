"""The terminal's loop under virtual time, with commands that take time: one task a device's lane, no thread, no waiting.

``terminal.loop.VirtualLoop`` runs a command at once and whole, so nothing can happen while it runs. Here one that waits lets the
world go on: a person cancels while coins are counted, a card is pulled while the printer works. Several terminals may share one
scheduler; what is posted to one comes before anything else happens.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from greenlet import GreenletExit

from simulator.scheduler import Appointment, Scheduler
from terminal.loop import StalledError

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class _Crash:
    """A task of this loop raised: told to whoever takes the next event."""

    error: BaseException


class CooperativeLoop(Generic[E]):
    """Implements ``terminal.loop.Loop``; ``wait`` is what commands, devices and people use in place of ``sleep``.

    ``next`` raises ``StalledError`` when nothing is left that could happen, or nothing happens before ``give_up_at_s``; and
    whatever one of this loop's tasks raised.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._inbox: deque[E | _Crash] = deque()
        self._timers: dict[str, Appointment] = {}
        self._lanes: dict[str, deque[Callable[[], E | None]]] = {}
        self._tasks: dict[Any, None] = {}
        self._wake: Callable[[], None] | None = None
        self.give_up_at_s = float("inf")

    def post(self, event: E) -> None:
        """See ``Loop.post``."""
        self._put(event)

    def set_timer(self, name: str, after_s: float, event: E) -> None:
        """See ``Loop.set_timer``."""
        self.stop_timer(name)
        at_s = self._scheduler.clock.now_s() + after_s
        self._timers[name] = self._scheduler.at(at_s, lambda: self._fire(name, event))

    def stop_timer(self, name: str) -> None:
        """See ``Loop.stop_timer``."""
        appointment = self._timers.pop(name, None)
        if appointment is not None:
            appointment.cancel()

    def start(self, device: str, command: Callable[[], E | None]) -> None:
        """See ``Loop.start``; the command begins when everything posted so far has been taken."""
        lane = self._lanes.setdefault(device, deque())
        lane.append(command)
        if len(lane) == 1:
            self.spawn(lambda: self._work_off(lane))

    def spawn(self, task: Callable[[], None]) -> None:
        """Have ``task`` run beside everything else, until it ends or ``kill``; a person, for example."""
        handle: list[Any] = []

        def run() -> None:
            try:
                task()
            except GreenletExit:
                raise
            except BaseException as error:  # told to the loop's owner, as a crash in a device's thread is
                self._put(_Crash(error), first=True)
            finally:
                self._tasks.pop(handle[0], None)

        handle.append(self._scheduler.spawn(run))
        self._tasks[handle[0]] = None

    def wait(self, for_s: float) -> None:
        """Let ``for_s`` seconds pass for the caller; see ``Scheduler.wait``."""
        self._scheduler.wait(for_s)

    def next(self) -> E:
        """See ``Loop.next``."""
        while not self._inbox:
            if self._scheduler.in_task:
                self._sleep()
            elif not self._scheduler.step(self.give_up_at_s):
                raise self._stalled()
        event = self._inbox.popleft()
        if isinstance(event, _Crash):
            raise event.error
        return event

    @property
    def waiting(self) -> tuple[E, ...]:
        """The events that were posted and that nobody has taken yet, in order."""
        return tuple(event for event in self._inbox if not isinstance(event, _Crash))

    @property
    def left(self) -> int:
        """How many tasks, timers and events there are still; none after ``kill``."""
        return len(self._tasks) + len(self._timers) + len(self._inbox)

    def kill(self) -> None:
        """End every task where it stands and forget every event and timer, as SIGKILL does to a process."""
        tasks, self._tasks = list(self._tasks), {}
        for task in tasks:
            self._scheduler.kill(task)
        for appointment in self._timers.values():
            appointment.cancel()
        self._inbox.clear()
        self._timers.clear()
        self._lanes.clear()

    def _put(self, event: "E | _Crash", *, first: bool = False) -> None:
        if first:
            self._inbox.appendleft(event)
        else:
            self._inbox.append(event)
        wake, self._wake = self._wake, None
        if wake is not None:
            wake()

    def _fire(self, name: str, event: E) -> None:
        del self._timers[name]
        self._put(event)

    def _sleep(self) -> None:
        """The terminal itself is a task among others; its patience with a customer ends by an appointment."""
        patience = self._scheduler.at(self.give_up_at_s, lambda: self._put(_Crash(self._stalled())))
        self._scheduler.pause(self._keep)
        patience.cancel()

    def _keep(self, wake: Callable[[], None]) -> None:
        self._wake = wake

    def _stalled(self) -> StalledError:
        return StalledError(f"nothing happens any more at {self._scheduler.clock.now_s():g} s of virtual time")

    def _work_off(self, lane: deque[Callable[[], E | None]]) -> None:
        while lane:
            event = lane[0]()
            lane.popleft()
            if event is not None:
                self._put(event)
