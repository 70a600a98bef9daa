"""Work in processes that are thrown away: each starts from what this one knows and may spoil it, and hands back one value.

A pool will not do: its processes go on to the next item with what the one before left in them.
"""

import gc
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class ApartError(RuntimeError):
    """A process ended without handing anything back; its own words are on standard error."""


def apart(work: Callable[[T], R], items: Sequence[T], jobs: int) -> Iterator[tuple[int, R]]:
    """(place, result) of each of ``items`` as they come, ``jobs`` at a time; raise ``ApartError``."""
    context = multiprocessing.get_context("fork")
    running: dict[Any, tuple[int, Any]] = {}
    waiting = list(enumerate(items))[::-1]
    # What is known already is shared with every child; the collector would touch, and so copy, all of it.
    gc.freeze()
    try:
        while waiting or running:
            while waiting and len(running) < max(1, jobs):
                place, item = waiting.pop()
                here, there = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(work, item, there))
                process.start()
                there.close()
                running[here] = (place, process)
            for ready in wait(list(running)):
                place, process = running.pop(ready)
                yield place, _result(ready, process)
    finally:
        gc.unfreeze()
        for here, (_, process) in running.items():
            process.terminate()
            process.join()
            here.close()


def _work(work: Callable[[T], R], item: T, there: Connection) -> None:
    there.send(work(item))
    there.close()


def _result(here: Any, process: Any) -> Any:
    try:
        return here.recv()
    except EOFError:
        process.join()
        raise ApartError(f"a process ended with code {process.exitcode} before it had a result; look above") from None
    finally:
        process.join()
        here.close()
