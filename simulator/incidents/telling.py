"""Tells an accident as a story, step by step: without the guard that stops it, then with every guard, each as it was watched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from simulator import seen as s
from simulator.checkers.registry import CHECKERS
from simulator.checkers.verdict import Truth
from simulator.incidents.assessing import Assessment, Column, Watched
from simulator.incidents.incident import Incident
from simulator.incidents.settings import AFTERWARDS
from simulator.incidents.steps import Step, Tone, afterwards, named, paper, steps, visitors
from simulator.plan import Plan
from simulator.unguarded import GUARDS


@dataclass(frozen=True, slots=True)
class TellingLine:
    """One line of a story."""

    text: str
    tone: Tone = Tone.PLAIN


_EMPTY: Final = TellingLine("")
_HOLDING: Final = {True: "yes", False: "NO"}


def story(assessment: Assessment) -> list[TellingLine]:
    """The whole story of an accident that was run."""
    incident = assessment.incident
    lines = list(_opening(incident))
    if assessment.without_guards is not None:
        taken_out = "; ".join(GUARDS[guard].words for guard in incident.guards)
        lines += [_EMPTY, TellingLine(f"Without the guard (taken out: {taken_out})", Tone.HEAD)]
        lines += _version(incident, assessment.without_guards)
        lines += [_EMPTY, TellingLine("With every guard in place", Tone.HEAD)]
    else:
        lines += [_EMPTY, TellingLine("With every guard in place: a known limit", Tone.HEAD)]
    lines += _version(incident, assessment.with_guards)
    lines += [_EMPTY, *_column("reproduced", assessment.reproduced), *_column("refused", assessment.refused)]
    return lines


def _opening(incident: Incident) -> Iterator[TellingLine]:
    checker = CHECKERS[incident.promise]
    yield TellingLine(incident.title_ja, Tone.HEAD)
    yield TellingLine(incident.title_en, Tone.HEAD)
    yield TellingLine(f"{incident.when}; {incident.where}. Source: {incident.source}")
    yield _EMPTY
    yield TellingLine(incident.happened)
    if incident.otherwise:
        yield TellingLine(f"Otherwise than it was: {incident.otherwise}")
    yield TellingLine(f"Threatened: {incident.promise} {checker.name}. True means: {checker.proves}.")


def _version(incident: Incident, watched: Watched) -> Iterator[TellingLine]:
    for number, step in enumerate(steps(watched), start=1):
        yield TellingLine(f"{number:3}. {_line(watched.plan, step)}", step.tone)
    yield from _hands(watched)
    yield from _money(watched)
    yield from _judged(incident, watched)
    how = afterwards(watched)
    if how:
        fared = "is served" if how == "served" else f"is NOT served: {how}"
        yield TellingLine(f"Afterwards {named(AFTERWARDS)} comes, whom none of it concerns, and {fared}.")


def _line(plan: Plan, step: Step) -> str:
    often = f" ({step.times} times by {_clock(plan, step.until_s)})" if step.times > 1 else ""
    return f"{_clock(plan, step.at_s)}  {step.who}: {step.words}{often}"


def _clock(plan: Plan, at_s: float) -> str:
    moment = plan.start + timedelta(seconds=at_s)
    day = "" if moment.date() == plan.start.date() else f"{moment:%m-%d} "
    return f"{day}{moment:%H:%M:%S}.{moment.microsecond // 100_000}"


def _hands(watched: Watched) -> Iterator[TellingLine]:
    """Who ends up holding what."""
    people = visitors(watched)
    came = {
        (line.seen.terminal, line.seen.delivery): line.seen.pages
        for line in watched.history
        if isinstance(line.seen, s.SheetsCame)
    }
    taken = [line.seen for line in watched.history if isinstance(line.seen, s.SheetsTaken)]
    held = [(people.get(each.person, "the staff"), came.get((each.terminal, each.delivery), ())) for each in taken]
    ours = [(who, pages) for who, pages in held if who != AFTERWARDS]
    if not ours:
        yield TellingLine("In the end nobody holds any paper.")
    for who, pages in ours:
        yield TellingLine(f"In the end {who} holds {paper(pages)}.")


def _money(watched: Watched) -> Iterator[TellingLine]:
    """What went in, what came out again, and what the books say is kept for whole deliveries."""
    people = visitors(watched)
    paid: dict[str, int] = {}
    back: dict[str, int] = {}
    for line in watched.history:
        if isinstance(line.seen, s.MoneyInserted | s.MoneyCameOut):
            into = paid if isinstance(line.seen, s.MoneyInserted) else back
            who = people.get(line.seen.person, "whoever had paid last")
            into[who] = into.get(who, 0) + line.seen.amount_yen
    for who, yen in paid.items():
        if who != AFTERWARDS:
            yield TellingLine(f"Money: {who} paid {yen} yen, {back.get(who, 0)} yen came back.")
    if "whoever had paid last" in back:
        yield TellingLine(f"Money: {back['whoever had paid last']} yen came out with nobody in front.")
    if not set(paid) - {AFTERWARDS}:
        yield TellingLine("Money: none had been taken yet; the paper is examined before the fee is asked for.")


def _judged(incident: Incident, watched: Watched) -> Iterator[TellingLine]:
    """What the checkers say, who know nothing of the terminal's insides."""
    others = [(promise, verdict) for promise, verdict in watched.verdicts.items() if verdict.truth is not Truth.TRUE]
    if not others:
        yield TellingLine(f"The checkers: {', '.join(watched.verdicts)} are all true.", Tone.GOOD)
    others.sort(key=lambda each: each[0] != incident.promise)
    for promise, verdict in others:
        name = CHECKERS[promise].name
        yield TellingLine(f"The checker of {promise} {name} says {verdict.truth.value}: {verdict.reasons[0]}", Tone.BAD)


def _column(name: str, column: Column) -> Iterator[TellingLine]:
    tone = Tone.GOOD if column.holds else Tone.BAD
    yield TellingLine(f"Column “{name}” as it must be: {_HOLDING[column.holds]}. {column.words}", tone)
    for problem in column.problems:
        yield TellingLine(f"  {problem}", Tone.BAD)
