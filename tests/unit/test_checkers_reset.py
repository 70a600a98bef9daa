"""P2's checker: what is left when a terminal says "ready", and whose names a screen shows to whom."""

from dataclasses import replace

import pytest

from simulator.checkers.verdict import Truth
from simulator.history import At
from simulator.people.residents import resident
from simulator.seen import CardLaid, Emptiness, PersonCame, ResidentKnown, ScreenShown, ServiceSeen
from tests.checkers_kit import ONE, TWO, changed, good_day, known, told, with_after, with_before, without

MEMBERS = "choose_members"


def shown_after_ready(*residents: str, person: int = 0) -> list[At]:
    """The good day, and when the first customer is gone, a screen with names."""
    return with_after(good_day(), ServiceSeen, 3, ScreenShown(ONE, person, MEMBERS, residents=residents))


def choosing(*residents: str) -> list[At]:
    """The good day, on which the first customer (adult) is shown these names."""

    def with_names(screen: ScreenShown) -> ScreenShown:
        return replace(screen, residents=residents)

    return changed(good_day(), ScreenShown, 2, with_names)


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        (Emptiness(sheets=2), "2 sheets"),
        (Emptiness(jobs=1), "1 print job"),
        (Emptiness(card=True), "a card"),
        (Emptiness(escrow_yen=1000), "1000 yen in escrow"),
        (Emptiness(pin_digits=4), "4 digits of a PIN"),
        (Emptiness(names_on_screen=("見本　太郎",)), "names on the screen"),
        (Emptiness(remnants=("name in memory",)), "remnants (name in memory)"),
    ],
)
def test_whatever_is_left_at_a_ready_terminal_is_false(left: Emptiness, reason: str) -> None:
    truth, reasons = told("P2", changed(good_day(), ServiceSeen, 3, lambda ready: replace(ready, left=left)))
    assert truth is Truth.FALSE
    assert reason in reasons


def test_what_is_left_at_a_terminal_out_of_service_is_none() -> None:
    stuck = ServiceSeen(ONE, "out of service", "TRAY_NOT_EMPTY", Emptiness(sheets=2))
    assert told("P2", with_before(good_day(), ServiceSeen, 3, stuck))[0] is Truth.TRUE


def test_the_names_of_ones_own_household_are_shown_to_one() -> None:
    assert told("P2", choosing("head", "adult", "child"))[0] is Truth.TRUE
    assert told("P2", without(choosing("adult"), ResidentKnown))[0] is Truth.TRUE


def test_another_households_name_is_false() -> None:
    truth, reasons = told("P2", choosing("adult", "yoshida"))
    assert truth is Truth.FALSE
    assert "shows adult, yoshida, the card was that of adult" in reasons


def test_a_namesake_is_no_name_of_somebody_else() -> None:
    """A screen shows a name and nothing else: son is father's namesake and same-name-2 is same-name-1's."""
    told_of_father = changed(good_day(), ScreenShown, -3, lambda screen: replace(screen, residents=("son",)))
    assert told("P2", told_of_father)[0] is Truth.TRUE
    stranger = choosing("same-name-2")
    assert told("P2", stranger)[0] is Truth.FALSE
    history = [
        replace(line, seen=replace(line.seen, resident="same-name-1"))
        if isinstance(line.seen, CardLaid) and line.seen.person == 1
        else line
        for line in stranger
    ]
    assert told("P2", history)[0] is Truth.TRUE


def test_a_name_between_customers_is_false() -> None:
    truth, reasons = told("P2", shown_after_ready("adult"))
    assert truth is Truth.FALSE
    assert "nobody's card was read" in reasons


def test_a_name_on_a_terminal_out_of_service_is_false() -> None:
    history = with_before(
        good_day(),
        ServiceSeen,
        3,
        ServiceSeen(ONE, "out of service"),
        ScreenShown(ONE, 0, "out_of_service", residents=("adult",)),
    )
    truth, reasons = told("P2", history)
    assert truth is Truth.FALSE
    assert "nobody is served" in reasons


def test_the_names_of_the_person_before_on_the_next_persons_screen_are_false() -> None:
    history = with_after(
        good_day(), ScreenShown, 2, PersonCame(ONE, 9, "yoshida"), ScreenShown(ONE, 9, MEMBERS, residents=("adult",))
    )
    truth, reasons = told("P2", history)
    assert truth is Truth.FALSE
    assert "the card that was read is another person's" in reasons


def test_the_screen_of_somebody_who_walked_away_may_show_their_names_until_it_ends() -> None:
    history = changed(good_day(), ScreenShown, 2, lambda screen: replace(screen, person=0))
    assert told("P2", history)[0] is Truth.TRUE


def test_a_name_that_changed_meanwhile_is_still_the_same_household() -> None:
    moved = replace(known(resident("child")), household="H-elsewhere")
    history = with_after(choosing("adult", "child"), CardLaid, 0, moved)
    assert told("P2", history)[0] is Truth.TRUE


def test_missing_evidence_is_unknown() -> None:
    assert told("P2", without(good_day(), ServiceSeen))[0] is Truth.UNKNOWN
    one_only = [line for line in good_day() if not (isinstance(line.seen, ServiceSeen) and line.seen.terminal == TWO)]
    truth, reasons = told("P2", one_only)
    assert truth is Truth.UNKNOWN
    assert f"never seen at {TWO}" in reasons
    assert told("P2", without(choosing("head"), ResidentKnown))[0] is Truth.UNKNOWN
    assert told("P2", without(good_day(), CardLaid))[0] is Truth.UNKNOWN
    unseen = with_before(good_day(), ServiceSeen, 3, ServiceSeen(ONE, "out of service"), ServiceSeen(ONE, "serving"))
    assert "nobody saw that it was ready and empty before" in told("P2", unseen)[1]
