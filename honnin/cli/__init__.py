"""The command line: ``honnin terminal|sim|sheet|journal|ledger|fsm|demo``."""

import sys

import typer

from honnin.cli import demo, fsm, journal, ledger, sheet, sim, terminal
from terminal.errors import HonninError

EXIT_REFUSED = 2
"""What was given cannot be used; the text says what was expected, what came and what to do."""

app = typer.Typer(
    help="Certificate terminal (コンビニ交付) and its simulator. 模擬の証明書には「見本 / SPECIMEN」とあります。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(terminal.app, name="terminal")
app.add_typer(sim.app, name="sim")
app.add_typer(sheet.app, name="sheet")
app.add_typer(journal.app, name="journal")
app.add_typer(ledger.app, name="ledger")
app.add_typer(fsm.app, name="fsm")
app.command(name="demo")(demo.demo)


def main() -> None:
    """Run the command; an expected failure is one line on standard error and exit code 2."""
    try:
        app()
    except HonninError as error:
        sys.stderr.write(f"honnin: {error.failure}\n")
        sys.exit(EXIT_REFUSED)
