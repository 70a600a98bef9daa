"""``honnin sim record``: a live session, or a live replay, as a scenario file."""

import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from honnin.live.log import OrderLog
    from simulator.history import At
    from simulator.home import Home
    from simulator.plan import Plan

_Home = Annotated[Path | None, typer.Option("--home", help="simulator home [default: $HONNIN_HOME or ./var]")]
_EXIT_REFUSED: Final = 2
_HINT: Final = """見本 SPECIMEN: what happens here is recorded; Ctrl-C ends it. From other shells:
  honnin sim control {links}/card lay profile=adult      (then: lift)
  honnin sim control {links}/coins insert coin_yen=100   (notes insert note_yen=1000; coins take)
  honnin sim control {links}/coins add-fault kind=…      (card, payment, line, notes, receipt_printer likewise)
"""


def register(app: typer.Typer) -> None:
    """Add the command to ``honnin sim``."""
    app.command("record")(record)


def record(
    out: Annotated[Path, typer.Option(dir_okay=False, help="the scenario file to write")],
    play: Annotated[
        Path | None,
        typer.Option(help="record a live run of this scenario (or a shipped one's name), with nobody at the keys"),
    ] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=20, help="with --play: as in sim run")] = 1.0,
    coins: Annotated[bool, typer.Option("--coins", help="the terminal takes coins")] = False,
    notes: Annotated[
        bool, typer.Option("--notes", help="the terminal takes notes (neither: the exact fee, in process)")
    ] = False,
    defect: Annotated[str | None, typer.Option(help="break a municipality's server, as in sim centre")] = None,
    municipality: Annotated[str, typer.Option(help="whose server --defect breaks: 99101 or 99102")] = "99101",
    folder: Annotated[
        Path | None,
        typer.Option("--dir", file_okay=False, help="an empty folder for the session [default: a passing one]"),
    ] = None,
    history: Annotated[Path | None, typer.Option(help="write the history, too, a JSON object a line")] = None,
    home: _Home = None,
) -> None:
    """Record a session at a live terminal on emulators as a scenario that `honnin sim run` replays in virtual time."""
    from honnin.live.log import OrderLog
    from honnin.live.playable import NotPlayableError
    from simulator.centre.issuing.setup_file import SetupFileError
    from simulator.history import write
    from simulator.home import Home
    from simulator.scenarios import ScenarioError

    place, log = Home.locate(home), OrderLog()
    with TemporaryDirectory(prefix="honnin-live-") as passing:
        work = folder or Path(passing)
        try:
            cash = tuple(name for name, fitted in (("coins", coins), ("notes", notes)) if fitted)
            plan = _plan(play, cash, defect, municipality)
            lines = _played(plan, place, work, log, speed) if play is not None else _attended(plan, place, work, log)
        except (ScenarioError, NotPlayableError, SetupFileError) as error:
            typer.echo(f"honnin: {error}", err=True)
            raise typer.Exit(_EXIT_REFUSED) from None
        if history is not None:
            write(lines, history)
        raise typer.Exit(_write(out, lines, log, plan, speed))


def _plan(play: Path | None, cash: tuple[str, ...], defect: str | None, municipality: str) -> "Plan":
    from honnin.cli.scenario import found
    from simulator.centre.command import setups_of
    from simulator.plan import Plan, TerminalPlan
    from simulator.scenarios import load

    if play is not None:
        if cash or defect is not None:
            raise typer.BadParameter(
                "--play takes terminals and servers from the scenario; leave --coins, --notes, --defect out"
            )
        return load(found(play))
    servers = setups_of(defect, municipality, None)
    return Plan(name="recorded", terminals=(TerminalPlan(cash=cash),), servers=servers)


def _played(plan: "Plan", home: "Home", folder: Path, log: "OrderLog", speed: float) -> "list[At]":
    from honnin.cli.scenario import end_in_order, tell_lines
    from honnin.live.playing import play

    end_in_order()
    return play(plan, home, folder, speed=speed, told=tell_lines, log=log)


def _attended(plan: "Plan", home: "Home", folder: Path, log: "OrderLog") -> "list[At]":
    from honnin.live.session import record as attend
    from terminal.devices.screen.console import open_terminal_mode

    stopped = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.append(True))
    restore = open_terminal_mode(0)
    try:
        return attend(
            plan,
            home,
            folder,
            log,
            ready=lambda links: typer.echo(_HINT.format(links=links), err=True),
            stopped=lambda: bool(stopped),
        )
    finally:
        restore()


def _write(out: Path, lines: "list[At]", log: "OrderLog", plan: "Plan", speed: float) -> int:
    """Write the file; 0, or 1 for a run that broke off."""
    from honnin.live.recording import expected_of, scenario_of
    from simulator.counting import many
    from simulator.scenarios.writing import dump
    from simulator.seen import RunEnded

    recorded = scenario_of(lines, log, plan, speed=speed)
    story = "\n".join(("Recorded live.", *(f"Not in this file: {note}" for note in recorded.notes)))
    out.write_text(dump(recorded.plan, expect=expected_of(lines), story=story), encoding="utf-8")
    for note in recorded.notes:
        typer.echo(f"not in the file: {note}", err=True)
    typer.echo(f"{out}: {many(len(recorded.plan.arrivals), 'visit')}, {many(len(recorded.plan.faults), 'fault')}")
    ended = lines[-1].seen if lines else None
    whole = isinstance(ended, RunEnded) and ended.complete
    if not whole:
        typer.echo(f"the session broke off: {getattr(ended, 'why', '')}", err=True)
    return 0 if whole else 1
