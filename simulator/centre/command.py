"""``honnin sim centre``: the certificate centre with its municipal servers, on its own, for anybody's terminal."""

import sys
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from simulator.centre.seed import OFFICE_TERMINAL
from simulator.centre.server import CentreServer
from simulator.home import Home

DEMO_TERMINAL = "SPECIMEN-0001"


def run_centre(port: int, database: str | None, home: Path, host: str = "127.0.0.1") -> int:
    """Serve until interrupted; return an exit code: 0 ended, 1 the database or the port could not be had."""
    place = Home(home)
    try:
        server = CentreServer(place, port=port, database=database, host=host)
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
    print("protocol         docs/protocols/centre.md, docs/centre-openapi.json", flush=True)
    try:
        server.wait()
    except KeyboardInterrupt:
        print("stopping", flush=True)
    finally:
        server.close()
    return 0


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
