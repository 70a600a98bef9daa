"""What ``honnin sim explore`` prints: how much was explored, how fast, what was visited, and whether a promise is broken."""

from collections.abc import Sequence

from simulator.counting import many
from simulator.explore.coverage import PAIRS, UNREACHABLE, Coverage
from simulator.explore.exploring import Explored
from terminal.fsm.table import table

_NAMED_STATES = 8
"""A fault that was tried in more states than that is told with their number."""


def report(explored: Sequence[Explored], wall_s: float, *, every_state: bool = False) -> str:
    """The whole report; ``every_state`` names each state in which a fault was tried."""
    total = visited_by(explored)
    states, edges = sum(each.states for each in explored), sum(each.edges for each in explored)
    seconds = sum(each.seconds for each in explored)
    lines = [
        *(_figures(each.name, each.states, each.edges, each.seconds) for each in explored),
        _figures("all of them", states, edges, seconds),
        f"  {explored[0].faults_max} faults at most on a path; {wall_s:.1f} s by the clock with coverage and progress",
        "",
        *_coverage_lines(total),
        *_fault_lines(total, every_state),
        "",
        *_progress_lines(explored),
        *_broken_lines(explored),
    ]
    return "\n".join(lines)


def is_whole(explored: Sequence[Explored]) -> bool:
    """Whether no promise is broken and, where faults were explored, every pair was visited that can be."""
    total = visited_by(explored)
    whole = not (total.missing_pairs() or total.wrongly_listed() or total.missing_rows())
    return not any(each.broken for each in explored) and (whole or all(each.faults_max == 0 for each in explored))


def visited_by(explored: Sequence[Explored]) -> Coverage:
    """What all of them visited together."""
    total = Coverage()
    for each in explored:
        total.add(each.coverage)
    return total


def _figures(name: str, states: int, edges: int, seconds: float) -> str:
    speed = edges / seconds if seconds else 0.0
    return f"{name:<12} {states:>11,} states {edges:>12,} edges {seconds:>8.1f} s {speed:>9,.0f} edges/s a core"


def _coverage_lines(total: Coverage) -> list[str]:
    rows = len(table().rows)
    return [
        f"pairs of state and event: {len(total.pairs):,} of {len(PAIRS):,} visited, {len(UNREACHABLE)} no world can bring about:",
        *(f"  {state}, {event}: {reason}" for (state, event), reason in UNREACHABLE.items()),
        *(f"  NOT VISITED: {state}, {event}" for state, event in total.missing_pairs()),
        *(f"  VISITED ALL THE SAME: {state}, {event}" for state, event in total.wrongly_listed()),
        f"rows of the table: {len(total.rows)} of {rows} taken",
        *(f"  NOT TAKEN: {row}" for row in total.missing_rows()),
        f"events tried in situations of the machine, asked for or not: {total.trials:,}",
    ]


def _fault_lines(total: Coverage, every_state: bool) -> list[str]:
    by_fault: dict[str, list[str]] = {}
    for fault, state in sorted(total.faults):
        by_fault.setdefault(fault, []).append(state)
    tried = sum(total.faults.values())
    lines = [
        f"faults: {len(by_fault)}, in {many(len(total.faults), 'pair')} of fault and state, tried {many(tried, 'time')}"
    ]
    for fault, states in by_fault.items():
        named = every_state or len(states) <= _NAMED_STATES
        lines.append(f"  {fault}: {', '.join(states) if named else many(len(states), 'state')}")
    return lines if by_fault else []


def _progress_lines(explored: Sequence[Explored]) -> list[str]:
    within, over_s = max(each.idle_within for each in explored), max(each.over_after_s for each in explored)
    return [
        f"progress: from every state idle is at most {many(within, 'event')} away once nothing goes wrong any more;",
        f"  a customer whom everybody leaves alone is over after at most {over_s:g} s (default limits), and the reset follows",
    ]


def _broken_lines(explored: Sequence[Explored]) -> list[str]:
    broken = [scenario for each in explored for scenario in each.broken]
    if not broken:
        return ["promises P1 to P8, at every step and in every state: none is broken"]
    lines = [f"BROKEN: {len(broken)}"]
    for scenario in broken:
        lines += ["", scenario.title, *scenario.lines()]
    return lines
