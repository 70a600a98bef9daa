"""A private pcscd with one two-slot vpcd reader: real PC/SC stacks side by side that do not know of each other.

pcscd has its socket path compiled in, so it runs in a mount namespace of its own in which ``/run`` is a private
directory; clients outside find the socket through ``PCSCLITE_CSOCK_NAME``. vpcd listens on every interface, so it gets a
network namespace too, where there is nothing but loopback. Needs root (CAP_SYS_ADMIN).
Source: reference jpki-card.md section 5.1.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from enum import StrEnum
from pathlib import Path
from typing import Self

from simulator.devices.card_reader.network_namespace import inside, raise_loopback
from simulator.devices.card_reader.vpcd_frames import DEFAULT_HOST, DEFAULT_PORT, connect, no_vpcd
from simulator.devices.card_reader.wire import CardSlot
from terminal.errors import HonninError

SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
SLOTS = 2

_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 5.0
_POLL_S = 0.02
_DRIVERS = Path("/usr/lib/pcsc/drivers")
_DRIVER = _DRIVERS / "serial" / "libifdvpcd.so"
_SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
_PRIVATELY = ("setpriv", "--pdeathsig", "KILL", "--", "unshare", "--mount", "--propagation", "private")
# The drivers' directory is hidden too: a private pcscd must not take a real USB reader away from the system's.
_START = 'mount --bind "$1/run" /run && mount --bind "$1/none" "$2" && exec "$3" --foreground --config "$1/readers"'


class PcscdErrorCode(StrEnum):
    """Why there is no private pcscd."""

    NOT_ROOT = "PCSCD_NOT_ROOT"
    NOT_INSTALLED = "PCSCD_NOT_INSTALLED"
    NO_NETWORK = "PCSCD_NO_NETWORK"
    DID_NOT_START = "PCSCD_DID_NOT_START"


class PcscdError(HonninError):
    """A private pcscd could not be had; the text says what to install or change."""


class PrivatePcscd:
    """A running pcscd, as a context manager. It dies with the *thread* that started it, at the latest.

    libpcsclite reads the socket's path once per process. ``activate`` therefore points a path that belongs to the process
    at this instance, so that one process can use several instances one after the other.
    """

    def __init__(self, name: str = "Honnin Specimen Reader", *, exposed: bool = False) -> None:
        """``exposed`` leaves vpcd on the machine's own interfaces, so that other programs' cards reach it by ``port``."""
        self.name = name
        self._exposed = exposed
        self._directory: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._first_port = 0
        self._slots: dict[int, CardSlot] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def reader_names(self) -> tuple[str, ...]:
        """The names under which PC/SC lists the slots."""
        return tuple(f"{self.name} 00 {slot:02X}" for slot in range(SLOTS))

    @property
    def socket_path(self) -> Path:
        """The daemon's socket, as seen from outside its namespace."""
        if self._directory is None:
            raise ValueError("expected a started pcscd; use it as a context manager")
        return self._directory / "run" / "pcscd" / "pcscd.comm"

    @property
    def env(self) -> dict[str, str]:
        """What to add to the environment of a child process so that its PC/SC calls come here."""
        return {SOCKET_VARIABLE: str(self.socket_path)}

    @property
    def pid(self) -> int:
        """The daemon's process id."""
        if self._process is None:
            raise ValueError("expected a started pcscd; use it as a context manager")
        return self._process.pid

    @property
    def log_path(self) -> Path:
        """What the daemon has said."""
        return self.socket_path.parents[2] / "pcscd.log"

    def port(self, slot: int = 0) -> int:
        """The TCP port on which slot 0 or 1 waits for a card; reachable from outside only when ``exposed``."""
        if not 0 <= slot < SLOTS:
            raise ValueError(f"expected slot 0 or 1, got {slot}")
        return self._first_port + slot

    def slot(self, slot: int = 0) -> CardSlot:
        """The card slot 0 or 1 of this reader: the same object each time, so that it knows when its last card left."""
        port = self.port(slot)
        return self._slots.setdefault(slot, CardSlot(DEFAULT_HOST, port, dial=self._dial))

    def activate(self) -> None:
        """Send the PC/SC calls of *this* process here; must come before the process's first such call."""
        link = _link_of_this_process()
        draft = link.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.symlink_to(self.socket_path)
        draft.replace(link)
        atexit.register(_remove_link, link)
        reserve_link()

    def start(self) -> None:
        """Start and wait until both slots listen; raise ``PcscdError`` when that cannot be."""
        require_private_pcscd()
        self._directory = Path(tempfile.mkdtemp(prefix="honnin-pcscd-"))
        for name in ("run", "run/pcscd", "none", "readers"):
            (self._directory / name).mkdir()
        shutil.copy(_DRIVER, self._directory / _DRIVER.name)
        try:
            self._launch(self._directory)
        except PcscdError:
            self.stop()
            raise

    def restart(self) -> None:
        """Stop the daemon and start it again with the same socket, reader and ports."""
        if self._directory is None:
            raise ValueError("expected a started pcscd; use it as a context manager")
        self.halt()
        self._launch(self._directory)

    def halt(self) -> None:
        """Stop the daemon but keep its place, for ``restart``."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            # A daemon whose reader thread waits for a hanging card does not end by itself.
            process.kill()
            process.wait()
        for name in ("pcscd.comm", "pcscd.pid"):
            (self.socket_path.parent / name).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the daemon and remove its directory."""
        self.halt()
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    def _dial(self, host: str, port: int) -> socket.socket:
        if self._exposed:
            return connect(host, port)
        process = self._process
        if process is None:
            raise no_vpcd(host, port, "pcscd does not run")
        try:
            return inside(process.pid, lambda: connect(host, port))
        except OSError as error:
            raise no_vpcd(host, port, error.strerror) from None

    def _launch(self, directory: Path) -> None:
        self._first_port = self._first_port or (_free_port_pair() if self._exposed else DEFAULT_PORT)
        (directory / "readers" / "specimen").write_text(self._reader_configuration(directory))
        daemon = shutil.which("pcscd", path=_SEARCH_PATH) or "pcscd"
        privately = _PRIVATELY if self._exposed else (*_PRIVATELY, "--net")
        with (directory / "pcscd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *privately,
                    "sh",
                    "-c",
                    _START,
                    "sh",
                    str(directory),
                    str(_DRIVERS),
                    daemon,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready(self._process)
        if not self._exposed:
            self._raise_loopback(self._process.pid)

    def _raise_loopback(self, pid: int) -> None:
        try:
            inside(pid, raise_loopback)
        except OSError as error:
            raise PcscdError(
                PcscdErrorCode.NO_NETWORK,
                f"expected to switch on loopback in pcscd's network namespace, got {error.strerror}; give the container "
                "CAP_NET_ADMIN, or let vpcd listen on the machine's interfaces with exposed=True",
            ) from None

    def _reader_configuration(self, directory: Path) -> str:
        port = f"0x{self._first_port:X}"
        return (
            f'FRIENDLYNAME "{self.name}"\nDEVICENAME /dev/null:{port}\n'
            f"LIBPATH {directory / _DRIVER.name}\nCHANNELID {port}\n"
        )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline_s = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline_s:
            if process.poll() is not None:
                break
            if _answers(self.socket_path):
                return
            time.sleep(_POLL_S)
        said = self.log_path.read_text("utf-8", "replace").strip().splitlines()[-3:]
        raise PcscdError(
            PcscdErrorCode.DID_NOT_START,
            f"expected pcscd to listen within {_START_TIMEOUT_S:.0f} s; it said: {' / '.join(said) or 'nothing'}. "
            "Mount namespaces need CAP_SYS_ADMIN: in a container start it with that capability",
        )


def reserve_link() -> None:
    """Have this process's PC/SC calls go where ``activate`` will point, and nowhere before: libpcsclite reads the path once."""
    os.environ[SOCKET_VARIABLE] = str(_link_of_this_process())


def require_private_pcscd() -> None:
    """Raise ``PcscdError`` unless this machine and user can run a private pcscd."""
    missing = [name for name in ("pcscd", "unshare", "setpriv", "mount") if not shutil.which(name, path=_SEARCH_PATH)]
    if not _DRIVER.exists():
        missing.append("libifdvpcd.so")
    if missing:
        raise PcscdError(
            PcscdErrorCode.NOT_INSTALLED,
            f"expected {', '.join(missing)}, found none; install the packages pcscd, vsmartcard-vpcd and util-linux",
        )
    if os.geteuid() != 0:
        raise PcscdError(
            PcscdErrorCode.NOT_ROOT,
            "expected to run as root, which a mount namespace for a private pcscd needs; use sudo, the system's pcscd, "
            "or the in-process reader",
        )


def _link_of_this_process() -> Path:
    return Path(tempfile.gettempdir()) / f"honnin-pcscd-{os.getpid()}.comm"


def _remove_link(link: Path) -> None:
    # A forked child inherits the exit handler, but the link is its parent's.
    if link == _link_of_this_process():
        link.unlink(missing_ok=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _free_port_pair() -> int:
    """Two neighbouring ports that are free now: vpcd takes one for each slot."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("", port + 1))
            except (OSError, OverflowError):
                continue
            return port
