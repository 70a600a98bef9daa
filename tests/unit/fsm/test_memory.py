"""Reset by construction: everything of a customer hangs on one object, and that object goes (models.md section 1)."""

import gc
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest

from terminal.fsm import events as ev
from terminal.fsm.memory import Memory, Session, TerminalLevels
from terminal.fsm.states import State
from terminal.fsm.values import Fault, Offer
from terminal.fsm.work import Work
from tests.unit.fsm.story import Story
from tests.unit.fsm.test_engine import reachable

CANARY = "canary-4d1f-kind"


def test_after_the_reset_nothing_the_customer_brought_hangs_on_the_machine() -> None:
    story = Story().until_card_removal((Offer(CANARY, None, 300, (CANARY + "-scope",), (CANARY + "-item",), 4),))
    story.tell(ev.CardRemoved(), ev.KindChosen(0), ev.ItemsChosen((CANARY + "-item",)), ev.CopiesChosen(4))
    assert any(isinstance(one, str) and CANARY in one for one in reachable(story.machine))
    story.tell(ev.CancelPressed(), ev.CustomerProcessEnded(clean=True))
    assert not any(isinstance(one, str) and CANARY in one for one in reachable(story.machine))
    assert not any(isinstance(one, Session) for one in reachable(story.machine))


def test_the_session_object_itself_is_gone() -> None:
    story = Story().until_printing()
    story.tell(ev.CustomerProcessEnded(clean=True))
    story.effects.clear()
    gc.collect()
    owners = [one for one in gc.get_objects() if isinstance(one, Memory) and one.session is not None]
    assert not [memory for memory in owners if memory is story.machine.memory]
    assert story.machine.session is None


def test_a_new_session_is_built_not_cleaned() -> None:
    story = Story().until_confirming()
    story.tell(ev.CustomerProcessEnded(clean=True), ev.ResetProved, ev.CardInserted())
    assert story.session == Session(story.g)


@pytest.mark.parametrize("value", [Session(1), TerminalLevels(), Memory(), Fault("a", "b", "c")])
def test_a_misspelt_field_cannot_be_assigned(value: object) -> None:
    """OctoPrint's ``_sdCacnelled`` was never reset, and Python accepted it without a word."""
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        value.tries_lfet = 1  # type: ignore[attr-defined]
    assert not hasattr(value, "__dict__")


def test_a_misspelt_change_is_refused() -> None:
    work = Work(Story().machine.config, Memory(State.AWAITING_PIN, TerminalLevels(), Session(1)))
    with pytest.raises(KeyError):
        work.update(tries_lfet=1)
    with pytest.raises(AttributeError):
        work.sesion = None  # type: ignore[attr-defined]


def test_changing_a_session_is_replace_only_faster() -> None:
    session = Session(1)
    for one in fields(Session):
        changes: dict[str, Any] = {one.name: "changed"}
        assert session.but(**changes) == replace(session, **changes)


def test_a_row_for_customers_cannot_run_without_one() -> None:
    work = Work(Story().machine.config, Memory(State.IDLE))
    with pytest.raises(RuntimeError, match="no customer"):
        _ = work.customer
    with pytest.raises(RuntimeError, match="no kind"):
        _ = Session(1).chosen_offer
