"""Runs an accident, with our guards and without, and holds each column against what it must show."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.checkers.registry import check_all
from simulator.checkers.sessions import READY, STOPPED
from simulator.checkers.stop import RELEASED
from simulator.checkers.verdict import Truth, Verdict
from simulator.history import At
from simulator.home import Home
from simulator.incidents.incident import Gate, Incident, Refusal
from simulator.plan import Plan
from simulator.run import run
from simulator.seen import RunEnded, ScreenShown, ServerDid, ServiceSeen, StaffDid
from terminal.clock import SystemClock
from terminal.fsm.values import EndReason, MachineCode
from terminal.journal import entries
from terminal.journal.fields import Gate as JournalGate
from terminal.journal.fields import Verdict as JournalVerdict
from terminal.journal.store import Journal

_LETTERS = {Gate.BUNDLE: JournalGate.BUNDLE, Gate.SUBJECT: JournalGate.SUBJECT, Gate.SHEETS: JournalGate.SHEETS}


@dataclass(frozen=True, slots=True)
class Noted:
    """What a terminal itself wrote into its journal, at ``at_s`` of the run."""

    at_s: float
    terminal: str
    entry: entries.JournalEntry


@dataclass(frozen=True, slots=True)
class Watched:
    """One run: what was seen from outside, what the terminals noted, and what the checkers say."""

    plan: Plan
    history: tuple[At, ...]
    noted: tuple[Noted, ...]
    verdicts: Mapping[str, Verdict]

    @property
    def broken(self) -> tuple[str, ...]:
        """The promises that were broken."""
        return tuple(promise for promise, verdict in self.verdicts.items() if verdict.truth is Truth.FALSE)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one row: in ``words`` what was seen; ``problems`` are what had to be otherwise."""

    words: str
    problems: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether all is as it must be."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Assessment:
    """An accident, run. ``without_guards`` is None where there is no guard that could be taken out: a known limit."""

    incident: Incident
    with_guards: Watched
    without_guards: Watched | None
    reproduced: Column
    refused: Column

    @property
    def holds(self) -> bool:
        """Whether both columns are as they must be."""
        return self.refused.holds and self.reproduced.holds


def watch(plan: Plan, home: Home) -> Watched:
    """Run ``plan`` and let the checkers judge it."""
    with tempfile.TemporaryDirectory(prefix="honnin-incident-") as place:
        folder = Path(place)
        history = tuple(run(plan, home, folder))
        noted = [note for each in plan.terminals for note in _noted(plan, folder / each.terminal, each.terminal)]
    noted.sort(key=lambda note: note.at_s)
    return Watched(plan, history, tuple(noted), check_all(history))


def assess(incident: Incident, home: Home) -> Assessment:
    """Run ``incident`` both ways; one that is a known limit only as it is."""
    with_guards = watch(incident.plan_with, home)
    without_guards = watch(incident.plan_without, home) if incident.guards else None
    first = reproduced(incident, without_guards or with_guards)
    return Assessment(incident, with_guards, without_guards, first, refused(incident, with_guards))


def _noted(plan: Plan, folder: Path, terminal: str) -> list[Noted]:
    with Journal(folder / "journal.sqlite", SystemClock(), terminal) as journal:
        return [
            Noted(round((recorded.at - plan.start).total_seconds(), 3), terminal, recorded.entry)
            for recorded in journal.entries()
        ]


# --- the columns


def reproduced(incident: Incident, watched: Watched) -> Column:
    """What the first column must be: the accident took its course, and the checker of its promise saw it."""
    problems = [*_run_problems(watched), *_happening_problems(incident, watched)]
    verdict = watched.verdicts[incident.promise]
    if verdict.truth is not Truth.FALSE:
        problems.append(f"expected {incident.promise} false, came {verdict.truth.value}")
        return Column(f"{incident.promise} is {verdict.truth.value}", tuple(problems))
    return Column(f"{incident.promise} false: {verdict.breaches[0].what}", tuple(problems))


def refused(incident: Incident, watched: Watched) -> Column:
    """What the second must be: it happened, the terminal refused it for the right reason, and every promise was kept.

    Where the accident is a known limit: that nothing refused it. A terminal that does by now has outgrown the row.
    """
    if incident.refusal is None:
        return _limit(incident, watched)
    refusal = incident.refusal
    problems = [
        *_run_problems(watched),
        *_happening_problems(incident, watched),
        *_promise_problems(watched),
        *_reason_problems(refusal, watched),
        *_stop_problems(refusal, watched),
        *_return_problems(watched),
    ]
    if problems:
        return Column("not refused as it must be", tuple(problems))
    return Column(f"{refusal.gate}: {refusal.code}", ())


def _limit(incident: Incident, watched: Watched) -> Column:
    stopped = [
        line for line in watched.history if isinstance(line.seen, ServiceSeen) and line.seen.situation == STOPPED
    ]
    problems = ["expected no refusal, for there is none; the terminal stopped"] if stopped else []
    if incident.promise not in watched.broken:
        problems.append(f"expected {incident.promise} broken all the same; strike the limit out")
    return Column(f"known limit, not refused: {incident.limit}", tuple(problems))


def _promise_problems(watched: Watched) -> list[str]:
    """An unknown is no pass: each plan has somebody who is served, so that every promise can be judged."""
    return [
        f"{promise} is {verdict.truth.value}: {verdict.reasons[0]}"
        for promise, verdict in watched.verdicts.items()
        if verdict.truth is not Truth.TRUE
    ]


def _run_problems(watched: Watched) -> list[str]:
    ends = [line.seen for line in watched.history if isinstance(line.seen, RunEnded)]
    return [f"the run broke: {end.why}" for end in ends if not end.complete] or ([] if ends else ["the run has no end"])


def _happening_problems(incident: Incident, watched: Watched) -> list[str]:
    did = [line.seen for line in watched.history if isinstance(line.seen, ServerDid)]
    kinds = {each.what for each in did}
    problems = [f"it never happened: no {kind}" for kind in incident.happens if kind not in kinds]
    if incident.wrong and not any(each.due and each.resident != each.due for each in did):
        problems.append("it never happened: nobody was handed another's content")
    return problems


def codes(watched: Watched) -> set[str]:
    """Every code that a screen told; that somebody left without a word, the journal tells."""
    shown = {line.seen.reason for line in watched.history if isinstance(line.seen, ScreenShown)}
    situations = {line.seen.code for line in watched.history if isinstance(line.seen, ServiceSeen)}
    ends = (note.entry for note in watched.noted if isinstance(note.entry, entries.CustomerEnded))
    left = {MachineCode.CUSTOMER_LEFT.value for end in ends if end.reason is EndReason.LEFT}
    return (shown | situations | left) - {""}


def _reason_problems(refusal: Refusal, watched: Watched) -> list[str]:
    told = codes(watched)
    problems = [] if refusal.code in told else [f"expected the code {refusal.code}, told were {sorted(told)}"]
    letter = _LETTERS.get(refusal.gate)
    if letter is None:
        return problems
    found = [note.entry for note in watched.noted if isinstance(note.entry, entries.GateEnded)]
    bad = [(each.gate, each.code) for each in found if each.verdict is not JournalVerdict.SAME]
    drawn = [note.entry.code for note in watched.noted if isinstance(note.entry, entries.BundleRefused)]
    if (letter, refusal.code) not in bad and refusal.code not in drawn:
        problems.append(f"expected {refusal.gate} to refuse, the verdicts were {bad}")
    return problems


def _stop_problems(refusal: Refusal, watched: Watched) -> list[str]:
    stopped = any(isinstance(line.seen, ServiceSeen) and line.seen.situation == STOPPED for line in watched.history)
    released = any(isinstance(line.seen, StaffDid) and line.seen.what == RELEASED for line in watched.history)
    closed = any(
        isinstance(line.seen, ServiceSeen) and line.seen.situation != READY and line.seen.code == refusal.code
        for line in watched.history
    )
    problems = []
    if stopped is not refusal.finding or released is not refusal.finding:
        problems.append(f"expected a stop for a finding and its release: {refusal.finding}, came {stopped}, {released}")
    if refusal.closes and not closed:
        problems.append(f"expected the terminal closed with {refusal.code}")
    return problems


def _return_problems(watched: Watched) -> list[str]:
    last = {line.seen.terminal: line.seen.situation for line in watched.history if isinstance(line.seen, ServiceSeen)}
    return [f"{terminal} ends {situation}" for terminal, situation in last.items() if situation != READY]
