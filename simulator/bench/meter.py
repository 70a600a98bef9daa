"""Where CPU time goes: each part's own time, without the parts that it calls."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from unittest import mock


@dataclass(frozen=True, slots=True)
class Probe:
    """``owner.name`` is a callable whose time counts as ``part``; one that is not there any more is an error at once."""

    owner: Any
    name: str
    part: str


@dataclass(slots=True)
class Meter:
    """Adds up CPU nanoseconds by part while ``installed``; what no probe covers is ``rest``."""

    rest: str
    spent_ns: dict[str, int] = field(default_factory=dict)
    _stack: list[str] = field(default_factory=list)
    _since_ns: int = 0

    def start(self) -> None:
        """Begin to count, with nothing spent."""
        self.spent_ns.clear()
        self._stack[:] = [self.rest]
        self._since_ns = time.process_time_ns()

    def stop(self) -> None:
        """End counting; what was spent stays to be asked for."""
        self._charge()
        self._stack.clear()

    def spent_ms(self, part: str) -> float:
        """CPU ms that ``part`` took between start and stop; 0 for one that was never entered."""
        return self.spent_ns.get(part, 0) / 1e6

    @contextmanager
    def installed(self, probes: Iterable[Probe]) -> Iterator[None]:
        """Put the probes in, and take them out again."""
        with ExitStack() as stack:
            for probe in probes:
                original = getattr(probe.owner, probe.name)
                stack.enter_context(mock.patch.object(probe.owner, probe.name, self._measured(original, probe.part)))
            yield

    def _measured(self, original: Callable[..., Any], part: str) -> Callable[..., Any]:
        @wraps(original)
        def measured(*args: Any, **kwargs: Any) -> Any:
            if not self._stack:
                return original(*args, **kwargs)
            self._charge()
            self._stack.append(part)
            try:
                return original(*args, **kwargs)
            finally:
                if self._stack:
                    self._charge()
                    self._stack.pop()

        return measured

    def _charge(self) -> None:
        now_ns = time.process_time_ns()
        part = self._stack[-1]
        self.spent_ns[part] = self.spent_ns.get(part, 0) + now_ns - self._since_ns
        self._since_ns = now_ns
