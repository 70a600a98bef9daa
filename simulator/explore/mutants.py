"""All mutants, hunted: machine and gates, side by side, and what became of each."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from simulator.explore.apart import apart
from simulator.explore.equivalents import EQUIVALENT
from simulator.explore.gates.checks import GateMutant
from simulator.explore.gates.hunting import battery, gate_mutants, hunt_gate
from simulator.explore.graph import Graph
from simulator.explore.hunting import hunt
from simulator.explore.mutation import Mutant, deed_mutants, entry_mutants, fence_mutants, guard_mutants
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import SETTINGS

T = TypeVar("T", Mutant, GateMutant)
FAULTS_MAX: Final = 1
KINDS: Final = ("guard", "deed", "fence", "entry", "gate")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant. ``by`` is who caught it (a promise, or the machine itself) and ``how`` in words; for one of the
    machine ``faults`` and ``events`` are the length of the shortest way that was found. ``reason`` says why it is equivalent."""

    name: str
    kind: str
    by: str = ""
    how: str = ""
    faults: int = 0
    events: int = 0
    reason: str = ""

    @property
    def survives(self) -> bool:
        """Nobody caught it, and nobody said why."""
        return not self.by and not self.reason

    @property
    def wrongly_listed(self) -> bool:
        """It is called equivalent, and was caught."""
        return bool(self.by and self.reason)


class UnsoundError(RuntimeError):
    """The terminal's own machine breaks a promise: mutants of it prove nothing until it is mended."""


def machine_mutants(kinds: Iterable[str] = KINDS) -> tuple[Mutant, ...]:
    """The mutants of the machine of these kinds."""
    make: dict[str, Callable[[], tuple[Mutant, ...]]] = {
        "guard": guard_mutants,
        "fence": fence_mutants,
        "entry": entry_mutants,
        "deed": deed_mutants,
    }
    return tuple(mutant for kind in KINDS if kind in kinds and kind in make for mutant in make[kind]())


def hunt_all(kinds: Sequence[str] = KINDS, jobs: int = 1, *, quiet: bool = False) -> list[Outcome]:
    """Hunt every mutant of ``kinds``, ``jobs`` at a time; raise ``UnsoundError`` or ``BatteryError``."""
    outcomes = hunt_machine(machine_mutants(kinds), jobs, quiet=quiet)
    if "gate" in kinds:
        outcomes += hunt_gates(jobs, quiet=quiet)
    return outcomes


def hunt_machine(mutants: Sequence[Mutant], jobs: int = 1, *, quiet: bool = False) -> list[Outcome]:
    """Hunt these mutants of the machine; raise ``UnsoundError``."""
    if not mutants:
        return []
    graphs = sound_graphs()

    def work(mutant: Mutant) -> Outcome:
        hunted = hunt(mutant, graphs, FAULTS_MAX, deeper=mutant.name not in EQUIVALENT)
        reason = EQUIVALENT.get(mutant.name, "")
        if hunted.caught is None:
            return Outcome(mutant.name, mutant.kind, reason=reason)
        value = hunted.caught.value
        events = len(value["steps"])
        return Outcome(mutant.name, mutant.kind, hunted.by, value["broken"], len(value["faults"]), events, reason)

    return _in_order(work, mutants, jobs, quiet)


def hunt_gates(jobs: int = 1, *, quiet: bool = False) -> list[Outcome]:
    """Hunt every mutant of the gates; raise ``BatteryError``."""
    mutants = gate_mutants()
    battery()

    def work(mutant: GateMutant) -> Outcome:
        hunted = hunt_gate(mutant)
        return Outcome(mutant.name, "gate", hunted.promise, hunted.case, reason=EQUIVALENT.get(mutant.name, ""))

    return _in_order(work, mutants, jobs, quiet)


def sound_graphs(faults_max: int = FAULTS_MAX) -> tuple[Graph, ...]:
    """The terminal's own graphs, one a setting; raise ``UnsoundError``."""
    graphs = tuple(graph_of(each) for each in SETTINGS)
    for graph in graphs:
        broken = Search(graph, faults_max).run()
        if broken:
            raise UnsoundError(f"{graph.setting.name}: {broken[0].broken}; run honnin sim explore")
    return graphs


def _in_order(work: Callable[[T], Outcome], mutants: Sequence[T], jobs: int, quiet: bool) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    for place, outcome in apart(work, mutants, jobs):
        outcomes[place] = outcome
        if not quiet and len(outcomes) % 20 == 0:
            print(f"{len(outcomes)} of {len(mutants)} mutants", file=sys.stderr, flush=True)
    return [outcomes[place] for place in range(len(mutants))]
