"""The work bench of one event: memory under change and the effects collected so far. Thrown away if anything goes wrong."""

from collections.abc import Callable
from typing import Any, TypeAlias

from terminal.fsm.config import MachineConfig
from terminal.fsm.effects import Effect, Note
from terminal.fsm.memory import Memory, Session, TerminalLevels
from terminal.fsm.notes import Entry
from terminal.fsm.states import State


class Work:
    """What guards read and deeds change while one event is handled; ``state`` is the model attribute of ``transitions``."""

    __slots__ = ("config", "effects", "levels", "session", "state", "timer", "timers_started")

    def __init__(self, config: MachineConfig, memory: Memory) -> None:
        self.config = config
        self.state: State = memory.state
        self.levels: TerminalLevels = memory.levels
        self.session: Session | None = memory.session
        self.timer = memory.timer
        self.timers_started = memory.timers_started
        self.effects: list[Effect] = []

    @property
    def customer(self) -> Session:
        """The session; ``RuntimeError`` when a row for customers runs without one."""
        if self.session is None:
            raise RuntimeError(f"{self.state} has no customer's session")
        return self.session

    def emit(self, effect: Effect) -> None:
        """Ask for ``effect``."""
        self.effects.append(effect)

    def note(self, entry: Entry) -> None:
        """Ask for ``entry`` to be journalled."""
        self.effects.append(Note(entry))

    def update(self, **changes: Any) -> Session:
        """Change the session; unknown names raise ``KeyError``."""
        self.session = self.customer.but(**changes)
        return self.session

    def forget_notice(self) -> Session:
        """What the last screen had to tell is told."""
        return self.update(notice="") if self.customer.notice else self.customer


Guard: TypeAlias = Callable[[Work, Any], bool]
"""Looks at memory and event, changes nothing."""

Deed: TypeAlias = Callable[[Work, Any], None]
"""Changes ``work`` and collects effects; cannot fail for a device's sake, because it meets none."""
