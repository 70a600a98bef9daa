"""What the measurements of a fleet say in the report: tables, budget lines, how it was done."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from simulator.bench.findings import Budget, Table, judged, judged_at_least, not_measured, paragraphs
from simulator.bench.fleet_alone import Alone
from simulator.bench.fleet_probes import GROUPS
from simulator.bench.fleet_scaling import Scaling
from simulator.bench.fleet_workers import WorkersRun
from simulator.fleet.country import NATION_CERTIFICATES

NATION_BUDGET_S: Final = 600.0
FLAT_BUDGET_PERCENT: Final = 10.0
SCALING_BUDGET: Final = 1.8
FLAT_TO: Final = 100_000
_NATION: Final = f"a nation's day ({NATION_CERTIFICATES:,} certificates), every sheet through every gate, 2 cores"
_FULL: Final = "[`make bench-fleet`](benchmarks-fleet.md) runs it"


def tables(alone: Alone, flat: Sequence[WorkersRun], scaling: Sequence[Scaling]) -> tuple[Table, ...]:
    """All of the section."""
    return _costs(alone), _breakdown(alone), _added(alone), _flatness(flat), _scale_out(scaling)


def budgets(flat: Sequence[WorkersRun], scaling: Sequence[Scaling], cores: int) -> tuple[Budget, ...]:
    """A nation's day, flatness, scale-out; with fewer cores than workers, what cannot be known there is not measured."""
    lines = [_flat_line(flat)]
    if cores < flat[-1].workers:
        why = f"{flat[-1].workers} workers on {cores} core"
        lines.append(not_measured(_NATION, f"≤ {NATION_BUDGET_S:g} s", why))
        lines += [not_measured(_scaling_name(each), f"≥ {SCALING_BUDGET:g} ×", why) for each in scaling]
    else:
        lines.append(_nation_line(flat[-1]))
        lines += [_scaling_line(each) for each in scaling]
    return tuple(lines)


def _nation_line(run: WorkersRun) -> Budget:
    customers = run.tally.customers
    if run.nation_s is not None:
        return judged(
            _NATION, run.nation_s, NATION_BUDGET_S, "s", detail=f"measured in a run of {customers:,} customers"
        )
    detail = f"extrapolated from {run.tally.certificates:,} certificates for {customers:,} customers; {_FULL}"
    return judged(_NATION, run.nation_extrapolated_s, NATION_BUDGET_S, "s", detail=detail)


def _flat_line(flat: Sequence[WorkersRun]) -> Budget:
    first, last = flat[0], flat[-1]
    percent = (last.cpu_ms_a_customer / first.cpu_ms_a_customer - 1) * 100
    short = "" if last.tally.customers >= FLAT_TO else f"; {FLAT_TO:,} not run, {_FULL}"
    return judged(
        f"a fleet's CPU for a customer, from {first.tally.customers:,} to {last.tally.customers:,} customers",
        abs(percent),
        FLAT_BUDGET_PERCENT,
        "%",
        detail=f"{first.cpu_ms_a_customer:.1f} ms, then {last.cpu_ms_a_customer:.1f} ms{short}",
    )


def _scaling_name(scaling: Scaling) -> str:
    return f"a fleet over {scaling.workers} workers against 1, {scaling.way}"


def _scaling_line(scaling: Scaling) -> Budget:
    if scaling.why:
        return not_measured(_scaling_name(scaling), f"≥ {SCALING_BUDGET:g} ×", scaling.why)
    one_s, more_s = median(scaling.one_s), median(scaling.more_s)
    detail = f"wall {one_s:.1f} s, then {more_s:.1f} s; medians of {len(scaling.one_s)}"
    return judged_at_least(_scaling_name(scaling), scaling.ratio, SCALING_BUDGET, "×", detail=detail)


def _costs(alone: Alone) -> Table:
    tally, bare = alone.tally, alone.bare
    rows = (
        ("customers", f"{tally.customers:,}"),
        ("districts on a day", f"{len(tally.digests):,}"),
        ("certificates in customers' hands", f"{tally.certificates:,}"),
        ("CPU, s", f"{alone.cpu_s:.1f}"),
        ("wall, s", f"{alone.wall_s:.1f}"),
        ("CPU for a customer, ms", f"{alone.cpu_s * 1000 / tally.customers:.1f}"),
        ("CPU for a certificate, ms", f"{alone.cpu_s * 1000 / tally.certificates:.1f}"),
        ("**certificates a second and core**", f"**{alone.certificates_a_second:.1f}**"),
        ("certificates drawn, and their page sides", f"{bare.copies:,}, {bare.sides:,}"),
        ("the same page sides bare with reportlab, CPU s", f"{bare.cpu_ms / 1000:.1f}"),
        ("the same, ms for a certificate drawn", f"{bare.cpu_ms / bare.copies:.1f}"),
        ("**the whole run over the bare drawing**", f"**{alone.ratio_to_bare:.2f} ×**"),
    )
    return Table("One process", ("what", "measured"), rows)


def _breakdown(alone: Alone) -> Table:
    whole_ms = sum(alone.spent_ms.values())
    rows: list[tuple[str, ...]] = []
    for group, parts in GROUPS:
        rows.append(_share(f"**{group}**", sum(alone.spent_ms[part] for part in parts), whole_ms, alone, "**"))
        if parts != (group,):
            rows += [_share(part, alone.spent_ms[part], whole_ms, alone) for part in parts]
    rows.append(_share("**all**", whole_ms, whole_ms, alone, "**"))
    headers = ("part", "ms for a customer", "ms for a certificate", "%")
    return Table(
        "Where a fleet's CPU time goes (each part without the parts it calls; bold lines add up to all)",
        headers,
        tuple(rows),
    )


def _share(name: str, spent_ms: float, whole_ms: float, alone: Alone, mark: str = "") -> tuple[str, ...]:
    numbers = (spent_ms / alone.tally.customers, spent_ms / alone.tally.certificates)
    return (name, *(f"{mark}{number:.2f}{mark}" for number in numbers), f"{mark}{100 * spent_ms / whole_ms:.1f}{mark}")


def _added(alone: Alone) -> Table:
    customers = alone.tally.customers
    plain_ms, probed_ms = alone.cpu_s * 1000 / customers, alone.probed_cpu_s * 1000 / customers
    looks_ms = alone.charges * alone.charge_us / 1000 / customers
    rows = (
        ("CPU for a customer without measuring, ms", f"{plain_ms:.1f}"),
        ("the same with every border measured, ms", f"{probed_ms:.1f} ({(probed_ms / plain_ms - 1) * 100:+.1f} %)"),
        ("looks at the clock for a customer", f"{alone.charges / customers:,.0f}"),
        ("one look, µs", f"{alone.charge_us:.2f}"),
        ("all looks of a customer, ms", f"{looks_ms:.2f} ({looks_ms / probed_ms * 100:.1f} % of what was broken down)"),
    )
    return Table("What the measuring of the parts itself adds", ("what", "measured"), rows)


def _flatness(flat: Sequence[WorkersRun]) -> Table:
    headers = (
        "customers",
        "certificates",
        "wall, s",
        "certificates/s",
        "CPU for a customer, ms",
        "CPU for a certificate, ms",
        "peak RSS of a worker, MB",
        "peak PSS of a worker, MB",
        "mean PSS of a worker in the first and last quarter, MB",
    )
    return Table(f"Larger runs, over {flat[0].workers} processes", headers, tuple(_flat_row(run) for run in flat))


def _flat_row(run: WorkersRun) -> tuple[str, ...]:
    tally, memory = run.tally, run.memory
    return (
        f"{tally.customers:,}",
        f"{tally.certificates:,}",
        f"{run.wall_s:.1f}",
        f"{tally.certificates / run.wall_s:.1f}",
        f"{run.cpu_ms_a_customer:.2f}",
        f"{run.cpu_s * 1000 / tally.certificates:.2f}",
        f"{memory.peak_rss:.0f}",
        f"{memory.peak_pss:.0f}",
        f"{memory.quarter(0):.0f}, {memory.quarter(3):.0f}",
    )


def _scale_out(scaling: Sequence[Scaling]) -> Table:
    rows = tuple(
        (
            each.way,
            f"{each.certificates:,}",
            ", ".join(f"{wall_s:.1f}" for wall_s in each.one_s),
            ", ".join(f"{wall_s:.1f}" for wall_s in each.more_s),
            f"{each.ratio:.2f}",
        )
        if not each.why
        else (each.way, "–", "–", "–", f"not measured: {each.why}")
        for each in scaling
    )
    headers = ("workers are", "certificates", "wall with 1, s", f"wall with {scaling[0].workers}, s", "times as fast")
    return Table("Scale-out, wall seconds of each round", headers, rows)


def how() -> tuple[str, ...]:
    """What was measured, how, and what was left out."""
    return paragraphs(
        f"""
        `honnin sim fleet`'s own shards: districts of an invented country on a day of virtual time, the terminal's own code, every
        sheet drawn and through every gate, read back from the tray, every promise checked, the history written. Everything is in
        the numbers: making households, registers and cards, the simulated centre, people and devices, starting and closing
        terminals, checkers, Parquet. A run in which a promise was broken or could not be judged has no numbers.

        *One process*: user and system time of this process while it runs the shards. After each shard the very documents that it
        drew, as many copies with as many page sides, are drawn again on a bare reportlab canvas as in "One verified certificate";
        their layout, codes and rasters stand ready. Documents that no customer got in the end (a printer failed) were drawn, too.

        *Parts*: the same shards once more with a wrapper around each border between layers, which reads the process's CPU clock
        whenever a border is crossed and whenever the scheduler lets another task go on (`simulator.bench.fleet_probes`). The
        looks themselves are in the parts. Both times the same history must come out. Signing 2D codes is crypto, checking their
        signatures is in read back; Python's garbage collector counts as the part that it strikes in.

        *Larger runs* and *scale-out*: wall time from giving out the first shard to the end of the last worker, the history on
        disk; CPU is user and system of the worker processes from fork to end. Memory is looked at whenever a shard has come back;
        RSS counts pages shared with the other processes, PSS their part. Sizes that are not in the table were not run. Scale-out
        runs shards of about a district each, the same with 1 worker as with more; Dask's scheduler and workers (one thread each,
        on the loopback) are up and warm before. A nation's day is {NATION_CERTIFICATES:,} certificates; where it was not run, it
        is extrapolated from the largest run and says so.
        """
    )
