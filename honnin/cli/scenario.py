"""``honnin sim run``: replays a scenario file in virtual time."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.checkers.verdict import Verdict
    from simulator.history import At
    from simulator.home import Home
    from simulator.plan import Plan

_Home = Annotated[Path | None, typer.Option("--home", help="simulator home [default: $HONNIN_HOME or ./var]")]
_EXIT_REFUSED = 2


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command("run")(run)


def run(
    file: Annotated[Path, typer.Argument(help="the scenario; or the name of one that is shipped (--list)")] = Path(),
    history: Annotated[Path | None, typer.Option(help="write the history, a JSON object a line")] = None,
    seed: Annotated[int | None, typer.Option(help="another seed than the file's")] = None,
    only_list: Annotated[bool, typer.Option("--list", help="list the scenarios that are shipped, and end")] = False,
    home: _Home = None,
) -> None:
    """Replay a scenario: exit 0 as expected, 1 a promise is broken, 3 unknown or otherwise than expected."""
    from simulator.checkers.registry import check_all
    from simulator.history import write
    from simulator.home import Home
    from simulator.scenarios import ScenarioError, load_scenario
    from simulator.scenarios.expecting import compare, exit_code

    if only_list:
        _list()
        return
    try:
        scenario = load_scenario(_found(file))
        plan = scenario.plan if seed is None else replace(scenario.plan, seed=seed)
        lines = _played(plan, Home.locate(home).in_virtual_time(plan.start))
    except ScenarioError as error:
        typer.echo(f"honnin: {error}", err=True)
        raise typer.Exit(_EXIT_REFUSED) from None
    if history is not None:
        write(lines, history)
    verdicts = check_all(lines)
    _tell(verdicts)
    unexpected = compare(scenario.expect, lines, verdicts)
    for each in unexpected:
        typer.echo(f"unexpected: {each}")
    code = exit_code(scenario.expect, unexpected, verdicts)
    typer.echo(f"{plan.name}: {'as expected' if code == 0 else 'NOT as expected'} (exit {code})")
    raise typer.Exit(code)


def _played(plan: "Plan", home: "Home") -> "list[At]":
    from simulator.run import run as run_plan
    from simulator.scenarios.story import told

    lines = run_plan(plan, home)
    for line in told(lines):
        typer.echo(line)
    return lines


def _tell(verdicts: "Mapping[str, Verdict]") -> None:
    from simulator.checkers.registry import CHECKERS

    for promise, verdict in verdicts.items():
        typer.echo(f"{promise} {CHECKERS[promise].name:<12} {verdict.truth.value:<8} {verdict.examined} examined")
        for reason in verdict.breaches:
            typer.echo(f"   broken: {reason}")


def _found(file: Path) -> Path:
    from simulator.scenarios.schema import EXAMPLES

    if file == Path():
        raise typer.BadParameter("expected a scenario file, or --list", param_hint="FILE")
    shipped = EXAMPLES / file.with_suffix(".yaml").name
    return shipped if not file.exists() and len(file.parts) == 1 and shipped.exists() else file


def _list() -> None:
    from simulator.scenarios.schema import examples

    for path in examples():
        with path.open(encoding="utf-8") as text:
            typer.echo(f"{path.stem:<28} {text.readline().strip('# ').strip()}")
