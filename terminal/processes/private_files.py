"""The one directory that a customer's process may write to: on a tmpfs, private, wiped at the reset.

Nothing of Honnin writes there on purpose; ``TMPDIR`` and ``HOME`` of the customer's process point to it, so that whatever a
library writes aside is found, overwritten and gone.
"""

import os
import shutil
import stat
from pathlib import Path

_TMPFS_MAGIC = 0x01021994
_BLOCK_BYTES = 1 << 16


def tmpfs_root() -> Path | None:
    """A directory on a tmpfs that this user may write to, or None."""
    for candidate in ("/dev/shm", "/run/user/" + str(os.getuid()), "/run"):  # noqa: S108
        path = Path(candidate)
        if path.is_dir() and os.access(path, os.W_OK) and _is_tmpfs(path):
            return path
    return None


def _is_tmpfs(path: Path) -> bool:
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields[1] == str(path):
            return fields[2] == "tmpfs"
    return False


def make_private(directory: Path) -> None:
    """Create ``directory`` anew, empty, for this user only."""
    wipe(directory)
    directory.mkdir(mode=0o700, parents=True)


def wipe(directory: Path) -> None:
    """Overwrite every file below ``directory`` with zeros and remove it all; a missing directory is as good."""
    if not directory.exists():
        return
    for path in directory.rglob("*"):
        if stat.S_ISREG(path.lstat().st_mode):
            _overwrite(path)
    shutil.rmtree(directory)


def _overwrite(path: Path) -> None:
    left = path.stat().st_size
    with path.open("r+b", buffering=0) as file:
        while left > 0:
            left -= file.write(b"\0" * min(left, _BLOCK_BYTES))
