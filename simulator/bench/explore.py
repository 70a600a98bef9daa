"""How fast the explorer goes: edges a second on one core, over the world in which customers pay in cash."""

from simulator.bench.findings import Findings, Table, paragraphs
from simulator.explore.search import Search, graph_of
from simulator.explore.settings import CASH


def run(quick: bool) -> Findings:
    """The section of the report; the design sets no bound. Raises ``RuntimeError`` for a machine that breaks a promise."""
    rows = tuple(_row(faults) for faults in ((0,) if quick else (0, 1)))
    headers = ("faults", "states", "situations", "edges", "s", "edges/s")
    return Findings("The explorer", _HOW, (Table("The explorer, edges per second, one process", headers, rows),))


def _row(faults: int) -> tuple[str, ...]:
    graph = graph_of(CASH)
    broken = Search(graph, faults).run()
    if broken:
        raise RuntimeError(f"expected a sound machine, {broken[0].broken}: run honnin sim explore")
    counts = (graph.states, len(graph.stepper.situations), graph.edges)
    return (
        str(faults),
        *(f"{count:,}" for count in counts),
        f"{graph.seconds:.1f}",
        f"{graph.edges / graph.seconds:,.0f}",
    )


_HOW = paragraphs(
    """
    `simulator.explore.search.Search` over the setting `cash`, breadth first, every promise held at every edge and in every state.
    The machine works out each (situation, event) once; a state is a situation in one state of the world.
    """
)
