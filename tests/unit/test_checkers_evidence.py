"""P8's and P9's checkers: the journals, and the word SPECIMEN."""

from dataclasses import replace

import pytest

from simulator.checkers.verdict import Truth
from simulator.seen import JournalRead, PinTried, ScreenShown, ServiceSeen, SheetsCame
from tests.checkers_kit import ONE, changed, good_day, lacking, told, with_after, with_before, without


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"breaches": ("JOURNAL_ENTRY_ALTERED",)}, "not whole: JOURNAL_ENTRY_ALTERED"),
        ({"personal_data": ("a name",)}, "personal data: a name"),
        ({"starts": 2, "ends": 1}, "the last customer in its journal has no end"),
        ({"starts": 2, "ends": 3}, "2 starts and 3 ends"),
        ({"starts": 5, "ends": 3}, "5 starts and 3 ends"),
        ({"starts": 1, "ends": 1}, "knows 1 customers, 2 were seen"),
        ({"starts": 0, "ends": 0, "entries": 0}, "knows 0 customers, 2 were seen"),
    ],
)
def test_a_journal_with_something_wrong_is_false(changes: dict[str, object], reason: str) -> None:
    history = changed(good_day(), JournalRead, 0, lambda read: replace(read, **changes))  # type: ignore[arg-type]
    truth, reasons = told("P8", history)
    assert truth is Truth.FALSE
    assert reason in reasons
    assert ONE in reasons


def test_a_whole_journal_is_true() -> None:
    assert told("P8", good_day())[0] is Truth.TRUE


def test_a_customer_may_be_there_while_the_journal_is_read() -> None:
    early = with_after(good_day(), PinTried, 0, JournalRead(ONE, 1, 0, 5))
    assert told("P8", early)[0] is Truth.TRUE


def test_two_pins_are_one_customer() -> None:
    twice = with_after(good_day(), PinTried, 0, ServiceSeen(ONE, "serving"))
    assert told("P8", twice)[0] is Truth.TRUE


def test_entries_that_are_gone_are_false() -> None:
    truth, reasons = told("P8", with_before(good_day(), JournalRead, 0, JournalRead(ONE, 2, 2, 41)))
    assert truth is Truth.FALSE
    assert "1 entries of its journal are gone" in reasons


def test_a_journal_from_before_must_grow_by_those_who_came() -> None:
    older = with_before(good_day(), PinTried, 0, JournalRead(ONE, 100, 100, 2000))
    grown = changed(older, JournalRead, -2, lambda read: replace(read, starts=102, ends=102, entries=2040))
    assert told("P8", grown)[0] is Truth.TRUE
    silent = changed(older, JournalRead, -2, lambda read: replace(read, starts=100, ends=100, entries=2040))
    assert "its journal grew by 0 customers, 2 came" in told("P8", silent)[1]


def test_missing_journals_are_unknown() -> None:
    assert told("P8", without(good_day(), JournalRead))[0] is Truth.UNKNOWN
    truth, reasons = told("P8", lacking(good_day(), JournalRead, 0))
    assert truth is Truth.UNKNOWN
    assert f"its journal was never seen at {ONE}" in reasons
    early = with_after(lacking(good_day(), JournalRead, 0), PinTried, -2, JournalRead(ONE, 2, 2, 40))
    truth, reasons = told("P8", early)
    assert truth is Truth.UNKNOWN
    assert "nobody read the journal after this" in reasons


def test_a_screen_that_could_be_taken_for_a_real_one_is_false() -> None:
    truth, reasons = told("P9", changed(good_day(), ScreenShown, 2, lambda screen: replace(screen, specimen=False)))
    assert truth is Truth.FALSE
    assert "the screen choose_members does not say SPECIMEN" in reasons


def test_a_page_that_could_be_taken_for_a_real_one_is_false() -> None:
    def unmarked(came: SheetsCame) -> SheetsCame:
        return replace(came, pages=tuple(replace(page, specimen=False) for page in came.pages))

    truth, reasons = told("P9", changed(good_day(), SheetsCame, 1, unmarked))
    assert truth is Truth.FALSE
    assert "delivery 2, page 1 of 1 does not say SPECIMEN" in reasons


def test_screens_that_nobody_saw_are_unknown() -> None:
    assert told("P9", good_day())[0] is Truth.TRUE
    assert told("P9", without(good_day(), ScreenShown))[0] is Truth.UNKNOWN
    assert told("P9", changed(good_day(), SheetsCame, 0, lambda came: replace(came, pages=())))[0] is Truth.UNKNOWN
