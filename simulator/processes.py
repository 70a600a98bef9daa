"""Which processes belong to a running service, from outside (proc(5)): for benches and for tests on real processes."""

from contextlib import suppress
from pathlib import Path


def children(pid: int) -> list[int]:
    """The children of ``pid``, whichever of its threads started them; raise ``OSError`` when there is no such process.

    A thread that has ended since it was listed has none any more: its process has inherited them.
    """
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):
            found += [int(child) for child in (thread / "children").read_text(encoding="ascii").split()]
    return found


def descendants(pid: int) -> list[int]:
    """Every process below ``pid``; raise ``OSError`` when one of them ends meanwhile."""
    return [each for child in children(pid) for each in (child, *descendants(child))]
