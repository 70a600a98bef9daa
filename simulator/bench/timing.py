"""Samples and their summaries: minimum, median and 99th percentile, always with the number of runs."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Summary:
    """``runs`` samples of one quantity, in the samples' own unit. ``p99`` is the nearest rank: below 100 runs the largest."""

    runs: int
    minimum: float
    median: float
    p99: float


def summarise(samples: Sequence[float]) -> Summary:
    """The summary of ``samples``; raise ``ValueError`` for none: no runs are no measurement."""
    if not samples:
        raise ValueError("expected at least one sample, came none: nothing was measured")
    ordered = sorted(samples)
    rank = -(-len(ordered) * 99 // 100)
    return Summary(len(ordered), ordered[0], median(ordered), ordered[rank - 1])


def cpu_ms(work: Callable[[], object]) -> float:
    """The process's CPU time, user and system, that ``work`` takes, in ms (CLOCK_PROCESS_CPUTIME_ID, clock_gettime(2))."""
    started_ns = time.process_time_ns()
    work()
    return (time.process_time_ns() - started_ns) / 1e6


def interleaved_cpu_ms(works: dict[str, Callable[[], object]], rounds: int, warm_up: int) -> dict[str, list[float]]:
    """CPU samples of several works, taken in turn, so that a machine that is busy for a while is busy for all of them."""
    for _ in range(warm_up):
        for work in works.values():
            work()
    gc.collect()
    samples: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            samples[name].append(cpu_ms(work))
    return samples
