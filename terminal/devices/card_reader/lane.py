"""A watchdog for calls that have no time-out of their own: each lane is one thread that the caller does not wait for for ever.

PC/SC's transmit blocks for as long as a card hangs, and so does connect (reference jpki-card.md section 5.3). The standard
library's executors wait for their threads when the interpreter ends, which is just what a hung call must not bring about.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class LaneHangsError(Exception):
    """A call outlived its watchdog: its lane is abandoned and takes no other call."""


class Lane:
    """One thread, one call at a time. ``cleanup`` runs on that thread last, even when the hung call returns much later."""

    def __init__(self, name: str, cleanup: Callable[[], None]) -> None:
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._cleanup = cleanup
        self._closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while (job := self._jobs.get()) is not None:
                job()
        finally:
            self._cleanup()

    def call(self, work: Callable[[], T], watchdog_s: float) -> T:
        """Run ``work`` on the lane's thread and hand on what it returns or raises.

        Raise ``LaneHangsError`` when it takes longer than ``watchdog_s`` seconds, and for every call on an ended lane.
        """
        if self._closed:
            raise LaneHangsError
        answer: Future[T] = Future()

        def job() -> None:
            try:
                answer.set_result(work())
            except BaseException as error:
                answer.set_exception(error)

        self._jobs.put(job)
        try:
            return answer.result(watchdog_s)
        except FutureTimeoutError:
            self.abandon()
            raise LaneHangsError from None

    def abandon(self) -> None:
        """Take no further call; the thread cleans up and ends as soon as it is free."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)

    def finish(self, watchdog_s: float) -> bool:
        """Abandon the lane and wait for it to end: False when it has not within ``watchdog_s`` seconds."""
        self.abandon()
        self._thread.join(watchdog_s)
        return not self._thread.is_alive()
