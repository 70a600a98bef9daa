"""The table is total, reachable and leads nobody back; a table that is not is refused before a machine runs it."""

from collections import Counter

import pytest

from terminal.fsm import events as ev
from terminal.fsm.effects import EFFECT_TYPES
from terminal.fsm.events import EVENT_TYPES, FENCED_EVENTS
from terminal.fsm.rows import Elsewhere, Part, Row, Verdict, VerdictKind, declined, on
from terminal.fsm.states import CUSTOMER_STATES, PHASES, State
from terminal.fsm.table import PARTS, table
from terminal.fsm.tabling import TableError, build


def problems(parts: tuple[Part, ...]) -> str:
    with pytest.raises(TableError) as caught:
        build(parts)
    return "\n".join(caught.value.problems)


def without(state: State, event: type[ev.Event]) -> tuple[Part, ...]:
    return tuple(part for part in PARTS if not (isinstance(part, Row) and (part.state, part.event) == (state, event)))


def test_every_pair_has_its_verdict() -> None:
    cells = table().cells
    assert len(cells) == len(State) * len(EVENT_TYPES) == 39 * 69
    counted = Counter(cell.verdict.kind for cell in cells.values())
    assert counted == {VerdictKind.HANDLED: 607, VerdictKind.DECLINED: 656, VerdictKind.FAULT: 1428}
    for cell in cells.values():
        assert cell.rows or (cell.otherwise is not None and cell.otherwise.reason)


def test_the_phases_part_the_states() -> None:
    assert sum(len(phase) for phase in PHASES) == len(State)
    assert frozenset().union(*PHASES) == frozenset(State)


def test_every_completion_is_fenced() -> None:
    unfenced = {kind.__name__ for kind in EVENT_TYPES if "Completion of" in (kind.__doc__ or "")} - {
        kind.__name__ for kind in FENCED_EVENTS
    }
    assert unfenced == set()


def test_every_command_carries_its_generation() -> None:
    bare = {"Show", "StartTimer", "StopTimer", "WatchCard", "ForgetPin", "RaiseFault", "Note"}
    assert {kind.__name__ for kind in EFFECT_TYPES if "generation" not in kind.__dataclass_fields__} == bare


def test_every_value_is_frozen_and_slotted() -> None:
    for kind in (*EVENT_TYPES, *EFFECT_TYPES):
        assert vars(kind)["__dataclass_params__"].frozen
        assert "__slots__" in vars(kind)


def test_a_missing_verdict_is_refused() -> None:
    assert "(AwaitingPin, PinEntered): expected exactly one" not in problems(without(State.IDLE, ev.CardInserted))
    parts = tuple(part for part in PARTS if not (isinstance(part, Elsewhere) and ev.KindChosen in part.events))
    assert "(ChoosingScope, KindChosen): expected exactly one written verdict" in problems(parts)


def test_two_verdicts_on_one_pair_are_refused() -> None:
    assert "found 2" in problems((*PARTS, *declined(State.IDLE, ev.PinEntered, "twice")))


def test_a_verdict_without_a_reason_is_refused() -> None:
    bad = Elsewhere((ev.PinEntered,), frozenset({State.IDLE}), Verdict(VerdictKind.DECLINED))
    assert "with a reason" in problems((*PARTS, bad))


def test_a_verdict_that_covers_nothing_is_refused() -> None:
    assert "covers nothing" in problems((*PARTS, *declined(State.IDLE, ev.CardInserted, "never said")))


def test_a_row_behind_one_that_always_applies_is_refused() -> None:
    assert "can never apply" in problems((*PARTS, *on(State.IDLE, ev.CardInserted, then=State.SERVING)))


def test_an_unknown_event_is_refused() -> None:
    assert "no such event" in problems((*PARTS, *on(State.IDLE, str)))


def test_an_orphan_state_is_refused() -> None:
    """``transitions`` itself accepts it."""
    ways_in = (ev.CancelPressed, ev.CardInserted)
    parts = tuple(
        part
        for part in PARTS
        if not (isinstance(part, Row) and part.state is State.VERIFYING and part.event in ways_in)
    )
    assert "CancellingVerification: no row leads here" in problems(parts)


def test_a_state_without_a_way_out_is_refused() -> None:
    parts = tuple(part for part in PARTS if not (isinstance(part, Row) and part.state is State.RESETTING))
    assert "Ending: no row leads from here to Idle" in problems(parts)


def test_a_way_back_from_the_way_out_is_refused() -> None:
    parts = (*without(State.APOLOGISING, ev.ContinuePressed),)
    assert "back to ChoosingKind" in problems(
        (*parts, *on(State.APOLOGISING, ev.ContinuePressed, then=State.CHOOSING_KIND))
    )
    assert "after the end comes the reset" in problems(
        (*without(State.ENDING, ev.TimedOut), *on(State.ENDING, ev.TimedOut, then=State.APOLOGISING))
    )


@pytest.mark.parametrize("state", sorted(CUSTOMER_STATES))
def test_a_customers_situation_without_an_end_in_time_is_refused(state: State) -> None:
    assert f"{state}: expected a row for TimedOut" in problems(without(state, ev.TimedOut))


def test_a_time_out_that_may_lead_nowhere_is_refused() -> None:
    def maybe(_work: object, _event: object) -> bool:
        return False

    parts = (*without(State.PAYING, ev.TimedOut), *on(State.PAYING, ev.TimedOut, when=maybe, then=State.ENDING))
    assert "Paying: a time-out must always lead on" in problems(parts)
    assert "Idle: waits without a bound" in problems((*PARTS, *on(State.IDLE, ev.TimedOut, then=State.RESETTING)))
