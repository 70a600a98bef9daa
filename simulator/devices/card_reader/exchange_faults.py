"""Faults armed for the n-th exchange with a card, shared by the vpcd slot and the in-process reader."""

import threading
from enum import Enum, auto


class Act(Enum):
    """What becomes of one command APDU."""

    ANSWER = auto()
    ANSWER_THEN_LEAVE = auto()
    LEAVE_UNEXECUTED = auto()
    LEAVE_EXECUTED = auto()
    HANG = auto()
    CUT_ANSWER = auto()


class ExchangeFaults:
    """A plan of acts by exchange, counted from the moment of arming: 1 is the next command. Safe to arm from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._acts: dict[int, Act] = {}

    def arm(self, nth: int, act: Act) -> None:
        """Let the ``nth`` command from now end in ``act``."""
        if nth < 1:
            raise ValueError(f"expected the number of a command from 1, got {nth}")
        with self._lock:
            self._acts[self._count + nth] = act

    def arm_removal(self, nth: int, *, in_flight: bool, executed: bool) -> bool:
        """Let the card leave at the ``nth`` command; True when it must leave at once, before the next command."""
        if in_flight:
            self.arm(nth, Act.LEAVE_EXECUTED if executed else Act.LEAVE_UNEXECUTED)
        elif nth > 1:
            self.arm(nth - 1, Act.ANSWER_THEN_LEAVE)
        return nth == 1 and not in_flight

    def next_act(self) -> Act:
        """Count one command and say what becomes of it."""
        with self._lock:
            self._count += 1
            return self._acts.pop(self._count, Act.ANSWER)

    def clear(self) -> None:
        """Disarm everything."""
        with self._lock:
            self._acts.clear()
