"""Hunts one mutant: explores where it differs from the terminal's machine, and everywhere if need be, until a promise breaks.

Only where a step comes out otherwise can a mutant do harm. So the terminal's own graph is explored once, and of a mutant what
follows from its own steps. Where that breaks nothing the mutant is explored whole, progress included.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.explore.babbling import everything
from simulator.explore.broken import Broken
from simulator.explore.environment import follow
from simulator.explore.graph import NOWHERE, Finding, Graph
from simulator.explore.liveness import progress_of
from simulator.explore.mutation import Made, Mutant
from simulator.explore.scenario import Scenario, scenario_of
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import CASHLESS, Setting
from simulator.explore.stepping import Situation, Step
from simulator.explore.telling import Told
from terminal.fsm.tabling import Pair


@dataclass(frozen=True, slots=True)
class Hunted:
    """What became of a mutant. ``caught`` is how; without it ``differs`` says whether any step of it ever comes out otherwise."""

    name: str
    kind: str
    caught: Scenario | None
    differs: bool

    @property
    def by(self) -> str:
        """Who caught it: a promise, or the machine itself."""
        return self.caught.value["promise"] if self.caught is not None else ""


def hunt(mutant: Mutant, graphs: Sequence[Graph], faults_max: int, *, deeper: bool = False) -> Hunted:
    """Hunt ``mutant`` from the terminal's own ``graphs``; they are used up, so this runs in a process of its own.

    ``deeper``: what nobody caught is tried with one fault more, in the smallest world that has customers.
    """
    differs = mutant.pairs is None
    with mutant.make() as made:
        for graph in graphs:
            if mutant.pairs is None:
                continue
            stray = _Stray(graph, mutant.pairs, made)
            if not stray.differs:
                continue
            differs = True
            if found := stray.hunt(faults_max):
                return Hunted(mutant.name, mutant.kind, scenario_of(found), True)
        if differs:
            for graph in graphs:
                if found := _whole(graph.setting, made, faults_max):
                    return Hunted(mutant.name, mutant.kind, scenario_of(found), True)
        if deeper and (found := _whole(CASHLESS, made, faults_max + 1)):
            return Hunted(mutant.name, mutant.kind, scenario_of(found), True)
    return Hunted(mutant.name, mutant.kind, None, differs)


def hunt_whole(mutant: Mutant, settings: Sequence[Setting], faults_max: int) -> Hunted:
    """Hunt ``mutant`` by exploring its worlds whole, one after another: nothing is needed beforehand.

    The shortest in the world that has one: the fewest faults first, then the fewest events.
    """
    with mutant.make() as made:
        for setting in settings:
            if found := _whole(setting, made, faults_max):
                return Hunted(mutant.name, mutant.kind, scenario_of(found), True)
    return Hunted(mutant.name, mutant.kind, None, mutant.pairs is None)


def _whole(setting: Setting, made: Made, faults_max: int) -> Finding | None:
    mutated = graph_of(setting, made.rules, made.machine_type)
    found = Search(mutated, faults_max).run()
    return found[0] if found else progress_of(mutated).trap


class _Stray:
    """The terminal's graph turned into a mutant's, where it strays from it."""

    def __init__(self, graph: Graph, pairs: frozenset[Pair], made: Made) -> None:
        self._graph = graph
        self._old: dict[int, dict[Told, Step]] = {}
        stepper = graph.stepper
        stepper.mutate(made.rules, made.machine_type)
        kinds = {state: tuple(kind for where, kind in pairs if where is state) for state, _ in pairs}
        for at in tuple(stepper.situations):
            if at.state in kinds:
                self._compare(at, kinds[at.state])
        self.differs = bool(self._old)

    def _compare(self, at: Situation, kinds: tuple[type[object], ...]) -> None:
        """Forget the steps that come out otherwise; ``_old`` keeps how they came out."""
        stepper = self._graph.stepper
        old: dict[Told, Step] = {}
        for told in dict.fromkeys((*at.steps, *everything(at))):
            if told.kind not in kinds:
                continue
            known = at.steps.get(told) or stepper.original_step(at, told)
            if self._comes_out_otherwise(at, told, known):
                old[told] = known
                at.steps.pop(told, None)
        if old:
            self._old[at.index] = old
            at.babbles = None

    def _comes_out_otherwise(self, at: Situation, told: Told, known: Step) -> bool:
        try:
            fresh = self._graph.stepper.fresh_step(at, told)
        except Broken:
            return True
        return fresh.after is not known.after or fresh.effects != known.effects

    def hunt(self, faults_max: int) -> Finding | None:
        """Search from every step of the mutant's own that can be reached without one."""
        reached = self._reached()
        search = Search(self._graph, faults_max)
        for state in reached:
            search.try_out(state, self._old[self._graph.situation_of[state]])
        found = search.go_on(())
        return found[0] if found else None

    def _reached(self) -> list[int]:
        """States with a step that comes out otherwise, reached by steps that do not; what was reached by them is forgotten."""
        graph, valid = self._graph, bytearray(self._graph.states)
        straying = []
        for state in range(graph.states):
            before = graph.came_from[state]
            valid[state] = before == NOWHERE or (valid[before] and not self._strays(before, state))
            if not valid[state]:
                graph.forget(state)
            elif graph.situation_of[state] in self._old:
                straying.append(state)
        return straying

    def _strays(self, before: int, after: int) -> bool:
        """Whether the step from ``before`` to ``after`` comes out otherwise now."""
        old = self._old.get(self._graph.situation_of[before])
        if old is None:
            return False
        graph = self._graph
        spent = graph.faults_of[after] - graph.faults_of[before]
        at, world = graph.at(before)
        target = graph.at(after)
        for told, moved, fault in graph.environment.moves(at, world):
            if (fault is not None) != bool(spent):
                continue
            step = None if told is None else old.get(told) or at.steps.get(told)
            if told is not None and step is None:
                continue
            try:
                there = (at, moved) if step is None else (step.after, follow(step, moved))
            except Broken:
                continue
            if there == target:
                return told in old
        return True
