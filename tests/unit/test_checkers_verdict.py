"""Verdicts, their composition, and what holds for every checker over any history."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.checkers.lines import Line
from simulator.checkers.registry import CHECKERS, check_all
from simulator.checkers.running import Checker, Examination, Handlers, check, check_lines, told
from simulator.checkers.verdict import REASONS_MAX, Findings, Reason, Truth, Verdict, compose, worst
from simulator.history import At
from simulator.seen import (
    BooksRead,
    Emptiness,
    JournalRead,
    MoneyCameOut,
    PhaseBegan,
    PinTried,
    RunEnded,
    RunStarted,
    ScreenShown,
    ServiceSeen,
    SheetsCame,
    SheetsTaken,
)
from tests.checkers_kit import ONE, changed, good_day, page, with_after, without

GOOD = good_day()
TRUE = Verdict(examined=1)
FALSE = Verdict(breaches=(Reason("broken"),), examined=1)
UNKNOWN = Verdict(doubts=(Reason("not seen"),), examined=1)


def test_the_good_day_keeps_every_promise() -> None:
    assert {promise: found.truth for promise, found in check_all(GOOD).items()} == dict.fromkeys(CHECKERS, Truth.TRUE)


def test_there_is_a_checker_for_each_promise() -> None:
    assert list(CHECKERS) == [f"P{number}" for number in range(1, 10)]
    assert all(checker.promise == promise and checker.proves for promise, checker in CHECKERS.items())


def test_the_page_about_the_checkers_says_what_each_proves() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "checkers.md").read_text(encoding="utf-8")
    for promise, checker in CHECKERS.items():
        assert f"## {promise} " in page
        assert f"*True: {checker.proves}.*" in page


def test_composition_keeps_the_worst() -> None:
    assert compose([TRUE, TRUE]).truth is Truth.TRUE
    assert compose([TRUE, UNKNOWN]).truth is Truth.UNKNOWN
    assert compose([UNKNOWN, TRUE, FALSE]).truth is Truth.FALSE
    assert compose([]).truth is Truth.UNKNOWN
    assert compose([TRUE, Verdict()]).truth is Truth.UNKNOWN
    assert compose([TRUE, TRUE]).examined == 2
    assert worst([]) is Truth.UNKNOWN
    assert worst([Truth.TRUE, Truth.FALSE, Truth.UNKNOWN]) is Truth.FALSE


def test_a_verdict_that_rests_on_nothing_is_unknown() -> None:
    assert Verdict().truth is Truth.UNKNOWN
    assert str(Findings().verdict().reasons[0]) == "nothing was seen that this promise is about"


def test_a_bad_day_does_not_fill_the_memory() -> None:
    findings = Findings()
    for number in range(REASONS_MAX + 7):
        findings.breach(f"breach {number}")
    found = findings.verdict()
    assert (len(found.breaches), found.unlisted) == (REASONS_MAX, 7)
    both = compose([found, found])
    assert (len(both.breaches), both.unlisted) == (REASONS_MAX, 2 * 7 + REASONS_MAX)


def test_a_reason_names_time_terminal_person_line_and_what() -> None:
    findings = Findings()
    taken = Line(12, 3.5, SheetsTaken(ONE, 4, 1))
    findings.breach("took something", taken, Line(7, 2.0, RunStarted(1, "plan", (ONE,))))
    assert str(findings.verdict().breaches[0]) == f"3.5 s, {ONE}, person 4: took something (line 7, 12)"


class _Breaking:
    """A checker that finds something and then breaks, where ``where`` says."""

    def __init__(self, findings: Findings, where: str) -> None:
        self.findings = findings
        self.where = where
        self.called: list[str] = []
        self._break("start")

    def _break(self, where: str) -> None:
        self.called.append(where)
        if where == self.where:
            raise ZeroDivisionError("of its own")

    def handlers(self) -> Sequence[Handlers]:
        self._break("handlers")
        return ({SheetsCame: self.take},)

    def take(self, _line: Line[Any]) -> None:
        self.findings.examine()
        self._break("take")

    def finish(self, complete: bool) -> None:
        self._break("finish")


@pytest.mark.parametrize("where", ["start", "handlers", "take", "finish"])
def test_a_checker_that_breaks_is_unknown_and_takes_no_other_along(where: str) -> None:
    breaking = Checker("P0", "breaking", "nothing", lambda findings: _Breaking(findings, where))
    lines = [Line(number, at.at_s, at.seen) for number, at in enumerate(GOOD, 1)]
    found = check_lines(lines, (breaking, CHECKERS["P5"]))
    assert found["P0"].truth is Truth.UNKNOWN
    assert "the checker itself broke: ZeroDivisionError" in str(found["P0"].doubts[0])
    assert found["P5"].truth is Truth.TRUE


def test_a_broken_checker_is_asked_for_nothing_more() -> None:
    made: list[_Breaking] = []

    def start(findings: Findings) -> _Breaking:
        made.append(_Breaking(findings, "take"))
        return made[0]

    check(GOOD, Checker("P0", "breaking", "nothing", start))
    assert made[0].called == ["start", "handlers", "take"]


def test_what_a_checker_found_before_it_broke_stays_found() -> None:
    class Finding(_Breaking):
        def take(self, line: Line[Any]) -> None:
            self.findings.breach("found", line)
            super().take(line)

    assert check(GOOD, Checker("P0", "finding", "nothing", lambda on: Finding(on, "take"))).truth is Truth.FALSE


def test_a_history_that_comes_in_parts_has_the_same_verdicts() -> None:
    examination = Examination(CHECKERS.values())
    for number, at in enumerate(GOOD, 1):
        examination.take(Line(number, at.at_s, at.seen))
    assert examination.verdicts() == check_all(GOOD)


def test_the_words_of_a_verdict() -> None:
    assert told(CHECKERS["P1"], TRUE) == "P1 subject: true (1 examined)"
    assert told(CHECKERS["P1"], replace(FALSE, unlisted=3)).splitlines() == [
        "P1 subject: false (1 examined)",
        "  broken",
        "  and 3 more",
    ]


@pytest.mark.parametrize("promise", CHECKERS)
def test_a_run_without_its_end_is_true_of_nothing(promise: str) -> None:
    broken_off = changed(GOOD, RunEnded, 0, lambda ended: RunEnded(complete=False, why="stopped by hand"))
    for history in (GOOD[:-1], broken_off, [*GOOD, At(GOOD[-1].at_s, ScreenShown(ONE, 0, "welcome"))], []):
        assert check(history, CHECKERS[promise]).truth is Truth.UNKNOWN
    assert "stopped by hand" in str(check(broken_off, CHECKERS[promise]).doubts[-1])


@pytest.mark.parametrize("promise", CHECKERS)
def test_lines_out_of_order_are_true_of_nothing(promise: str) -> None:
    history = [replace(line, at_s=line.at_s + (50.0 if place == 55 else 0.0)) for place, line in enumerate(GOOD)]
    assert check(history, CHECKERS[promise]).truth is not Truth.TRUE


LIVES_ON = {
    "P1": (SheetsCame,),
    "P2": (ServiceSeen, RunStarted),
    "P3": (PinTried,),
    "P4": (BooksRead, RunStarted),
    "P5": (SheetsCame, ScreenShown),
    "P6": (ServiceSeen, RunStarted),
    "P7": (ServiceSeen, PhaseBegan, RunStarted),
    "P8": (JournalRead, RunStarted),
    "P9": (ScreenShown,),
}


@pytest.mark.parametrize(("promise", "kind"), [(promise, kind) for promise in LIVES_ON for kind in LIVES_ON[promise]])
def test_without_the_lines_it_lives_on_a_checker_says_true_of_nothing(promise: str, kind: type[Any]) -> None:
    assert check(without(GOOD, kind), CHECKERS[promise]).truth is not Truth.TRUE


# --- whatever lines are lost

BAD: dict[str, list[At]] = {
    "P1": changed(GOOD, SheetsCame, 0, lambda came: replace(came, pages=(page("yoshida"),))),
    "P2": changed(GOOD, ServiceSeen, 3, lambda ready: replace(ready, left=Emptiness(card=True))),
    "P3": with_after(GOOD, PinTried, 0, PinTried(ONE, 1, "adult", "authentication", 3, 2)),
    "P4": changed(GOOD, MoneyCameOut, 0, lambda out: replace(out, amount_yen=200)),
    "P5": changed(GOOD, SheetsCame, 0, lambda came: replace(came, sides=1)),
    "P6": with_after(GOOD, ServiceSeen, 3, ServiceSeen(ONE, "stopped for a finding"), ServiceSeen(ONE, "ready")),
    "P7": changed(GOOD, PhaseBegan, 1, lambda phase: PhaseBegan("liveness", -1.0)),
    "P8": changed(GOOD, JournalRead, 0, lambda read: replace(read, breaches=("JOURNAL_ENTRY_ALTERED",))),
    "P9": changed(GOOD, ScreenShown, 0, lambda screen: replace(screen, specimen=False)),
}


@pytest.mark.parametrize("promise", CHECKERS)
def test_each_of_these_days_is_bad(promise: str) -> None:
    assert check(BAD[promise], CHECKERS[promise]).truth is Truth.FALSE


@settings(max_examples=60, deadline=None)
@given(promise=st.sampled_from(sorted(CHECKERS)), seed=st.integers(0, 1 << 32), share=st.floats(0.0, 1.0))
def test_a_breach_never_becomes_true_by_losing_other_lines(promise: str, seed: int, share: float) -> None:
    """As long as the lines that a reason cites are there, whatever else is lost makes the verdict unknown at best."""
    bad, lots = BAD[promise], random.Random(seed)
    cited = set(check(bad, CHECKERS[promise]).breaches[0].lines)
    assert cited
    left = [line for number, line in enumerate(bad, 1) if number in cited or lots.random() < share]
    assert check(left, CHECKERS[promise]).truth is not Truth.TRUE


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 1 << 32), share=st.floats(0.0, 1.0))
def test_a_history_without_its_end_is_never_true_and_no_checker_breaks(seed: int, share: float) -> None:
    lots = random.Random(seed)
    left = [line for line in GOOD if not isinstance(line.seen, RunEnded) and lots.random() < share]
    for found in check_all(left).values():
        assert found.truth is not Truth.TRUE
        assert not any("itself broke" in reason.what for reason in found.doubts)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1 << 32), share=st.floats(0.5, 1.0))
def test_what_happened_after_a_breach_does_not_undo_it(seed: int, share: float) -> None:
    """A longer history of the same run is at least as bad: no checker forgets."""
    lots = random.Random(seed)
    for promise in ("P1", "P2", "P3", "P5", "P6", "P8", "P9"):
        whole = [line for line in BAD[promise] if lots.random() < share]
        cut = lots.randint(0, len(whole))
        if check(whole[:cut], CHECKERS[promise]).truth is Truth.FALSE:
            assert check(whole, CHECKERS[promise]).truth is Truth.FALSE
