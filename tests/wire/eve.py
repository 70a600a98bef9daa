"""CUPS's ippeveprinter with the system D-Bus and Avahi it insists on, private to the test, and a way into its network.

Everything runs in a mount namespace (its own /run, for the bus socket) and a network namespace (its own loopback, so that no port
and no mDNS name meets another's). Network namespaces are a thread's own on Linux, so the driver reaches the printer from a thread
that has entered it. Needs root, as the CI container has.
"""

import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from tests.system import require

Result = TypeVar("Result")

PORT = 18631
URI = f"ipp://localhost:{PORT}/ipp/print"
_CLONE_NEWNET = 0x40000000
_START_S = 20.0

_HOUSE = """
set -e
mount -t tmpfs tmpfs /run
ip link set lo up
mkdir -p /run/dbus /run/avahi-daemon
dbus-daemon --system --nofork --nopidfile --nosyslog 2>/dev/null & bus=$!
trap 'kill $printer $avahi $bus 2>/dev/null; wait' EXIT
trap 'exit 0' TERM
for try in $(seq 100); do [ -S /run/dbus/system_bus_socket ] && break; sleep 0.05; done
avahi-daemon --no-drop-root --no-chroot --no-rlimits >/dev/null 2>&1 & avahi=$!
for try in $(seq 100); do [ -e /run/avahi-daemon/pid ] && break; sleep 0.05; done
"$@" & printer=$!
wait $printer
"""

# The command behind the printer tells its page sides by CUPS's filter protocol; the document is its last argument.
_COUNTING_ENGINE = """#!/bin/sh
echo "ATTR: job-impressions=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')" >&2
sleep 0.6
echo "ATTR: job-impressions-completed=1" >&2
sleep 0.6
echo "ATTR: job-impressions-completed=$(pdfinfo "$1" | sed -n 's/^Pages: *//p')" >&2
"""


@dataclass(frozen=True, slots=True)
class Eve:
    """A running ippeveprinter: ``spool`` keeps what it was sent; ``inside`` runs a call in its network."""

    spool: Path
    inside: "Inside"

    def load_a4(self, sheets: int) -> None:
        """Load the main tray by the printer's own web form; the by-pass is filled, or its emptiness would stop every job."""
        form = {
            "size1": "iso_a4_210x297mm",
            "type1": "stationery",
            "level1": str(sheets),
            "size3": "na_number-10_4.125x9.5in",
            "type3": "envelope",
            "level3": "25",
        }
        answer = self.inside(lambda: httpx.get(f"http://localhost:{PORT}/media", params=form, trust_env=False))
        assert answer.status_code == 200


class Inside:
    """Runs calls on threads that live in the network namespace of a process."""

    def __init__(self, process_id: int) -> None:
        self._process_id = process_id

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Run ``call`` in there and return what it returns."""
        with ThreadPoolExecutor(1, initializer=self._enter) as executor:
            return executor.submit(call).result()

    def _enter(self) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        handle = os.open(f"/proc/{self._process_id}/ns/net", os.O_RDONLY)
        try:
            if libc.setns(handle, _CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(handle)


@contextmanager
def ippeveprinter(directory: Path, *, counting: bool) -> Iterator[Eve]:
    """Run ippeveprinter two-sided for PDF; ``counting`` gives it an engine that reports page sides, without it reports none."""
    require("ippeveprinter", "dbus-daemon", "avahi-daemon", "unshare", "ip", "pdfinfo")
    _require_namespaces()
    spool = directory / "spool"
    spool.mkdir()
    command = ["ippeveprinter", "-p", str(PORT), "-n", "localhost", "-r", "off", "-2", "-k", "-d", str(spool)]
    command += ["-f", "application/pdf"]
    if counting:
        engine = directory / "engine.sh"
        engine.write_text(_COUNTING_ENGINE)
        engine.chmod(0o755)
        command += ["-c", str(engine)]
    log = (directory / "ippeveprinter.log").open("wb")
    house = subprocess.Popen(
        ["unshare", "--mount", "--net", "bash", "-c", _HOUSE, "house", *command, "SPECIMEN"], stdout=log, stderr=log
    )
    try:
        inside = Inside(house.pid)
        _await_answer(house, inside, directory)
        yield Eve(spool, inside)
    finally:
        house.terminate()
        house.wait(10)
        log.close()


def _require_namespaces() -> None:
    if subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False).returncode == 0:
        return
    text = "no private mount and network namespaces here; run as root"
    if os.environ.get("CI") == "true":
        pytest.fail(text)
    pytest.skip(text)


def _await_answer(house: subprocess.Popen[bytes], inside: Inside, directory: Path) -> None:
    deadline_s = time.monotonic() + _START_S
    while time.monotonic() < deadline_s:
        assert house.poll() is None, (directory / "ippeveprinter.log").read_text(errors="replace")[-2000:]
        with suppress(httpx.HTTPError):
            inside(lambda: httpx.get(f"http://localhost:{PORT}/", trust_env=False))
            return
        time.sleep(0.1)
    raise AssertionError("expected ippeveprinter to answer, it did not")
