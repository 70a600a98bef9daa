"""How many points of a paid purchase the power was cut at, and what was left: every one of them, for both victims."""

import tempfile
from pathlib import Path
from typing import Final

from simulator.bench.findings import Findings, Table, judged, paragraphs
from simulator.home import Home
from simulator.power_cut_runs import Prepare, Summary, cut_at, is_refunded, pays_with_change, points_of
from simulator.power_cuts import Victim
from terminal.clock import SystemClock

_AT_ONCE: Final = 60
_STORIES: Final[tuple[tuple[str, Prepare], ...]] = (
    ("a coin, a note, change, a receipt", pays_with_change),
    ("two coins, the printer gives up, refund", is_refunded),
)


def measure(every: int) -> dict[tuple[str, str], Summary]:
    """Cut at every ``every``-th point of each story for each victim."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="honnin-bench-") as name:
        home, start = Home(Path(name) / "home"), SystemClock().wall().replace(hour=10, minute=0)
        for story, prepare in _STORIES:
            for victim in Victim:
                summary = found[(story, victim.value)] = Summary()
                numbers = range(1, len(points_of(home, _fresh(name), start, victim, prepare)) + 1, every)
                for begin in range(0, len(numbers), _AT_ONCE):
                    some = numbers[begin : begin + _AT_ONCE]
                    for left in cut_at(home, _fresh(name), start, victim, prepare, some):
                        summary.take(left)
    return found


def _fresh(name: str) -> Path:
    return Path(tempfile.mkdtemp(dir=name))


def run(quick: bool) -> Findings:
    """The section of the report."""
    found = measure(60 if quick else 1)
    points = sum(summary.points for summary in found.values())
    lost = sum(len(summary.wrong) for summary in found.values())
    rows = tuple(
        (story, victim, str(summary.points), str(len(summary.wrong)), _words(summary))
        for (story, victim), summary in found.items()
    )
    headers = ("purchase", "who dies", "points", "wrong", "what was left (kept, claimed, whole deliveries): how often")
    return Findings(
        "Power cuts",
        _HOW,
        (Table("Power cuts", headers, rows),),
        (
            judged(
                "power cuts after which a yen was lost, paid twice or without a ticket",
                lost,
                0,
                "",
                detail=f"{points} points tried",
                form=".0f",
            ),
        ),
    )


def _words(summary: Summary) -> str:
    return "; ".join(
        f"{kept}, {claimed}, {sheets}: {times}" for (kept, claimed, sheets), times in sorted(summary.outcomes.items())
    )


_HOW: Final = paragraphs(
    """
    The terminal in process, under virtual time, on the real drivers. A point is the moment before or after a durable
    write to journal or ledger, before or after a command on the line of coins, notes or receipt printer, and around
    each report of the printer. At each one, in turn, either the customer's process dies (the supervisor settles and
    resets) or the whole service does (it starts again). Then coins, notes and papers are counted by hand and held
    against the ledger, the claims and their tickets. Fee 200 yen.
    """
)
