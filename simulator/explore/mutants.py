"""All mutants, hunted: machine and gates, side by side, and what became of each."""

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final, TypeAlias, TypeVar

from simulator.explore.apart import apart
from simulator.explore.equivalents import EQUIVALENT
from simulator.explore.gates.checks import GateMutant
from simulator.explore.gates.hunting import battery, gate_mutants, hunt_gate
from simulator.explore.graph import Graph
from simulator.explore.hunting import Hunted, hunt, hunt_whole
from simulator.explore.mutation import Mutant, deed_mutants, entry_mutants, fence_mutants, guard_mutants
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import SETTINGS

AnyMutant: TypeAlias = Mutant | GateMutant
T = TypeVar("T", Mutant, GateMutant)
FAULTS_MAX: Final = 1
KINDS: Final = ("guard", "deed", "fence", "entry", "gate")
FEW: Final = 8
"""So many mutants of the machine are explored whole; for more the terminal's own graphs are made first, and only what strays."""
_TELL_EVERY: Final = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant. ``by`` is who caught it (a promise, the machine itself, those who were turned away), ``how``
    in words; ``faults`` and ``events`` are the length of the shortest way that was found, ``steps`` the way itself (empty for a
    gate's, where one document is enough). ``reason`` says why it is equivalent."""

    name: str
    kind: str
    by: str = ""
    how: str = ""
    faults: int = 0
    events: int = 0
    reason: str = ""
    steps: tuple[str, ...] = ()
    seconds: float = 0.0

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


class UnknownMutantError(LookupError):
    """No mutant is called that; ``nearest`` are names like it."""

    def __init__(self, words: str, nearest: Sequence[str]) -> None:
        self.nearest = tuple(nearest)
        super().__init__(f"expected the name of a mutant or a part of one, {words!r} is in none")


def machine_mutants(kinds: Iterable[str] = KINDS) -> tuple[Mutant, ...]:
    """The mutants of the machine of these kinds."""
    make: dict[str, Callable[[], tuple[Mutant, ...]]] = {
        "guard": guard_mutants,
        "fence": fence_mutants,
        "entry": entry_mutants,
        "deed": deed_mutants,
    }
    return tuple(mutant for kind in KINDS if kind in kinds and kind in make for mutant in make[kind]())


def every_mutant(kinds: Sequence[str] = KINDS) -> tuple[AnyMutant, ...]:
    """Every mutant of these kinds, the machine's first; raise ``BatteryError``."""
    return (*machine_mutants(kinds), *(gate_mutants() if "gate" in kinds else ()))


def called(words: str, mutants: Sequence[AnyMutant]) -> tuple[AnyMutant, ...]:
    """The mutant of that name, or all in whose names ``words`` stands; raise ``UnknownMutantError``."""
    exactly = tuple(one for one in mutants if one.name == words)
    found = exactly or tuple(one for one in mutants if words.lower() in one.name.lower())
    if not found:
        names = {one.name.lower(): one.name for one in mutants}
        raise UnknownMutantError(words, [names[near] for near in get_close_matches(words.lower(), names, 3, 0.3)])
    return found


def hunt_all(mutants: Sequence[AnyMutant], jobs: int = 1, *, quiet: bool = False) -> list[Outcome]:
    """Hunt these mutants, ``jobs`` at a time; raise ``UnsoundError`` or ``BatteryError``."""
    of_machine = [one for one in mutants if isinstance(one, Mutant)]
    of_gates = [one for one in mutants if isinstance(one, GateMutant)]
    return hunt_machine(of_machine, jobs, quiet=quiet) + hunt_gates(of_gates, jobs, quiet=quiet)


def hunt_machine(mutants: Sequence[Mutant], jobs: int = 1, *, quiet: bool = False) -> list[Outcome]:
    """Hunt these mutants of the machine; raise ``UnsoundError``."""
    graphs = sound_graphs() if len(mutants) > FEW else ()

    def work(mutant: Mutant) -> Outcome:
        listed = mutant.name in EQUIVALENT
        if graphs:
            return outcome_of(hunt(mutant, graphs, FAULTS_MAX, deeper=not listed))
        return outcome_of(hunt_whole(mutant, SETTINGS, FAULTS_MAX))

    return _in_order(work, mutants, jobs, quiet)


def outcome_of(hunted: Hunted) -> Outcome:
    """What became of a mutant of the machine."""
    reason = EQUIVALENT.get(hunted.name, "")
    if hunted.caught is None:
        return Outcome(hunted.name, hunted.kind, reason=reason)
    value, steps = hunted.caught.value, tuple(hunted.caught.lines())
    return Outcome(
        hunted.name, hunted.kind, hunted.by, value["broken"], len(value["faults"]), len(steps), reason, steps
    )


def hunt_gates(mutants: Sequence[GateMutant], jobs: int = 1, *, quiet: bool = False) -> list[Outcome]:
    """Hunt these mutants of the gates; raise ``BatteryError``."""
    if mutants:
        battery()

    def work(mutant: GateMutant) -> Outcome:
        hunted = hunt_gate(mutant)
        events = 1 if hunted.promise else 0
        reason = EQUIVALENT.get(mutant.name, "")
        return Outcome(mutant.name, "gate", hunted.promise, hunted.case, events=events, reason=reason)

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
    def timed(mutant: T) -> Outcome:
        started_s = time.perf_counter()
        return replace(work(mutant), seconds=time.perf_counter() - started_s)

    outcomes: dict[int, Outcome] = {}
    for place, outcome in apart(timed, mutants, jobs):
        outcomes[place] = outcome
        if not quiet and len(outcomes) % _TELL_EVERY == 0:
            print(f"{len(outcomes)} of {len(mutants)} mutants", file=sys.stderr, flush=True)
    return [outcomes[place] for place in range(len(mutants))]
