"""docs/benchmarks.md and benchmarks-fleet.md are whole runs: budgets, the machine, the baselines. Times are not asserted."""

from pathlib import Path

import pytest

from simulator.bench.baselines import FPDF2, REPORTLAB, WEASYPRINT
from simulator.bench.people import CASES
from simulator.bench.probes import PARTS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
FLEET_PAGE = (DOCS / "benchmarks-fleet.md").read_text(encoding="utf-8")

BUDGETS = (
    "one verified certificate, card tap to print-ready, CPU with every device simulated",
    "the same, over drawing the same pages with reportlab and nothing else",
    "hard reset, last event to ready, device mechanics aside",
    "bytes of the last customer found anywhere after it",
    "cold start to ready",
    "memory: supervisor + one customer",
    "machine, one event",
    "cost of a certificate",
    "a fleet's CPU for a customer, from 1,000",
    "a nation's day (87,400 certificates)",
    "a fleet over 2 workers against 1, processes",
    "a fleet over 2 workers against 1, Dask",
)


@pytest.mark.parametrize("budget", BUDGETS)
def test_each_budget_has_its_line(budget: str) -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith(f"| {budget}")]
    assert len(lines) == 1
    assert any(mark in lines[0] for mark in ("within", "over", "not measured"))


@pytest.mark.parametrize("page", [PAGE, FLEET_PAGE], ids=["benchmarks", "benchmarks-fleet"])
def test_it_is_a_whole_run(page: str) -> None:
    assert "quick run" not in page
    assert "This measurement broke" not in page
    assert "unknown (no git checkout)" not in page


def test_a_nations_day_and_more_was_run() -> None:
    assert "| a fleet's CPU for a customer, from 1,000 to 100,000 customers |" in FLEET_PAGE
    assert "(measured in a run of 100,000 customers)" in FLEET_PAGE


@pytest.mark.parametrize("baseline", [REPORTLAB, WEASYPRINT, FPDF2])
def test_every_baseline_was_measured_for_every_certificate(baseline: str) -> None:
    assert PAGE.count(f"\n| {baseline} |") == len(CASES)


@pytest.mark.parametrize("part", PARTS)
def test_the_breakdown_names_every_part(part: str) -> None:
    assert f"\n| {part} |" in PAGE


@pytest.mark.parametrize("word", ["| commit |", "| CPU |", "| memory |", "| Python |", "| libraries |"])
def test_the_machine_is_described(word: str) -> None:
    assert word in PAGE
    assert word in FLEET_PAGE
