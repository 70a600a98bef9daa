"""The one directory that a customer's process may write to: on a tmpfs, private, wiped at the reset.

Nothing of Honnin writes there on purpose; ``TMPDIR`` and ``HOME`` of the customer's process point to it, so that whatever a
library writes aside is found, overwritten and gone. Its name can be guessed and its parent is everybody's: what lies there
under that name and is not ours is never followed, never written to and never used.
"""

import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

_BLOCK_BYTES = 1 << 16
_OPEN = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


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
    """Create ``directory`` anew, empty, for this user only; raise ``OSError`` when something else holds its place."""
    wipe(directory)
    directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.mkdir(mode=0o700)


def wipe(directory: Path) -> None:
    """Overwrite every file below ``directory`` with zeros and remove it all; a missing directory is as good.

    Links are removed and never followed, and rights that the customer's process took away are no obstacle. Raise ``OSError``
    when something is left, or when what lies there belongs to another user (``PermissionError``).
    """
    try:
        found = directory.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode):
        directory.unlink()
        return
    if found.st_uid != os.geteuid():
        raise PermissionError(1, "it belongs to another user", str(directory))
    _wipe_below(directory)
    shutil.rmtree(directory)


def _wipe_below(directory: Path) -> None:
    directory.chmod(0o700)
    with os.scandir(directory) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                _wipe_below(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                _overwrite(Path(entry.path))


def _overwrite(path: Path) -> None:
    path.chmod(0o600)
    descriptor = os.open(path, os.O_RDWR | _OPEN)
    try:
        start, end = _next_data(descriptor, 0)
        while start < end:
            start += os.pwrite(descriptor, b"\0" * min(end - start, _BLOCK_BYTES), start)
            if start == end:
                start, end = _next_data(descriptor, end)
    finally:
        os.close(descriptor)


def _next_data(descriptor: int, offset: int) -> tuple[int, int]:
    """The next piece that holds data (lseek(2)): holes hold nothing, and to fill them could need more memory than there is."""
    with suppress(OSError):
        start = os.lseek(descriptor, offset, os.SEEK_DATA)
        return start, os.lseek(descriptor, start, os.SEEK_HOLE)
    return offset, offset
