"""Shards: some units that one worker runs one after another, and what comes back of them: a part of the history and its counts.

A unit's result depends on nothing but itself and the seed, so it is the same in any shard, process and order.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.fleet.country import Unit
from simulator.fleet.district import live
from simulator.fleet.ground import ground
from simulator.fleet.parquet import Part, lines_of
from simulator.fleet.tally import Tally, tally
from simulator.home import Home

CUSTOMERS_A_SHARD: Final = 250
"""Unless said otherwise: small enough that a lost shard costs seconds."""
_SHARDS_A_WORKER: Final = 4
_YOUNG_OBJECTS: Final = 5_000
"""New objects before the garbage collector looks at them: a customer makes thousands that no cycle holds."""


@dataclass(frozen=True, slots=True)
class Shard:
    """``units`` to run with ``seed``; ``number`` from 1. ``home`` is the simulator's, or empty for the worker's own."""

    number: int
    seed: int
    home: str
    units: tuple[Unit, ...]

    @property
    def customers(self) -> int:
        """How many come in it."""
        return sum(unit.customers for unit in self.units)


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What a worker hands back: the Parquet part, the counts, and the CPU seconds it took."""

    number: int
    part: bytes
    tally: Tally


def run_shard(shard: Shard) -> ShardResult:
    """Run every unit: checked, counted, written, forgotten. What a worker process or a Dask worker is given to do."""
    keys = ground(Home.locate(Path(shard.home) if shard.home else None).root.absolute())
    part, whole = Part(), Tally()
    with _little_collecting():
        for unit in shard.units:
            began_s = time.process_time()
            history = live(unit, shard.seed, keys)
            lines = lines_of(history)
            found = tally(unit.name, history, lines)
            part.take(unit.name, history, lines)
            found.cpu_s = time.process_time() - began_s
            whole.add(found)
    return ShardResult(shard.number, part.content(whole), whole)


@contextmanager
def _little_collecting() -> Iterator[None]:
    """Garbage is looked for more rarely, and not among what was there before the first shard: fonts, modules and keys stay."""
    before = gc.get_threshold()
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def divide(
    units: Sequence[Unit], seed: int, home: Path | None, count: int | None = None, workers: int = 1
) -> tuple[Shard, ...]:
    """``units`` in ``count`` shards of about as many customers each, in order.

    Without ``count`` they are of a good size, and enough for ``workers`` to end at about the same time.
    """
    total = sum(unit.customers for unit in units)
    wanted = max(1, -(-total // CUSTOMERS_A_SHARD), workers * _SHARDS_A_WORKER) if count is None else count
    groups = [group for group in _groups(units, total, wanted) if group]
    return tuple(Shard(number, seed, str(home or ""), group) for number, group in enumerate(groups, 1))


def _groups(units: Sequence[Unit], total: int, count: int) -> Iterator[tuple[Unit, ...]]:
    group: list[Unit] = []
    done, number = 0, 1
    for unit in units:
        group.append(unit)
        done += unit.customers
        if done * count >= total * number:
            yield tuple(group)
            group, number = [], number + max(1, (done * count) // total - number + 1)
    yield tuple(group)
