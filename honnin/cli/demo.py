"""``honnin demo``: the story that ``make demo`` tells."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[
        Path, typer.Option(file_okay=False, help="directory for sheets, slips, receipts, journal, ledger and summary")
    ] = Path("out"),
    home: Annotated[Path | None, typer.Option(help="simulator home [default: $HONNIN_HOME or ./var]")] = None,
) -> None:
    """Let six customers come to an emulated terminal, and show step by step what happens."""
    from honnin.demo.story import tell
    from simulator.home import Home

    raise typer.Exit(tell(out, Home.locate(home)))
