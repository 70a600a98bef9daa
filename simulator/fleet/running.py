"""Runs shards over ``concurrent.futures``: processes on this machine, Dask workers elsewhere, the same code for both.

A worker that is lost takes its shard with it, and the shard is done again: Dask does so by itself, and when a process of the pool
dies, a new pool takes what is not done.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from simulator.fleet.errors import FleetError, FleetErrorCode
from simulator.fleet.ground import ground
from simulator.fleet.shards import Shard, ShardResult, run_shard
from simulator.home import Home

LOST_MAX: Final = 3
"""So many times a shard may lose its worker; then the shard itself is what kills them."""
CONNECT_TIMEOUT_S: Final = 15

Executors: TypeAlias = Callable[[], AbstractContextManager[Executor]]


def processes(jobs: int, home: Path | None = None) -> Executors:
    """``jobs`` processes here, forked from this one when it is warm, so that fonts and keys are loaded once."""

    @contextmanager
    def executors() -> Iterator[Executor]:
        ground(Home.locate(home).root.absolute())
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            yield pool

    return executors


def dask(address: str) -> Executors:
    """The workers of the Dask scheduler at ``address``, which have this same version of Honnin installed."""

    @contextmanager
    def executors() -> Iterator[Executor]:
        try:
            from distributed import Client
        except ImportError:
            raise FleetError(
                FleetErrorCode.NO_DASK, "expected Dask's distributed, it is not installed; pip install 'honnin[dask]'"
            ) from None
        try:
            client = Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TimeoutError) as error:
            raise FleetError(
                FleetErrorCode.UNREACHABLE,
                f"expected a Dask scheduler at {address}, got {type(error).__name__}; start one with `dask scheduler`, "
                "workers with `dask worker`, and give its address, like tcp://host:8786",
            ) from None
        with client:
            yield client.get_executor(pure=False, retries=LOST_MAX)  # type: ignore[no-untyped-call]

    return executors


def results(shards: Sequence[Shard], executors: Executors, at_once: int = 0) -> Iterator[ShardResult]:
    """Each shard's result as it is done, in any order; at most ``at_once`` are given out at a time (0: all).

    :raises FleetError: workers die again and again, or Dask cannot be reached.
    """
    left = {shard.number: shard for shard in shards}
    for _ in range(LOST_MAX + 1):
        try:
            with executors() as executor:
                for result in _through(executor, tuple(left.values()), at_once):
                    del left[result.number]
                    yield result
        except BrokenProcessPool:
            continue
        return
    numbers = ", ".join(str(number) for number in sorted(left)[:5])
    raise FleetError(
        FleetErrorCode.WORKERS_DIE,
        f"expected workers to end their shards, they died {LOST_MAX + 1} times (shards {numbers}); is there memory enough?",
    )


def _through(executor: Executor, shards: Sequence[Shard], at_once: int) -> Iterator[ShardResult]:
    """Give out shards as others come back, so that what waits costs no memory."""
    waiting = iter(shards)
    running: set[Future[ShardResult]] = set()

    def give_out() -> None:
        shard = next(waiting, None)
        if shard is not None:
            running.add(executor.submit(run_shard, shard))

    for _ in range(at_once or len(shards)):
        give_out()
    try:
        while running:
            done = next(as_completed(running))
            running.remove(done)
            give_out()
            yield done.result()
    finally:
        for future in running:
            future.cancel()
