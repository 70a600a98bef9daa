"""P5's checker: "printing is complete" against what lay in the tray."""

from dataclasses import replace

from simulator.checkers.verdict import Truth
from simulator.page_seen import PageSeen
from simulator.seen import RunEnded, ScreenShown, ServiceSeen, SheetsCame
from tests.checkers_kit import ONE, changed, good_day, lacking, page, told, verdict, with_after, with_before, without

DONE = ScreenShown(ONE, 1, "take_sheets")
ADULTS_DONE, FAMILYS = 3, 1
"""Places of the first customer's last screen and of the household's delivery."""


def test_done_after_every_side_is_true() -> None:
    assert told("P5", good_day())[0] is Truth.TRUE


def test_done_for_a_part_is_false() -> None:
    truth, reasons = told("P5", changed(good_day(), SheetsCame, 0, lambda came: replace(came, sides=1)))
    assert truth is Truth.FALSE
    assert f"{ONE}, person 1: it says that printing is complete, and 1 of 2 sides came out" in reasons


def test_done_with_a_page_missing_is_false() -> None:
    pages = (page("head", at=1, of=3), page("child", at=3, of=3))
    truth, reasons = told("P5", changed(good_day(), SheetsCame, FAMILYS, lambda came: replace(came, pages=pages)))
    assert truth is Truth.FALSE
    assert "document 1 lacks page 2 of 3" in reasons


def test_two_copies_are_counted_each_by_itself() -> None:
    pages = tuple(page("head", number=number, at=at, of=2) for number in ("1", "2") for at in (1, 2))
    assert (
        told("P5", changed(good_day(), SheetsCame, FAMILYS, lambda came: replace(came, pages=pages)))[0] is Truth.TRUE
    )
    torn = changed(good_day(), SheetsCame, FAMILYS, lambda came: replace(came, pages=(*pages[:1], *pages[2:])))
    assert "document 1 lacks page 2 of 2" in told("P5", torn)[1]


def test_done_before_the_sheets_is_false() -> None:
    truth, reasons = told("P5", with_before(good_day(), SheetsCame, 0, DONE))
    assert truth is Truth.FALSE
    assert "nothing came out" in reasons
    assert "had said that printing was complete, and more came out" in reasons


def test_done_and_nothing_at_all_is_false() -> None:
    nothing = lacking(good_day(), SheetsCame, 0)
    assert told("P5", nothing)[0] is Truth.FALSE
    broken_off = changed(nothing, RunEnded, 0, lambda ended: RunEnded(complete=False, why="stopped"))
    assert told("P5", broken_off)[0] is Truth.UNKNOWN


def test_a_part_that_is_called_a_part_is_true() -> None:
    partly = changed(good_day(), SheetsCame, 0, lambda came: replace(came, sides=1))
    partly = changed(partly, ScreenShown, ADULTS_DONE, lambda screen: replace(screen, screen="take_incomplete_sheets"))
    assert told("P5", partly)[0] is Truth.TRUE
    assert verdict("P5", partly).examined == 3


def test_what_a_terminal_is_in_between_ends_no_customer() -> None:
    torn = changed(good_day(), SheetsCame, 0, lambda came: replace(came, sides=1))
    assert "1 of 2 sides came out" in told("P5", with_after(torn, SheetsCame, 0, ServiceSeen(ONE, "serving")))[1]


def test_the_papers_of_one_customer_are_not_counted_for_the_next() -> None:
    truth, reasons = told("P5", lacking(good_day(), SheetsCame, 2))
    assert truth is Truth.FALSE
    assert "person 3" in reasons


def test_missing_evidence_is_unknown() -> None:
    assert told("P5", without(good_day(), ScreenShown))[0] is Truth.UNKNOWN
    assert told("P5", without(good_day(), ScreenShown, SheetsCame))[0] is Truth.UNKNOWN
    unseen = with_after(good_day(), ServiceSeen, -1, SheetsCame(ONE, 8, 9, 2, 2, (page("son"),)))
    assert "nobody saw what the screen said" in told("P5", unseen)[1]
    assert told("P5", with_after(without(good_day(), ScreenShown), SheetsCame, 0, DONE))[0] is Truth.UNKNOWN


def afterwards(*pages: PageSeen, sides: int = 2) -> tuple[Truth, str]:
    """What P5 says when these pages come after "take your sheets" was said to the adult."""
    more = SheetsCame(ONE, 1, 9, sides, 2, pages)
    return told("P5", with_after(good_day(), ScreenShown, ADULTS_DONE, more))


def test_more_of_this_customers_household_afterwards_is_false() -> None:
    assert "and more came out" in afterwards(page("adult", number="9"))[1]
    assert "and more came out" in afterwards(page("head", number="9"))[1]
    assert "and more came out" in afterwards(page("father", number="9"), page("adult", number="9"))[1]


def test_a_strangers_whole_paper_afterwards_is_not_of_what_was_said() -> None:
    """A job from elsewhere on a shared printer; that it lies before this customer is P1's."""
    assert "more came out" not in afterwards(page("father", number="9"))[1]


def test_what_cannot_be_read_or_is_not_whole_is_not_taken_for_a_strangers() -> None:
    assert "more came out" in afterwards()[1]
    assert "more came out" in afterwards(page("father", number="9"), sides=1)[1]
    assert "more came out" in afterwards(page("father", number="9", at=1, of=2))[1]
    assert "more came out" in afterwards(replace(page("father", number="9"), strangers=1))[1]
    assert "more came out" in afterwards(page("nobody-known", number="9"))[1]
