"""Another card on the reader is another person: the session that was left open ends as if it had been cancelled (Fukushima)."""

from collections.abc import Callable

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import CancelCollect, CancelIssuance, CancelPrint, Refund, ReportDelivery, Screen, StartPrint
from terminal.fsm.notes import CustomerEnded
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import CANCELLABLE_STATES, CARD_REMOVAL_STATES, CARD_STATES, State
from terminal.fsm.table import table
from terminal.fsm.values import Delivery, EndReason, MachineCode
from tests.unit.fsm.story import SEAL, Story

AFTER_THE_CARD = CANCELLABLE_STATES - CARD_STATES - CARD_REMOVAL_STATES


def ended_by_another_card(story: Story) -> bool:
    return (story.session.end, story.session.code) == (EndReason.CARD_SWAPPED, MachineCode.ANOTHER_CARD)


@pytest.mark.parametrize("state", sorted(AFTER_THE_CARD))
def test_wherever_the_customer_could_cancel_another_card_ends_the_session_too(state: State) -> None:
    cell = table().cells[state, ev.CardInserted]
    assert [row.when for row in cell.rows] == [()]
    assert cell.otherwise is None


@pytest.mark.parametrize("state", sorted(CARD_STATES | CARD_REMOVAL_STATES))
def test_while_the_own_card_lies_there_another_insertion_says_nothing(state: State) -> None:
    assert table().cells[state, ev.CardInserted].rows == ()


def test_while_choosing_the_next_person_is_told_why_and_finds_nothing_of_the_former() -> None:
    story = Story().until_confirming()
    story.tell(ev.CardInserted())
    assert story.at(State.APOLOGISING)
    assert ended_by_another_card(story)
    assert (story.shown.screen, story.shown.reason) == (Screen.SORRY, MachineCode.ANOTHER_CARD)
    story.tell(ev.ChoiceConfirmed())
    assert story.verdict is VerdictKind.DECLINED
    story.tell(ev.ContinuePressed())
    assert story.at(State.ENDING)
    assert [entry.code for entry in story.all(CustomerEnded)] == [MachineCode.ANOTHER_CARD]


def test_a_request_is_cancelled_as_a_whole_and_its_late_bundle_dropped() -> None:
    story = Story().until_requesting()
    story.tell(ev.CardInserted())
    assert story.at(State.CANCELLING_REQUEST)
    assert len(story.all(CancelIssuance)) == 1
    story.tell(ev.BundleReceived)
    assert story.verdict is VerdictKind.DECLINED
    story.tell(ev.RequestCancelled)
    assert story.at(State.APOLOGISING)
    assert ended_by_another_card(story)


@pytest.mark.parametrize("verdict", [lambda g: ev.GatesPassed(g, 2), lambda g: ev.GatesUndecided(g, "GATE_TOO_OLD")])
def test_sheets_that_pass_the_gates_afterwards_are_nobodys(verdict: Callable[[int], ev.Event]) -> None:
    story = Story().until_verifying()
    story.tell(ev.CardInserted(), verdict)
    assert story.at(State.APOLOGISING)
    assert ended_by_another_card(story)
    assert [report.outcome for report in story.all(ReportDelivery)] == [Delivery.NOT_DELIVERED]


def test_a_finding_is_a_finding_whoever_stands_there_by_now() -> None:
    story = Story().until_verifying()
    story.tell(ev.CardInserted(), lambda g: ev.GatesDiffered(g, "GATE_OTHER_NAME"))
    assert story.session.end is EndReason.FINDING


def test_while_paying_every_yen_comes_back_and_nothing_is_printed() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.MoneyInserted(g, 100), ev.CardInserted())
    assert story.at(State.CANCELLING_PAYMENT)
    assert len(story.all(CancelCollect)) == 1
    story.tell(lambda g: ev.FeeCollected(g, SEAL.fee_yen))
    assert story.at(State.REFUNDING)
    assert [refund.amount_yen for refund in story.all(Refund)] == [SEAL.fee_yen]
    story.tell(lambda g: ev.RefundDone(g, SEAL.fee_yen))
    assert ended_by_another_card(story)
    assert story.all(StartPrint) == []


def test_a_step_back_from_paying_does_not_show_the_choice_to_the_next_person() -> None:
    story = Story().until_paying()
    story.tell(ev.BackPressed())
    assert story.at(State.CANCELLING_PAYMENT)
    story.tell(ev.CardInserted(), ev.PaymentCanceled)
    assert story.at(State.ENDING)
    assert ended_by_another_card(story)


def test_change_on_its_way_is_waited_for_and_the_rest_given_back() -> None:
    story = Story().until_giving_change(500)
    story.tell(ev.CardInserted())
    assert story.at(State.CANCELLING_CHANGE)
    story.tell(lambda g: ev.ChangePaid(g, 300))
    assert story.at(State.REFUNDING)
    assert [refund.amount_yen for refund in story.all(Refund)] == [200]
    assert story.all(StartPrint) == []


def test_a_print_that_has_not_begun_is_cancelled() -> None:
    story = Story().until_starting_print()
    story.tell(ev.CardInserted())
    assert story.at(State.CANCELLING_PRINT)
    assert len(story.all(CancelPrint)) == 1
    story.tell(lambda g: ev.PrintCanceled(g, 0))
    assert story.at(State.REFUNDING)


@pytest.mark.parametrize("state", [State.PRINTING, State.PRESENTING])
def test_past_the_point_of_no_return_the_sheets_come_out_and_the_reset_follows(state: State) -> None:
    story = Story().until_printing() if state is State.PRINTING else Story().until_presenting()
    before = story.machine.memory
    assert story.tell(ev.CardInserted()) == ()
    assert story.machine.memory == before
