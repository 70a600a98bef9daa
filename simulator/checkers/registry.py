"""The checkers, one a promise, and all of them over a history in one pass."""

from collections.abc import Iterable, Mapping
from typing import Final

from simulator.checkers import disguise, evidence, honesty, money, pin, progress, reset, stop, subject
from simulator.checkers.lines import numbered
from simulator.checkers.running import Checker, check_lines
from simulator.checkers.verdict import Verdict
from simulator.history import At

CHECKERS: Final[Mapping[str, Checker]] = {
    module.CHECKER.promise: module.CHECKER
    for module in (subject, reset, pin, money, honesty, stop, progress, evidence, disguise)
}
"""Promise (P1 to P9) to its checker."""


def check_all(history: Iterable[At]) -> Mapping[str, Verdict]:
    """Promise to verdict, of every checker over a history in memory."""
    return check_lines(numbered(history), CHECKERS.values())
