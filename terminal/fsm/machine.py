"""The machine: an event in, effects out. Pure, single-threaded, not re-entrant; all it knows is one ``Memory`` value."""

from typing import Any

from terminal.fsm.config import MachineConfig
from terminal.fsm.effects import Effect, Note, NoteLateCompletion
from terminal.fsm.engine import Rules, engine
from terminal.fsm.events import FENCED_EVENTS, Event, TimedOut, TimeoutWarned
from terminal.fsm.memory import Memory, Session, TerminalLevels
from terminal.fsm.notes import UnexpectedEventSeen
from terminal.fsm.rows import HANDLED, LATE, Verdict, VerdictKind
from terminal.fsm.states import CUSTOMER_STATES, State
from terminal.fsm.table import table
from terminal.fsm.values import MachineCode
from terminal.fsm.work import Work

_TIME_EVENTS = frozenset({TimedOut, TimeoutWarned})


class MachineMisuseError(RuntimeError):
    """A programmer's error: ``handle`` inside ``handle``, or a table whose deeds break the machine's own rules."""


class Machine:
    """One terminal's decisions.

    ``handle`` never fails for what happens in the world: an event is handled, declined, taken for its sender's fault, or late
    (``last_verdict``). It raises only for programmer's errors, and then memory is what it was before the event.
    """

    __slots__ = ("_config", "_handling", "_memory", "_rules", "_verdict")

    def __init__(
        self, config: MachineConfig | None = None, memory: Memory | None = None, rules: Rules | None = None
    ) -> None:
        """A machine before its boot, or one that goes on from ``memory``; ``rules`` None: the terminal's own table."""
        self._config = config or MachineConfig()
        self._memory = memory or Memory()
        self._rules = rules
        self._handling = False
        self._verdict = HANDLED

    @classmethod
    def for_customer(cls, config: MachineConfig | None = None, levels: TerminalLevels | None = None) -> "Machine":
        """The machine of a customer's process: idle after a proved reset. ``levels`` are the supervisor's, faults included."""
        known = levels or TerminalLevels(booted=True, in_service=True)
        if not known.serviceable or known.unproved_code or known.finding:
            raise MachineMisuseError("a customer's process is started only by a supervisor that is idle")
        return cls(config, Memory(State.IDLE, known))

    @property
    def config(self) -> MachineConfig:
        """What the store configured."""
        return self._config

    @property
    def memory(self) -> Memory:
        """All the machine knows, as one frozen value."""
        return self._memory

    @property
    def state(self) -> State:
        """The present situation."""
        return self._memory.state

    @property
    def levels(self) -> TerminalLevels:
        """The levels that outlive customers."""
        return self._memory.levels

    @property
    def session(self) -> Session | None:
        """The present customer's session, None when nobody is served."""
        return self._memory.session

    @property
    def generation(self) -> int:
        """The generation that completions must carry now."""
        return self._memory.levels.generation

    @property
    def last_verdict(self) -> Verdict:
        """What became of the last event."""
        return self._verdict

    def handle(self, event: Event) -> tuple[Effect, ...]:
        """Decide on ``event``: what is to be done now, in order. Raises ``MachineMisuseError`` when called from within itself."""
        if self._handling:
            raise MachineMisuseError("handle() inside handle(): post the event to the inbox instead")
        self._handling = True
        try:
            return self._handle(event)
        finally:
            self._handling = False

    def _handle(self, event: Event) -> tuple[Effect, ...]:
        kind = type(event)
        if kind in FENCED_EVENTS and self._is_over(event):
            self._verdict = LATE
            return (NoteLateCompletion(kind.__name__, event.generation),)  # type: ignore[union-attr]
        if kind in _TIME_EVENTS and self._has_stopped(event):
            self._verdict = LATE
            return ()
        rules = self._rules
        cell = (table() if rules is None else rules.table).cells.get((self._memory.state, kind))
        if cell is None:
            raise MachineMisuseError(f"{kind.__name__} is no event of the machine")
        if cell.rows:
            work = Work(self._config, self._memory)
            if (engine() if rules is None else rules.engine).events[kind.__name__].trigger(work, work, event):
                self._commit(work)
                self._verdict = HANDLED
                return tuple(work.effects)
        if cell.otherwise is None:
            raise MachineMisuseError(f"no row applied to {kind.__name__} in {self._memory.state}")
        return self._without_row(kind, cell.otherwise)

    def _is_over(self, completion: Any) -> bool:
        """The fence of generations: what was commanded before the last reset is over."""
        return bool(completion.generation != self._memory.levels.generation)

    def _has_stopped(self, expiry: Any) -> bool:
        """The fence of timers: what was posted before a timer was stopped says nothing."""
        return bool(expiry.timer != self._memory.timer)

    def _without_row(self, kind: type[Any], verdict: Verdict) -> tuple[Effect, ...]:
        self._verdict = verdict
        if verdict.kind is VerdictKind.DECLINED:
            return ()
        entry = UnexpectedEventSeen(self.generation, kind.__name__, self._memory.state, MachineCode.UNEXPECTED_EVENT)
        return (Note(entry),)

    def _commit(self, work: Work) -> None:
        if (work.session is not None) != (work.state in CUSTOMER_STATES):
            raise MachineMisuseError(f"{work.state}: a session exists exactly while a customer is served")
        self._memory = Memory(work.state, work.levels, work.session, work.timer, work.timers_started)
