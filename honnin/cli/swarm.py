"""``honnin sim swarm``: many seeds, each another kind of day; what is found is shrunk and written as a scenario."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.swarming import SeedResult

_Home = Annotated[Path | None, typer.Option("--home", help="simulator home [default: $HONNIN_HOME or ./var]")]
_SEEDS = re.compile(r"(\d+)(?:-(\d+))?")


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command("swarm")(swarm)


def swarm(
    seeds: Annotated[str, typer.Option(help="A-B, both included, or one")] = "0-19",
    jobs: Annotated[int, typer.Option(min=1, max=256, help="processes")] = 1,
    people: Annotated[int, typer.Option(min=2, max=200, help="the most who come in one run")] = 8,
    out: Annotated[Path, typer.Option(file_okay=False, help="folder for the scenarios of what is found")] = Path(
        "found"
    ),
    without: Annotated[list[str] | None, typer.Option(help="take this guard out: a planted bug")] = None,
    home: _Home = None,
) -> None:
    """Draw probabilities and a plan from each seed and run it; exit 1 when something was found."""
    from simulator.counting import many
    from simulator.home import Home
    from simulator.plan import START
    from simulator.swarming import run_seeds
    from simulator.unguarded import GUARDS

    guards = tuple(without or ())
    unknown = [guard for guard in guards if guard not in GUARDS]
    if unknown:
        raise typer.BadParameter(f"expected guards of {', '.join(GUARDS)}, came {', '.join(unknown)}")
    place = Home.locate(home).in_virtual_time(START)
    found = 0
    for result in run_seeds(_range(seeds), place, jobs=jobs, people=people, without=guards):
        typer.echo(result.options)
        found += bool(result.findings)
        _tell(result, out)
    typer.echo(f"{many(found, 'seed')} found something" if found else "nothing was found")
    raise typer.Exit(1 if found else 0)


def _tell(result: "SeedResult", out: Path) -> None:
    for promise, words in result.findings.items():
        typer.echo(f"  FOUND {promise}: {words}")
    for promise, text in result.scenarios.items():
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"seed-{result.seed}-{promise.lower()}.yaml"
        path.write_text(text, encoding="utf-8")
        typer.echo(f"  written: {path} (honnin sim run {path})")


def _range(text: str) -> range:
    match = _SEEDS.fullmatch(text)
    first = int(match[1]) if match else 0
    last = int(match[2] or match[1]) if match else -1
    if last < first:
        raise typer.BadParameter(f"expected A-B with A not above B, came {text!r}", param_hint="--seeds")
    return range(first, last + 1)
