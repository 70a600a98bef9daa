"""The emulated IPP printer in a process of its own, so that its work is not counted as the terminal's."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from simulator.devices.printer.command import run_printer

_URI_LABEL: Final = "  printer  "
_SIDE_S: Final = 0.001
"""Device mechanics aside: a page side takes no time."""


@contextmanager
def running(spool: Path) -> Iterator[str]:
    """The printer's ``ipp://`` URI while it runs; raise ``RuntimeError`` when it does not start."""
    process = subprocess.Popen([sys.executable, "-m", __name__, str(spool)], stdout=subprocess.PIPE, text=True)
    try:
        yield _uri(process)
    finally:
        process.terminate()
        process.wait()


def _uri(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    for line in process.stdout:
        if line.startswith(_URI_LABEL):
            return line.removeprefix(_URI_LABEL).strip()
    raise RuntimeError("expected the emulated printer to tell its address, it ended; run `honnin sim printer` by hand")


if __name__ == "__main__":
    sys.exit(run_printer(0, Path(sys.argv[1]), side_s=_SIDE_S))
