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
    """An accident, run. ``without`` is None where there is no guard that could be taken out."""

    incident: Incident
    with_guards: Watched
    without_guards: Watched | None
    refused: Column
    reproduced: Column

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
    """Run ``incident`` both ways."""
    with_guards = watch(incident.plan_with, home)
    if incident.refusal is None:
        limit = _limit(incident, with_guards)
        return Assessment(incident, with_guards, None, limit, _reproduced(incident, with_guards))
    without_guards = watch(incident.plan_without, home)
    refused = _refused(incident, incident.refusal, with_guards)
    return Assessment(incident, with_guards, without_guards, refused, _reproduced(incident, without_guards))


def _noted(plan: Plan, folder: Path, terminal: str) -> list[Noted]:
    with Journal(folder / "journal.sqlite", SystemClock(), terminal) as journal:
        return [
            Noted(round((recorded.at - plan.start).total_seconds(), 3), terminal, recorded.entry)
            for recorded in journal.entries()
        ]


# --- the columns


def _reproduced(incident: Incident, watched: Watched) -> Column:
    """The accident took its course, and a checker saw it."""
    problems = [*_run_problems(watched), *_happening_problems(incident, watched)]
    if incident.promise not in watched.broken:
        problems.append(f"expected {incident.promise} false, came {watched.verdicts[incident.promise].truth.value}")
    return Column(f"reproduced: {', '.join(watched.broken) or 'nothing'} false", tuple(problems))


def _limit(incident: Incident, watched: Watched) -> Column:
    stopped = [
        line for line in watched.history if isinstance(line.seen, ServiceSeen) and line.seen.situation == STOPPED
    ]
    problems = ["expected no refusal, for there is none; the terminal stopped"] if stopped else []
    return Column(f"known limit: {incident.limit}", tuple(problems))


def _refused(incident: Incident, refusal: Refusal, watched: Watched) -> Column:
    """It happened, and the terminal refused it for the right reason, at the right place, and came back."""
    problems = [
        *_run_problems(watched),
        *_happening_problems(incident, watched),
        *(f"{promise} is false: {watched.verdicts[promise].breaches[0]}" for promise in watched.broken),
        *_reason_problems(refusal, watched),
        *_stop_problems(refusal, watched),
        *_return_problems(watched),
    ]
    if watched.verdicts["P4"].truth is not Truth.TRUE:
        problems.append(f"expected every yen accounted for, P4 is {watched.verdicts['P4'].truth.value}")
    return Column(f"refused: {refusal.code}", tuple(problems))


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
