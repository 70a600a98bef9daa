"""P4's checker: coins, papers and slips against the terminal's own books."""

from dataclasses import replace

import pytest

from simulator.checkers.verdict import Truth
from simulator.history import At
from simulator.seen import (
    BooksRead,
    MoneyCameOut,
    MoneyInserted,
    Seen,
    SheetsCame,
    SlipCame,
    StaffDid,
)
from tests.checkers_kit import ONE, changed, good_day, lacking, page, told, verdict, with_after, without

IN = MoneyInserted(ONE, 1, 500)
SHEETS = SheetsCame(ONE, 1, 1, 2, 2, (page("adult"),))
PARTLY = replace(SHEETS, sides=1)


def day_of(*seen: Seen) -> list[At]:
    """The good day with nothing but this about money and paper at its first terminal (its books were read at first)."""
    kinds = (MoneyInserted, MoneyCameOut, SlipCame, SheetsCame, BooksRead)
    history = [line for line in good_day() if not (isinstance(line.seen, kinds) and line.seen.terminal == ONE)]
    return with_after(history, SheetsCame, 0, BooksRead(ONE, 0, 0), *seen)


def out(amount_yen: int, person: int = 1) -> MoneyCameOut:
    return MoneyCameOut(ONE, person, amount_yen)


def slip(kind: str, amount_yen: int) -> SlipCame:
    return SlipCame(ONE, 1, kind, amount_yen)


def books(kept_yen: int = 0, owed_yen: int = 0, overpaid_yen: int = 0) -> BooksRead:
    return BooksRead(ONE, kept_yen, owed_yen, overpaid_yen)


PAID_CLAIM = StaffDid(ONE, "paid a claim", 500)


@pytest.mark.parametrize(
    "seen",
    [
        (IN, out(300), SHEETS, slip("receipt", 200), books(200)),
        (IN, SHEETS, slip("receipt", 500), books(500)),
        (IN, out(300), SHEETS, StaffDid(ONE, "refilled", 10000), books(200)),
        (IN, out(500), slip("refund", 500), books()),
        (IN, PARTLY, out(500), books()),
        (IN, slip("claim", 500), books(0, 500)),
        (IN, books(0, 500)),
        (IN, slip("claim", 500), books(0, 500), PAID_CLAIM, books()),
        (IN, slip("claim", 500), PAID_CLAIM, books()),
        (IN, slip("claim", 300), SHEETS, books(200, 300)),
        (IN, slip("claim", 300), SHEETS, out(300), books(200)),
        (IN, out(400), SHEETS, books(200, 0, 100)),
        (IN, out(300, person=0), replace(SHEETS, person=0), books(200)),
        (IN, MoneyInserted(ONE, 2, 100), out(500), MoneyCameOut(ONE, 2, 100), books()),
        (IN, out(300, person=9), replace(SHEETS, person=9), books(200)),
        (IN, slip("refund", 500), slip("void", 0), slip("refund", 500), out(500), books()),
        (IN, slip("claim", 500), slip("void", 0), slip("claim", 500), books(0, 500)),
    ],
    ids=[
        "change",
        "exact",
        "refilled",
        "refund",
        "refund of a part",
        "claim",
        "claim without a ticket",
        "claim paid later",
        "claim paid at once",
        "change owed",
        "change owed and paid after all",
        "overpaid and on record",
        "walked away",
        "two people",
        "another steps up while it prints",
        "refund slip printed again",
        "claim ticket printed again",
    ],
)
def test_money_that_is_somewhere_is_true(seen: tuple[Seen, ...]) -> None:
    truth, reasons = told("P4", day_of(*seen))
    assert (truth, reasons) == (Truth.TRUE, "")


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ((IN, out(300), SHEETS, books(100)), "200 yen more are inside, the books say 100"),
        ((IN, books()), "500 yen more are inside, the books say 0"),
        ((IN, books(500)), "500 yen were kept, whole deliveries earned 0"),
        ((IN, PARTLY, out(300), books(200)), "200 yen were kept, whole deliveries earned 0"),
        ((IN, slip("claim", 500), books(500)), "0 yen are owed by the books, tickets 500"),
        ((IN, slip("claim", 500), SHEETS, books(500)), "0 yen are owed by the books, tickets 500"),
        ((IN, out(400), SHEETS, books(200)), "100 yen more are inside, the books say 200"),
        ((IN, out(500), SHEETS, books(200)), "0 yen more are inside, the books say 200"),
        ((IN, out(300), slip("refund", 500), books(0, 200)), "a refund slip tells of 500 yen, 300 came out"),
        ((books(), PAID_CLAIM, books()), "0 yen more are inside, the books say 500"),
        ((IN, out(300), SHEETS, books(200), books(100, 100)), "100 yen that were kept are kept no longer"),
        (
            (IN, MoneyInserted(ONE, 2, 100), out(300), SHEETS, books(300)),
            "300 yen were kept, whole deliveries earned 200",
        ),
        (
            (IN, slip("refund", 500), slip("refund", 500), out(500), books()),
            "a refund slip tells of 1000 yen, 500 came out",
        ),
    ],
    ids=[
        "books say less",
        "a coin vanished",
        "kept for nothing",
        "kept for a part",
        "ticket not on the books",
        "ticket beside a sheet",
        "overpaid",
        "kept what was given back",
        "slip tells more",
        "claim paid twice",
        "books rewritten",
        "two people",
        "two slips and none void",
    ],
)
def test_money_that_is_nowhere_is_false(seen: tuple[Seen, ...], reason: str) -> None:
    truth, reasons = told("P4", day_of(*seen))
    assert truth is Truth.FALSE
    assert reason in reasons
    assert ONE in reasons


def test_a_breach_cites_everything_that_moved_between_two_readings() -> None:
    seen = (IN, out(100), slip("claim", 100), SHEETS, PAID_CLAIM, books(1))
    history = day_of(*seen)
    numbers = tuple(number for number, line in enumerate(history, 1) if line.seen in (books(), *seen))
    assert verdict("P4", history).breaches[0].lines == numbers


def test_books_that_hold_something_from_before_are_where_counting_begins() -> None:
    older = changed(day_of(IN, out(300), SHEETS, books(5200, 700)), BooksRead, 1, lambda at: replace(at, kept_yen=5000))
    older = changed(older, BooksRead, 1, lambda at: replace(at, owed_yen=700))
    assert told("P4", older)[0] is Truth.TRUE
    assert told("P4", lacking(older, BooksRead, 1))[0] is Truth.FALSE


def test_missing_evidence_is_unknown() -> None:
    assert told("P4", without(good_day(), BooksRead))[0] is Truth.UNKNOWN
    assert told("P4", without(good_day(), MoneyInserted, MoneyCameOut, SlipCame, BooksRead))[0] is Truth.UNKNOWN
    truth, reasons = told("P4", lacking(lacking(good_day(), BooksRead, -1), BooksRead, -1))
    assert truth is Truth.UNKNOWN
    assert "nobody read the books after this" in reasons
    uncounted = day_of(IN, replace(books(), unknown_coins=1))
    truth, reasons = told("P4", uncounted)
    assert truth is Truth.UNKNOWN
    assert "1 coins inside are of unknown value" in reasons


def test_a_run_in_which_no_money_moved_proves_nothing() -> None:
    history = without(good_day(), MoneyInserted, MoneyCameOut, SlipCame)
    unmoved = [
        replace(line, seen=replace(line.seen, kept_yen=0)) if isinstance(line.seen, BooksRead) else line
        for line in history
    ]
    assert told("P4", unmoved)[0] is Truth.UNKNOWN
