"""``honnin terminal``: the firmware service of a store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from terminal.control import CommandName

app = typer.Typer(help="Run a terminal, ask whether it is ready, release it after a finding.", no_args_is_help=True)

_Config = Annotated[Path, typer.Option("--config", help="the terminal's TOML file (docs/configuration.md)")]
_Staff = Annotated[str, typer.Option(help="code of the person who answers for it, as on the shift list")]


@app.command()
def run(config: _Config) -> None:
    """Start the service on the configured devices, with a console screen; Ctrl-C stops it."""
    from honnin.compose import run_terminal
    from terminal.config import load_config

    raise typer.Exit(run_terminal(load_config(config)))


@app.command()
def check(config: _Config) -> None:
    """Print the readiness report: each device, its state, what to do; exit 1 when the terminal is not ready."""
    from honnin.compose import check_terminal
    from terminal.config import load_config

    raise typer.Exit(check_terminal(load_config(config)))


@app.command()
def status(config: _Config) -> None:
    """Ask the running service what state it is in."""
    _ask(config, "status", None)


@app.command()
def release(config: _Config, staff: _Staff) -> None:
    """Release a terminal that a wrong-person finding has stopped, after the responsible person has looked at it."""
    _ask(config, "release", staff)


@app.command()
def withdraw(config: _Config, staff: _Staff) -> None:
    """Take the terminal out of service; a customer who is being served is served to the end."""
    _ask(config, "withdraw", staff)


@app.command()
def restore(config: _Config, staff: _Staff) -> None:
    """Put the terminal back into service."""
    _ask(config, "restore", staff)


@app.command()
def settle(
    config: _Config,
    staff: _Staff,
    device: Annotated[str, typer.Option(help="what was looked after: tray (forgotten sheets) or payment (money)")],
) -> None:
    """Say that forgotten sheets were taken out, or that unaccounted money was looked after."""
    _ask(config, "settle", staff, device)


@app.command(name="pay-claim")
def pay_claim(
    config: _Config,
    staff: _Staff,
    claim: Annotated[str, typer.Option(help="the number on the claim ticket, like 0000-0001")],
) -> None:
    """Say that a claim was paid out of the shop's till; each number once. `honnin ledger claims` lists the open ones."""
    _ask(config, "pay-claim", staff, claim=claim)


@app.command()
def stop(config: _Config, staff: _Staff) -> None:
    """Stop the running service."""
    _ask(config, "stop", staff)


@app.command(name="record-hashes")
def record_hashes(config: _Config) -> None:
    """Record the hashes of the installed files after an inspection; every start compares with them."""
    from honnin.compose import record_installed_files
    from terminal.config import load_config

    typer.echo(record_installed_files(load_config(config)))


def _ask(
    config: Path, command: "CommandName", staff: str | None, device: str | None = None, claim: str | None = None
) -> None:
    from terminal.config import load_config
    from terminal.control import ask, staff_command

    asked = staff_command(command, staff, device, claim)
    reply = ask(load_config(config).terminal.state_dir, asked)
    typer.echo(" ".join(part for part in (reply.state, reply.code, reply.text) if part))
    raise typer.Exit(1 if reply.code else 0)
