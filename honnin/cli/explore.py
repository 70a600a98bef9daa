"""``honnin sim explore``: the machine in every state there is, under every fault that the world has."""

import os
from pathlib import Path
from typing import Annotated

import typer

_Jobs = Annotated[int | None, typer.Option(min=1, help="processes at a time [default: one a core]")]


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command()(explore)


def explore(
    faults: Annotated[int, typer.Option(min=0, max=3, help="the most faults on a path; fewer are explored first")] = 1,
    jobs: _Jobs = None,
    out: Annotated[Path | None, typer.Option(help="file for the shortest scenario of a broken promise")] = None,
    every_state: Annotated[
        bool, typer.Option("--every-state", help="name each state that a fault was tried in")
    ] = False,
    states_max: Annotated[int, typer.Option(min=1000, help="give up beyond that many states of one world")] = 8_000_000,
) -> None:
    """Explore every state of machine, devices, centre and people; exit code 1 when a promise is broken or a pair not visited."""
    from simulator.explore.exploring import timed
    from simulator.explore.report import is_whole, report

    explored, wall_s = timed(faults, jobs or os.cpu_count() or 1, states_max)
    typer.echo(report(explored, wall_s, every_state=every_state))
    broken = [scenario for each in explored for scenario in each.broken]
    if broken and out is not None:
        broken[0].write(out)
        typer.echo(f"the first of them is in {out}")
    raise typer.Exit(0 if is_whole(explored) else 1)
