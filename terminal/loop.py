"""One loop, one inbox: events from devices, people and timers reach the machine in one order, on one thread.

``SystemLoop`` waits in real time and runs blocking device commands in one supervised thread a device; ``VirtualLoop`` runs
the same commands at once and lets virtual time jump to the next timer. Nothing else differs between a store and a simulation.
"""

import heapq
import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from terminal.clock import Clock, ManualClock

E = TypeVar("E")
E_contra = TypeVar("E_contra", contravariant=True)


class Commander(Protocol[E_contra]):
    """What a giver of commands needs of the loop: to post, and to start."""

    def post(self, event: E_contra) -> None:
        """Put ``event`` at the end of the inbox; may be called on any thread."""
        ...

    def start(self, device: str, command: Callable[[], E_contra | None]) -> None:
        """Run a blocking ``command`` on ``device``'s own thread, after its earlier ones; post what it returns."""
        ...


class Loop(Protocol[E]):
    """What joins the machine to the world."""

    def post(self, event: E) -> None:
        """Put ``event`` at the end of the inbox; may be called on any thread."""
        ...

    def set_timer(self, name: str, after_s: float, event: E) -> None:
        """Have ``event`` come after ``after_s`` seconds unless ``stop_timer(name)`` comes first; replaces one of that name."""
        ...

    def stop_timer(self, name: str) -> None:
        """Forget the timer ``name``, if there is one."""
        ...

    def start(self, device: str, command: Callable[[], E | None]) -> None:
        """Run a blocking ``command`` on ``device``'s own thread, after its earlier ones; post what it returns."""
        ...

    def next(self) -> E:
        """Take the next event, waiting for it; a timer's event counts. Raise ``CommandCrashedError`` for a programmer's error."""
        ...


class CommandCrashedError(Exception):
    """A device command raised: a programmer's error, which ends the customer's process (and with it the customer)."""


class StalledError(Exception):
    """Virtual time has nothing left that could happen."""


@dataclass(frozen=True, slots=True)
class _Crash:
    device: str
    error: BaseException


class Timers(Generic[E]):
    """Timers by name in order of time; equal times fire in the order they were set."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str, E]] = []
        self._live: dict[str, int] = {}
        self._numbers = itertools.count()

    def set(self, name: str, at_s: float, event: E) -> None:
        number = next(self._numbers)
        self._live[name] = number
        heapq.heappush(self._heap, (at_s, number, name, event))

    def stop(self, name: str) -> None:
        self._live.pop(name, None)

    def next_at_s(self) -> float | None:
        while self._heap and self._live.get(self._heap[0][2]) != self._heap[0][1]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self) -> E:
        _, _, name, event = heapq.heappop(self._heap)
        del self._live[name]
        return event


class SystemLoop(Generic[E]):
    """The loop of a terminal in a store."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._inbox: queue.SimpleQueue[E | _Crash] = queue.SimpleQueue()
        self._timers: Timers[E] = Timers()
        self._commands: dict[str, queue.SimpleQueue[Callable[[], E | None]]] = {}

    def post(self, event: E) -> None:
        """See ``Loop.post``."""
        self._inbox.put(event)

    def set_timer(self, name: str, after_s: float, event: E) -> None:
        """See ``Loop.set_timer``."""
        self._timers.set(name, self._clock.now_s() + after_s, event)

    def stop_timer(self, name: str) -> None:
        """See ``Loop.stop_timer``."""
        self._timers.stop(name)

    def start(self, device: str, command: Callable[[], E | None]) -> None:
        """See ``Loop.start``; the thread of a device is started with its first command and ends with the process."""
        if device not in self._commands:
            commands: queue.SimpleQueue[Callable[[], E | None]] = queue.SimpleQueue()
            self._commands[device] = commands
            threading.Thread(target=self._work, args=(device, commands), name=f"device-{device}", daemon=True).start()
        self._commands[device].put(command)

    def next(self) -> E:
        """See ``Loop.next``."""
        while True:
            at_s = self._timers.next_at_s()
            wait_s = None if at_s is None else max(0.0, at_s - self._clock.now_s())
            try:
                event = self._inbox.get(timeout=wait_s)
            except queue.Empty:
                return self._timers.pop()
            if isinstance(event, _Crash):
                raise CommandCrashedError(
                    f"a command on {event.device} raised {type(event.error).__name__}"
                ) from event.error
            return event

    def _work(self, device: str, commands: "queue.SimpleQueue[Callable[[], E | None]]") -> None:
        while True:
            command = commands.get()
            try:
                event = command()
            except BaseException as error:
                self._inbox.put(_Crash(device, error))
                return
            if event is not None:
                self._inbox.put(event)


class VirtualLoop(Generic[E]):
    """The same loop without threads, under virtual time: commands run when they are started, time jumps when nothing waits."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self._inbox: deque[E] = deque()
        self._timers: Timers[E] = Timers()

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
        """See ``Loop.start``; ``device`` needs no thread here."""
        event = command()
        if event is not None:
            self._inbox.append(event)

    def next(self) -> E:
        """See ``Loop.next``; raise ``StalledError`` when neither an event nor a timer is left."""
        if self._inbox:
            return self._inbox.popleft()
        at_s = self._timers.next_at_s()
        if at_s is None:
            raise StalledError("no event waits and no timer runs: the person and the devices have nothing left to do")
        self._clock.advance(max(0.0, at_s - self._clock.now_s()))
        return self._timers.pop()
