"""One verified certificate, tap to print-ready, held against drawing the same pages alone; and where its CPU time goes."""

import gc
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from printer_templates.certificate import draw_certificate
from printer_templates.records import Record
from simulator.bench import baselines
from simulator.bench.findings import Budget, Findings, Table, judged, paragraphs
from simulator.bench.meter import Meter
from simulator.bench.page_plan import plan
from simulator.bench.people import CASES, HOUSEHOLD_OF_3, Case, identities, record
from simulator.bench.probes import OURS, PARTS, REST, SIMULATED, probes
from simulator.bench.shop import Shop
from simulator.bench.timing import Summary, cpu_ms, summarise
from simulator.home import Home

BUDGET_MS: Final = 15.0
BUDGET_RATIO: Final = 1.5
VERIFIED: Final = "verified certificate, tap to print-ready"
DRAWN: Final = "of it: `draw_certificate` alone"
_SLOW: Final = frozenset({baselines.WEASYPRINT, baselines.FPDF2, baselines.REPORTLAB_DEFAULTS})


@dataclass(frozen=True, slots=True)
class Rounds:
    """How often each thing is done; the slow baselines every ``slow_every``-th round only."""

    warm_up: int
    count: int
    slow_every: int


QUICK: Final = Rounds(1, 2, 2)
FULL: Final = Rounds(10, 100, 10)


@dataclass(frozen=True, slots=True)
class CaseTimes:
    """CPU ms of each way to the pages of one case, the size of what comes out in bytes, and ms by part of a certificate."""

    case: Case
    cpu: Mapping[str, Summary]
    size_bytes: Mapping[str, int]
    parts: Mapping[str, Summary]

    def ratio(self, name: str, baseline: str) -> float:
        """Median of ``name`` over the median of ``baseline``, from the same rounds."""
        return self.cpu[name].median / self.cpu[baseline].median


def measure(shop: Shop, draws: Mapping[str, baselines.Draw], case: Case, rounds: Rounds) -> CaseTimes:
    """Everything about one case, each round doing everything once, so that a busy machine is busy for all of it."""
    stated = record(case)
    pages = plan(stated)
    samples: dict[str, list[float]] = defaultdict(list)
    for _ in range(rounds.warm_up):
        shop.buy(case)
    sizes = {name: len(draw(pages)) for name, draw in draws.items()}
    gc.collect()
    for number in range(rounds.count):
        bought = shop.buy(case)
        sizes[VERIFIED] = len(bought.document.pdf)
        samples[VERIFIED].append(bought.cpu_ms)
        samples[DRAWN].append(cpu_ms(partial(_draw_alone, shop, stated)))
        for name, draw in draws.items():
            if name not in _SLOW or number % rounds.slow_every == 0:
                samples[name].append(cpu_ms(partial(draw, pages)))
    return CaseTimes(case, {name: summarise(each) for name, each in samples.items()}, sizes, _parts(shop, case, rounds))


def _draw_alone(shop: Shop, stated: Record) -> None:
    draw_certificate(stated, identities(1), shop.signer, specimen=True)


def _parts(shop: Shop, case: Case, rounds: Rounds) -> dict[str, Summary]:
    """ms by part, measured apart, because looking at the clock at every border costs a little itself."""
    meter = Meter(REST)
    samples: dict[str, list[float]] = {part: [] for part in PARTS}
    with meter.installed(probes()):
        for _ in range(rounds.count):
            shop.buy(case, on_tap=meter.start, on_ready=meter.stop)
            for part, each in samples.items():
                each.append(meter.spent_ms(part))
    return {part: summarise(each) for part, each in samples.items()}


def run(quick: bool) -> Findings:
    """The section of the report."""
    rounds = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="honnin-bench-") as name:
        folder = Path(name)
        draws = baselines.drawers(folder)
        with Shop(Home(folder / "home"), folder) as shop:
            cases = CASES[:1] if quick else CASES
            found = [measure(shop, draws, case, rounds) for case in cases]
    return Findings(
        "One verified certificate",
        _HOW,
        (*(_ways(each) for each in found), _breakdown(found)),
        _budgets(found),
    )


def _budgets(found: Sequence[CaseTimes]) -> tuple[Budget, ...]:
    usual = next((each for each in found if each.case is HOUSEHOLD_OF_3), found[0])
    ratios = ", ".join(f"{each.ratio(VERIFIED, baselines.REPORTLAB):.2f} {each.case.name}" for each in found)
    worst = max(each.ratio(VERIFIED, baselines.REPORTLAB) for each in found)
    cpu = usual.cpu[VERIFIED]
    return (
        judged(
            "one verified certificate, card tap to print-ready, CPU with every device simulated",
            cpu.median,
            BUDGET_MS,
            "ms",
            detail=f"median, {usual.case.name}; p99 {cpu.p99:.1f}",
        ),
        judged(
            "the same, over drawing the same pages with reportlab and nothing else",
            worst,
            BUDGET_RATIO,
            "×",
            detail=f"medians: {ratios}",
            form=".2f",
        ),
    )


def _ways(times: CaseTimes) -> Table:
    base = times.cpu[baselines.REPORTLAB].median
    rows = tuple(
        (
            name,
            str(cpu.runs),
            f"{cpu.minimum:.1f}",
            f"{cpu.median:.1f}",
            f"{cpu.p99:.1f}",
            f"{cpu.median / base:.2f}",
            f"{times.size_bytes[name] / 1000:.0f}" if name in times.size_bytes else "",
        )
        for name, cpu in times.cpu.items()
    )
    sheets = f"{times.case.pages} sheet{'s' if times.case.pages > 1 else ''} of paper, front and back"
    headers = ("way", "runs", "min", "median", "p99", f"ratio to {baselines.REPORTLAB}", "kB")
    return Table(f"{times.case.name.capitalize()}, {sheets}: CPU ms", headers, rows)


def _breakdown(found: Sequence[CaseTimes]) -> Table:
    rows = [(part, *(f"{each.parts[part].median:.2f}" for each in found)) for part in PARTS]
    for title, parts in (("**the terminal's own**", OURS), ("**the simulated world's**", SIMULATED)):
        rows.append((title, *(f"{sum(each.parts[part].median for part in parts):.2f}" for each in found)))
    return Table(
        "Where the CPU time of a certificate goes, ms (median of each part, without the parts it calls)",
        ("part", *(each.case.name for each in found)),
        tuple(rows),
    )


_HOW: Final = paragraphs(
    f"""
    The terminal's own `Customer` on `VirtualLoop`, nothing of it replaced: emulated card, simulated payment, printer and
    certificate centre (registers in plain memory) in the same process; entries go through the supervisor's frame check into a
    journal on disk. CPU time (user and system) of the process from the card's insertion to the moment the printer is given the
    verified bytes; printing, delivery report and process start are not in it. The simulated world's own work (card, centre,
    payment) is in the total and shown apart in the breakdown.

    *{baselines.REPORTLAB}* (the baseline of the ratios) puts the same texts, rules, 2D codes, seals and back rasters at the same
    places with the same font, all ready-made: no layout, no fitting, no codes, no signatures, no encryption, no deterrent tiles,
    latent image or watermark. It is as cheap as reportlab can do it: font cut beforehand and registered once, no ASCII85, one-bit
    pictures put in as they are. *{baselines.WEASYPRINT}* and *{baselines.FPDF2}* draw the same like page with the same cut font;
    fpdf2 cannot keep a font from one document to the next. Each round does every way once, the slow ones every
    {FULL.slow_every}th round.
    """
)
