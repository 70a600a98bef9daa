"""Where CPU time goes while tasks take turns: ``Meter`` for code under the world's scheduler, one stack of parts a task."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from greenlet import gettrace, settrace

from simulator.bench.meter import Meter


@dataclass(slots=True)
class SwitchingMeter(Meter):
    """A part that waits is left until its task goes on: what the others do meanwhile is theirs.

    ``charges`` counts how often the clock was looked at; each of them costs a little, which is in the parts (``charge_us``).
    """

    charges: int = 0
    _asleep: dict[Any, list[str]] = field(default_factory=dict)
    _tracer: Any = None

    def start(self) -> None:
        """See ``Meter.start``; call it outside of every task."""
        self.charges = 0
        self._asleep.clear()
        self._stack = []
        self._tracer = gettrace()
        settrace(self._switched)
        Meter.start(self)

    def stop(self) -> None:
        """See ``Meter.stop``."""
        settrace(self._tracer)
        Meter.stop(self)
        self._stack = []
        self._asleep.clear()

    def _measured(self, original: Callable[..., Any], part: str) -> Callable[..., Any]:
        @wraps(original)
        def measured(*args: Any, **kwargs: Any) -> Any:
            stack = self._stack
            if not stack:
                return original(*args, **kwargs)
            self._charge()
            stack.append(part)
            try:
                return original(*args, **kwargs)
            finally:
                # Not so when the meter was stopped meanwhile: a task that a run left asleep ends when its garbage is collected.
                if self._stack is stack:
                    self._charge()
                    stack.pop()

        return measured

    def _switched(self, event: str, tasks: tuple[Any, Any]) -> None:
        """Called by greenlet whenever another task goes on."""
        self._charge()
        left, entered = tasks
        if len(self._stack) > 1:
            self._asleep[left] = self._stack
        self._stack = self._asleep.pop(entered) if entered in self._asleep else [self.rest]

    def _charge(self) -> None:
        self.charges += 1
        Meter._charge(self)


def charge_us(rounds: int = 20_000) -> float:
    """What one look at the clock costs with everything around it, in µs of CPU: half of what a border costs a call."""
    meter = SwitchingMeter("rest")
    measured = meter._measured(_nothing, "nothing")
    bare_ns = _spent_ns(_nothing, rounds)
    meter.start()
    try:
        spent_ns = _spent_ns(measured, rounds)
    finally:
        meter.stop()
    return max(0.0, (spent_ns - bare_ns) / rounds / 2 / 1000)


def _nothing() -> None:
    pass


def _spent_ns(work: Callable[[], None], rounds: int) -> int:
    began_ns = time.process_time_ns()
    for _ in range(rounds):
        work()
    return time.process_time_ns() - began_ns
