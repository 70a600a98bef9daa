"""The customer walks away, at every situation there is: warned, waited for, paid back, forgotten, and the next one served."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import EndCustomer, Refund
from terminal.fsm.notes import CustomerEnded, RefundOwed
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from tests.unit.fsm.story import Story

STORIES = [name for name in vars(Story) if name.startswith("until_")]


@pytest.mark.parametrize("until", STORIES)
def test_whoever_walks_away_is_warned_forgotten_and_loses_no_yen(until: str) -> None:
    story: Story = getattr(Story(), until)()
    story.warn()
    assert story.shown.warning
    assert story.shown.ends_in_s
    while not story.at(State.RESETTING):
        for refund in story.all(Refund)[-1:] if story.at(State.REFUNDING) else []:
            story.tell(ev.RefundDone(story.g, refund.amount_yen))
        story.time_out()
    ends = story.all(CustomerEnded)
    assert len(ends) == len(story.all(EndCustomer)) == 1
    assert ends[0].owed_yen == sum(owed.amount_yen for owed in story.all(RefundOwed))
    if until == "until_presenting":
        assert (ends[0].reason, ends[0].kept_yen) == (EndReason.SHEETS_FORGOTTEN, 200)
    else:
        assert ends[0].kept_yen == 0
    assert story.machine.session is None
