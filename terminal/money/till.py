"""Where whoever handles money puts it on record: the ledger itself, or over a channel to the process that owns it."""

from collections.abc import Callable
from typing import Protocol

from terminal.money.following import after
from terminal.money.movements import Movement
from terminal.money.state import LedgerState


class Till(Protocol):
    """What is on record, and how more comes to be."""

    @property
    def state(self) -> LedgerState:
        """What the ledger says now."""
        ...

    def record(self, movement: Movement) -> LedgerState:
        """Put ``movement`` on record; durable when this returns. Raise ``LedgerError`` for one that cannot follow."""
        ...


class RemoteTill:
    """Implements ``Till`` in a process that does not own the ledger: ``tell`` returns when the owner has it on the disk.

    It knows the state as of its fork and follows it by the same rules as the ledger, so both say the same.
    """

    def __init__(self, state: LedgerState, tell: Callable[[Movement], None]) -> None:
        self._state = state
        self._tell = tell

    @property
    def state(self) -> LedgerState:
        """See ``Till.state``."""
        return self._state

    def record(self, movement: Movement) -> LedgerState:
        """See ``Till.record``."""
        following = after(self._state, movement)
        self._tell(movement)
        self._state = following
        return following
