"""A whole exploration: every setting, as processes side by side, and what came of it as values that travel between them."""

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from simulator.explore.coverage import Coverage, coverage_of
from simulator.explore.graph import Graph
from simulator.explore.liveness import Progress, progress_of
from simulator.explore.scenario import Scenario, scenario_of
from simulator.explore.search import STATES_MAX, Search, graph_of
from simulator.explore.settings import SETTINGS, setting


@dataclass(frozen=True, slots=True)
class Explored:
    """What came of one setting: how much there is, what was visited, and the broken promises (none, it is hoped)."""

    name: str
    faults_max: int
    states: int
    edges: int
    situations: int
    seconds: float
    idle_within: int
    over_after_s: float
    broken: tuple[Scenario, ...]
    coverage: Coverage


def explore(name: str, faults_max: int, states_max: int = STATES_MAX, *, quiet: bool = False) -> Explored:
    """Explore one setting whole: search, progress, coverage; raise ``TooManyStatesError``."""
    graph = graph_of(setting(name))
    search = Search(
        graph, faults_max, first_only=False, progress=_silent if quiet else _tell_progress, states_max=states_max
    )
    findings = search.run()
    situations = len(graph.stepper.situations)
    progress = progress_of(graph) if not findings else Progress(0, 0.0, 0)
    if progress.trap is not None:
        findings.append(progress.trap)
    return Explored(
        name,
        faults_max,
        graph.states,
        graph.edges,
        situations,
        graph.seconds,
        progress.idle_within,
        progress.over_after_s,
        tuple(scenario_of(finding) for finding in findings),
        coverage_of(graph),
    )


def explore_all(faults_max: int, jobs: int = 1, states_max: int = STATES_MAX, *, quiet: bool = False) -> list[Explored]:
    """Explore every setting, the largest first, ``jobs`` at a time; raise ``TooManyStatesError``."""
    names = [each.name for each in SETTINGS]
    if jobs <= 1:
        return [explore(name, faults_max, states_max, quiet=quiet) for name in names]
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        return list(pool.map(partial(explore, faults_max=faults_max, states_max=states_max, quiet=quiet), names))


def _tell_progress(graph: Graph) -> None:
    print(f"{graph.setting.name}: {graph.states:,} states, {graph.edges:,} edges", file=sys.stderr, flush=True)


def _silent(_graph: Graph) -> None:
    """Nobody is told."""


def timed(faults_max: int, jobs: int, states_max: int = STATES_MAX) -> tuple[list[Explored], float]:
    """Explore everything, and the seconds that it took by the clock."""
    started_s = time.perf_counter()
    explored = explore_all(faults_max, jobs, states_max)
    return explored, time.perf_counter() - started_s
