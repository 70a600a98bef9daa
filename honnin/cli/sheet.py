"""``honnin sheet``: whose sheet is it, and is it genuine and unaltered?"""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Check a printed sheet (PDF, or PNG of front and back).", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep ``verify`` a sub-command although it is the only one yet."""


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="one PDF, or PNGs: a front, a back, or front and back")],
    trust: Annotated[
        Path | None, typer.Option(help="directory with the enquiry site's keys [default: enquiry/ of the home]")
    ] = None,
    recovered: Annotated[
        Path | None, typer.Option(help="write the front that the back's scramble image holds to this PNG")
    ] = None,
    home: Annotated[Path | None, typer.Option(help="simulator home [default: $HONNIN_HOME or ./var]")] = None,
) -> None:
    """Say whose sheet it is, whether it is genuine and unaltered, page by page; exit 1 when it is not."""
    from simulator.centre.pki import enquiry_directory
    from simulator.home import Home
    from terminal.verification.sheet_file import verify_sheet

    report = verify_sheet(files, trust or enquiry_directory(Home.locate(home)), recovered=recovered)
    typer.echo(report.render_text())
    raise typer.Exit(0 if report.genuine else 1)
