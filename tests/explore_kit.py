"""The smallest explorations that still reach everything, made once for a test process."""

from functools import cache

from simulator.explore.graph import Finding, Graph
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import SETTINGS, SUPERVISOR, Setting

FAULTS = {SUPERVISOR.name: 1}
"""Where a fault is cheap, one is explored; elsewhere none."""


@cache
def explored(setting: Setting) -> tuple[Graph, tuple[Finding, ...]]:
    """The graph of ``setting``, which nobody may change, and what was broken."""
    graph = graph_of(setting)
    return graph, tuple(Search(graph, FAULTS.get(setting.name, 0), first_only=False).run())


def graphs() -> tuple[Graph, ...]:
    """All of them."""
    return tuple(explored(setting)[0] for setting in SETTINGS)
