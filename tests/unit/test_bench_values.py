"""The benchmark's own arithmetic and words: summaries, time by part, budget lines, the page. No test asserts a time."""

import os
import socket
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.bench import __main__ as command
from simulator.bench import events, startup
from simulator.bench.findings import FINDINGS, Findings, Table, judged, not_measured, paragraphs
from simulator.bench.host import describe
from simulator.bench.memory import group_pss_mb, peak_rss_mb
from simulator.bench.meter import Meter, Probe
from simulator.bench.report import render
from simulator.bench.timing import summarise
from simulator.people.typist import ScreenNeverShownError

TODAY = date(2026, 4, 1)


def test_p99_is_the_nearest_rank() -> None:
    summary = summarise([float(number) for number in range(200, 0, -1)])
    assert (summary.runs, summary.minimum, summary.median, summary.p99) == (200, 1.0, 100.5, 198.0)


def test_below_a_hundred_runs_p99_is_the_slowest() -> None:
    assert summarise([3.0, 1.0, 2.0]).p99 == 3.0


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_a_summary_is_in_order_and_within_its_samples(samples: list[float]) -> None:
    summary = summarise(samples)
    assert min(samples) == summary.minimum <= summary.median <= summary.p99 <= max(samples)


def test_no_runs_are_no_measurement() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        summarise([])


class Works:
    """Two parts, one inside the other; the clock goes on by hand."""

    def __init__(self) -> None:
        self.now_ns = 0

    def outer(self) -> None:
        self.now_ns += 10_000_000
        self.inner()
        self.now_ns += 5_000_000

    def inner(self) -> None:
        self.now_ns += 3_000_000

    def breaks(self) -> None:
        self.now_ns += 2_000_000
        raise RuntimeError("broken")


PROBES = (Probe(Works, "outer", "outer"), Probe(Works, "inner", "inner"), Probe(Works, "breaks", "breaks"))


@pytest.fixture
def works(monkeypatch: pytest.MonkeyPatch) -> Works:
    works = Works()
    monkeypatch.setattr("time.process_time_ns", lambda: works.now_ns)
    return works


def test_a_part_s_time_is_without_the_parts_it_calls(works: Works) -> None:
    meter = Meter("rest")
    with meter.installed(PROBES):
        meter.start()
        works.now_ns += 1_000_000
        works.outer()
        works.inner()
        meter.stop()
    assert [meter.spent_ms(part) for part in ("outer", "inner", "rest", "breaks")] == [15.0, 6.0, 1.0, 0.0]


def test_a_part_that_raises_is_left_again(works: Works) -> None:
    meter = Meter("rest")
    with meter.installed(PROBES):
        meter.start()
        with pytest.raises(RuntimeError, match="broken"):
            works.breaks()
        works.now_ns += 7_000_000
        meter.stop()
    assert (meter.spent_ms("breaks"), meter.spent_ms("rest")) == (2.0, 7.0)


def test_probes_are_taken_out_again_and_a_vanished_border_is_an_error() -> None:
    before = Works.outer
    with Meter("rest").installed(PROBES):
        assert Works.outer is not before
    assert Works.outer is before
    with pytest.raises(AttributeError, match="gone"), Meter("rest").installed((Probe(Works, "gone", "gone"),)):
        pass


def test_a_budget_is_judged_by_its_bound() -> None:
    assert judged("reset", 150.0, 150, "ms").verdict == "within"
    over = judged("reset", 150.1, 150, "ms", detail="p99")
    assert (over.verdict, over.bound, over.measured) == ("over", "≤ 150 ms", "150.1 ms (p99)")


def test_what_was_not_measured_has_no_number() -> None:
    line = not_measured("cold start", "≤ 1.5 s", "no pseudo-terminal here")
    assert line.verdict == "not measured"
    assert not any(character.isdigit() for character in line.measured)


def test_a_service_that_does_not_start_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(starts: int) -> startup.Startup:
        raise ScreenNeverShownError("nothing was shown")

    monkeypatch.setattr(startup, "measure", fails)
    assert [line.verdict for line in startup.run(True).budgets] == ["not measured", "not measured"]


def test_memory_is_read_from_the_kernel() -> None:
    held = bytearray(b"x" * 64_000_000)
    assert group_pss_mb(os.getpid()) > len(held) / 1e6
    assert peak_rss_mb(os.getpid()) > len(held) / 1e6


OTHER = Findings("Canaries", ("How.",), (), (not_measured("bytes", "0", "not here"),))


def test_findings_travel_between_processes_unchanged() -> None:
    findings = Findings(
        "A", ("b",), (Table("c", ("d",), (("e",),)),), (judged("f", 1, 2, "ms"), not_measured("g", "0", "h"))
    )
    assert FINDINGS.validate_json(FINDINGS.dump_json(findings)) == findings


def test_paragraphs_are_one_line_each() -> None:
    assert paragraphs("\n    one\n    line\n\n    another\n    ") == ("one line", "another")


def test_the_page_tells_budgets_tables_and_whether_it_means_anything() -> None:
    findings = Findings("Resets", ("How.",), (Table("ms", ("what",), (("a|b",),)),), (judged("reset", 2, 1, "ms"),))
    page = render(describe(), [findings, OTHER], TODAY, quick=False)
    assert "| reset | ≤ 1 ms | 2.0 ms | **over** |" in page
    assert "| a\\|b |" in page
    assert "2026-04-01" in page
    assert "quick run" not in page
    assert "its numbers mean nothing" in render(describe(), [findings], TODAY, quick=True)


def test_the_page_names_the_machine_but_neither_its_name_nor_a_path() -> None:
    with mock.patch("simulator.bench.host._commit", return_value="0123456789ab"):
        page = render(describe(), [], TODAY, quick=False)
    host = socket.gethostname()
    words = page.replace("|", " ").split()
    assert host not in words
    assert not [word for word in words if word.startswith("/")]
    assert "0123456789ab" in page
    assert "CPU" in page and "reportlab" in page


def test_a_broken_measurement_has_no_numbers_and_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "_measure_aside", lambda name, **_: None if name == "resets" else OTHER)
    page = tmp_path / "benchmarks.md"
    assert command.main(["--only", "resets", "--only", "canaries", "--write", str(page)]) == 1
    assert "these broke: resets" in capsys.readouterr().err
    assert "## Resets\n\n**This measurement broke: it has no numbers.**" in page.read_text(encoding="utf-8")


def test_a_measurement_is_run_by_its_name() -> None:
    assert command.measure_here("events", quick=True).title == events.run(quick=True).title
