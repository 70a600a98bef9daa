"""``honnin journal``: check a terminal's journal without the terminal."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Check a journal's chain.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep ``verify`` a sub-command although it is the only one yet."""


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="the journal's file (journal.sqlite)")]) -> None:
    """Check the chain, and that every start has exactly one end; exit 1 when anything is wrong."""
    from terminal.journal.report import render_text
    from terminal.journal.verify import verify_journal

    report = verify_journal(file)
    typer.echo(render_text(report))
    raise typer.Exit(0 if report.ok else 1)
