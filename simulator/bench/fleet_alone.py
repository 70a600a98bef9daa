"""A fleet in one process: what a customer costs, what the same pages cost bare, and where the time goes."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.bench.baselines import bare_drawer
from simulator.bench.fleet_bare import Bare, Drawn
from simulator.bench.fleet_probes import FLEET_PARTS, UNNAMED, fleet_probes
from simulator.bench.switching import SwitchingMeter, charge_us
from simulator.checkers.verdict import Truth
from simulator.fleet.country import units
from simulator.fleet.ground import ground
from simulator.fleet.shards import Shard, divide, run_shard
from simulator.fleet.tally import Tally

SEED: Final = 20_260_401
_WARM_UP: Final = 12


class FleetFoundError(RuntimeError):
    """A fleet that is measured did not do what it was asked for, or a promise was not kept: there is no number."""


@dataclass(frozen=True, slots=True)
class Alone:
    """One process, three times over the same shards: as they are, bare, and with every border measured.

    CPU and wall in seconds. ``spent_ms`` is by part and adds up to ``probed_cpu_s``; ``charges`` looks at the clock, of
    ``charge_us`` each, are in it.
    """

    tally: Tally
    cpu_s: float
    wall_s: float
    bare: Bare
    probed_cpu_s: float
    spent_ms: Mapping[str, float]
    charges: int
    charge_us: float

    @property
    def certificates_a_second(self) -> float:
        """Delivered certificates a second of CPU, that is of one core."""
        return self.tally.certificates / self.cpu_s

    @property
    def ratio_to_bare(self) -> float:
        """The run's CPU over that of drawing every page it drew bare."""
        return self.cpu_s * 1000 / self.bare.cpu_ms


def measure(customers: int, home: Path, folder: Path, seed: int = SEED) -> Alone:
    """Run ``customers`` in this process; ``folder`` is for the baseline's font.

    :raises FleetFoundError: the run is not what was asked for, or a promise was broken or could not be judged.
    """
    ground(home)
    _warm_up(home, seed)
    shards = divide(tuple(units(seed, customers)), seed, home)
    drawn, bare = Drawn(), Bare(bare_drawer(folder))
    plain = _Run()
    for shard in shards:
        with drawn.watched():
            plain.take(shard)
        for document in drawn.take():
            bare.draw_again(document)
    demand_whole(plain.tally, customers)
    probed, spent, charges = _probed(shards)
    if probed.tally.digest != plain.tally.digest:
        raise FleetFoundError("expected the same day with borders measured and without, the histories differ")
    return Alone(plain.tally, plain.cpu_s, plain.wall_s, bare, probed.cpu_s, spent, charges, charge_us())


def demand_whole(tally: Tally, customers: int) -> None:
    """Raise ``FleetFoundError`` unless all came, certificates came out and every promise was kept."""
    if tally.customers < customers or tally.certificates == 0:
        raise FleetFoundError(
            f"expected {customers} customers and certificates for them, {tally.customers} came for {tally.certificates}"
        )
    if tally.truth is not Truth.TRUE:
        told = "; ".join(
            f"{promise} {kept.truth.value}: {', '.join(kept.reasons[:3])}"
            for promise, kept in tally.promises.items()
            if kept.truth is not Truth.TRUE
        )
        raise FleetFoundError(f"expected every promise kept, got {told}")


class _Run:
    """Shards run in this process, their counts and what they took added up."""

    def __init__(self) -> None:
        self.tally = Tally()
        self.cpu_s = self.wall_s = 0.0

    def take(self, shard: Shard, run: Callable[[Shard], Tally] | None = None) -> None:
        began_s, cpu_began_s = time.perf_counter(), time.process_time()
        found = (run or _run)(shard)
        self.cpu_s += time.process_time() - cpu_began_s
        self.wall_s += time.perf_counter() - began_s
        self.tally.add(found)


def _run(shard: Shard) -> Tally:
    return run_shard(shard).tally


def _probed(shards: tuple[Shard, ...]) -> tuple[_Run, Mapping[str, float], int]:
    """Run them with every border measured: what it took, ms by part, and how often the clock was looked at."""
    meter, total = SwitchingMeter(UNNAMED), _Run()
    spent: Counter[str] = Counter()
    charges = 0

    def run(shard: Shard) -> Tally:
        meter.start()
        try:
            return _run(shard)
        finally:
            meter.stop()

    with meter.installed(fleet_probes()):
        for shard in shards:
            total.take(shard, run)
            charges += meter.charges
            for part in FLEET_PARTS:
                spent[part] += meter.spent_ms(part)  # type: ignore[assignment]
    return total, dict(spent), charges


def _warm_up(home: Path, seed: int) -> None:
    """Somebody else's day, so that nothing is loaded for the first time in what is measured."""
    for shard in divide(tuple(units(seed + 1, _WARM_UP)), seed + 1, home, 1):
        run_shard(shard)
