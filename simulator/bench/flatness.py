"""Whether the thousandth certificate costs what the first did: one terminal, one process, one journal that grows."""

import gc
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulator.bench.findings import Findings, Table, judged, paragraphs
from simulator.bench.people import HOUSEHOLD_OF_3, SEAL
from simulator.bench.shop import Shop
from simulator.bench.timing import Summary, summarise
from simulator.home import Home

BUDGET_PERCENT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Flatness:
    """CPU ms of the first and of the last ``window`` of ``total`` certificates, seal and residence in turn."""

    total: int
    window: int
    first: Summary
    last: Summary

    @property
    def change_percent(self) -> float:
        """How much dearer the median got (negative: cheaper)."""
        return (self.last.median / self.first.median - 1) * 100


def measure(total: int, window: int, warm_up: int) -> Flatness:
    """Sell ``total`` certificates after ``warm_up`` ones."""
    taken: list[float] = []
    with tempfile.TemporaryDirectory(prefix="honnin-bench-") as name:
        folder = Path(name)
        with Shop(Home(folder / "home"), folder) as shop:
            for number in range(-warm_up, total):
                if number == 0:
                    gc.collect()
                bought = shop.buy((SEAL, HOUSEHOLD_OF_3)[number % 2])
                taken += [bought.cpu_ms] if number >= 0 else []
    return Flatness(total, window, summarise(taken[:window]), summarise(taken[-window:]))


def run(quick: bool) -> Findings:
    """The section of the report."""
    flat = measure(6, 2, 1) if quick else measure(2000, 100, 20)
    rows = tuple(
        (what, str(each.runs), f"{each.minimum:.1f}", f"{each.median:.1f}", f"{each.p99:.1f}")
        for what, each in ((f"first {flat.window}", flat.first), (f"last {flat.window} of {flat.total}", flat.last))
    )
    return Findings(
        "Flatness",
        paragraphs(
            """
            Certificates of two kinds in turn in one process, which is harder than a store: there each customer has a process
            of their own. CPU ms from tap to print-ready.
            """
        ),
        (Table("CPU ms", ("what", "runs", "min", "median", "p99"), rows),),
        (
            judged(
                f"cost of a certificate at one terminal, from {flat.window} to {flat.total}",
                abs(flat.change_percent),
                BUDGET_PERCENT,
                "%",
                detail=f"median {flat.first.median:.1f} ms, then {flat.last.median:.1f} ms",
            ),
        ),
    )
