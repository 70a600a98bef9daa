"""``honnin sim explore``: the machine in every state there is, under every fault that the world has."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_Jobs = Annotated[int | None, typer.Option(min=1, help="processes at a time [default: one a core]")]


class Kind(StrEnum):
    """What a mutant lacks."""

    GUARD = "guard"
    DEED = "deed"
    FENCE = "fence"
    ENTRY = "entry"
    GATE = "gate"


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command()(explore)
    app.command()(mutants)


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


def mutants(
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="this one, or all whose names have it in them (may be repeated)"),
    ] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="this kind only (may be repeated) [default: all]")] = None,
    list_them: Annotated[bool, typer.Option("--list", help="name the mutants and hunt none")] = False,
    jobs: _Jobs = None,
    write: Annotated[Path | None, typer.Option(help="write the page about them there (docs/mutants.md)")] = None,
) -> None:
    """Take every guard of machine and gates away once, and see who notices; exit code 1 when nobody does.

    With --only a few are shown with their shortest counter-examples step by step; exit code 2 when there is no such mutant.
    """
    from simulator.explore.mutants import FEW, KINDS, UnknownMutantError, called, every_mutant, hunt_all
    from simulator.explore.mutants_page import all_caught, page, printed, way

    if write is not None and (only or kind):
        raise typer.BadParameter("expected all mutants for the page; leave --only and --kind out")
    every = every_mutant(tuple(each.value for each in kind) if kind else KINDS)
    try:
        chosen = list(dict.fromkeys(one for words in only for one in called(words, every))) if only else list(every)
    except UnknownMutantError as error:
        near = "".join(f"\n  {name}" for name in error.nearest)
        typer.echo(f"{error}; look at --list" + (f", or did you mean{near}" if near else ""), err=True)
        raise typer.Exit(2) from None
    if list_them:
        typer.echo("\n".join(one.name for one in chosen))
        return
    outcomes = hunt_all(chosen, jobs or os.cpu_count() or 1)
    if only and len(outcomes) <= FEW:
        typer.echo("".join(f"{one.name}\n{way(one)}\n\n" for one in outcomes))
    typer.echo(printed(outcomes))
    if write is not None:
        write.write_text(page(outcomes), encoding="utf-8")
    raise typer.Exit(0 if all_caught(outcomes) else 1)
