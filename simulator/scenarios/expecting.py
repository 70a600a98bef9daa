"""What came of a run, held against what a scenario expects: verdicts, papers in hands, codes on screens."""

from collections.abc import Iterable, Mapping
from typing import Final

from simulator import seen as s
from simulator.checkers.running import EXIT_CODES
from simulator.checkers.verdict import Truth, Verdict, worst
from simulator.history import At
from simulator.scenarios.form import ExpectForm, HandForm

EXIT_UNEXPECTED: Final = 3


def hands_of(history: Iterable[At]) -> dict[int, tuple[str, ...]]:
    """Person (0: the staff) to the residents whose papers they took, by the papers themselves."""
    lay: dict[tuple[str, int], tuple[str, ...]] = {}
    hands: dict[int, list[str]] = {}
    for line in history:
        match line.seen:
            case s.SheetsCame(terminal=terminal, delivery=delivery, pages=pages):
                names = [resident for page in pages for resident in page.residents]
                lay[terminal, delivery] = tuple(dict.fromkeys(names))
            case s.SheetsTaken(terminal=terminal, person=person, delivery=delivery):
                taken = hands.setdefault(person, [])
                taken += [name for name in lay.get((terminal, delivery), ()) if name not in taken]
            case _:
                pass
    return {person: tuple(names) for person, names in sorted(hands.items())}


def codes_of(history: Iterable[At]) -> tuple[str, ...]:
    """The codes that screens showed, in order, each once."""
    found: dict[str, None] = {}
    for line in history:
        match line.seen:
            case s.ScreenShown(reason=code) | s.ServiceSeen(code=code) if code:
                found[code] = None
            case _:
                pass
    return tuple(found)


def outcome_of(history: Iterable[At]) -> ExpectForm:
    """The hands and codes of a run, as an expectation."""
    lines = list(history)
    hands = tuple(HandForm(person=person, papers_of=names) for person, names in hands_of(lines).items())
    return ExpectForm(hands=hands, codes=codes_of(lines))


def compare(expect: ExpectForm, history: Iterable[At], verdicts: Mapping[str, Verdict]) -> list[str]:
    """Whatever is otherwise than expected, in words."""
    lines = list(history)
    wrong = [
        f"{promise}: expected {truth}, it is {verdicts[promise].truth.value}"
        for promise, truth in expect.promises.items()
        if verdicts[promise].truth.value != truth
    ]
    if expect.hands is not None:
        wanted = {hand.person: tuple(hand.papers_of) for hand in expect.hands}
        came = hands_of(lines)
        if {key: sorted(names) for key, names in wanted.items()} != {key: sorted(names) for key, names in came.items()}:
            wrong.append(f"papers in hands: expected {_hands(wanted)}; came {_hands(came)}")
    shown = codes_of(lines)
    wrong += [
        f"code {code}: expected on a screen; shown were {', '.join(shown) or 'none'}"
        for code in expect.codes
        if code not in shown
    ]
    return wrong


def exit_code(expect: ExpectForm, unexpected: list[str], verdicts: Mapping[str, Verdict]) -> int:
    """0 as expected (or all true, where nothing is), 1 a promise is broken that none expects to be, 3 otherwise."""
    truths = {promise: verdict.truth for promise, verdict in verdicts.items()}
    broken = [promise for promise, truth in truths.items() if truth is Truth.FALSE]
    if any(expect.promises.get(promise) != "false" for promise in broken):
        return EXIT_CODES[Truth.FALSE]
    if unexpected:
        return EXIT_UNEXPECTED
    if expect != ExpectForm():
        return EXIT_CODES[Truth.TRUE]
    return EXIT_CODES[worst(truths.values())]


def _hands(hands: Mapping[int, tuple[str, ...]]) -> str:
    told = (f"{'staff' if person == 0 else f'person {person}'}: {', '.join(names)}" for person, names in hands.items())
    return "; ".join(told) or "none"
