"""The terminal's machine, step by step and each step once: it is pure, so one answer to an event in a situation is every answer.

A ``Situation`` is a whole machine's memory with its running numbers set to nought; a ``Step`` is what one event makes of it, real
table, guards, deeds and effects. Steps are kept, and what can be said of a step without the world around it is held here once.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from simulator.explore.broken import MACHINE, Broken
from simulator.explore.settings import Setting
from simulator.explore.telling import Told, told
from terminal.fsm import events as ev
from terminal.fsm.effects import Effect
from terminal.fsm.engine import Rules
from terminal.fsm.machine import Machine
from terminal.fsm.memory import Memory
from terminal.fsm.rows import Verdict, VerdictKind
from terminal.fsm.states import UNWARNED_STATES, State

MachineType: TypeAlias = type[Machine]


class Situation:
    """One memory, once. ``index`` counts them in the order in which they were met."""

    __slots__ = ("babbles", "expiry", "index", "keys", "memory", "state", "steps", "warning")

    def __init__(self, index: int, memory: Memory, keys: tuple[Told, ...]) -> None:
        self.index = index
        self.memory = memory
        self.state: State = memory.state
        self.keys = keys
        timer = memory.timer
        self.expiry = told(ev.TimedOut(timer)) if timer is not None else None
        warned = timer is not None and timer.name not in UNWARNED_STATES
        self.warning = told(ev.TimeoutWarned(timer)) if timer is not None and warned else None
        self.steps: dict[Told, Step] = {}
        self.babbles: tuple[Told, ...] | None = None
        """Answers that nobody asked for and that are taken all the same; None until somebody looked."""


class Step:
    """What ``told`` makes of ``before``: the machine's effects and the situation ``after``.

    ``grew``: the generation that was alive is over now. ``quiet``: nothing changed, nothing was asked for but a journal entry.
    """

    __slots__ = ("after", "before", "effects", "grew", "quiet", "reactions", "told", "verdict")

    def __init__(
        self, before: Situation, told: Told, after: Situation, effects: tuple[Effect, ...], verdict: Verdict, grew: bool
    ) -> None:
        self.before = before
        self.told = told
        self.after = after
        self.effects = effects
        self.verdict = verdict
        self.grew = grew
        self.quiet = verdict.kind is not VerdictKind.HANDLED
        self.reactions: tuple[Any, ...] = ()


Watch: TypeAlias = Callable[[Step, Setting], None]
"""Holds a step to what can be said of it alone; raises ``Broken``."""


class Stepper:
    """Situations and steps of one setting. ``machine_type`` and ``rules`` make a mutant of the terminal's machine."""

    def __init__(
        self,
        setting: Setting,
        prepare: Callable[[Step], tuple[Any, ...]],
        watch: Watch,
        rules: Rules | None = None,
        machine_type: MachineType = Machine,
    ) -> None:
        self.setting = setting
        self.situations: list[Situation] = []
        self._prepare = prepare
        self._watch = watch
        self._rules = rules
        self._machine_type = machine_type
        self._by_memory: dict[Memory, Situation] = {}
        self.start = self.situation(setting.start)

    def situation(self, memory: Memory) -> Situation:
        """The one situation of ``memory``."""
        plain = memory.without_counters()
        known = self._by_memory.get(plain)
        if known is None:
            known = Situation(len(self.situations), plain, self.setting.keys_in(plain.state))
            self._by_memory[plain] = known
            self.situations.append(known)
        return known

    def step(self, before: Situation, told: Told) -> Step:
        """What ``told`` makes of ``before``; raises ``Broken`` for a step that breaks a promise by itself."""
        known = before.steps.get(told)
        if known is None:
            known = self.fresh_step(before, told)
            self._watch(known, self.setting)
            known.reactions = self._prepare(known)
            before.steps[told] = known
        return known

    def fresh_step(self, before: Situation, told: Told) -> Step:
        """The same, worked out anew and held to nothing."""
        return self._worked_out(before, told, self._machine_type(self.setting.config, before.memory, self._rules))

    def original_step(self, before: Situation, told: Told) -> Step:
        """What the terminal's own machine would make of it, whatever this one has become."""
        return self._worked_out(before, told, Machine(self.setting.config, before.memory))

    def mutate(self, rules: Rules | None, machine_type: MachineType) -> None:
        """Let every step that is not known yet be another machine's; whoever asks for this looks after those that are known."""
        self._rules, self._machine_type = rules, machine_type

    def _worked_out(self, before: Situation, told: Told, machine: Machine) -> Step:
        try:
            effects = machine.handle(told.event)
        except Exception as error:
            # Whatever a deed of a mutant raises: in a store it would be the end of the customer's process.
            raise Broken(MACHINE, f"{type(error).__name__} in {before.state}: {error}") from error
        memory = machine.memory
        after = before if memory is before.memory else self.situation(memory)
        grew = memory.levels.generation != before.memory.levels.generation
        return Step(before, told, after, effects, machine.last_verdict, grew)
