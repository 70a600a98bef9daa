"""A watched run as the steps of a story: what the servers, the people, the terminal and the staff did, in the order of time.

What happened at a terminal is told from outside (``simulator.seen``). Only why it refused comes from its own journal, which
holds nobody's data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from simulator import seen as s
from simulator.incidents.assessing import Noted, Watched
from simulator.incidents.settings import AFTERWARDS, CITY
from simulator.people.residents import resident
from simulator.unguarded import GUARDS
from terminal.fsm.values import EndReason
from terminal.journal import entries
from terminal.journal.fields import Gate as JournalGate
from terminal.journal.fields import Verdict as JournalVerdict
from terminal.presenting.reasons import reason_text


class Tone(StrEnum):
    """How a line is meant."""

    PLAIN = "plain"
    HEAD = "head"
    BAD = "bad"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Step:
    """``who`` did what ``words`` say, ``at_s`` into the run; ``times`` in a row until ``until_s``."""

    at_s: float
    who: str
    words: str
    tone: Tone = Tone.PLAIN
    times: int = 1
    until_s: float = 0.0


_SITUATIONS: Final = {
    "stopped for a finding": "it stops, and takes nobody until a person of the staff has released it",
    "ready": "it is ready again",
}
_FIRST, _THEN, _LAST = range(3)
"""Of one moment: what a server did comes before what the terminal made of it, and that before what was to be seen of it."""


def named(key: str) -> str:
    """A resident by key and name; all of them are invented."""
    return f"{key} ({resident(key).name})"


def steps(watched: Watched) -> list[Step]:
    """Everything worth telling; what repeats itself is told once. Whom none of it concerns is told by ``afterwards``."""
    told = _Told(watched)
    ranked = [(step.at_s, rank, step) for rank, step in (*told.seen(), *told.noted())]
    ranked.sort(key=lambda each: each[:2])
    return list(_joined(step for _, _, step in ranked))


def visitors(watched: Watched) -> dict[int, str]:
    """Who came: a visitor's number to the resident they are."""
    return {line.seen.person: line.seen.resident for line in watched.history if isinstance(line.seen, s.PersonCame)}


def afterwards(watched: Watched) -> str:
    """How the one fared who came when all was over: ``served``, ``sent away``, ``tired of waiting``, or nothing."""
    people = visitors(watched)
    left = [line.seen for line in watched.history if isinstance(line.seen, s.PersonLeft)]
    return next((each.why for each in left if people.get(each.person) == AFTERWARDS), "")


def paper(pages: tuple[s.PageSeen, ...]) -> str:
    """What a delivery is, in words: its kind and whom it is about."""
    told = []
    for page in pages:
        about = ", ".join(page.residents) or "nobody who can be recognised"
        marks = [] if page.official_seal else ["WITHOUT the official seal"]
        marks += ["dated in an era that was over"] if page.era_wrong else []
        told.append(", ".join([f"a {page.kind.replace('_', ' ') or 'page'} about {about}", *marks]))
    return " and ".join(told)


class _Told:
    """The steps of one run. Who came afterwards, and what comes after that, is left out."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._people: dict[int, str] = {}
        self._pages: dict[tuple[str, int], tuple[s.PageSeen, ...]] = {}
        self._shown: set[tuple[str, int, str]] = set()
        self._closed: set[str] = set()
        came = (line.at_s for line in watched.history if _is_afterwards(line.seen))
        self._until_s = min(came, default=float("inf"))

    def seen(self) -> Iterator[tuple[int, Step]]:
        for line in self._watched.history:
            if _is_afterwards(line.seen):
                return
            for rank, who, words, tone in self._of(line.at_s, line.seen):
                yield rank, Step(line.at_s, who, words, tone)

    def noted(self) -> Iterator[tuple[int, Step]]:
        for note in self._watched.noted:
            if note.at_s < self._until_s:
                for words, tone in _noted(note):
                    yield _THEN, Step(note.at_s, note.terminal, words, tone)

    def _of(self, at_s: float, seen: s.Seen) -> Iterator[tuple[int, str, str, Tone]]:
        match seen:
            case s.ServerDid(server=server, told=told) if server == CITY:
                yield _FIRST, "server", told, Tone.BAD if seen.due and seen.resident != seen.due else Tone.PLAIN
            case s.ResidentKnown(resident=key, seal=seal) if at_s > 0:
                yield _FIRST, "register", f"the entry of {named(key)} changes: seal {seal}", Tone.PLAIN
            case s.FaultArmed(target=target, fault=fault):
                yield _FIRST, target, fault, Tone.PLAIN
            case s.FaultHealed():
                yield _FIRST, "staff", "every device is put right, paper filled up", Tone.PLAIN
            case s.StaffDid(terminal=terminal, what=what):
                yield _LAST, terminal, f"the staff {what}", Tone.PLAIN
            case s.ServiceSeen():
                yield from self._service(seen)
            case s.PersonCame() | s.PersonLeft() | s.CardLaid() | s.MoneyInserted() | s.MoneyCameOut():
                yield _LAST, seen.terminal, self._person(seen), Tone.PLAIN
            case s.ScreenShown(reason=reason) if reason:
                yield from self._screen(seen)
            case s.SheetsCame() | s.SheetsTaken():
                yield _LAST, seen.terminal, self._sheets(seen), Tone.PLAIN
            case _:
                pass

    def _service(self, seen: s.ServiceSeen) -> Iterator[tuple[int, str, str, Tone]]:
        if seen.situation == "ready" and seen.terminal not in self._closed:
            return
        if seen.situation == "ready":
            self._closed.discard(seen.terminal)
        else:
            self._closed.add(seen.terminal)
        words = _SITUATIONS.get(seen.situation, f"it is {seen.situation}")
        yield _LAST, seen.terminal, f"{words}: {seen.code}" if seen.code else words, Tone.PLAIN

    def _person(self, seen: s.PersonCame | s.PersonLeft | s.CardLaid | s.MoneyInserted | s.MoneyCameOut) -> str:
        match seen:
            case s.PersonCame(person=person, resident=key):
                self._people[person] = key
                return f"{named(key)} comes"
            case s.PersonLeft(person=person, why=why):
                return f"{self._who(person)} goes: {why}"
            case s.CardLaid(person=person, resident=key):
                return f"{self._who(person)} lays down the card of {key}"
            case s.MoneyInserted(person=person, amount_yen=amount_yen):
                return f"{self._who(person)} pays {amount_yen} yen"
            case s.MoneyCameOut(amount_yen=amount_yen):
                return f"{amount_yen} yen come out again"

    def _screen(self, seen: s.ScreenShown) -> Iterator[tuple[int, str, str, Tone]]:
        if (seen.terminal, seen.person, seen.reason) in self._shown:
            return
        self._shown.add((seen.terminal, seen.person, seen.reason))
        words = " / ".join(text.ja for text in reason_text(seen.reason))
        english = " / ".join(text.en for text in reason_text(seen.reason))
        whom = f"{self._who(seen.person)} is told" if seen.person else "the screen says"
        yield _LAST, seen.terminal, f"{whom}: 「{words}」 “{english}” ({seen.reason})", Tone.PLAIN

    def _sheets(self, seen: s.SheetsCame | s.SheetsTaken) -> str:
        if isinstance(seen, s.SheetsCame):
            self._pages[seen.terminal, seen.delivery] = seen.pages
            return f"out of the printer comes {paper(seen.pages)}"
        pages = self._pages.get((seen.terminal, seen.delivery), ())
        return f"{self._who(seen.person)} takes {paper(pages)}"

    def _who(self, person: int) -> str:
        return self._people.get(person, "the staff") if person else "the staff"


def _noted(note: Noted) -> Iterator[tuple[str, Tone]]:
    match note.entry:
        case entries.GateEnded(gate=gate, verdict=verdict, code=code) if verdict is not JournalVerdict.SAME and code:
            so = "it does not count as delivered" if gate is JournalGate.DELIVERY else "nothing is printed"
            yield f"gate {gate.value} says {verdict.value}: {code}; {so}", Tone.GOOD
        case entries.BundleRefused(code=code):
            yield f"what came cannot be accepted: {code}; nothing is printed", Tone.GOOD
        case entries.IssuanceRefused(code=code):
            yield f"the centre answers with {code}", Tone.PLAIN
        case entries.FindingRaised():
            yield "the finding is sealed for the municipality", Tone.GOOD
        case entries.CustomerEnded(reason=EndReason.LEFT):
            yield "nobody has pressed anything for long: the session ends", Tone.GOOD
        case entries.CustomerEnded(reason=EndReason.CARD_SWAPPED):
            yield f"the session ends ({GUARDS['another-card'].words})", Tone.GOOD
        case _:
            pass


def _is_afterwards(seen: s.Seen) -> bool:
    return isinstance(seen, s.PersonCame) and seen.resident == AFTERWARDS


def _joined(told: Iterator[Step]) -> Iterator[Step]:
    """Steps of the same words one after another become one."""
    last: Step | None = None
    for step in told:
        if last is not None and (step.who, step.words) == (last.who, last.words):
            last = Step(last.at_s, last.who, last.words, last.tone, last.times + 1, step.at_s)
            continue
        if last is not None:
            yield last
        last = step
    if last is not None:
        yield last
