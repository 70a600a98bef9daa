"""Bytes of the last customer found anywhere after it: counted by the memory hunt of the tests, never guessed here."""

from simulator.bench.findings import Findings, not_measured


def run(quick: bool) -> Findings:
    """The section of the report."""
    return Findings(
        "Canaries",
        ("The hunt itself is `tests/faults/test_memory_hunt.py` over `simulator.checkers.memory_hunt`.",),
        budgets=(
            not_measured(
                "bytes of the last customer found anywhere after it",
                "0",
                "the hunt is not yet wired into the benchmark",
            ),
        ),
    )
