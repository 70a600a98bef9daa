"""``honnin ledger``: check and read a terminal's ledger of money without the terminal, also while it runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from terminal.money.reading import Snapshot

app = typer.Typer(help="Check and read a terminal's ledger of money.", no_args_is_help=True)

LedgerFile = Annotated[Path, typer.Argument(help="the ledger's file (ledger.sqlite)")]


@app.command()
def verify(
    file: LedgerFile,
    journal: Annotated[
        Path | None, typer.Option(help="the terminal's journal: was everything that was kept earned?")
    ] = None,
) -> None:
    """Check the chain, that every row follows from the one before, and that it balances; exit 1 when anything is wrong."""
    from terminal.money.report import render_text
    from terminal.money.verify import verify_ledger

    report = verify_ledger(file, journal)
    typer.echo(render_text(report))
    raise typer.Exit(0 if report.ok else 1)


@app.command()
def show(file: LedgerFile) -> None:
    """Show the sums, the open account, the open claims and the devices' counters."""
    from rich.console import Console

    from terminal.money.reading import read_snapshot

    snapshot = read_snapshot(file)
    console = Console()
    for table in (_money(snapshot), _counters(snapshot)):
        console.print(table)
    if snapshot.state.claims:
        console.print(_claims(snapshot))


@app.command()
def claims(file: LedgerFile) -> None:
    """List the claims that staff have still to pay."""
    from rich.console import Console

    from terminal.money.reading import read_snapshot

    snapshot = read_snapshot(file)
    if snapshot.state.claims:
        Console().print(_claims(snapshot))
    else:
        typer.echo("no claim is open")


def _money(snapshot: "Snapshot") -> "Table":
    from rich.table import Table

    state, account = snapshot.state, snapshot.state.account
    table = Table(title=f"terminal {snapshot.terminal_id}, {snapshot.rows} rows to {snapshot.wall or 'now'}")
    table.add_column("yen")
    table.add_column("of all time", justify="right")
    table.add_column("open account", justify="right")
    for name in ("inserted", "kept", "change", "refunded", "owed", "overpaid"):
        of_account = str(getattr(account.sums, f"{name}_yen")) if account is not None else "-"
        table.add_row(name, str(getattr(state.totals, f"{name}_yen")), of_account)
    if account is not None:
        table.add_row("fee", "", str(account.fee_yen))
        table.add_row("in escrow", "", str(account.escrowed_yen))
        payout = account.payout
        under_way = f"{payout.units} x {payout.unit_yen} from {payout.source}" if payout is not None else "none"
        table.add_row("payout", "", under_way)
    return table


def _counters(snapshot: "Snapshot") -> "Table":
    from rich.table import Table

    counters = snapshot.state.counters
    table = Table(title="counters of the devices, as on record")
    table.add_column("counter")
    table.add_column("stands at", justify="right")
    table.add_row("coin events", _known(counters.acceptor))
    table.add_row("coins accepted", _known(counters.accepted_total))
    for source, total in counters.dispensed:
        table.add_row(f"paid by {source}", str(total))
    unknown = snapshot.state.unknown_coins
    table.add_row("coins of unknown value", f"{unknown}: count the cash" if unknown else "none")
    return table


def _known(counter: int | None) -> str:
    return "never seen" if counter is None else str(counter)


def _claims(snapshot: "Snapshot") -> "Table":
    from rich.table import Table

    table = Table(title="open claims")
    for name in ("claim", "yen", "code", "ticket"):
        table.add_column(name, justify="right" if name == "yen" else "left", no_wrap=True)
    for claim in snapshot.state.claims:
        table.add_row(claim.number, str(claim.amount_yen), claim.code, "printed" if claim.printed else "not printed")
    return table
