"""For every test process: temporary files in memory where there is room, no PC/SC daemon but a test's own, long files first."""

import os
import tempfile
from pathlib import Path

import pytest

from simulator.devices.card_reader.pcscd import reserve_link
from tests.order import longest_first

_MEMORY = Path("/dev/shm")  # noqa: S108 - files of tests, in folders that tempfile makes
_ROOM_BYTES = 4 << 30


def _is_roomy(folder: Path) -> bool:
    try:
        found = os.statvfs(folder)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= _ROOM_BYTES and not found.f_flag & os.ST_NOEXEC


# Half of the time of the power cuts goes into waiting for a disk that no test is about: a killed process loses nothing in memory.
if "TMPDIR" not in os.environ and _is_roomy(_MEMORY):
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)

# At import, before any test can make a first PC/SC call: a call that came earlier would bind the process to the machine's pcscd.
reserve_link()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See ``tests.order``."""
    items[:] = longest_first(items, lambda item: item.path)
