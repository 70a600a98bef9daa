"""The simulated world's ground: virtual time, one scheduler, and randomness by name from one seed.

A run is a pure function of commit, seed and plan: nothing here, and nothing that runs on it, sleeps, reads the wall clock or
draws from the process's own randomness. The terminal's own keys and request ids differ from run to run, for they come from the
system's randomness and must; so nothing that is recorded depends on them.
"""

import hashlib
from datetime import datetime
from random import Random

from simulator.history import History
from simulator.scheduler import Scheduler
from terminal.clock import ManualClock


class World:
    """``clock`` stands still until ``scheduler`` lets it go on; ``history`` takes what is seen from outside."""

    def __init__(self, start: datetime, seed: int = 0) -> None:
        self.seed = seed
        self.clock = ManualClock(start)
        self.scheduler = Scheduler(self.clock)
        self.history = History(self.clock)

    def random(self, *names: object) -> Random:
        """A stream of its own for each use: drawing more in one place changes nothing in another."""
        return Random(derived_seed(self.seed, *names))  # noqa: S311 - repeatable on purpose


def derived_seed(seed: int, *names: object) -> int:
    """The seed of the stream ``names`` of a run with ``seed``; the same on every machine and Python."""
    text = "\0".join((str(seed), *map(str, names)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
