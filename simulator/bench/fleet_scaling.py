"""What a second worker brings: the same shards with one worker and with several, over processes and over Dask."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from simulator.bench.fleet_alone import FleetFoundError
from simulator.bench.fleet_workers import WorkersRun, dask_cluster, over_dask, over_processes

SHARD_CUSTOMERS: Final = 25
"""About a district on a day, which is not divided: at the last one the other worker has nothing to do."""
PROCESSES: Final = "processes"
DASK: Final = "Dask"


@dataclass(frozen=True, slots=True)
class Scaling:
    """Wall seconds of every round with one worker and with ``workers``; without rounds, ``why`` it was not measured."""

    way: str
    workers: int
    one_s: tuple[float, ...] = ()
    more_s: tuple[float, ...] = ()
    certificates: int = 0
    digest: str = ""
    why: str = ""

    @property
    def ratio(self) -> float:
        """How many times faster: median over median."""
        return median(self.one_s) / median(self.more_s)


def measure_scaling(customers: int, workers: int, rounds: int, home: Path) -> tuple[Scaling, ...]:
    """Both ways, with one worker and with ``workers`` in turn; Dask is left out, with a word, where it is not installed.

    :raises FleetFoundError: a run is not what was asked for, or happened otherwise over other workers.
    """
    here = scaling_of(PROCESSES, workers, rounds, lambda count: _processes(customers, count, home))
    try:
        there = scaling_of(DASK, workers, rounds, lambda count: _dask(customers, count, home))
    except ImportError:
        return here, Scaling(DASK, workers, why="Dask's distributed is not installed")
    if here.digest != there.digest:
        raise FleetFoundError("expected the same day over processes and over Dask, the histories differ")
    return here, there


def scaling_of(way: str, workers: int, rounds: int, run: Callable[[int], WorkersRun]) -> Scaling:
    """``run`` with one worker and with ``workers``, as many times as there are ``rounds``; raise ``FleetFoundError``."""
    one, more = [], []
    for _ in range(rounds):
        one.append(run(1))
        more.append(run(workers))
    digests = {each.tally.digest for each in (*one, *more)}
    if len(digests) != 1:
        raise FleetFoundError(f"expected the same day with 1 and {workers} workers ({way}), the histories differ")
    one_s, more_s = (tuple(each.wall_s for each in runs) for runs in (one, more))
    return Scaling(way, workers, one_s, more_s, one[0].tally.certificates, digests.pop())


def _processes(customers: int, workers: int, home: Path) -> WorkersRun:
    return over_processes(customers, workers, home, _count(customers))


def _dask(customers: int, workers: int, home: Path) -> WorkersRun:
    with dask_cluster(workers, home) as address:
        return over_dask(customers, workers, home, address, _count(customers))


def _count(customers: int) -> int:
    return max(1, customers // SHARD_CUSTOMERS)
