"""P1's checker: whose paper lay in whose tray, held against cards and registers."""

from dataclasses import replace

import pytest

from simulator.checkers import subject
from simulator.checkers.running import check
from simulator.checkers.verdict import REASONS_MAX, Truth
from simulator.history import At
from simulator.people.residents import resident
from simulator.seen import (
    CardLaid,
    PageSeen,
    PersonCame,
    PersonLeft,
    PinTried,
    ResidentKnown,
    ServiceSeen,
    SheetsCame,
    SheetsTaken,
)
from tests.checkers_kit import (
    ONE,
    SEAL,
    changed,
    good_day,
    known,
    lacking,
    page,
    told,
    verdict,
    with_after,
    with_before,
    without,
)

ADULT, FAMILY, FATHER = 0, 1, 2
"""The three deliveries of the good day: one person's, a household's, a seal certificate."""


def tray(number: int, *pages: PageSeen) -> list[At]:
    """The good day with other pages in a delivery."""
    return changed(good_day(), SheetsCame, number, lambda came: replace(came, pages=pages))


def marked(number: int, **marks: object) -> list[At]:
    """The good day with other marks on the page of a delivery."""
    return changed(
        good_day(),
        SheetsCame,
        number,
        lambda came: replace(came, pages=tuple(replace(each, **marks) for each in came.pages)),  # type: ignore[arg-type]
    )


def truth_of(key: str, **changes: str) -> list[At]:
    """The good day in whose registers a resident was otherwise from the start."""
    number = [line.seen.resident for line in good_day() if isinstance(line.seen, ResidentKnown)].index(key)
    return changed(good_day(), ResidentKnown, number, lambda was: replace(was, **changes))


def test_three_customers_with_their_own_papers_are_true() -> None:
    found = verdict("P1", good_day())
    assert (found.truth, found.examined) == (Truth.TRUE, 3)


def test_the_paper_of_somebody_who_laid_no_card_down_is_false() -> None:
    truth, reasons = told("P1", tray(ADULT, page("yoshida")))
    assert truth is Truth.FALSE
    assert "it is about yoshida, the card laid down was that of adult" in reasons
    assert "took sheets that belong to nobody who laid a card down" in reasons
    assert f"{ONE}, person 1" in reasons


def test_one_foreign_page_among_three_is_false() -> None:
    pages = (page("head", at=1, of=3), page("yoshida", at=2, of=3), page("child", at=3, of=3))
    truth, reasons = told("P1", tray(FAMILY, *pages))
    assert truth is Truth.FALSE
    assert "page 2 of 3" in reasons
    assert "page 1 of 3" not in reasons


def test_a_household_is_one_household_and_not_every_namesake() -> None:
    assert told("P1", tray(FATHER, page("father", "son")))[0] is Truth.TRUE
    assert told("P1", tray(FATHER, page("father", "same-name-1")))[0] is Truth.FALSE


def test_the_seal_certificate_of_another_member_of_the_household_is_false() -> None:
    truth, reasons = told("P1", tray(FATHER, page("son", kind=SEAL)))
    assert truth is Truth.FALSE
    assert "it is about son, the card laid down was that of father" in reasons


def test_the_previous_customers_paper_under_the_next_ones_card_is_false() -> None:
    assert told("P1", tray(FATHER, page("adult")))[0] is Truth.FALSE


def test_a_paper_without_any_card_is_false() -> None:
    truth, reasons = told("P1", lacking(good_day(), CardLaid, ADULT))
    assert truth is Truth.FALSE
    assert "they laid no card down" in reasons


def test_many_papers_without_a_card_are_all_counted() -> None:
    many = [SheetsCame(ONE, 9, number, 2, 2, (page("son"),)) for number in range(10, 10 + REASONS_MAX + 5)]
    found = verdict("P1", with_after(good_day(), ServiceSeen, -1, *many))
    assert (len(found.breaches), found.unlisted) == (REASONS_MAX, 5)


def test_the_card_of_the_person_before_is_no_card_of_the_next() -> None:
    """Fukushima and Iwaki: a session is left open, and the next person in front of the screen continues it."""
    history = with_after(good_day(), PinTried, 1, PersonLeft(ONE, 1, "walked away"), PersonCame(ONE, 9, "yoshida"))
    history = changed(history, SheetsCame, ADULT, lambda came: replace(came, person=9))
    truth, reasons = told("P1", changed(history, SheetsTaken, ADULT, lambda taken: replace(taken, person=9)))
    assert truth is Truth.FALSE
    assert "person 9: took sheets that belong to person 1" in reasons


def test_a_card_of_an_earlier_session_is_none_of_this_one() -> None:
    """The same person lays down a second card and gets the first one's paper."""
    history = with_after(
        good_day(),
        PersonLeft,
        0,
        ServiceSeen(ONE, "ready"),
        CardLaid(ONE, 1, "yoshida"),
        PinTried(ONE, 1, "yoshida", "authentication", 3, 3),
        SheetsCame(ONE, 1, 9, 2, 2, (page("adult"),)),
    )
    truth, reasons = told("P1", history)
    assert truth is Truth.FALSE
    assert "delivery 9" in reasons


def test_a_card_that_took_no_pin_is_no_proof() -> None:
    refused = changed(good_day(), PinTried, 0, lambda tried: replace(tried, tries_after=2))
    truth, reasons = told("P1", refused)
    assert truth is Truth.FALSE
    assert "the card of adult took no PIN" in reasons


def test_without_a_look_at_pins_it_is_unknown_whether_the_card_took_one() -> None:
    truth, reasons = told("P1", without(good_day(), PinTried))
    assert truth is Truth.UNKNOWN
    assert "nobody saw the card of adult take a PIN" in reasons


def test_somebody_else_who_takes_the_sheets_is_false() -> None:
    truth, reasons = told("P1", changed(good_day(), SheetsTaken, ADULT, lambda taken: replace(taken, person=3)))
    assert truth is Truth.FALSE
    assert "person 3: took sheets that belong to person 1" in reasons


def test_a_sheet_left_behind_and_taken_by_the_next_person_is_false_and_by_staff_is_none() -> None:
    left = lacking(good_day(), SheetsTaken, ADULT)
    assert told("P1", left)[0] is Truth.TRUE
    assert told("P1", with_after(left, PersonCame, 2, SheetsTaken(ONE, 3, 1)))[0] is Truth.FALSE
    assert told("P1", with_after(left, PersonCame, 2, SheetsTaken(ONE, 0, 1)))[0] is Truth.TRUE


def test_sheets_that_come_while_the_next_person_lays_a_card_down_are_theirs_who_left() -> None:
    next_one = (PersonLeft(ONE, 1, "walked away"), PersonCame(ONE, 9, "yoshida"), CardLaid(ONE, 9, "yoshida"))
    history = with_before(good_day(), SheetsCame, ADULT, *next_one)
    history = changed(history, SheetsCame, ADULT, lambda came: replace(came, person=9))
    by_staff = changed(history, SheetsTaken, ADULT, lambda taken: replace(taken, person=0))
    assert told("P1", by_staff)[0] is Truth.TRUE
    by_the_next = changed(history, SheetsTaken, ADULT, lambda taken: replace(taken, person=9))
    assert told("P1", by_the_next)[0] is Truth.FALSE


def test_each_terminal_has_its_own_tray() -> None:
    """Whether deliveries are counted in a run or at each terminal."""
    history = changed(good_day(), SheetsCame, FAMILY, lambda came: replace(came, delivery=1))
    history = changed(history, SheetsTaken, FAMILY, lambda taken: replace(taken, delivery=1))
    both_lie = lacking(history, SheetsTaken, ADULT)
    assert told("P1", with_after(both_lie, SheetsCame, FAMILY, SheetsTaken(ONE, 1, 1)))[0] is Truth.TRUE


def test_sheets_for_somebody_who_walked_away_are_still_theirs() -> None:
    gone = changed(good_day(), SheetsCame, ADULT, lambda came: replace(came, person=0))
    assert told("P1", gone)[0] is Truth.TRUE
    foreign = changed(gone, SheetsCame, ADULT, lambda came: replace(came, pages=(page("yoshida"),)))
    assert told("P1", foreign)[0] is Truth.FALSE


@pytest.mark.parametrize(
    ("number", "marks", "reason"),
    [
        (ADULT, {"official_seal": False}, "the official seal is missing"),
        (ADULT, {"era_wrong": True}, "an era that was over"),
        (ADULT, {"my_numbers": ("yoshida",)}, "the My Number of yoshida, who is not on it"),
        (ADULT, {"outdated": ("adult",)}, "the register had adult otherwise"),
        (ADULT, {"residents": (), "unsure": (("same-name-1", "same-name-2"),)}, "nobody of them laid a card down"),
        (FATHER, {"seal_of": "son"}, "the seal of son, not of father"),
    ],
)
def test_what_is_wrong_on_the_right_persons_paper_is_false(number: int, marks: dict[str, object], reason: str) -> None:
    truth, reasons = told("P1", marked(number, **marks))
    assert truth is Truth.FALSE
    assert reason in reasons


@pytest.mark.parametrize(
    ("number", "marks", "reason"),
    [
        (ADULT, {"residents": ()}, "no register knows"),
        (ADULT, {"strangers": 1}, "no register knows"),
        (ADULT, {"kind": ""}, "nobody can tell what it is"),
        (ADULT, {"my_numbers": ("",)}, "a My Number that no register knows"),
        (FATHER, {"seal_of": ""}, "nobody can tell whose seal"),
        (FATHER, {"residents": (), "unsure": (("father", "son"),)}, "father or son, nobody can tell"),
    ],
)
def test_what_nobody_can_tell_is_unknown(number: int, marks: dict[str, object], reason: str) -> None:
    truth, reasons = told("P1", marked(number, **marks))
    assert truth is Truth.UNKNOWN
    assert reason in reasons


@pytest.mark.parametrize("state", ["cancelled", "none"])
def test_a_seal_that_is_not_registered_is_false(state: str) -> None:
    truth, reasons = told("P1", truth_of("father", seal=state))
    assert truth is Truth.FALSE
    assert f"a seal of father that is {state}" in reasons


def test_a_restricted_resident_gets_nothing() -> None:
    truth, reasons = told("P1", truth_of("adult", restricted="protective measures"))
    assert truth is Truth.FALSE
    assert "nothing may be issued to adult: protective measures" in reasons


def test_a_child_under_fifteen_may_stand_on_the_households_paper() -> None:
    assert told("P1", truth_of("child", restricted="under 15"))[0] is Truth.TRUE


CANCELLED = replace(known(resident("father")), seal="cancelled")


def test_a_change_while_the_paper_is_made_is_allowed() -> None:
    """The seal is cancelled when the card has been read: the server may have answered before."""
    assert told("P1", with_after(good_day(), PinTried, -1, CANCELLED))[0] is Truth.TRUE
    assert (
        told("P1", with_after(good_day(), PinTried, -1, replace(CANCELLED, restricted="moving out")))[0] is Truth.TRUE
    )


def test_a_change_long_before_the_card_is_not() -> None:
    """Niigata, Saitama, Kumamoto: the copy of the register was old. How old it may be is what the allowance says."""
    cancelled = with_after(good_day(), PersonCame, 0, CANCELLED)
    assert told("P1", cancelled)[0] is Truth.TRUE  # within the default allowance of 60 s
    found = check(cancelled, subject.checker(register_lag_s=5.0))
    assert "a seal of father that is cancelled" in str(found.breaches[0])


def test_ones_own_number_and_what_just_changed_may_be_on_it() -> None:
    assert told("P1", marked(ADULT, my_numbers=("adult",)))[0] is Truth.TRUE
    moving = replace(known(resident("adult")), address="見本県架空市新町2番")
    assert told("P1", with_after(marked(ADULT, outdated=("adult",)), CardLaid, ADULT, moving))[0] is Truth.TRUE


def test_who_moved_out_while_the_paper_was_made_may_be_on_it() -> None:
    moved = replace(known(resident("child")), household="H-elsewhere")
    assert told("P1", with_after(good_day(), CardLaid, 1, moved))[0] is Truth.TRUE
    found = check(with_after(good_day(), PersonCame, 0, moved), subject.checker(register_lag_s=5.0))
    assert found.truth is Truth.FALSE


def test_missing_evidence_is_unknown() -> None:
    assert told("P1", without(good_day(), SheetsCame, SheetsTaken))[0] is Truth.UNKNOWN
    assert told("P1", without(good_day(), ResidentKnown))[0] is Truth.UNKNOWN
    assert told("P1", without(good_day(), CardLaid))[0] is Truth.UNKNOWN
    assert told("P1", without(good_day(), SheetsCame))[0] is Truth.UNKNOWN
    assert told("P1", tray(ADULT))[0] is Truth.UNKNOWN
    assert "delivery 1, which was not seen to come" in told("P1", lacking(good_day(), SheetsCame, ADULT))[1]
    keys = [line.seen.resident for line in good_day() if isinstance(line.seen, ResidentKnown)]
    truth, reasons = told("P1", lacking(good_day(), ResidentKnown, keys.index("adult")))
    assert truth is Truth.UNKNOWN
    assert "no register knows adult, whose card was laid down" in reasons
    unheard_of = lacking(tray(ADULT, page("adult", "yoshida")), ResidentKnown, keys.index("yoshida"))
    truth, reasons = told("P1", unheard_of)
    assert truth is Truth.UNKNOWN
    assert "no register says who belongs to adult" in reasons
