"""The report: one Markdown page out of the findings, with the machine that they come from."""

from collections.abc import Sequence
from datetime import date

from simulator.bench.findings import Budget, Findings, Table
from simulator.bench.host import Host

_INTRODUCTION = """\
Written by `make bench` (benchmarks.md) or `make bench-fleet` (benchmarks-fleet.md), both `python -m simulator.bench`; do not
edit. Budgets are the design's; no test asserts a time, because times depend on the machine. A p99 of fewer than 100 runs is the
slowest run.
"""
_MARKS = {"within": "within", "over": "**over**", "not measured": "–"}


def render(host: Host, findings: Sequence[Findings], on: date, *, quick: bool) -> str:
    """The whole page; a ``quick`` run says so, because its numbers mean nothing."""
    parts = [
        "# Benchmarks\n",
        _INTRODUCTION,
    ]
    if quick:
        parts.append("**A quick run: it shows that everything can be measured, its numbers mean nothing.**\n")
    parts += [_host(host, on), "## Budgets\n", _budgets([line for each in findings for line in each.budgets])]
    parts += [_section(each) for each in findings]
    return "\n".join(parts)


def _host(host: Host, on: date) -> str:
    libraries = ", ".join(f"{name} {version}" for name, version in host.libraries)
    rows = (
        ("commit", host.commit),
        ("date", on.isoformat()),
        ("CPU", f"{host.cpu}, {host.cores} cores for this process"),
        ("memory", f"{host.memory_gib:g} GiB"),
        ("system", host.system),
        ("load before the run (1, 5, 15 minutes)", host.load),
        ("Python", host.python),
        ("libraries", libraries),
    )
    return _table(("", ""), rows)


def _budgets(lines: Sequence[Budget]) -> str:
    rows = tuple((line.what, line.bound, line.measured, _MARKS[line.verdict]) for line in lines)
    return _table(("what", "bound", "measured", ""), rows)


def _section(findings: Findings) -> str:
    parts = [f"## {findings.title}\n", *(f"{words}\n" for words in findings.how)]
    parts += [f"{table.caption}:\n\n{_of(table)}" for table in findings.tables]
    return "\n".join(parts)


def _of(table: Table) -> str:
    return _table(table.headers, table.rows)


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [_row(headers), _row(["---"] * len(headers)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
