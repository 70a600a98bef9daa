"""``honnin sim fleet``: a nation's day, or a part of it, on all cores or on a Dask cluster."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.fleet.resume import RunFolder
    from simulator.fleet.running import Executors
    from simulator.fleet.shards import Shard

_QUICK_CUSTOMERS = 40
_AHEAD = 2
"""Shards given out for each process: one at work, one ready."""
_DASK_AT_ONCE = 256


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command()(fleet)


def fleet(
    customers: Annotated[int, typer.Option(min=1, help="people who come, in all; 87400 is a nation's day")] = 2_000,
    seed: Annotated[int, typer.Option(help="the same seed gives the same day")] = 0,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="processes on this machine")] = 2,
    shards: Annotated[
        int | None, typer.Option(min=1, help="parts the run is divided into; changes no result [default: by size]")
    ] = None,
    dask: Annotated[str | None, typer.Option(help="address of a Dask scheduler, whose workers do the shards")] = None,
    out: Annotated[Path, typer.Option(help="folder of the report and the history")] = Path("out/fleet"),
    resume: Annotated[bool, typer.Option("--resume", help="go on with the run in --out that was stopped")] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help=f"{_QUICK_CUSTOMERS} people only: shows that it works")
    ] = False,
    home: Annotated[Path | None, typer.Option(help="simulator home [default: $HONNIN_HOME or ./var]")] = None,
) -> None:
    """Let people come to shops all over an invented country; exit 0: every promise was kept, 1: one was broken, 3: unknown."""
    from simulator.fleet.errors import demand_libraries

    demand_libraries()
    from rich.console import Console

    from simulator.fleet.country import units
    from simulator.fleet.report import write_report
    from simulator.fleet.resume import Asked, RunFolder
    from simulator.fleet.running import dask as dask_workers
    from simulator.fleet.running import processes
    from simulator.fleet.shards import divide
    from simulator.home import Home

    wanted = min(customers, _QUICK_CUSTOMERS) if quick else customers
    # A Dask worker looks for a home of its own machine, unless one is named.
    place = Home.locate(home).root.absolute() if dask is None or home is not None else None
    folder = RunFolder(out, Asked(wanted, seed), resume=resume)
    console = Console()
    left = folder.left(tuple(units(seed, wanted)))
    executors = dask_workers(dask) if dask is not None else processes(jobs, place)
    at_once = _DASK_AT_ONCE if dask is not None else jobs * _AHEAD
    wall_s = _run(console, folder, divide(left, seed, place, shards, jobs), executors, at_once)
    workers = f"{jobs} processes" if dask is None else f"Dask at {dask}"
    report = write_report(folder, Asked(wanted, seed), wall_s, workers)
    raise typer.Exit(_tell(console, folder, report, wall_s))


def _run(
    console: "Console", folder: "RunFolder", shards: "Sequence[Shard]", executors: "Executors", at_once: int
) -> float:
    """Run what is left, with a bar and live counts; the seconds it took."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from simulator.fleet.running import results

    began_s = time.perf_counter()
    before, left = folder.tally.customers, sum(shard.customers for shard in shards)
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(_counts(folder), total=before + left, completed=before)
        if shards:
            for result in results(shards, executors, at_once):
                folder.keep(result)
                progress.update(bar, completed=folder.tally.customers, description=_counts(folder))
    return time.perf_counter() - began_s


def _counts(folder: "RunFolder") -> str:
    from simulator.counting import many

    tally = folder.tally
    return f"customers: {many(tally.certificates, 'certificate')}, {tally.refusals} without, {many(tally.findings, 'finding')}"


def _tell(console: "Console", folder: "RunFolder", report: Path, wall_s: float) -> int:
    """The verdicts, and where everything lies; the exit code."""
    from rich.markup import escape
    from rich.table import Table

    from simulator.checkers.registry import CHECKERS
    from simulator.checkers.running import EXIT_CODES
    from simulator.counting import many

    tally = folder.tally
    table = Table(title="were the promises kept?")
    for column in ("promise", "verdict", "examined", "what true means"):
        table.add_column(column, justify="right" if column == "examined" else "left")
    for promise, kept in tally.promises.items():
        checker = CHECKERS[promise]
        table.add_row(f"{promise} {checker.name}", kept.truth.value, str(kept.examined), checker.proves)
    console.print(table)
    for promise, kept in tally.promises.items():
        for reason in kept.reasons:
            console.print(escape(f"{promise} {kept.truth.value}: {reason}"), soft_wrap=True)
    console.print(
        f"{many(tally.customers, 'customer')}, {many(tally.certificates, 'certificate')} on {many(tally.sides // 2, 'sheet')}, "
        f"{tally.refusals} left without; {wall_s:.0f} s, {tally.cpu_s * 1000 / max(1, tally.customers):.1f} ms CPU a customer"
    )
    console.print(f"digest {tally.digest}")
    console.print(f"report {report}, history {report.parent / 'history'}", soft_wrap=True)
    return EXIT_CODES[tally.truth]
