"""What a run of a plan found, in one value: which promises are broken, or that the terminal's own code broke down."""

from collections.abc import Iterable

from simulator import seen as s
from simulator.checkers.registry import check_all
from simulator.history import At

CRASH = "crash"
"""Found when a run did not complete: a programmer's error in the terminal, or one in the world."""


def findings_of(history: Iterable[At]) -> dict[str, str]:
    """Promise (or ``CRASH``) to what was found first; empty: nothing. A promise that nothing spoke of is no finding."""
    lines = list(history)
    found = {promise: str(verdict.breaches[0]) for promise, verdict in check_all(lines).items() if verdict.breaches}
    ends = [line.seen for line in lines if isinstance(line.seen, s.RunEnded)]
    if not ends or not ends[-1].complete:
        found[CRASH] = ends[-1].why if ends else "the history has no end"
    return found
