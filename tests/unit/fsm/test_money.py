"""Money and the request: nothing is asked of them whose outcome is not waited for, and every yen comes back or is owed."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import CancelCollect, CancelIssuance, CollectFee, RaiseFault, Refund, RequestIssuance, Screen
from terminal.fsm.notes import CentreNotTold, ClaimSettled, CustomerEnded, FeeRefunded, FeeTaken, RefundOwed
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import EndReason, MachineCode
from tests.unit.fsm.story import Story


def test_the_exact_fee_leads_to_the_request() -> None:
    story = Story().until_paying()
    effects = story.tell(lambda g: ev.FeeCollected(g, 200))
    assert story.at(State.REQUESTING)
    assert [type(effect) for effect in effects if isinstance(effect, RequestIssuance)]
    assert story.all(FeeTaken) == [FeeTaken(1, 200)]


@pytest.mark.parametrize("amount_yen", [100, 300])
def test_any_other_amount_goes_back(amount_yen: int) -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.FeeCollected(g, amount_yen))
    assert story.at(State.REFUNDING)
    assert story.all(Refund) == [Refund(1, amount_yen)]
    assert story.all(RequestIssuance) == []


def test_a_declined_payment_may_be_tried_again() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.PaymentFailed(g, "PAYMENT_DECLINED"))
    assert (story.state, story.shown.reason) == (State.CONFIRMING, "PAYMENT_DECLINED")
    story.tell(ev.ChoiceConfirmed())
    assert (story.state, len(story.all(CollectFee))) == (State.PAYING, 2)


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
    story.tell(ev.PaymentCanceled)
    assert story.at(after)


@pytest.mark.parametrize("press", [ev.BackPressed(), ev.CancelPressed()])
def test_a_fee_that_comes_in_after_all_goes_back(press: ev.Event) -> None:
    story = Story().until_paying()
    story.tell(press, lambda g: ev.FeeCollected(g, 200))
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 200)])


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


def test_the_device_answers_late_and_the_claim_is_settled() -> None:
    story = Story().until_paying()
    story.tell(ev.CancelPressed())
    story.time_out()
    story.tell(lambda g: ev.FeeCollected(g, 200))
    assert story.at(State.REFUNDING)
    assert (story.all(ClaimSettled), story.all(Refund)) == ([ClaimSettled(1, 200)], [Refund(1, 200)])


def test_a_refused_issuance_pays_back() -> None:
    story = Story().until_requesting()
    story.tell(lambda g: ev.IssuanceRefused(g, "REFUSED_MOVING_OUT"))
    assert story.at(State.REFUNDING)
    story.tell(lambda g: ev.RefundDone(g, 200))
    assert (story.shown.screen, story.shown.reason) == (Screen.SORRY, "REFUSED_MOVING_OUT")
    assert story.shown.refunded_yen == 200


@pytest.mark.parametrize(
    "happening",
    [ev.IssuanceTimedOut, lambda g: ev.IssuanceFailed(g, "CENTRE_UNREACHABLE"), lambda _g: ev.CancelPressed()],
)
def test_whatever_stops_a_request_cancels_the_whole_of_it_first(happening: type[ev.IssuanceTimedOut]) -> None:
    """Yokohama 2023-03-27: after a time-out only the place in the queue was given up, and the next file was printed."""
    story = Story().until_requesting()
    assert CancelIssuance(1) in story.tell(happening)
    story.tell(ev.BundleReceived)
    assert (story.verdict, story.state) == (VerdictKind.DECLINED, State.CANCELLING_REQUEST)
    story.tell(ev.RequestCancelled)
    assert (story.state, story.all(Refund)) == (State.REFUNDING, [Refund(1, 200)])


def test_a_centre_that_cannot_be_told_delays_nobodys_refund_for_ever() -> None:
    story = Story().until_requesting()
    story.time_out()
    assert story.at(State.CANCELLING_REQUEST)
    story.time_out()
    assert story.at(State.REFUNDING)
    assert story.all(CentreNotTold) == [CentreNotTold(1, "cancellation", MachineCode.CANCEL_TIMED_OUT)]


def test_a_refund_that_fails_is_owed_and_takes_the_terminal_out_of_service() -> None:
    story = Story().until_refunding()
    story.tell(lambda g: ev.RefundFailed(g, "PAYMENT_REFUND_FAILED", 150))
    assert story.all(RefundOwed) == [RefundOwed(1, 150, "PAYMENT_REFUND_FAILED")]
    assert story.all(FeeRefunded) == [FeeRefunded(1, 50)]
    assert (story.shown.owed_yen, story.shown.refunded_yen) == (150, 50)
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


@pytest.mark.parametrize("amount_yen", [0, -1])
def test_no_money_is_no_amount(amount_yen: int) -> None:
    for event in (ev.FeeCollected, ev.RefundDone):
        with pytest.raises(ValueError, match="above 0 yen"):
            event(1, amount_yen)
    with pytest.raises(ValueError, match="0 yen or more"):
        ev.PaymentFailed(1, "PAYMENT_DECLINED", -1)
