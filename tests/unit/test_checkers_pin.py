"""P3's checker: the card's counters against what was typed."""

from dataclasses import replace

import pytest

from simulator.checkers.verdict import Truth
from simulator.history import At
from simulator.seen import CardLaid, Emptiness, PersonLeft, PinTried, PinTyped, ScreenShown, Seen, ServiceSeen
from tests.checkers_kit import ONE, changed, good_day, lacking, told, with_after, with_before, without

AUTHENTICATION, TEXT = "authentication", "text"
TYPED = PinTyped(ONE, 1, 2)


def tried(application: str, before: int, after: int, *, confirmed: bool = False) -> PinTried:
    return PinTried(ONE, 1, "adult", application, before, after, confirmed)


def day_of(*seen: Seen) -> list[At]:
    """The good day on which these are what the first customer typed and their card counted."""
    history = lacking(lacking(lacking(good_day(), PinTried, 0), PinTried, 0), PinTyped, 0)
    return with_after(history, CardLaid, 0, *seen)


RIGHT = tried(AUTHENTICATION, 3, 3)


@pytest.mark.parametrize(
    "seen",
    [
        (TYPED, RIGHT, tried(TEXT, 3, 3)),
        (TYPED, tried(AUTHENTICATION, 3, 2), TYPED, tried(AUTHENTICATION, 2, 3), tried(TEXT, 3, 3)),
        (TYPED, RIGHT, TYPED, tried(TEXT, 2, 3)),
        (TYPED, RIGHT, tried(TEXT, 3, 2), TYPED, tried(TEXT, 2, 3)),
        (TYPED, TYPED, RIGHT),
    ],
    ids=["one PIN for both", "mistyped once", "text has its own", "text refuses the same digits", "typed over"],
)
def test_a_try_for_each_pin_is_true(seen: tuple[Seen, ...]) -> None:
    truth, reasons = told("P3", day_of(*seen))
    assert (truth, reasons) == (Truth.TRUE, "")


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ((RIGHT,), "no PIN was typed for it"),
        ((TYPED, tried(AUTHENTICATION, 3, 2), tried(AUTHENTICATION, 2, 1)), "had had its try"),
        ((TYPED, TYPED, tried(AUTHENTICATION, 3, 2), tried(AUTHENTICATION, 2, 1)), "had had its try"),
        ((TYPED, RIGHT, tried(TEXT, 2, 1)), "the same digits unasked with 2 of 3 tries left"),
        ((TYPED, RIGHT, tried(TEXT, 3, 2), tried(TEXT, 2, 1)), "had had its try"),
        ((TYPED, RIGHT, tried(TEXT, 3, 2), TYPED, RIGHT, tried(TEXT, 2, 1)), "had had its try"),
        ((TYPED, tried(AUTHENTICATION, 3, 2), tried(TEXT, 3, 2)), "had had its try"),
        ((TYPED, CardLaid(ONE, 1, "yoshida"), RIGHT), "no PIN was typed for it"),
        ((TYPED, tried(AUTHENTICATION, 3, 1)), "lost 2 tries at once"),
        ((TYPED, tried(AUTHENTICATION, 1, 0)), "the last try of the authentication application was spent unasked"),
    ],
    ids=[
        "nobody typed",
        "repeated after an error",
        "typed twice and repeated",
        "text not full",
        "text twice",
        "text offered again",
        "wrong digits offered on",
        "another card",
        "two at once",
        "last try",
    ],
)
def test_a_try_too_many_is_false(seen: tuple[Seen, ...], reason: str) -> None:
    truth, reasons = told("P3", day_of(*seen))
    assert truth is Truth.FALSE
    assert reason in reasons


def test_the_last_try_needs_the_screens_confirmation() -> None:
    last = tried(AUTHENTICATION, 1, 3, confirmed=True)
    asked = ScreenShown(ONE, 1, "confirm_last_try")
    assert told("P3", day_of(asked, TYPED, last))[0] is Truth.TRUE
    truth, reasons = told("P3", day_of(TYPED, last))
    assert truth is Truth.UNKNOWN
    assert "no such screen was seen" in reasons
    assert told("P3", day_of(ScreenShown(ONE, 1, "confirm_last_text_try"), TYPED, last))[0] is Truth.UNKNOWN
    the_one_before = day_of(TYPED, RIGHT, asked)
    later = changed(the_one_before, PinTried, -2, lambda tried: replace(tried, tries_before=1, confirmed=True))
    assert told("P3", later)[0] is Truth.UNKNOWN


def test_a_pin_of_another_person_is_none_of_mine() -> None:
    history = changed(day_of(TYPED, RIGHT), PinTyped, 0, lambda typed: replace(typed, person=7))
    assert told("P3", history)[0] is Truth.FALSE


def test_who_walked_away_has_typed_all_the_same_until_the_terminal_is_ready() -> None:
    gone = PersonLeft(ONE, 1, "walked away")
    assert told("P3", day_of(TYPED, gone, RIGHT))[0] is Truth.TRUE
    assert told("P3", day_of(TYPED, gone, ServiceSeen(ONE, "ready"), RIGHT))[0] is Truth.FALSE


@pytest.mark.parametrize("stands_there", [0, 9])
def test_a_pin_on_its_way_to_the_card_is_theirs_who_typed_it_whoever_stands_there(stands_there: int) -> None:
    gone, nobodys = PersonLeft(ONE, 1, "walked away"), replace(RIGHT, person=stands_there)
    assert told("P3", day_of(TYPED, gone, nobodys))[0] is Truth.TRUE
    assert told("P3", day_of(TYPED, RIGHT, gone, nobodys))[0] is Truth.FALSE


def test_digits_left_in_a_ready_terminal_are_false() -> None:
    left = changed(good_day(), ServiceSeen, 3, lambda ready: replace(ready, left=Emptiness(pin_digits=4)))
    assert told("P3", left)[0] is Truth.FALSE
    stuck = with_before(good_day(), ServiceSeen, 3, ServiceSeen(ONE, "out of service", left=Emptiness(pin_digits=4)))
    assert told("P3", stuck)[0] is Truth.TRUE


def test_missing_evidence_is_unknown() -> None:
    assert told("P3", without(good_day(), PinTried))[0] is Truth.UNKNOWN
    assert told("P3", without(good_day(), PinTyped))[0] is Truth.UNKNOWN
    truth, reasons = told(
        "P3", day_of(TYPED, tried(AUTHENTICATION, 3, 2), TYPED, tried(AUTHENTICATION, 1, 3, confirmed=True))
    )
    assert "from 2 to 1 tries left, and nobody saw why" in reasons
    assert truth is Truth.UNKNOWN
