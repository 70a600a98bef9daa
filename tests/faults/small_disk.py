"""A disk of its own for a test: a tmpfs mounted on a folder, which needs root."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.system import require


@contextmanager
def small_disk(folder: Path, size_kib: int) -> Iterator[Path]:
    """``folder`` as a tmpfs of ``size_kib``; skips where mounting is not allowed, but under CI."""
    require("mount", "umount")
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        text = f"mounting a tmpfs is not allowed here: {mounted.stderr.decode().strip()}"
        pytest.fail(text) if os.environ.get("CI") == "true" else pytest.skip(text)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def remount_read_only(folder: Path) -> None:
    """Make the disk of ``small_disk`` read-only."""
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
