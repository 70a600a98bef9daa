"""Fault × every state of the way out: a jam in the middle of the end once led back into the session (vxsuite #5661)."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.notes import CustomerEnded
from terminal.fsm.states import LEAVING_STATES, State
from terminal.fsm.values import Fault
from tests.unit.fsm.story import Story

FAULTS = (
    Fault("printer", "PRINTER_PAPER_JAMMED", "Open the printer, take the paper out"),
    Fault("card_reader", "CARD_READER_UNAVAILABLE", "Plug the reader in"),
    Fault("payment", "PAYMENT_UNREACHABLE", "Look at the payment device"),
    Fault("screen", "SCREEN_GONE", "Restart"),
)


def on_the_way_out(state: State) -> Story:
    match state:
        case State.REFUNDING:
            story = Story().until_refunding()
        case State.RETURNING_SHEETS:
            story = Story().until_printing()
            story.tell(lambda g: ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", 1), lambda g: ev.RefundDone(g, 200))
        case State.PIN_LOCKED:
            story = Story().until_pin(tries_left=0)
        case State.RETURNING_CARD:
            story = Story().until_pin()
            story.tell(ev.CancelPressed())
        case State.APOLOGISING:
            story = Story().until_pin()
            story.tell(ev.CardRemoved())
        case _:
            story = Story().until_presenting()
            story.tell(ev.SheetsTaken())
    assert story.at(state)
    return story


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.device)
@pytest.mark.parametrize("state", sorted(LEAVING_STATES))
def test_a_fault_on_the_way_out_neither_resurrects_nor_wedges(state: State, fault: Fault) -> None:
    story = on_the_way_out(state)
    before = story.session
    story.tell(ev.FaultRaised(fault))
    assert story.at(state)
    assert story.session == before
    passed = {story.state}
    while not story.at(State.RESETTING):
        story.time_out()
        passed.add(story.state)
    assert passed <= LEAVING_STATES | {State.RESETTING}
    assert len(story.all(CustomerEnded)) == 1
    story.tell(ev.ResetProved)
    assert story.at(State.OUT_OF_SERVICE)
    for up in story.machine.levels.faults:
        story.tell(ev.FaultCleared(up.device, up.code))
    story.tell(ev.ResetProved)
    assert story.at(State.IDLE)
