"""``honnin sim incident``: the accidents that really happened, again: without our guard, and refused with it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from simulator.home import Home
    from simulator.incidents.assessing import Assessment, Column
    from simulator.incidents.incident import Incident

_STYLES = {"plain": "", "head": "bold", "bad": "red", "good": "green"}
_WIDTH = 160
"""Of tables that go into a file or a pipe."""


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command()(incident)


def incident(
    name: Annotated[str | None, typer.Argument(help="which accident is told; --list shows them")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="a table of all: reproduced without our guard, refused with it")
    ] = False,
    only_list: Annotated[bool, typer.Option("--list", help="list the accidents and end")] = False,
    seed: Annotated[int, typer.Option(help="other random values; the accident is the same")] = 0,
    without: Annotated[
        list[str] | None,
        typer.Option(help="a guard that the terminals lack to begin with: shows that the table notices"),
    ] = None,
    home: Annotated[Path | None, typer.Option(help="simulator home [default: $HONNIN_HOME or ./var]")] = None,
) -> None:
    """Let a real accident happen again; exit 0: it was reproduced without our guard and refused with it, 1: it was not."""
    from simulator.home import Home
    from simulator.incidents.registry import INCIDENTS
    from simulator.plan import START

    console = _console()
    if only_list:
        _list(console, tuple(INCIDENTS.values()))
        return
    chosen = _chosen(name, every)
    guards = _guards(without or [])
    asked = [each.at_terminals_without(guards).with_seed(seed) for each in chosen]
    place = Home.locate(home).in_virtual_time(START)
    assessed = [_tell(console, asked[0], place)] if not every else _table(console, asked, place)
    raise typer.Exit(0 if all(each.holds for each in assessed) else 1)


def _console() -> "Console":
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=_WIDTH)


def _chosen(name: str | None, every: bool) -> "tuple[Incident, ...]":
    from simulator.incidents.registry import INCIDENTS, UnknownIncidentError
    from simulator.incidents.registry import incident as named

    if every is not (name is None):
        raise typer.BadParameter("expected the name of one accident, or --all, or --list", param_hint="NAME")
    if name is None:
        return tuple(INCIDENTS.values())
    try:
        return (named(name),)
    except UnknownIncidentError as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None


def _guards(names: list[str]) -> tuple[str, ...]:
    from simulator.unguarded import GUARDS

    unknown = [name for name in names if name not in GUARDS]
    if unknown:
        raise typer.BadParameter(f"expected of {', '.join(GUARDS)}, came {', '.join(unknown)}", param_hint="--without")
    return tuple(dict.fromkeys(names))


def _list(console: "Console", incidents: "Sequence[Incident]") -> None:
    from rich.table import Table

    table = Table(title="accidents that really happened", caption="*: a known limit, which no terminal can refuse")
    for column in ("name", "where and when", "mechanism", "threatens", "refused by"):
        table.add_column(column, no_wrap=column == "name")
    for each in incidents:
        refused_by = ", ".join(each.guards) or "nothing *"
        table.add_row(each.name, f"{each.where}; {each.when}", each.mechanism, each.promise, refused_by)
    console.print(table)


def _tell(console: "Console", asked: "Incident", home: "Home") -> "Assessment":
    from rich.markup import escape

    from simulator.incidents.assessing import assess
    from simulator.incidents.telling import story

    assessment = assess(asked, home)
    for line in story(assessment):
        console.print(escape(line.text), style=_STYLES[line.tone.value], soft_wrap=True, highlight=False)
    return assessment


def _table(console: "Console", asked: "Sequence[Incident]", home: "Home") -> "list[Assessment]":
    from simulator.incidents.assessing import assess

    assessed = [assess(each, home) for each in asked]
    accidents = [each for each in assessed if not each.incident.limit]
    limits = [each for each in assessed if each.incident.limit]
    _print(console, accidents, "every accident twice", ("reproduced without our guard", "refused with it"))
    _print(console, limits, "known limits, every guard in place", ("reproduced", "why no terminal refuses it"))
    held = sum(each.holds for each in accidents)
    console.print(f"{held} of {len(accidents)} accidents reproduced and refused; ", end="")
    console.print(f"{sum(each.holds for each in limits)} of {len(limits)} known limits as they are described. ", end="")
    console.print("`honnin sim incident NAME` tells one, and what in it is otherwise than it was.")
    return assessed


def _print(console: "Console", assessed: "list[Assessment]", title: str, columns: tuple[str, str]) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, show_lines=True)
    for column in ("accident", "mechanism", "threatens", *columns):
        table.add_column(column, no_wrap=column in ("accident", "threatens"))
    for each in assessed:
        about = each.incident
        cells = (_cell(each.reproduced), _cell(each.refused))
        table.add_row(about.name, escape(about.mechanism), about.promise, *cells)
    console.print(table)


def _cell(column: "Column") -> str:
    from rich.markup import escape

    if column.holds:
        return f"[green]yes:[/] {escape(column.words)}"
    return "\n".join([f"[bold red]NO:[/] {escape(column.words)}", *(escape(problem) for problem in column.problems)])
