"""``honnin sim run``: replays a scenario file, in virtual time or live."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
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
    live: Annotated[
        bool, typer.Option("--live", help="in real time, on the real service against emulators on their wires")
    ] = False,
    speed: Annotated[
        float,
        typer.Option(min=0.1, max=20, help="live: seconds of the scenario that go by in one; devices keep their pace"),
    ] = 1.0,
    home: _Home = None,
) -> None:
    """Replay a scenario: exit 0 as expected, 1 a promise is broken, 3 unknown or otherwise than expected."""
    from honnin.live.playable import NotPlayableError
    from simulator.checkers.registry import check_all
    from simulator.history import write
    from simulator.home import Home
    from simulator.scenarios import ScenarioError, load_scenario
    from simulator.scenarios.expecting import compare, exit_code

    if only_list:
        _list()
        return
    try:
        scenario = load_scenario(found(file))
        plan = scenario.plan if seed is None else replace(scenario.plan, seed=seed)
        place = Home.locate(home)
        lines = _played_live(plan, place, speed) if live else _played(plan, place.in_virtual_time(plan.start))
    except (ScenarioError, NotPlayableError) as error:
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

    lines = run_plan(plan, home)
    tell_lines(lines)
    return lines


def _played_live(plan: "Plan", home: "Home", speed: float) -> "list[At]":
    from honnin.live.playing import play

    end_in_order()
    with TemporaryDirectory(prefix="honnin-live-") as folder:
        return play(plan, home, Path(folder), speed=speed, told=tell_lines)


def end_in_order() -> None:
    """SIGTERM ends the run as an interrupt does: services and emulators that it started are ended with it."""

    def told(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, told)


def tell_lines(lines: "Sequence[At]") -> None:
    """Print what is worth telling of ``lines``."""
    from simulator.scenarios.story import told

    for line in told(lines):
        typer.echo(line)


def _tell(verdicts: "Mapping[str, Verdict]") -> None:
    from simulator.checkers.registry import CHECKERS

    for promise, verdict in verdicts.items():
        typer.echo(f"{promise} {CHECKERS[promise].name:<12} {verdict.truth.value:<8} {verdict.examined} examined")
        for reason in verdict.breaches:
            typer.echo(f"   broken: {reason}")


def found(file: Path) -> Path:
    """The file, or the shipped scenario of that name."""
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
