"""The same shards on Dask: the same results, and a worker that is lost has its shards done again. Takes about 10 s."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from simulator.fleet.country import Unit, units
from simulator.fleet.errors import FleetError, FleetErrorCode
from simulator.fleet.ground import ground
from simulator.fleet.running import dask, results
from simulator.fleet.shards import divide, run_shard
from simulator.fleet.tally import added
from tests.terminal_kit import shared_home

SEED = 5


@pytest.fixture(scope="module")
def some() -> tuple[Unit, ...]:
    ground(shared_home().root)
    return tuple(sorted(units(SEED, 3000), key=lambda unit: (unit.customers, unit.name))[:9])


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with LocalCluster(**options) as cluster:  # type: ignore[no-untyped-call]
        yield cluster


def test_a_lost_worker_has_its_shards_done_again(some: tuple[Unit, ...], cluster: LocalCluster) -> None:
    home: Path = shared_home().root
    [whole] = divide(some, SEED, home, 1)
    alone = run_shard(whole).tally
    shards = divide(some, SEED, home, 6)
    with Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        pids = client.run(os.getpid)
        killed: list[int] = []

        def kill_one() -> None:
            """As soon as a worker is at work."""
            until = time.monotonic() + 30
            while time.monotonic() < until and not killed:
                for worker, keys in client.processing().items():
                    if keys:
                        os.kill(pids[worker], signal.SIGKILL)
                        killed.append(pids[worker])
                        return

        killer = threading.Thread(target=kill_one)
        killer.start()
        found = list(results(shards, dask(cluster.scheduler_address)))
        killer.join()
    assert killed
    assert sorted(result.number for result in found) == [shard.number for shard in shards]
    assert added(result.tally for result in found).digests == alone.digests


def test_a_scheduler_that_is_not_there_is_told_of(some: tuple[Unit, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.fleet.running.CONNECT_TIMEOUT_S", 1)
    with pytest.raises(FleetError, match="dask scheduler") as told:
        list(results(divide(some, SEED, None, 1), dask("tcp://127.0.0.1:9")))
    assert told.value.failure.code == FleetErrorCode.UNREACHABLE
