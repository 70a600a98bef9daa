"""``honnin sim coins|notes|pinpad|lamp|receipt``: one emulated serial device alone, on a pty, until it is told to stop."""

import errno
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from types import FrameType

from simulator.devices.control_socket import ControlSocket, demand_nobody, socket_path
from simulator.devices.emulation import SPECIMEN, ControlPanel, Emulation, Heard, nobody_hears
from simulator.devices.line_faults import LineFaults
from simulator.devices.pty_wire import PtyWire
from terminal.clock import Clock


@dataclass(frozen=True, slots=True)
class Running:
    """An emulator that serves: its wire and the panel that obeys orders."""

    emulation: Emulation
    wire: PtyWire
    panel: ControlPanel


@contextmanager
def serving(
    emulation: Emulation, link: Path, clock: Clock | None = None, *, seed: int = 0, heard: Heard = nobody_hears
) -> Iterator[Running]:
    """Serve ``emulation`` on a pty behind ``link``, with its control channel beside it; ``OSError`` when it cannot.

    ``seed`` is of what line faults do to an answer; a fault that strikes by ``ratio`` has its own. ``heard`` is told of each
    order, on whichever thread.
    """
    if link.exists() and not link.is_symlink():
        raise FileExistsError(errno.EEXIST, "something else than a link is there", str(link))
    demand_nobody(socket_path(link))
    faults = LineFaults(seed, readdress=emulation.readdress)
    with ExitStack() as stack:
        wire = stack.enter_context(PtyWire(emulation.device, link, faults, clock, echo=emulation.echo))
        panel = ControlPanel(emulation, wire, heard)
        stack.enter_context(ControlSocket(panel, link))
        yield Running(emulation, wire, panel)


def run_emulator(emulation: Emulation, link: Path, seed: int = 0) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code: 0, or 1 when the link cannot be made."""
    stop = Event()

    def told(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, told)
    try:
        with serving(emulation, link, seed=seed):
            sys.stdout.write(f"{SPECIMEN} {emulation.name}\n  line     {link}\n  control  {socket_path(link)}\n")
            sys.stdout.writelines(f"  {line}\n" for line in emulation.lines)
            sys.stdout.flush()
            stop.wait()
    except OSError as error:
        sys.stderr.write(f"expected to make the link {link}: {error.strerror}; choose another with --pty\n")
        return 1
    return 0
