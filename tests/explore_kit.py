"""The smallest explorations that still reach everything, made once for a test process."""

from functools import cache

from simulator.explore.graph import Finding, Graph
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import SETTINGS, SUPERVISOR, Setting, setting

FAULTS = {SUPERVISOR.name: 1}
"""Where a fault is cheap, one is explored; elsewhere none."""


def explored(world: Setting) -> tuple[Graph, tuple[Finding, ...]]:
    """The graph of ``world``, which nobody may change, and what was broken."""
    return _explored(world.name)


@cache
def _explored(name: str) -> tuple[Graph, tuple[Finding, ...]]:
    graph = graph_of(setting(name))
    return graph, tuple(Search(graph, FAULTS.get(name, 0), first_only=False).run())


def graphs() -> tuple[Graph, ...]:
    """All of them."""
    return tuple(explored(world)[0] for world in SETTINGS)
