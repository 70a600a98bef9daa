"""A fleet over workers, as ``honnin sim fleet`` runs it: wall time, CPU and memory of the worker processes."""

import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any, Final
from unittest import mock

from simulator.bench.fleet_alone import SEED, FleetFoundError, demand_whole
from simulator.bench.memory import peak_rss_mb, pss_mb
from simulator.fleet.country import NATION_CERTIFICATES, units
from simulator.fleet.ground import ground
from simulator.fleet.resume import Asked, RunFolder
from simulator.fleet.running import Executors, dask, processes, results
from simulator.fleet.shards import Shard, divide
from simulator.fleet.tally import Tally
from simulator.processes import children

_AHEAD: Final = 2
"""Shards given out for each worker, as the command does."""


@dataclass(slots=True)
class WorkersMemory:
    """What the worker processes hold, looked at whenever a shard has come back; MB.

    ``pss`` is the mean of the workers at each look, ``peak_pss`` and ``peak_rss`` the most of any worker.
    """

    pss: list[float] = field(default_factory=list)
    peak_pss: float = 0.0
    peak_rss: float = 0.0

    def look(self) -> None:
        """A worker that ends meanwhile is left out."""
        found = []
        for pid in children(os.getpid()):
            with suppress(OSError, ValueError):
                found.append(pss_mb(pid))
                self.peak_rss = max(self.peak_rss, peak_rss_mb(pid))
        if found:
            self.pss.append(fmean(found))
            self.peak_pss = max(self.peak_pss, *found)

    def quarter(self, number: int) -> float:
        """The mean of a quarter of all looks, from 0; raise ``ValueError`` when nobody looked."""
        size = max(1, len(self.pss) // 4)
        return fmean(self.pss[:size] if number == 0 else self.pss[-size:])


@dataclass(frozen=True, slots=True)
class WorkersRun:
    """One run. ``cpu_s`` is user and system of the worker processes, from their forking to their end (getrusage(2)).

    On Dask, whose workers are no children of this process, neither ``cpu_s`` nor ``memory`` means anything.
    ``nation_s`` is the wall time at which the certificates of a nation's day had come back, None when there were fewer.
    """

    workers: int
    tally: Tally
    wall_s: float
    cpu_s: float
    memory: WorkersMemory
    nation_s: float | None

    @property
    def cpu_ms_a_customer(self) -> float:
        """CPU ms of the workers for each customer."""
        return self.cpu_s * 1000 / self.tally.customers

    @property
    def nation_extrapolated_s(self) -> float:
        """Wall seconds of a nation's day if all of it went on as this run did."""
        return self.wall_s * NATION_CERTIFICATES / self.tally.certificates


def over_processes(customers: int, workers: int, home: Path, count: int | None = None) -> WorkersRun:
    """Run ``customers`` over ``workers`` processes, the parts of the history written to a folder of their own.

    ``count`` is the number of shards; without it there are as many as the command makes.

    :raises FleetFoundError: the run is not what was asked for, or a promise was broken or could not be judged.
    :raises FleetError: workers die again and again.
    """
    ground(home)
    shards = _shards(customers, workers, home, count)
    return _through(shards, customers, workers, processes(workers, home), WorkersMemory())


def over_dask(customers: int, workers: int, home: Path, address: str, count: int | None = None) -> WorkersRun:
    """The same over the ``workers`` of the Dask scheduler at ``address``; CPU and memory are not looked at."""
    return _through(_shards(customers, workers, home, count), customers, workers, dask(address), None)


def _shards(customers: int, workers: int, home: Path, count: int | None) -> tuple[Shard, ...]:
    return divide(tuple(units(SEED, customers)), SEED, home, count, workers)


def _through(
    shards: Sequence[Shard], customers: int, workers: int, executors: Executors, memory: WorkersMemory | None
) -> WorkersRun:
    nation_s = None
    with _kept_if_found(Asked(customers, SEED)) as folder:
        cpu_before_s, began_s = _children_s(), time.perf_counter()
        for result in results(shards, executors, workers * _AHEAD):
            folder.keep(result)
            if nation_s is None and folder.tally.certificates >= NATION_CERTIFICATES:
                nation_s = time.perf_counter() - began_s
            if memory is not None:
                memory.look()
        wall_s, cpu_s = time.perf_counter() - began_s, _children_s() - cpu_before_s
        demand_whole(folder.tally, customers)
    return WorkersRun(workers, folder.tally, wall_s, cpu_s, memory or WorkersMemory(), nation_s)


@contextmanager
def _kept_if_found(asked: Asked) -> Iterator[RunFolder]:
    """A run's folder, deleted at the end unless something was found in it: that is for somebody to look into."""
    path = Path(tempfile.mkdtemp(prefix="honnin-bench-"))
    try:
        yield RunFolder(path, asked, resume=False)
    except FleetFoundError as error:
        raise FleetFoundError(
            f"{error}; its history is kept, look with: honnin sim fleet --customers {asked.customers} --seed {asked.seed}"
            f" --out {path} --resume"
        ) from None
    except BaseException:
        shutil.rmtree(path)
        raise
    shutil.rmtree(path)


def _children_s() -> float:
    """CPU seconds, user and system, of all child processes that have ended and been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def dask_cluster(workers: int, home: Path) -> Iterator[str]:
    """A scheduler here and ``workers`` processes of one thread on the loopback, warm; its address. Ends them at the end.

    Raises ``ImportError`` where Dask's distributed is not installed.
    """
    with ExitStack() as stack:
        # Read by this process at the import and by each worker at its start; they tell of every connection otherwise.
        stack.enter_context(mock.patch.dict(os.environ, {"DASK_LOGGING__DISTRIBUTED": "error"}))
        from distributed import Client, LocalCluster

        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="honnin-bench-dask-"))
        options: dict[str, Any] = {
            "n_workers": workers,
            "threads_per_worker": 1,
            "processes": True,
            "dashboard_address": "127.0.0.1:0",
            "local_directory": scratch,
        }
        cluster = stack.enter_context(LocalCluster(**options))  # type: ignore[no-untyped-call]
        address: str = cluster.scheduler_address
        with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(workers)
            warm = client.run(_warm, home)
        if len(warm) != workers:
            raise RuntimeError(f"expected {workers} Dask workers, {len(warm)} came")
        yield address


def _warm(home: Path) -> None:
    ground(home)
