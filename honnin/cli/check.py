"""``honnin sim check``: were the promises kept? The checkers over the history of a run; they know nothing of its insides."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.checkers.running import Checker
    from simulator.checkers.verdict import Verdict

_SIGNS = {"true": "[green]true[/]", "false": "[bold red]false[/]", "unknown": "[yellow]unknown[/]"}


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command()(check)


def check(
    history: Annotated[Path, typer.Argument(help="the history: one JSON object a line, as a run writes it")],
    promise: Annotated[
        list[str] | None, typer.Option(help="P1 to P9, may be given several times [default: all]")
    ] = None,
    register_lag: Annotated[
        float, typer.Option(min=0, help="seconds that a register's answer may be older than the card on the reader")
    ] = 60.0,
    as_json: Annotated[bool, typer.Option("--json", help="print the verdicts as JSON")] = False,
) -> None:
    """Hold a history against the promises; exit 0 when every verdict is true, 1 when one is false, 3 when one is unknown."""
    from simulator.checkers.lines import read_lines
    from simulator.checkers.running import EXIT_CODES, EXIT_REFUSED, check_lines
    from simulator.checkers.verdict import worst
    from simulator.history import HistoryError

    checkers = _chosen(promise or [], register_lag)
    try:
        verdicts = check_lines(read_lines(history), checkers.values())
    except (HistoryError, OSError) as error:
        typer.echo(f"honnin: {error}", err=True)
        raise typer.Exit(EXIT_REFUSED) from None
    if as_json:
        typer.echo(_json(verdicts))
    else:
        _print(checkers, verdicts)
    raise typer.Exit(EXIT_CODES[worst(verdict.truth for verdict in verdicts.values())])


def _chosen(promises: list[str], register_lag_s: float) -> "Mapping[str, Checker]":
    from simulator.checkers import subject
    from simulator.checkers.registry import CHECKERS

    known = {**CHECKERS, "P1": subject.checker(register_lag_s)}
    wanted = {promise.upper() for promise in promises}
    unknown = sorted(wanted - set(known))
    if unknown:
        raise typer.BadParameter(f"expected {', '.join(known)}, got {', '.join(unknown)}", param_hint="--promise")
    return {promise: checker for promise, checker in known.items() if not wanted or promise in wanted}


def _print(checkers: "Mapping[str, Checker]", verdicts: "Mapping[str, Verdict]") -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    table = Table(title="were the promises kept?")
    for column in ("promise", "verdict", "examined", "what true means"):
        table.add_column(
            column, justify="right" if column == "examined" else "left", no_wrap=column != "what true means"
        )
    for promise, verdict in verdicts.items():
        checker = checkers[promise]
        table.add_row(f"{promise} {checker.name}", _SIGNS[verdict.truth.value], str(verdict.examined), checker.proves)
    console.print(table)
    for promise, verdict in verdicts.items():
        for reason in verdict.reasons:
            console.print(f"{promise} {_SIGNS[verdict.truth.value]}: {escape(str(reason))}", soft_wrap=True)
        if verdict.unlisted:
            console.print(f"{promise}: and {verdict.unlisted} more")


def _json(verdicts: "Mapping[str, Verdict]") -> str:
    from dataclasses import asdict

    told = {promise: {"truth": verdict.truth.value, **asdict(verdict)} for promise, verdict in verdicts.items()}
    return json.dumps(told, ensure_ascii=False, indent=2)
