"""P6's checker: after a finding nobody is served until a person has released it."""

from dataclasses import replace

import pytest

from simulator.checkers.stop import FINDING_CODES
from simulator.checkers.verdict import Truth
from simulator.history import At
from simulator.people.residents import resident
from simulator.seen import (
    CardLaid,
    MoneyInserted,
    PersonCame,
    PinTried,
    ResidentKnown,
    ScreenShown,
    Seen,
    ServerDid,
    ServiceSeen,
    SheetsCame,
    StaffDid,
)
from terminal.verification.reasons import Reason
from tests.checkers_kit import ONE, TWO, changed, good_day, known, lacking, page, told, with_after, without

STOPPED, READY = ServiceSeen(ONE, "stopped for a finding"), ServiceSeen(ONE, "ready")
TOLD = ScreenShown(ONE, 1, "sorry", "GATE_OTHER_NAME")
RELEASED = StaffDid(ONE, "released a finding")


def after_the_first(*seen: Seen) -> list[At]:
    """The good day, with this at the first terminal when its first customer is gone."""
    return with_after(good_day(), ServiceSeen, 3, *seen)


def test_a_finding_that_a_person_released_is_true() -> None:
    assert told("P6", after_the_first(TOLD, STOPPED, PersonCame(ONE, 8, "son"), RELEASED, READY))[0] is Truth.TRUE


def test_a_finding_that_is_open_at_the_end_is_true() -> None:
    assert told("P6", with_after(good_day(), ServiceSeen, -1, TOLD, STOPPED))[0] is Truth.TRUE


@pytest.mark.parametrize(
    "served",
    [
        READY,
        ServiceSeen(ONE, "serving"),
        PinTried(ONE, 8, "son", "authentication", 3, 3),
        MoneyInserted(ONE, 8, 100),
        SheetsCame(ONE, 8, 9, 2, 2, (page("son"),)),
        ScreenShown(ONE, 8, "welcome"),
    ],
    ids=lambda served: type(served).__name__,
)
def test_anything_served_before_the_release_is_false(served: Seen) -> None:
    truth, reasons = told("P6", after_the_first(STOPPED, served, RELEASED, READY))
    assert truth is Truth.FALSE
    assert "before a person released the finding" in reasons
    assert told("P6", after_the_first(ScreenShown(ONE, 0, "stopped"), served, RELEASED, READY))[0] is Truth.FALSE


def test_a_stopped_terminal_may_say_that_it_is_stopped() -> None:
    silent = (ServiceSeen(ONE, "out of service"), ScreenShown(ONE, 0, "resetting"), ScreenShown(ONE, 0, "stopped"))
    assert told("P6", after_the_first(STOPPED, *silent, RELEASED, READY))[0] is Truth.TRUE


def test_other_staff_deeds_release_nothing() -> None:
    assert told("P6", after_the_first(STOPPED, StaffDid(ONE, "cleared the tray"), READY))[0] is Truth.FALSE


def test_another_terminal_goes_on() -> None:
    assert (
        told(
            "P6",
            with_after(
                good_day(),
                ServiceSeen,
                3,
                replace(STOPPED, terminal=TWO),
                replace(RELEASED, terminal=TWO),
                READY,
            ),
        )[0]
        is Truth.TRUE
    )


def test_a_wrong_person_code_without_a_stop_is_false() -> None:
    truth, reasons = told("P6", after_the_first(TOLD, READY))
    assert truth is Truth.FALSE
    assert "it told a customer GATE_OTHER_NAME, and goes on without having stopped" in reasons


def test_sheets_after_a_wrong_person_code_are_false() -> None:
    history = after_the_first(TOLD, SheetsCame(ONE, 1, 9, 2, 2, (page("adult"),)), STOPPED, RELEASED, READY)
    truth, reasons = told("P6", history)
    assert truth is Truth.FALSE
    assert "sheets came out all the same" in reasons


def test_another_reason_needs_no_stop() -> None:
    assert told("P6", after_the_first(replace(TOLD, reason="GATE_TOO_OLD"), READY))[0] is Truth.TRUE


def test_the_codes_that_mean_somebody_else_are_codes_of_the_gates() -> None:
    assert {reason.value for reason in Reason} >= FINDING_CODES


HANDED = ServerDid("SPECIMEN server", "issued", "the previous customer's paper", 2, "yoshida", "adult", ONE)


def with_foreign(*pages: str) -> list[At]:
    """The good day, on which a server hands yoshida's paper over for adult's request, and these come out."""
    history = with_after(good_day(), PinTried, 1, HANDED)
    return changed(history, SheetsCame, 0, lambda came: replace(came, pages=tuple(page(who) for who in pages)))


def test_another_persons_content_that_came_out_is_false() -> None:
    truth, reasons = told("P6", with_foreign("adult", "yoshida"))
    assert truth is Truth.FALSE
    assert "handed over yoshida's paper for adult, and it came out" in reasons
    assert told("P6", with_after(with_foreign("yoshida"), ServerDid, 0, ServiceSeen(ONE, "serving")))[0] is Truth.FALSE


def test_a_content_of_which_nobody_says_for_whom_it_was_is_none_of_this_checkers() -> None:
    history = changed(with_foreign("yoshida"), ServerDid, 0, lambda did: replace(did, due=""))
    assert told("P6", history)[0] is Truth.TRUE


def test_another_persons_content_that_did_not_come_out_is_true() -> None:
    assert told("P6", with_foreign("adult"))[0] is Truth.TRUE


def test_whose_request_it_was_tells_where_it_belongs() -> None:
    somewhere = changed(with_foreign("yoshida"), ServerDid, 0, lambda did: replace(did, terminal=""))
    assert told("P6", somewhere)[0] is Truth.FALSE
    elsewhere = changed(with_foreign("yoshida"), ServerDid, 0, lambda did: replace(did, terminal=TWO))
    assert told("P6", elsewhere)[0] is Truth.TRUE


def test_a_request_is_over_with_its_session() -> None:
    later = (CardLaid(ONE, 1, "adult"), SheetsCame(ONE, 1, 9, 2, 2, (page("yoshida"),)))
    assert told("P6", with_after(with_foreign("adult"), ServiceSeen, 3, *later))[0] is Truth.TRUE


def test_the_other_persons_own_visit_afterwards_is_true() -> None:
    later = SheetsCame(ONE, 3, 9, 2, 2, (page("yoshida"),))
    assert told("P6", with_after(with_foreign("adult"), CardLaid, -1, later))[0] is Truth.TRUE


def test_ones_own_household_is_nobody_else() -> None:
    mixed = changed(with_foreign("child"), ServerDid, 0, lambda did: replace(did, resident="child"))
    assert told("P6", mixed)[0] is Truth.TRUE
    left = with_after(mixed, ResidentKnown, -1, replace(known(resident("child")), household="H-elsewhere"))
    moved = max(place for place, line in enumerate(left) if isinstance(line.seen, ResidentKnown))
    later = [replace(line, at_s=line.at_s + 1000.0) if place > moved else line for place, line in enumerate(left)]
    assert told("P6", later)[0] is Truth.FALSE


def test_missing_evidence_is_unknown() -> None:
    assert told("P6", without(good_day(), ServiceSeen))[0] is Truth.UNKNOWN
    assert told("P6", without(with_foreign("yoshida"), ResidentKnown))[0] is Truth.UNKNOWN
    one_only = [line for line in good_day() if getattr(line.seen, "terminal", ONE) == ONE]
    assert told("P6", one_only)[0] is Truth.UNKNOWN
    assert told("P6", lacking(good_day(), ServiceSeen, 0))[0] is Truth.TRUE
