"""Opening a file that somebody named: a pipe without a writer must not be waited for."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_named(path: Path) -> BinaryIO:
    """``path`` opened for reading; raise ``OSError`` when it cannot be, or is a folder, a pipe or a socket."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISCHR(mode) or stat.S_ISBLK(mode)):
        os.close(descriptor)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise OSError(errno.EINVAL, "it is a pipe, no file", str(path))
    return os.fdopen(descriptor, "rb")
