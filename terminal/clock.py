"""Time as a port: nothing below reads the system clock by itself, so that a run can be repeated and tests never wait."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

JST = timezone(timedelta(hours=9), "JST")


class Clock(Protocol):
    """Monotonic seconds for time-outs and aware wall time for papers and records."""

    def now_s(self) -> float:
        """Monotonic time in seconds; only differences mean anything."""
        ...

    def wall(self) -> datetime:
        """The present moment, time-zone aware, in JST."""
        ...


class SystemClock:
    """The clock of a terminal in a store."""

    def now_s(self) -> float:
        """Seconds of CLOCK_MONOTONIC."""
        return time.monotonic()

    def wall(self) -> datetime:
        """The system's wall clock in JST."""
        return datetime.now(UTC).astimezone(JST)


class ManualClock:
    """A clock that stands still until it is told to go on: for tests and for virtual time."""

    def __init__(self, start: datetime, now_s: float = 0.0) -> None:
        self._start = start.astimezone(JST)
        self._origin_s = now_s
        self._now_s = now_s

    def now_s(self) -> float:
        """The virtual monotonic time in seconds."""
        return self._now_s

    def wall(self) -> datetime:
        """The start moment plus what was advanced."""
        return self._start + timedelta(seconds=self._now_s - self._origin_s)

    def advance(self, by_s: float) -> None:
        """Let ``by_s`` seconds pass (never negative)."""
        if by_s < 0:
            raise ValueError(f"time goes forward only, not by {by_s} s")
        self._now_s += by_s
