"""A fleet's report: one HTML file that needs no network, with plots as inline SVG, and the same counts as JSON beside it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.checkers.registry import CHECKERS
from simulator.checkers.verdict import Truth
from simulator.fleet.country import NATION_CERTIFICATES
from simulator.fleet.parquet import write_part
from simulator.fleet.resume import Asked, RunFolder
from simulator.fleet.tally import ARRIVAL_SLOT_S, VISIT_SLOT_S, WAIT_SLOT_S, Tally
from simulator.fleet.visitors import DAY_ENDS_MIN, DAY_STARTS_MIN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPORT: Final = "report.html"
COUNTS: Final = "counts.json"
MILLION: Final = 1_000_000
_INK, _ACCENT, _WARN = "#2b3a55", "#3c78d8", "#c0504d"
_TOP: Final = 16


def write_report(folder: RunFolder, asked: Asked, wall_s: float, workers: str) -> Path:
    """Write report and counts into the run's folder; return the report's path."""
    tally = folder.tally
    page = _page(tally, asked, wall_s, workers, len(folder.parts))
    path = folder.folder / REPORT
    write_part(path, page.encode())
    write_part(folder.folder / COUNTS, json.dumps(counts(tally, asked, wall_s), ensure_ascii=False, indent=1).encode())
    return path


def counts(tally: Tally, asked: Asked, wall_s: float) -> dict[str, object]:
    """The counts for a program; ``wall_s`` is of the last part of a run that was taken up again."""
    return {
        "seed": asked.seed,
        "customers": tally.customers,
        "certificates": tally.certificates,
        "sides": tally.sides,
        "units": len(tally.digests),
        "lines": tally.lines,
        "digest": tally.digest,
        "cpu_s": round(tally.cpu_s, 3),
        "wall_s": round(wall_s, 3),
        "left": dict(tally.left.most_common()),
        "reasons": dict(tally.reasons.most_common()),
        "faults": dict(tally.faults.most_common()),
        "promises": {
            promise: {
                "truth": kept.truth.value,
                "examined": kept.examined,
                "breaches": kept.breaches,
                "doubts": kept.doubts,
                "reasons": kept.reasons,
            }
            for promise, kept in tally.promises.items()
        },
    }


def _page(tally: Tally, asked: Asked, wall_s: float, workers: str, parts: int) -> str:
    verdict = {
        Truth.TRUE: "findings: none; every promise was kept",
        Truth.FALSE: f"findings: {tally.findings} — promises were BROKEN",
        Truth.UNKNOWN: "unknown: not every promise could be judged",
    }[tally.truth]
    cpu_ms = tally.cpu_s * 1000 / max(1, tally.customers)
    facts = (
        ("customers", f"{tally.customers:,}"),
        ("certificates", f"{tally.certificates:,}"),
        ("sheets, front and back", f"{tally.sides // 2:,}"),
        ("left without", f"{tally.refusals:,}"),
        ("districts and days", f"{len(tally.digests):,}"),
        ("CPU a customer", f"{cpu_ms:.1f} ms"),
        ("this part took", f"{wall_s:,.0f} s with {workers}"),
        ("a nation's day at this cost", f"{_span(NATION_CERTIFICATES * cpu_ms / 2000)} on 2 cores"),
        ("a million at this cost", f"{_span(MILLION * cpu_ms / 2000)} on 2 cores"),
    )
    plots = (
        ("Arrivals", "people in each quarter of an hour", _svg(lambda axes: _arrivals(axes, tally))),
        ("Queueing", "of them had to wait for their turn", _svg(lambda axes: _queueing(axes, tally))),
        ("Waiting", "how long those who waited waited", _svg(lambda axes: _spans(axes, tally.waits, WAIT_SLOT_S, 1))),
        (
            "At the terminal",
            "from stepping up to leaving, served",
            _svg(lambda axes: _spans(axes, tally.visits, VISIT_SLOT_S, 0)),
        ),
        (
            "Refusals and other ends",
            "by what the screen said last",
            _svg(lambda axes: _bars(axes, tally.reasons, _ACCENT)),
        ),
        ("Faults met", "armed by the plan", _svg(lambda axes: _bars(axes, tally.faults, _WARN))),
    )
    figures = "".join(
        f"<figure><figcaption><b>{escape(title)}</b>: {escape(told)}</figcaption>{svg}</figure>"
        for title, told, svg in plots
    )
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts)
    color = "good" if tally.truth is Truth.TRUE else "bad"
    return f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Honnin fleet, seed {asked.seed} (SPECIMEN)</title>
<style>{_STYLE}</style>
<h1>A day of an invented nation <small>見本 / SPECIMEN</small></h1>
<p class="verdict {color}">{escape(verdict)}</p>
<div class="columns"><table>{rows}</table>{_promises(tally)}</div>
<div class="plots">{figures}</div>
{_reasons(tally)}
<p>Every sheet was drawn, passed every gate and was read back from the tray by a reader that shares no code with the gates. Seed
{asked.seed}; nobody here is real. The history is in {parts} Parquet files beside this one; digest of all of it:
<code>{tally.digest}</code></p>
</html>
"""


_STYLE: Final = """
body{font:15px/1.5 system-ui,sans-serif;color:#2b3a55;max-width:76rem;margin:2rem auto;padding:0 1rem}
small{color:#888;font-weight:normal} table{border-collapse:collapse;margin:0 2rem 1rem 0}
th{text-align:left;font-weight:normal;color:#667} td{text-align:right;font-variant-numeric:tabular-nums}
td.words{text-align:left} th,td{padding:.15rem .8rem .15rem 0;border-bottom:1px solid #e4e8f0}
.verdict{padding:.6rem 1rem;border-radius:.4rem;font-size:1.15rem} .good{background:#e3f4e5} .bad{background:#fbe0de}
.columns{display:flex;flex-wrap:wrap;align-items:flex-start}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(30rem,1fr));gap:1rem}
figure{margin:0} svg{width:100%;height:auto}
code{overflow-wrap:anywhere}
"""


def _promises(tally: Tally) -> str:
    rows = "".join(
        f"<tr><th>{promise} {escape(CHECKERS[promise].name)}</th><td>{kept.truth.value}</td><td>{kept.examined:,}</td>"
        f'<td class="words">{escape(CHECKERS[promise].proves)}</td></tr>'
        for promise, kept in tally.promises.items()
    )
    head = "<tr><th>promise</th><td>verdict</td><td>examined</td><td class='words'>what true means</td></tr>"
    return f"<table>{head}{rows}</table>"


def _reasons(tally: Tally) -> str:
    told = [f"{promise}: {reason}" for promise, kept in tally.promises.items() for reason in kept.reasons]
    return "<ul>" + "".join(f"<li>{escape(each)}</li>" for each in told) + "</ul>" if told else ""


def _span(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.1f} min"


def _svg(draw: "Callable[[Axes], None]") -> str:
    """One plot; text stays text, and nothing of it depends on when or where it was drawn."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "honnin", "font.family": "sans-serif", "font.size": 9}
    ):
        figure = Figure(figsize=(6.4, 3.2), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        out = StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return re.sub(r"^.*?(?=<svg)", "", out.getvalue(), flags=re.DOTALL)


def _arrivals(axes: "Axes", tally: Tally) -> None:
    _by_time(axes, tally.arrivals, _ACCENT, "people")


def _queueing(axes: "Axes", tally: Tally) -> None:
    share = {slot: 100 * tally.queueing[slot] / count for slot, count in tally.arrivals.items() if count}
    _by_time(axes, share, _INK, "% who waited")


def _by_time(axes: "Axes", values: Mapping[int, float], color: str, label: str) -> None:
    hours = [DAY_STARTS_MIN / 60 + slot * ARRIVAL_SLOT_S / 3600 for slot in sorted(values)]
    axes.bar(
        hours, [values[slot] for slot in sorted(values)], width=ARRIVAL_SLOT_S / 3600 * 0.9, align="edge", color=color
    )
    axes.set(xlabel="hour", ylabel=label, xlim=(DAY_STARTS_MIN / 60, DAY_ENDS_MIN / 60))


def _spans(axes: "Axes", values: "Counter[int]", slot_s: float, first: int) -> None:
    shown = {slot: count for slot, count in values.items() if slot >= first}
    axes.bar(
        [slot * slot_s for slot in sorted(shown)],
        [shown[slot] for slot in sorted(shown)],
        width=slot_s * 0.9,
        align="edge",
        color=_ACCENT,
    )
    axes.set(xlabel="seconds", ylabel="people")
    if not shown:
        axes.text(0.5, 0.5, "nobody", ha="center", transform=axes.transAxes)


def _bars(axes: "Axes", values: "Counter[str]", color: str) -> None:
    top = values.most_common(_TOP)[::-1]
    axes.barh([name for name, _ in top], [count for _, count in top], color=color)
    axes.set(xlabel="times")
    axes.tick_params(axis="y", labelsize=7)
    if not top:
        axes.text(0.5, 0.5, "none", ha="center", transform=axes.transAxes)
