"""A good day at two terminals as a history, and small changes to it: what the checkers' tests spoil in one place each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from simulator.checkers.registry import CHECKERS
from simulator.checkers.running import check
from simulator.checkers.verdict import Truth, Verdict
from simulator.history import At
from simulator.people.residents import RESIDENTS, Resident
from simulator.seen import (
    BooksRead,
    CardLaid,
    CardLifted,
    JournalRead,
    MoneyCameOut,
    MoneyInserted,
    PageSeen,
    PersonCame,
    PersonLeft,
    PhaseBegan,
    PinTried,
    PinTyped,
    ResidentKnown,
    RunEnded,
    RunStarted,
    ScreenShown,
    Seen,
    ServerDid,
    ServiceSeen,
    SheetsCame,
    SheetsTaken,
    SlipCame,
)

S = TypeVar("S", bound=Seen)
ONE, TWO = "SPECIMEN-0001", "SPECIMEN-0002"
RESIDENCE, SEAL = "residence_certificate", "seal_certificate"


def known(who: Resident) -> ResidentKnown:
    """What a register has of an invented resident."""
    return ResidentKnown(
        resident=who.key,
        name=who.name,
        address=who.address,
        birth_date=who.birth_date.isoformat(),
        sex=who.sex.value,
        household=who.household,
        municipality=who.municipality_code,
        my_number=who.my_number,
        seal="registered" if who.seal_number else "none",
        seal_number=who.seal_number or "",
    )


def page(*residents: str, kind: str = RESIDENCE, number: str = "1", at: int = 1, of: int = 1) -> PageSeen:
    """A proper page about ``residents``."""
    return PageSeen(residents, kind, number, at, of, seal_of=residents[0] if kind == SEAL else "")


def visit(
    terminal: str, person: int, resident: str, pages: Sequence[PageSeen], *, delivery: int, fee_yen: int = 200
) -> list[Seen]:
    """Somebody buys something with a coin of 500, takes everything and goes; then the terminal is ready again."""
    return [
        PersonCame(terminal, person, resident),
        CardLaid(terminal, person, resident),
        ServiceSeen(terminal, "serving"),
        ScreenShown(terminal, person, "enter_pin"),
        PinTyped(terminal, person, 1),
        PinTried(terminal, person, resident, "authentication", 3, 3),
        PinTried(terminal, person, resident, "text", 3, 3),
        ScreenShown(terminal, person, "take_card"),
        CardLifted(terminal, person),
        ScreenShown(terminal, person, "choose_members", residents=(resident,)),
        ServerDid("SPECIMEN server", "issued", "a content was handed over", 1, resident, resident, terminal),
        MoneyInserted(terminal, person, 500),
        MoneyCameOut(terminal, person, 500 - fee_yen),
        SheetsCame(terminal, person, delivery, 2 * len(pages), 2 * len(pages), tuple(pages)),
        ScreenShown(terminal, person, "take_sheets"),
        SlipCame(terminal, person, "receipt", fee_yen),
        SheetsTaken(terminal, person, delivery),
        PersonLeft(terminal, person, "served"),
        ServiceSeen(terminal, "ready"),
    ]


def good_day() -> list[At]:
    """Two terminals, three customers, a liveness phase: every promise is kept and can be seen to be kept."""
    family = [page("head", "adult", "child", number="2")]
    seen: list[Seen] = [
        RunStarted(7, "good day", (ONE, TWO)),
        *(known(who) for who in RESIDENTS),
        PhaseBegan("safety"),
        *(line for terminal in (ONE, TWO) for line in (BooksRead(terminal, 0, 0), ServiceSeen(terminal, "ready"))),
        *visit(ONE, 1, "adult", [page("adult", number="1")], delivery=1),
        *visit(TWO, 2, "head", family, delivery=2),
        *visit(ONE, 3, "father", [page("father", kind=SEAL, number="3")], delivery=3),
        PhaseBegan("liveness", 60.0),
        BooksRead(ONE, 400, 0),
        BooksRead(TWO, 200, 0),
        JournalRead(ONE, 2, 2, 40),
        JournalRead(TWO, 1, 1, 20),
    ]
    lines = [At(float(second), line) for second, line in enumerate(seen)]
    return [*lines, At(lines[-1].at_s + 120.0, RunEnded())]


def verdict(promise: str, history: Iterable[At]) -> Verdict:
    """What the checker of ``promise`` says; a checker that breaks says unknown too, and must not pass for one that knows why."""
    found = check(history, CHECKERS[promise])
    assert not [reason for reason in found.doubts if "itself broke" in reason.what]
    return found


def told(promise: str, history: Iterable[At]) -> tuple[Truth, str]:
    """Its truth, and its reasons in one text."""
    found = verdict(promise, history)
    return found.truth, "\n".join(map(str, found.reasons))


def changed(history: Sequence[At], kind: type[S], number: int, change: Callable[[S], Seen]) -> list[At]:
    """The history with the ``number``-th line of ``kind`` (from 0, or from the end) changed."""
    at = _places(history, kind)[number]
    line = history[at]
    assert isinstance(line.seen, kind)
    return [*history[:at], replace(line, seen=change(line.seen)), *history[at + 1 :]]


def without(history: Sequence[At], *kinds: type[Seen]) -> list[At]:
    """The history without any line of ``kinds``."""
    return [line for line in history if not isinstance(line.seen, kinds)]


def lacking(history: Sequence[At], kind: type[Seen], number: int) -> list[At]:
    """The history without the ``number``-th line of ``kind``."""
    at = _places(history, kind)[number]
    return [*history[:at], *history[at + 1 :]]


def with_after(history: Sequence[At], kind: type[Seen], number: int, *more: Seen) -> list[At]:
    """The history with ``more`` seen right after the ``number``-th line of ``kind``."""
    at = _places(history, kind)[number] + 1
    return [*history[:at], *(At(history[at - 1].at_s, seen) for seen in more), *history[at:]]


def with_before(history: Sequence[At], kind: type[Seen], number: int, *more: Seen) -> list[At]:
    """The history with ``more`` seen right before the ``number``-th line of ``kind``."""
    at = _places(history, kind)[number]
    return [*history[:at], *(At(history[at].at_s, seen) for seen in more), *history[at:]]


def _places(history: Sequence[At], kind: type[Any]) -> list[int]:
    return [place for place, line in enumerate(history) if isinstance(line.seen, kind)]
