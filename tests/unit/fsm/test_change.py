"""Change: what is over the fee goes back before the print; what does not come back is owed, and the sheet is still wanted."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import PayChange, PrintSlip, RaiseFault, Refund, Screen, StartPrint
from terminal.fsm.notes import BundleSettled, ChangeGiven, ClaimSettled, CustomerEnded, RefundOwed
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import Delivery, EndReason, MachineCode, Slip
from tests.unit.fsm.story import Story

HOPPER = "COINS_HOPPER_EMPTY"


def settled(story: Story) -> list[Delivery]:
    return [one.outcome for one in story.all(BundleSettled)]


def end_of(story: Story) -> CustomerEnded:
    while not story.at(State.ENDING):
        story.time_out()
    (end,) = story.all(CustomerEnded)
    return end


def test_what_was_inserted_over_the_fee_comes_back_before_anything_is_printed() -> None:
    story = Story().until_giving_change()
    assert (story.state, story.all(PayChange), story.all(StartPrint)) == (State.GIVING_CHANGE, [PayChange(1, 300)], [])
    assert (story.shown.screen, story.shown.change_yen, story.shown.fee_yen) == (Screen.TAKE_CHANGE, 300, 200)
    story.tell(lambda g: ev.ChangePaid(g, 300))
    assert (story.state, story.all(StartPrint)) == (State.STARTING_PRINT, [StartPrint(1, 2)])
    assert (story.session.held_yen, story.all(ChangeGiven)) == (200, [ChangeGiven(1, 300)])
    story.tell(ev.PrintStarted, lambda g: ev.PrintCompleted(g, 2), ev.SheetsTaken())
    end = end_of(story)
    assert (end.kept_yen, end.change_yen, end.refunded_yen, end.owed_yen) == (200, 300, 0, 0)


@pytest.mark.parametrize(
    ("completion", "back_yen", "code"),
    [
        (lambda g: ev.ChangePaid(g, 250), 250, MachineCode.CHANGE_WRONG_AMOUNT),
        (lambda g: ev.ChangeFailed(g, HOPPER, 50), 250, HOPPER),
        (lambda g: ev.ChangeFailed(g, HOPPER, 300), 0, HOPPER),
        (lambda g: ev.ChangeFailed(g, HOPPER, 0), 0, HOPPER),
        (lambda g: ev.ChangeFailed(g, HOPPER, 301), 0, HOPPER),
    ],
)
def test_change_that_is_missing_is_owed_and_the_sheet_comes_all_the_same(
    completion: type[ev.PrintStarted], back_yen: int, code: str
) -> None:
    story = Story().until_giving_change()
    story.tell(completion)
    missing_yen = 300 - back_yen
    assert (story.state, story.session.held_yen, story.session.owed_yen) == (State.STARTING_PRINT, 200, missing_yen)
    assert story.all(RefundOwed) == [RefundOwed(1, missing_yen, code)]
    assert [raised.fault.device for raised in story.all(RaiseFault)] == ["payment"]
    story.tell(ev.PrintStarted, lambda g: ev.PrintCompleted(g, 2))
    assert story.shown.owed_yen == missing_yen
    story.tell(ev.SheetsTaken())
    assert PrintSlip(1, Slip.CLAIM, missing_yen) in story.all(PrintSlip)
    end = end_of(story)
    assert (end.kept_yen, end.change_yen, end.owed_yen) == (200, back_yen, missing_yen)


def test_a_device_that_gives_too_much_has_the_rest_refunded_and_is_looked_at() -> None:
    story = Story().until_giving_change()
    story.tell(lambda g: ev.ChangePaid(g, 350))
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 150)])
    assert (story.session.end, story.session.code) == (EndReason.PAYMENT_FAILED, MachineCode.CHANGE_WRONG_AMOUNT)
    assert settled(story) == [Delivery.NOT_DELIVERED]
    assert story.machine.levels.out_of_service_code() == MachineCode.CHANGE_WRONG_AMOUNT


@pytest.mark.parametrize("amount_yen", [500, 600])
def test_a_device_that_gives_everything_away_leaves_nothing_to_refund(amount_yen: int) -> None:
    story = Story().until_giving_change()
    story.tell(lambda g: ev.ChangePaid(g, amount_yen))
    assert (story.state, story.all(Refund), settled(story)) == (State.APOLOGISING, [], [Delivery.NOT_DELIVERED])
    assert (story.session.held_yen, story.session.changed_yen) == (0, 500)


@pytest.mark.parametrize(
    ("completion", "rest_yen"),
    [
        (lambda g: ev.ChangePaid(g, 300), 200),
        (lambda g: ev.ChangePaid(g, 250), 250),
        (lambda g: ev.ChangeFailed(g, HOPPER, 100), 300),
        (lambda g: ev.ChangeFailed(g, HOPPER, 0), 500),
    ],
)
def test_cancelling_waits_for_the_change_and_gives_back_the_rest(
    completion: type[ev.PrintStarted], rest_yen: int
) -> None:
    story = Story().until_giving_change()
    story.tell(ev.CancelPressed())
    assert (story.state, story.all(Refund), settled(story)) == (State.CANCELLING_CHANGE, [], [])
    story.tell(completion)
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, rest_yen)])
    assert (story.session.end, settled(story)) == (EndReason.CANCELLED, [Delivery.NOT_DELIVERED])
    story.tell(lambda g: ev.RefundDone(g, rest_yen))
    end = end_of(story)
    assert (end.kept_yen, end.change_yen + end.refunded_yen, end.owed_yen) == (0, 500, 0)


def given_up(cancelled: bool) -> Story:
    story = Story().until_giving_change()
    if cancelled:
        story.tell(ev.CancelPressed())
    story.time_out()
    return story


@pytest.mark.parametrize("cancelled", [False, True])
def test_change_without_an_answer_leaves_a_claim_for_everything(cancelled: bool) -> None:
    story = given_up(cancelled)
    assert (story.state, settled(story)) == (State.APOLOGISING, [Delivery.NOT_DELIVERED])
    assert story.all(RefundOwed) == [RefundOwed(1, 500, MachineCode.CHANGE_TIMED_OUT)]
    assert (story.session.held_yen, story.session.owed_yen) == (0, 500)
    story.tell(ev.ContinuePressed(), lambda g: ev.ChangePaid(g, 300))
    assert story.verdict is VerdictKind.DECLINED


@pytest.mark.parametrize("cancelled", [False, True])
@pytest.mark.parametrize(
    ("late", "back_yen"),
    [
        (lambda g: ev.ChangePaid(g, 300), 300),
        (lambda g: ev.ChangeFailed(g, HOPPER, 100), 200),
        (lambda g: ev.ChangeFailed(g, HOPPER, 300), 0),
    ],
)
def test_the_device_answers_late_and_the_claim_is_settled_by_what_it_says(
    late: type[ev.PrintStarted], back_yen: int, cancelled: bool
) -> None:
    story = given_up(cancelled)
    story.tell(late)
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 500 - back_yen)])
    assert (story.all(ClaimSettled), story.session.owed_yen) == ([ClaimSettled(1, 500)], 0)
    story.tell(lambda g: ev.RefundDone(g, 500 - back_yen))
    end = end_of(story)
    assert (end.change_yen, end.refunded_yen, end.owed_yen) == (back_yen, 500 - back_yen, 0)


def test_all_of_it_came_back_late_and_nothing_is_left_to_refund() -> None:
    story = given_up(cancelled=False)
    story.tell(lambda g: ev.ChangePaid(g, 500))
    assert (story.state, story.all(Refund), story.session.owed_yen) == (State.APOLOGISING, [], 0)
    assert (story.session.changed_yen, story.all(ClaimSettled)) == (500, [ClaimSettled(1, 500)])


def test_a_crash_while_change_is_given_owes_all_that_was_inserted() -> None:
    story = Story().until_giving_change()
    story.tell(ev.CustomerProcessEnded(clean=False))
    assert story.all(RefundOwed) == [RefundOwed(1, 500, MachineCode.PAYMENT_UNKNOWN)]
    assert settled(story) == [Delivery.NOT_DELIVERED]


def test_a_failed_print_after_change_refunds_exactly_the_fee() -> None:
    story = Story().until_giving_change()
    story.tell(lambda g: ev.ChangePaid(g, 300), ev.PrintStarted)
    story.tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 0))
    assert story.all(Refund) == [Refund(1, 200)]
