"""The centre does not answer: in time, at all, or any more. The whole request is cancelled and its late answer dropped."""

from pathlib import Path

import pytest

from simulator.centre.faults import Delay, TimesOut
from simulator.people.script import Do
from simulator.terminal_inline import InlineConfig, InlineTerminal, Visit
from terminal.centre.api import CentreFailed
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, in_order, nothing_happened, requested, shopper, terminal, the_end, the_request


def cut_at(inline: InlineTerminal, screen: str) -> Visit:
    def cut() -> None:
        inline.line.cut = True

    rules = shopper(inline)
    rules[screen] = ((Do(cut), *rules.get(screen, ((),))[0]),)
    return inline.serve(rules)


@pytest.mark.parametrize("fault", [TimesOut(), Delay(45.0)], ids=["never", "too late"])
def test_the_whole_request_is_cancelled_and_no_money_is_taken(tmp_path: Path, fault: TimesOut | Delay) -> None:
    with terminal(tmp_path) as inline:
        inline.assembled.model.faults.next(fault)
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.TIMED_OUT
        assert in_order(visit, e.IssuanceRequested, e.IssuanceRefused, e.IssuanceCancelled, e.CustomerEnded)
        assert the_request(inline).state == "cancelled"
        assert inline.payment.till.taken_yen == 0
        nothing_happened(inline)


def test_the_late_answer_meets_a_dead_request_and_the_next_customer_is_not_touched(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.assembled.model.faults.next(TimesOut())
        inline.serve(shopper(inline))
        (late,) = inline.centre.late_answers()
        assert isinstance(late, CentreFailed)
        assert late.code == "CENTRE_REQUEST_CANCELLED"
        visit = inline.serve(shopper(inline, "head"))
        assert the_end(visit).reason is EndReason.COMPLETED
        assert len(inline.tray.deliveries) == 1


def test_an_answer_after_the_terminal_gave_up_touches_nothing(tmp_path: Path) -> None:
    """The answer is on its way when the machine's own bound passes: the bundle is dropped, not printed."""
    with terminal(tmp_path) as inline:
        inline.centre.issue_timeout_s = 600.0
        inline.assembled.model.faults.next(Delay(92.0))
        visit = inline.serve(shopper(inline))
        assert the_end(visit).reason is EndReason.TIMED_OUT
        assert "verifying" not in visit.screens
        assert the_request(inline).state == "cancelled"
        nothing_happened(inline)


def test_a_centre_that_is_down_takes_no_money(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = cut_at(inline, "reading_card")
        assert the_end(visit).reason is EndReason.CENTRE_FAILED
        assert "take_card_back" in visit.screens
        assert not visit.of(e.FeeRequested)
        nothing_happened(inline)
        assert inline.situation() is State.IDLE


def test_a_line_that_breaks_while_the_certificate_is_asked_for_takes_no_money(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = cut_at(inline, "requesting")
        assert the_end(visit).reason is EndReason.CENTRE_FAILED
        (cancelled,) = visit.of(e.IssuanceCancelled)
        assert isinstance(cancelled, e.IssuanceCancelled)
        assert not cancelled.confirmed
        nothing_happened(inline)


def test_a_line_that_breaks_after_the_bundle_came_still_delivers_and_says_that_nobody_was_told(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = cut_at(inline, "verifying")
        assert the_end(visit).reason is EndReason.COMPLETED
        (told,) = visit.of(e.DeliveryReported)
        assert isinstance(told, e.DeliveryReported)
        assert not told.accepted
        assert inline.payment.till.held_yen == FEE_YEN
        assert [request.outcome for request in requested(inline)] == [None]


def test_the_end_waits_for_the_delivery_report_that_is_under_way(tmp_path: Path) -> None:
    """The customer takes the sheets at once, the centre is slow: the process must not die with the report on its lips."""
    with terminal(tmp_path) as inline:
        inline.line.delay_s = 5.0
        visit = inline.serve(shopper(inline))
        assert the_request(inline).outcome == "delivered"
        assert in_order(visit, e.DeliveryReported, e.CustomerEnded)


def test_the_end_does_not_wait_for_ever(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:

        def slow() -> None:
            inline.line.delay_s = 500.0

        rules = shopper(inline)
        rules["printing"] = ((Do(slow),),)
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.COMPLETED
        assert not visit.of(e.DeliveryReported)
        assert inline.clock.now_s() < 60


def test_a_terminal_of_one_municipality_serves_no_other_s_residents(tmp_path: Path) -> None:
    with terminal(tmp_path, InlineConfig(municipality_limit="99101")) as inline:
        visit = inline.serve(shopper(inline, "outsider"))
        assert the_end(visit).reason is EndReason.REFUSED
        assert any("REFUSED_OTHER_MUNICIPALITY" in line for view in visit.screen.views for line in view.lines)
        assert not visit.of(e.SessionOpened)
        nothing_happened(inline)
        served = inline.serve(shopper(inline))
        assert the_end(served).reason is EndReason.COMPLETED
