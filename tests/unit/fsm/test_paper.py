"""Gates, point of no return, tray: only what passed is printed, only what is out is shown as done."""

from collections.abc import Callable

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import (
    CancelPrint,
    CollectFee,
    RaiseFault,
    Refund,
    ReportDelivery,
    Screen,
    SealFinding,
    StartPrint,
)
from terminal.fsm.notes import BundleSettled, CustomerEnded, FindingOpened, PointOfNoReturnPassed
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import Delivery, EndReason, MachineCode
from tests.unit.fsm.story import Story


def test_only_what_passed_every_gate_is_printed() -> None:
    story = Story().until_verifying()
    assert story.all(StartPrint) == []
    story.tell(lambda g: ev.GatesPassed(g, 4), lambda g: ev.FeeCollected(g, 200))
    assert story.all(StartPrint) == [StartPrint(1, 4)]


def test_a_verified_job_without_pages_is_not_printed() -> None:
    story = Story().until_verifying()
    story.tell(lambda g: ev.GatesPassed(g, 0))
    assert (story.state, story.session.code) == (State.APOLOGISING, MachineCode.NOTHING_TO_PRINT)
    assert (story.all(StartPrint), story.all(CollectFee)) == ([], [])


def test_undecided_is_not_printed_and_not_paid_for() -> None:
    story = Story().until_verifying()
    story.tell(lambda g: ev.GatesUndecided(g, "GATE_NAME_VARIANT"))
    assert (story.session.end, story.session.code) == (EndReason.UNDECIDED, "GATE_NAME_VARIANT")
    assert story.all(CollectFee) == []
    assert story.all(ReportDelivery) == [ReportDelivery(1, Delivery.NOT_DELIVERED, 0, "GATE_NAME_VARIANT")]
    assert story.all(StartPrint) == []


def test_somebody_elses_paper_is_sealed_not_paid_for_and_stops_the_terminal() -> None:
    story = Story().until_verifying()
    story.tell(lambda g: ev.GatesDiffered(g, "GATE_SUBJECT_DIFFERENT"))
    assert story.all(SealFinding) == [SealFinding(1, "GATE_SUBJECT_DIFFERENT")]
    assert story.all(FindingOpened) == [FindingOpened(1, "GATE_SUBJECT_DIFFERENT")]
    assert story.all(CollectFee) == []
    story.tell(ev.ContinuePressed(), ev.CustomerProcessEnded(clean=True), ev.ResetProved)
    assert story.at(State.STOPPED_FOR_FINDING)
    story.tell(ev.CardInserted())
    assert story.verdict is VerdictKind.DECLINED
    story.tell(ev.FindingReleased(), ev.ResetProved)
    assert story.at(State.IDLE)


@pytest.mark.parametrize("cancel", [True, False])
def test_a_finding_is_not_lost_to_a_cancellation_or_a_time_out(cancel: bool) -> None:
    story = Story().until_verifying()
    if cancel:
        story.tell(ev.CancelPressed())
    else:
        story.time_out()
    story.tell(lambda g: ev.GatesDiffered(g, "GATE_SUBJECT_DIFFERENT"))
    assert story.all(SealFinding) == [SealFinding(1, "GATE_SUBJECT_DIFFERENT")]
    assert story.machine.levels.finding
    assert story.session.finding


def test_cancelling_while_the_gates_work_prints_nothing() -> None:
    story = Story().until_verifying()
    story.tell(ev.CancelPressed(), lambda g: ev.GatesPassed(g, 2))
    assert (story.state, story.session.end) == (State.APOLOGISING, EndReason.CANCELLED)
    assert (story.all(StartPrint), story.all(CollectFee)) == ([], [])


def test_the_first_byte_is_the_point_of_no_return() -> None:
    story = Story().until_starting_print()
    story.tell(ev.PrintStarted)
    assert story.all(PointOfNoReturnPassed) == [PointOfNoReturnPassed(1)]
    story.tell(ev.CancelPressed())
    assert (story.verdict, story.state) == (VerdictKind.DECLINED, State.PRINTING)


def test_a_sheet_that_is_out_is_the_point_of_no_return_whatever_was_said_before() -> None:
    story = Story().until_starting_print()
    story.tell(lambda g: ev.PrintProgressed(g, 0, "PRINTER_PAPER_OUT"))
    assert (story.state, story.shown.screen) == (State.STARTING_PRINT, Screen.PRINTER_WAITING)
    story.tell(lambda g: ev.PrintProgressed(g, 1))
    assert story.at(State.PRINTING)


def test_before_it_cancelling_cancels_the_job_and_waits_for_its_end() -> None:
    story = Story().until_starting_print()
    assert CancelPrint(1) in story.tell(ev.CancelPressed())
    story.tell(lambda g: ev.PrintCanceled(g, 0))
    assert (story.state, story.session.end) == (State.REFUNDING, EndReason.CANCELLED)
    story.tell(lambda g: ev.RefundDone(g, 200))
    assert story.at(State.APOLOGISING)


def test_a_job_that_completes_in_spite_of_its_cancellation_is_delivered() -> None:
    story = Story().until_starting_print()
    story.tell(ev.CancelPressed(), lambda g: ev.PrintCompleted(g, 2))
    assert (story.state, story.session.end) == (State.PRESENTING, EndReason.COMPLETED)
    assert story.all(Refund) == []


def test_done_is_shown_only_when_every_impression_is_out() -> None:
    story = Story().until_printing()
    story.tell(lambda g: ev.PrintProgressed(g, 1))
    assert Screen.TAKE_SHEETS not in {show.screen for show in story.effects if hasattr(show, "screen")}
    story.tell(lambda g: ev.PrintCompleted(g, 2))
    assert (story.state, story.shown.screen) == (State.PRESENTING, Screen.TAKE_SHEETS)
    assert story.all(ReportDelivery) == [ReportDelivery(1, Delivery.DELIVERED, 2, "")]
    story.tell(ev.SheetsTaken())
    assert story.all(CustomerEnded) == [CustomerEnded(1, EndReason.COMPLETED, "", 200, 0, 0, 2)]


@pytest.mark.parametrize(
    ("impressions", "outcome"),
    [(0, Delivery.NOT_DELIVERED), (1, Delivery.PARTLY_DELIVERED), (3, Delivery.PARTLY_DELIVERED)],
)
def test_completed_with_other_than_our_impressions_is_not_done(impressions: int, outcome: Delivery) -> None:
    story = Story().until_printing()
    story.tell(lambda g: ev.PrintCompleted(g, impressions))
    assert (story.state, story.session.code) == (State.REFUNDING, MachineCode.IMPRESSIONS_DIFFER)
    assert [settled.outcome for settled in story.all(BundleSettled)] == [outcome]


@pytest.mark.parametrize(
    ("impressions", "then"), [(None, State.RETURNING_SHEETS), (1, State.RETURNING_SHEETS), (0, State.APOLOGISING)]
)
def test_an_incomplete_set_is_paid_back_whole_and_taken_out_of_the_tray(impressions: int | None, then: State) -> None:
    story = Story().until_printing()
    story.tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", impressions), lambda g: ev.RefundDone(g, 200))
    assert story.at(then)
    assert story.session.refunded_yen == 200


def test_sides_that_were_seen_are_not_unseen() -> None:
    story = Story().until_printing()
    story.tell(lambda g: ev.PrintProgressed(g, 1), lambda g: ev.PrintFailed(g, "PRINTER_JOB_LOST", 0))
    assert [one.outcome for one in story.all(BundleSettled)] == [Delivery.PARTLY_DELIVERED]


def test_a_free_job_that_fails_half_way_still_clears_the_tray() -> None:
    story = Story().until_confirming(kind=2)
    story.tell(ev.ChoiceConfirmed(), ev.BundleReceived, lambda g: ev.GatesPassed(g, 2), ev.PrintStarted)
    story.tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 1))
    assert story.at(State.RETURNING_SHEETS)
    story.tell(ev.SheetsTaken(), ev.ContinuePressed())
    assert story.at(State.ENDING)


def test_a_printer_that_never_answers_is_cancelled_and_then_given_up() -> None:
    story = Story().until_printing()
    assert CancelPrint(1) in story.time_out()
    story.time_out()
    assert (story.state, story.session.impressions) == (State.REFUNDING, None)
    assert [one.outcome for one in story.all(BundleSettled)] == [Delivery.UNKNOWN]


def test_progress_starts_the_timer_over_but_waiting_and_counting_on_do_not() -> None:
    story = Story().until_printing()
    first = story.machine.memory.timer
    story.tell(lambda g: ev.PrintProgressed(g, 1))
    second = story.machine.memory.timer
    assert second != first
    for event in (lambda g: ev.PrintProgressed(g, 1, "PRINTER_PAPER_OUT"), lambda g: ev.PrintProgressed(g, 99)):
        story.tell(event)
        assert story.machine.memory.timer == second


@pytest.mark.parametrize("failed", [True, False])
def test_sheets_left_in_the_tray_keep_the_next_customer_away(failed: bool) -> None:
    story = Story().until_printing() if failed else Story().until_presenting()
    if failed:
        story.tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 1), lambda g: ev.RefundDone(g, 200))
    story.warn()
    story.time_out()
    assert story.at(State.ENDING)
    assert [one.fault.code for one in story.all(RaiseFault)] == [MachineCode.SHEETS_FORGOTTEN]
    story.tell(ev.CustomerProcessEnded(clean=True), ev.ResetProved)
    assert story.at(State.OUT_OF_SERVICE)
    story.tell(ev.SheetsTaken(), ev.ResetProved)
    assert story.at(State.IDLE)


def _gave_up(story: Story) -> None:
    story.time_out()
    story.time_out()


@pytest.mark.parametrize(
    ("happens", "distrusted"),
    [
        (lambda story: story.tell(lambda g: ev.PrintFailed(g, "PRINTER_UNREACHABLE", None)), True),
        (lambda story: story.tell(lambda g: ev.PrintTimedOut(g, "PRINTER_NOT_COMPLETED_IN_TIME", None)), True),
        (_gave_up, True),
        (lambda story: story.tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 1)), False),
        (lambda story: story.tell(lambda g: ev.PrintTimedOut(g, "PRINTER_NOT_COMPLETED_IN_TIME", 1)), False),
        (lambda story: story.tell(lambda g: ev.PrintCanceled(g, None)), False),
    ],
)
def test_a_job_of_which_nobody_knows_that_it_has_ended_lets_nobody_near_the_tray(
    happens: Callable[[Story], object], distrusted: bool
) -> None:
    """Its sheets may come out when the customer has said that the tray is empty, and has gone; found by the explorer."""
    story = Story().until_printing()
    happens(story)
    story.tell(lambda g: ev.RefundDone(g, 200), ev.SheetsTaken(), ev.ContinuePressed())
    story.tell(ev.CustomerProcessEnded(clean=True), ev.ResetProved)
    assert story.at(State.OUT_OF_SERVICE if distrusted else State.IDLE)
    story.tell(ev.SheetsTaken(), ev.ResetProved)
    assert story.at(State.IDLE)
