"""Money: taken only for proved sheets, kept only for delivered ones; every other yen comes back or is owed."""

from collections.abc import Callable

import pytest

from terminal.fsm import events as ev
from terminal.fsm.config import MachineConfig
from terminal.fsm.deeds.money import MOST_OVER_FEE_YEN
from terminal.fsm.effects import (
    CancelCollect,
    CollectFee,
    KeepFee,
    PrintSlip,
    RaiseFault,
    Refund,
    ReportDelivery,
    RequestIssuance,
    Screen,
    StartPrint,
)
from terminal.fsm.notes import (
    BundleSettled,
    CentreNotTold,
    ClaimSettled,
    CustomerEnded,
    FeeRefunded,
    FeeTaken,
    RefundOwed,
)
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import Delivery, EndReason, MachineCode, Slip
from tests.unit.fsm.story import Story


def settled(story: Story) -> list[Delivery]:
    return [one.outcome for one in story.all(BundleSettled)]


def test_the_fee_is_taken_only_for_sheets_that_passed_the_gates() -> None:
    story = Story().until_verifying()
    assert story.all(CollectFee) == []
    story.tell(lambda g: ev.GatesPassed(g, 2))
    assert (story.state, story.all(CollectFee)) == (State.PAYING, [CollectFee(1, 200)])


def test_the_exact_fee_leads_to_the_print() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.FeeCollected(g, 200))
    assert story.at(State.STARTING_PRINT)
    assert story.all(StartPrint) == [StartPrint(1, 2)]
    assert story.all(FeeTaken) == [FeeTaken(1, 200)]


def test_less_than_the_fee_goes_back() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.FeeCollected(g, 100))
    assert story.at(State.REFUNDING)
    assert story.all(Refund) == [Refund(1, 100)]
    assert story.all(StartPrint) == []
    assert settled(story) == [Delivery.NOT_DELIVERED]


def test_what_comes_in_is_shown_and_gives_time_for_more() -> None:
    story = Story().until_paying()
    first = story.machine.memory.timer
    story.tell(lambda g: ev.MoneyInserted(g, 150))
    assert (story.shown.screen, story.shown.fee_yen, story.shown.inserted_yen) == (Screen.PAY, 200, 150)
    assert story.machine.memory.timer != first


@pytest.mark.parametrize("total_yen", [0, 100, 150, 200 + MOST_OVER_FEE_YEN + 1])
def test_a_device_that_counts_no_more_or_beyond_belief_gains_no_time(total_yen: int) -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.MoneyInserted(g, 150))
    before = story.machine.memory
    story.tell(lambda g: ev.MoneyInserted(g, total_yen))
    assert (story.verdict, story.machine.memory) == (VerdictKind.DECLINED, before)


def test_a_declined_payment_may_be_tried_again_with_sheets_fetched_anew() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.PaymentFailed(g, "PAYMENT_DECLINED"))
    assert (story.state, story.shown.reason) == (State.CONFIRMING, "PAYMENT_DECLINED")
    assert story.all(ReportDelivery) == [ReportDelivery(1, Delivery.NOT_DELIVERED, 0, "PAYMENT_DECLINED")]
    story.tell(ev.ChoiceConfirmed(), ev.BundleReceived, lambda g: ev.GatesPassed(g, 2))
    assert (story.state, len(story.all(CollectFee)), len(story.all(RequestIssuance))) == (State.PAYING, 2, 2)


def test_a_failed_payment_gives_back_what_it_kept() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.PaymentFailed(g, "PAYMENT_MONEY_HELD", 150))
    assert story.all(Refund) == [Refund(1, 150)]
    story.tell(lambda g: ev.RefundDone(g, 150))
    assert (story.state, story.session.refunded_yen) == (State.APOLOGISING, 150)


@pytest.mark.parametrize(("press", "after"), [(ev.BackPressed(), State.CONFIRMING), (ev.CancelPressed(), State.ENDING)])
def test_stepping_away_from_paying_waits_for_the_device(press: ev.Event, after: State) -> None:
    story = Story().until_paying()
    assert CancelCollect(1) in story.tell(press)
    assert story.at(State.CANCELLING_PAYMENT)
    assert story.all(ReportDelivery) == []
    story.tell(ev.PaymentCanceled)
    assert story.at(after)
    assert settled(story) == [Delivery.NOT_DELIVERED]


def test_with_money_inside_there_is_no_step_back_but_cancel_gives_it_back() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.MoneyInserted(g, 100), ev.BackPressed())
    assert (story.verdict, story.state) == (VerdictKind.DECLINED, State.PAYING)
    story.tell(ev.CancelPressed(), lambda g: ev.PaymentCanceled(g, 100))
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 100)])
    assert (story.session.end, settled(story)) == (EndReason.CANCELLED, [Delivery.NOT_DELIVERED])


@pytest.mark.parametrize("press", [ev.BackPressed(), ev.CancelPressed()])
@pytest.mark.parametrize("late", [lambda g: ev.FeeCollected(g, 200), lambda g: ev.PaymentCanceled(g, 200)])
def test_money_that_comes_in_after_all_goes_back_and_the_session_ends(
    press: ev.Event, late: type[ev.PaymentCanceled]
) -> None:
    story = Story().until_paying()
    story.tell(press, late)
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 200)])
    assert (story.session.end, settled(story)) == (EndReason.CANCELLED, [Delivery.NOT_DELIVERED])


def test_a_device_that_gives_up_by_itself_gives_back_or_lets_the_customer_try_again() -> None:
    empty, held = Story().until_paying(), Story().until_paying()
    empty.tell(ev.PaymentCanceled)
    held.tell(lambda g: ev.PaymentCanceled(g, 100))
    assert (empty.state, settled(empty)) == (State.CONFIRMING, [Delivery.NOT_DELIVERED])
    assert (held.state, held.all(Refund), settled(held)) == (
        State.REFUNDING,
        [Refund(1, 100)],
        [Delivery.NOT_DELIVERED],
    )


def test_the_sheets_of_a_session_that_stepped_back_cannot_be_printed() -> None:
    story = Story().until_paying()
    story.tell(ev.BackPressed(), ev.PaymentCanceled)
    assert story.session.expected_impressions is None
    story.tell(ev.DeliveryReported)
    assert story.verdict is VerdictKind.HANDLED
    story.tell(ev.ChoiceConfirmed(), lambda g: ev.DeliveryReportFailed(g, "CENTRE_UNREACHABLE"))
    assert story.all(CentreNotTold) == [CentreNotTold(1, "delivery report", "CENTRE_UNREACHABLE")]


def test_where_the_fee_is_paid_elsewhere_nothing_is_collected_and_the_receipt_says_what_is_due() -> None:
    story = Story(MachineConfig(fee_elsewhere=True)).until_verifying()
    story.tell(lambda g: ev.GatesPassed(g, 2))
    assert (story.state, story.all(CollectFee)) == (State.STARTING_PRINT, [])
    story.tell(ev.PrintStarted, lambda g: ev.PrintCompleted(g, 2))
    assert story.all(KeepFee) == []
    assert story.all(PrintSlip) == [PrintSlip(1, Slip.RECEIPT, 200)]
    assert (story.shown.screen, story.shown.fee_yen) == (Screen.TAKE_SHEETS, 200)


def test_the_fee_is_kept_before_anything_else_once_the_sheets_are_out() -> None:
    story = Story().until_printing()
    effects = story.tell(lambda g: ev.PrintCompleted(g, 2))
    assert effects[0] == KeepFee(1, 200)
    assert story.all(PrintSlip) == [PrintSlip(1, Slip.RECEIPT, 200)]
    assert story.session.kept_yen == 200


@pytest.mark.parametrize("impressions", [0, 1])
def test_nothing_is_kept_for_sheets_that_are_not_all_out(impressions: int) -> None:
    story = Story().until_printing()
    story.tell(lambda g: ev.PrintCompleted(g, impressions))
    assert story.all(KeepFee) == []


def test_what_is_free_has_no_receipt() -> None:
    story = Story().until_confirming(kind=2)
    story.tell(ev.ChoiceConfirmed(), ev.BundleReceived, lambda g: ev.GatesPassed(g, 2), ev.PrintStarted)
    story.tell(lambda g: ev.PrintCompleted(g, 2))
    assert (story.all(KeepFee), story.all(PrintSlip)) == ([], [])


def test_cancel_while_going_back_goes_away() -> None:
    story = Story().until_paying()
    story.tell(ev.BackPressed(), ev.CancelPressed(), ev.PaymentCanceled)
    assert (story.state, story.session.end) == (State.ENDING, EndReason.CANCELLED)


def test_a_payment_device_that_never_answers_leaves_a_claim_and_a_fault() -> None:
    story = Story().until_paying()
    story.tell(ev.CancelPressed())
    story.time_out()
    assert story.at(State.APOLOGISING)
    assert story.all(RefundOwed) == [RefundOwed(1, 200, MachineCode.PAYMENT_UNKNOWN)]
    assert [one.fault.device for one in story.all(RaiseFault)] == ["payment"]
    assert story.machine.levels.out_of_service_code() == MachineCode.PAYMENT_UNKNOWN


def test_the_most_that_may_be_inside_is_owed() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.MoneyInserted(g, 500), ev.CancelPressed(), lambda g: ev.MoneyInserted(g, 700))
    story.time_out()
    assert story.all(RefundOwed) == [RefundOwed(1, 700, MachineCode.PAYMENT_UNKNOWN)]


def test_a_device_that_was_cancelled_late_tells_what_it_holds() -> None:
    story = Story().until_paying()
    story.tell(ev.CancelPressed())
    story.time_out()
    story.tell(lambda g: ev.PaymentCanceled(g, 100))
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 100)])
    assert story.all(ClaimSettled) == [ClaimSettled(1, 200)]


def test_the_device_answers_late_and_the_claim_is_settled() -> None:
    story = Story().until_paying()
    story.tell(ev.CancelPressed())
    story.time_out()
    story.tell(lambda g: ev.FeeCollected(g, 200))
    assert story.at(State.REFUNDING)
    assert (story.all(ClaimSettled), story.all(Refund)) == ([ClaimSettled(1, 200)], [Refund(1, 200)])


def test_a_refund_that_fails_is_owed_and_takes_the_terminal_out_of_service() -> None:
    story = Story().until_refunding()
    story.tell(lambda g: ev.RefundFailed(g, "PAYMENT_REFUND_FAILED", 150))
    assert story.all(RefundOwed) == [RefundOwed(1, 150, "PAYMENT_REFUND_FAILED")]
    assert story.all(FeeRefunded) == [FeeRefunded(1, 50)]
    assert (story.shown.owed_yen, story.shown.refunded_yen) == (150, 50)
    assert story.all(PrintSlip) == [PrintSlip(1, Slip.REFUND, 50)]
    story.tell(ev.ContinuePressed())
    assert story.all(PrintSlip)[1:] == [PrintSlip(1, Slip.CLAIM, 150)]
    assert story.machine.levels.out_of_service_code() == "PAYMENT_REFUND_FAILED"


@pytest.mark.parametrize("kept_yen", [0, 500])
def test_a_failed_refund_is_not_believed_to_have_kept_nothing_or_more_than_there_was(kept_yen: int) -> None:
    story = Story().until_refunding()
    story.tell(lambda g: ev.RefundFailed(g, "PAYMENT_REFUND_FAILED", kept_yen))
    assert (story.session.owed_yen, story.session.refunded_yen) == (200, 0)


def test_what_is_missing_of_a_refund_is_owed() -> None:
    story = Story().until_refunding()
    story.tell(lambda g: ev.RefundDone(g, 120))
    assert (story.session.refunded_yen, story.session.owed_yen) == (120, 80)


def test_a_refund_without_an_answer_is_owed_until_the_answer_comes() -> None:
    story = Story().until_refunding()
    story.time_out()
    assert story.all(RefundOwed) == [RefundOwed(1, 200, MachineCode.REFUND_TIMED_OUT)]
    story.tell(lambda g: ev.RefundDone(g, 200))
    assert (story.session.owed_yen, story.session.refunded_yen) == (0, 200)
    story.tell(ev.ContinuePressed())
    end = story.all(CustomerEnded)[0]
    assert (end.kept_yen, end.refunded_yen, end.owed_yen) == (0, 200, 0)


@pytest.mark.parametrize("late", [lambda g: ev.PaymentCanceled(g), lambda g: ev.PaymentFailed(g, "PAYMENT_DECLINED")])
def test_who_is_owed_nothing_any_more_reads_so(late: Callable[[int], ev.Event]) -> None:
    """The screen went on promising money; found by the explorer."""
    story = Story().until_paying()
    story.tell(ev.CancelPressed())
    story.time_out()
    assert story.shown.owed_yen == 200
    story.tell(late)
    assert story.shown.owed_yen == 0


def test_a_refund_that_came_late_is_read_on_the_screen() -> None:
    story = Story().until_refunding()
    story.time_out()
    assert (story.shown.owed_yen, story.shown.refunded_yen) == (200, 0)
    story.tell(lambda g: ev.RefundDone(g, 200))
    assert (story.shown.owed_yen, story.shown.refunded_yen) == (0, 200)


@pytest.mark.parametrize("amount_yen", [0, -1])
def test_no_money_is_no_amount(amount_yen: int) -> None:
    for event in (ev.FeeCollected, ev.ChangePaid, ev.RefundDone):
        with pytest.raises(ValueError, match="above 0 yen"):
            event(1, amount_yen)
    with pytest.raises(ValueError, match="0 yen or more"):
        ev.PaymentFailed(1, "PAYMENT_DECLINED", -1)
    for also in (ev.PaymentCanceled, ev.MoneyInserted):
        with pytest.raises(ValueError, match="0 yen or more"):
            also(1, -1)
