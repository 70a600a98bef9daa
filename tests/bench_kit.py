"""Measurements of a fleet that nobody took, for the words that are made of them."""

from simulator.bench.fleet_alone import Alone
from simulator.bench.fleet_bare import Bare
from simulator.bench.fleet_probes import FLEET_PARTS
from simulator.bench.fleet_scaling import PROCESSES, Scaling
from simulator.bench.fleet_workers import WorkersMemory, WorkersRun
from simulator.fleet.tally import Tally


def a_run(customers: int = 1_000, wall_s: float = 10.0, nation_s: float | None = None) -> WorkersRun:
    tally = Tally(customers=customers, certificates=customers, digests={"unit": "digest"})
    memory = WorkersMemory([100.0, 101.0, 102.0, 103.0], 110.0, 200.0)
    return WorkersRun(2, tally, wall_s, 2 * wall_s, memory, nation_s)


def a_scaling(ratio: float = 1.9) -> Scaling:
    return Scaling(PROCESSES, 2, (ratio, ratio), (1.0, 1.0), 1_000, "digest")


def an_alone() -> Alone:
    bare = Bare(lambda pages: b"", 10.0, 1, 1, 2)
    return Alone(Tally(customers=1, certificates=1), 1.0, 1.0, bare, 1.0, dict.fromkeys(FLEET_PARTS, 1.0), 10, 0.5)
