"""The head beside the journal: the last sequence and hash, so that entries cut off the end are missed.

A chain that lost its tail is still a good chain; only something outside it can tell. The head is a small text file of two
fixed-length lines, written in turn (the line of an even sequence, the line of an odd one), each with a check of its own: a
power cut in the middle of one line leaves the other whole. It is written after each entry, so it may be one entry behind, never
more and never ahead. The file never grows, so that a full disk cannot stop it.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_WIDTH: Final = 160
_BLANK: Final = b" " * (_WIDTH - 1) + b"\n"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's ``sequence`` (0 for none) and ``hash`` (the genesis hash for none)."""

    sequence: int
    hash: bytes


def head_path(journal: Path) -> Path:
    """Where the head of ``journal`` lies: beside it, with ``.head`` appended."""
    return journal.with_name(journal.name + ".head")


def _line(head: Head) -> bytes:
    text = f"{head.sequence} {head.hash.hex()}"
    check = hashlib.sha256(b"honnin/journal/head/1\0" + text.encode()).hexdigest()
    return f"{text} {check}".ljust(_WIDTH - 1).encode() + b"\n"


def _parse(line: bytes) -> Head | None:
    parts = line.split()
    if len(parts) != 3:
        return None
    try:
        head = Head(int(parts[0]), bytes.fromhex(parts[1].decode()))
    except ValueError:
        return None
    return head if _line(head) == line else None


def read_head(path: Path) -> Head | None:
    """The newest whole line of the head file, or None when there is none; raises OSError when it cannot be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    lines = [content[:_WIDTH], content[_WIDTH : 2 * _WIDTH]]
    heads = [head for head in map(_parse, lines) if head is not None]
    return max(heads, key=lambda head: head.sequence, default=None)


class HeadFile:
    """The head as its one writer holds it; every ``write`` is on the disk when it returns. Raises OSError."""

    __slots__ = ("_descriptor",)

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        if os.fstat(self._descriptor).st_size < 2 * _WIDTH:
            os.pwrite(self._descriptor, _BLANK * 2, 0)
            os.fsync(self._descriptor)

    def write(self, head: Head) -> None:
        """Put ``head`` in its line."""
        os.pwrite(self._descriptor, _line(head), _WIDTH * (head.sequence % 2))
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)
