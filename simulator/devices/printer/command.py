"""``honnin sim printer``: the emulated printer on its own, for anybody's software."""

import sys
from pathlib import Path

from simulator.devices.printer.traits import SPECIMEN_INFO, Traits
from simulator.devices.printer.wire import PrinterServer


def run_printer(port: int, spool: Path, host: str = "127.0.0.1", side_s: float = 1.0) -> int:
    """Serve until interrupted; print the printer's URI first. Returns the exit code: 0, or 1 when the port is taken."""
    try:
        spool.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"expected a folder for sheets at {spool}: {error.strerror}; name another with --spool", file=sys.stderr)
        return 1
    try:
        server = PrinterServer(spool, port, host=host, traits=Traits(side_s=side_s))
    except OSError as error:
        print(f"expected a free port {port} on {host}: {error.strerror}; choose another", file=sys.stderr)
        return 1
    with server:
        print(
            f"{SPECIMEN_INFO}\n  printer  {server.uri}\n  control  {server.url}/control\n  sheets   {spool}", flush=True
        )
        try:
            server.wait()
        except KeyboardInterrupt:
            return 0
    return 0
