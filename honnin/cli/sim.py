"""``honnin sim``: emulators that run alone, on real wires, usable by other people's software."""

from pathlib import Path
from typing import Annotated

import typer

from honnin.cli import check, explore, fleet, incident, record, scenario, serial, swarm

app = typer.Typer(
    help="Emulated card, printer, money devices, PIN pad, lamp and certificate centre (見本 / SPECIMEN).",
    no_args_is_help=True,
)
serial.register(app)
check.register(app)
scenario.register(app)
record.register(app)
swarm.register(app)
explore.register(app)
fleet.register(app)
incident.register(app)

_Home = Annotated[Path | None, typer.Option("--home", help="simulator home [default: $HONNIN_HOME or ./var]")]
_Host = Annotated[str, typer.Option(help="address of the wire")]


@app.command()
def setup(
    home: _Home = None,
    terminal: Annotated[str, typer.Option(help="id of the terminal whose own keys are made, too")] = "SPECIMEN-0001",
) -> None:
    """Make the throw-away authorities, keys and trust files of a home, and the keys of a terminal in it."""
    from simulator import pki
    from simulator.centre import pki as centre_pki
    from simulator.centre.seed import MUNICIPALITY_CODES
    from simulator.home import Home

    place = Home.locate(home)
    pki.load_or_create(place)
    keys = centre_pki.load_or_create(place, MUNICIPALITY_CODES)
    tls = keys.terminal_tls(terminal)
    keys.terminal_sheet_key(terminal)
    typer.echo(f"SPECIMEN keys and trust files are in {place.root}")
    typer.echo(f"terminal {terminal}: certificate {tls.certificate}, key {tls.key}")


@app.command()
def card(
    profile: Annotated[str, typer.Option(help="whose card; --list shows them")] = "adult",
    host: _Host = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="vpcd slot: 35963 is Debian's first, 35964 its second")
    ] = 35963,
    only_list: Annotated[bool, typer.Option("--list", help="list the profiles and end")] = False,
    home: _Home = None,
) -> None:
    """Put an emulated My Number Card on a vpcd slot until Ctrl-C takes it off."""
    from simulator.devices.card_reader.command import list_cards, run_card
    from simulator.home import Home

    if only_list:
        typer.echo(list_cards())
        return
    raise typer.Exit(run_card(profile, host, port, Home.locate(home).root))


@app.command()
def printer(
    spool: Annotated[Path, typer.Option(help="directory that printed sheets come out into")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="port of the IPP printer; 0: any")] = 8631,
    host: _Host = "127.0.0.1",
) -> None:
    """Run an IPP printer; faults are injected at run time (docs/protocols/ipp.md)."""
    from simulator.devices.printer.command import run_printer

    raise typer.Exit(run_printer(port, spool, host))


@app.command()
def centre(
    port: Annotated[int, typer.Option(min=0, max=65535, help="port of the HTTPS service; 0: any")] = 8443,
    database: Annotated[str | None, typer.Option(help="URL of the registers [default: SQLite in the home]")] = None,
    host: _Host = "127.0.0.1",
    home: _Home = None,
    defect: Annotated[
        str | None,
        typer.Option(help="break a municipality's server as in this accident: yokohama, adachi, kawasaki, …"),
    ] = None,
    municipality: Annotated[str, typer.Option(help="whose server --defect breaks: 99101 or 99102")] = "99101",
    servers: Annotated[Path | None, typer.Option(help="TOML file of municipalities' servers")] = None,
) -> None:
    """Run the certificate centre with its municipal servers, mutual TLS."""
    from simulator.centre.command import run_centre, setups_of
    from simulator.centre.issuing.setup_file import SetupFileError
    from simulator.home import Home

    try:
        setups = setups_of(defect, municipality, servers)
    except SetupFileError as error:
        raise typer.BadParameter(str(error)) from None
    raise typer.Exit(run_centre(port, database, Home.locate(home).root, host, setups))
