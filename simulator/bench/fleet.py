"""A fleet: what a customer costs alone, where it goes, whether it stays so, and what a second worker brings."""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.bench import fleet_alone, fleet_words
from simulator.bench.findings import Findings
from simulator.bench.fleet_scaling import Scaling, measure_scaling
from simulator.bench.fleet_workers import WorkersRun, over_processes

WORKERS: Final = 2
"""The design's budget is for two cores."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Customers of the run in one process, of the larger runs in order, and of each of the ``rounds`` of scaling out."""

    alone: int
    flat: tuple[int, ...]
    scaling: int
    rounds: int


QUICK: Final = Sizes(60, (60, 120), 60, 1)
USUAL: Final = Sizes(1_000, (1_000, 4_000), 2_000, 2)
FULL: Final = Sizes(1_000, (1_000, 100_000), 2_000, 2)
"""The largest holds a nation's day, and more."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about a fleet on this machine."""

    alone: fleet_alone.Alone
    flat: tuple[WorkersRun, ...]
    scaling: tuple[Scaling, ...]
    cores: int


def measure(sizes: Sizes, tell: Callable[[str], None] = lambda words: None) -> Measured:
    """Run it all, the runs over processes first, while this process is small.

    :raises FleetFoundError: a run is not what was asked for, or a promise was broken or could not be judged.
    """
    with tempfile.TemporaryDirectory(prefix="honnin-bench-") as name:
        folder = Path(name)
        home = folder / "home"
        flat = []
        for customers in sizes.flat:
            tell(f"{customers:,} customers over {WORKERS} processes")
            flat.append(over_processes(customers, WORKERS, home))
        tell(f"{sizes.scaling:,} customers over 1 and {WORKERS} workers")
        scaling = measure_scaling(sizes.scaling, WORKERS, sizes.rounds, home)
        tell(f"{sizes.alone:,} customers alone")
        alone = fleet_alone.measure(sizes.alone, home, folder)
    return Measured(alone, tuple(flat), scaling, len(os.sched_getaffinity(0)))


def run(quick: bool) -> Findings:
    """The section of the report."""
    return _findings(QUICK if quick else USUAL)


def run_full() -> Findings:
    """The section of the report with the sizes of a nation's day really run; takes an hour."""
    return _findings(FULL)


def _findings(sizes: Sizes) -> Findings:
    measured = measure(sizes, lambda words: print(f"  {words}", file=sys.stderr, flush=True))
    return Findings(
        "A fleet",
        fleet_words.how(),
        fleet_words.tables(measured.alone, measured.flat, measured.scaling),
        fleet_words.budgets(measured.flat, measured.scaling, measured.cores),
    )
