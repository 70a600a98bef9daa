"""``honnin sim centre``: the certificate centre with its municipal servers, on its own, for anybody's terminal."""

import sys
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from simulator.centre.issuing.events import ServerEvent
from simulator.centre.issuing.named import broken
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.issuing.setup_file import SetupFileError, read_setups
from simulator.centre.issuing.telling import line_of
from simulator.centre.seed import OFFICE_TERMINAL
from simulator.centre.server import CentreServer
from simulator.home import Home

DEMO_TERMINAL = "SPECIMEN-0001"


def setups_of(defect: str | None, municipality: str, servers: Path | None) -> dict[str, ServerSetup]:
    """The servers of a command line: an accident's for one municipality, and those of a file; raise ``SetupFileError``."""
    setups = {} if servers is None else read_setups(servers)
    if defect is not None:
        try:
            setups[municipality] = broken(defect, municipality)
        except KeyError as error:
            raise SetupFileError(str(error.args[0])) from None
    return setups


def run_centre(
    port: int,
    database: str | None,
    home: Path,
    host: str = "127.0.0.1",
    setups: Mapping[str, ServerSetup] | None = None,
) -> int:
    """Serve until interrupted; return an exit code: 0 ended, 1 the database or the port could not be had.

    With ``setups`` everything that the servers do is printed, a line each.
    """
    place = Home(home)
    try:
        server = CentreServer(
            place, port=port, database=database, host=host, setups=setups, listener=_print if setups else _ignore
        )
        server.start()
    except (SQLAlchemyError, OSError, ImportError) as error:
        print(f"honnin sim centre: {_reason(error, database)}", file=sys.stderr)
        return 1
    files = [server.terminal_tls(terminal_id) for terminal_id in (DEMO_TERMINAL, OFFICE_TERMINAL)]
    print("見本 SPECIMEN: simulated certificate centre; invented people, throw-away keys")
    print(f"url              {server.url}")
    print(f"registers        {_shown(database, place)}")
    print(f"trust            {place.trust.absolute()}")
    print(f"TLS authority    {files[0].ca.absolute()}")
    for terminal_id, each in zip((DEMO_TERMINAL, OFFICE_TERMINAL), files, strict=True):
        print(f"terminal         {terminal_id}: {each.certificate.absolute()} {each.key.absolute()}")
    for code, setup in (setups or {}).items():
        faulty = ", ".join(type(each).__name__ for each in setup.defects)
        print(f"server           {code}: {faulty or 'healthy'}")
    print("protocol         docs/protocols/centre.md, docs/centre-openapi.json", flush=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        print("stopping", flush=True)
    finally:
        server.close()
    return 0


def _print(event: ServerEvent) -> None:
    print(line_of(event), flush=True)


def _ignore(_event: ServerEvent) -> None:
    """Healthy servers are not news."""


def _shown(database: str | None, home: Home) -> str:
    if database is None:
        return str((home.root / "centre" / "registers.sqlite").absolute())
    return make_url(database).render_as_string(hide_password=True)


def _reason(error: Exception, database: str | None) -> str:
    if isinstance(error, OSError):
        return str(error)
    where = "the home's SQLite file" if database is None else f"database {_safe(database)}"
    hint = "install honnin[postgresql]" if isinstance(error, ImportError) else "see that it runs and lets you in"
    return f"expected to reach {where}, {type(error).__name__} came; {hint}"


def _safe(database: str) -> str:
    try:
        return make_url(database).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "URL that SQLAlchemy cannot read"
