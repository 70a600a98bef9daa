"""How fast the explorer goes: edges a second on one core, over the world in which customers pay in cash."""

from typing import Final

from simulator.bench.findings import Budget, Findings, Table, paragraphs
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import CASH

WANTED_EDGES_PER_S: Final = 15_000


def run(quick: bool) -> Findings:
    """The section of the report."""
    rows, slowest = [], float("inf")
    for faults in (0,) if quick else (0, 1, 2):
        graph = graph_of(CASH)
        broken = Search(graph, faults).run()
        if broken:
            raise RuntimeError(f"expected a sound machine, {broken[0].broken}: run honnin sim explore")
        speed = graph.edges / graph.seconds
        slowest = min(slowest, speed)
        situations = len(graph.stepper.situations)
        rows.append(
            (
                str(faults),
                f"{graph.states:,}",
                f"{situations:,}",
                f"{graph.edges:,}",
                f"{graph.seconds:.1f}",
                f"{speed:,.0f}",
            )
        )
    return Findings(
        "The explorer",
        paragraphs(
            """
            `simulator.explore.search.Search` over the setting `cash`, breadth first, every promise held at every edge and in
            every state. The machine works out each (situation, event) once; a state is a situation in one state of the world.
            """
        ),
        (Table("One process", ("faults", "states", "situations", "edges", "s", "edges/s"), tuple(rows)),),
        (
            Budget(
                "explorer, edges a second on one core",
                f"≥ {WANTED_EDGES_PER_S:,}",
                f"{slowest:,.0f} (the slowest of {len(rows)} runs)",
                "within" if slowest >= WANTED_EDGES_PER_S else "over",
            ),
        ),
    )
