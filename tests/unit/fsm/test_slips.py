"""Slips: asked for when there is something to say, waited for by nobody, and missing ones are on record."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import PrintSlip
from terminal.fsm.notes import SlipNotPrinted
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import State
from terminal.fsm.values import MachineCode, Slip
from tests.unit.fsm.story import Story


def test_a_slip_that_fails_is_on_record_and_changes_nothing_else() -> None:
    story = Story().until_presenting()
    before = story.machine.memory
    story.tell(lambda g: ev.SlipFailed(g, Slip.RECEIPT, "RECEIPT_PAPER_OUT"))
    assert story.all(SlipNotPrinted) == [SlipNotPrinted(1, Slip.RECEIPT, "RECEIPT_PAPER_OUT")]
    story.tell(lambda g: ev.SlipPrinted(g, Slip.RECEIPT))
    assert (story.verdict, story.machine.memory) == (VerdictKind.HANDLED, before)


def test_a_slip_that_nobody_asked_for_is_a_fault() -> None:
    story = Story().until_paying()
    story.tell(lambda g: ev.SlipPrinted(g, Slip.RECEIPT))
    assert story.verdict is VerdictKind.FAULT


def test_a_late_refund_has_its_slip_and_no_claim_ticket() -> None:
    story = Story().until_refunding()
    story.time_out()
    story.tell(lambda g: ev.RefundDone(g, 200), ev.ContinuePressed())
    assert story.at(State.ENDING)
    assert story.all(PrintSlip) == [PrintSlip(1, Slip.REFUND, 200)]


@pytest.mark.parametrize("late", [False, True])
def test_a_claim_is_printed_once_when_everything_else_is_over(late: bool) -> None:
    story = Story().until_paying()
    story.tell(ev.CancelPressed())
    story.time_out()
    assert story.all(PrintSlip) == []
    story.tell(ev.ContinuePressed())
    if late:
        story.tell(lambda g: ev.SlipFailed(g, Slip.CLAIM, "RECEIPT_PAPER_OUT"))
    assert story.all(PrintSlip) == [PrintSlip(1, Slip.CLAIM, 200)]
    assert story.machine.levels.out_of_service_code() == MachineCode.PAYMENT_UNKNOWN
