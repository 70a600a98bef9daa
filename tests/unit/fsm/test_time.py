"""Time comes in as events: a warning before every end, and no timer of the past can end the present."""

import pytest

from terminal.fsm import events as ev
from terminal.fsm.config import DEFAULT_LIMITS, Limit, MachineConfig
from terminal.fsm.effects import StartTimer, StopTimer
from terminal.fsm.rows import VerdictKind
from terminal.fsm.states import CUSTOMER_STATES, UNTIMED_STATES, UNWARNED_STATES, State
from terminal.fsm.values import TimerId
from tests.unit.fsm.story import Story


def test_every_situation_that_can_last_has_a_bound_and_every_customers_one_a_warning() -> None:
    assert set(DEFAULT_LIMITS) == frozenset(State) - UNTIMED_STATES
    for state in CUSTOMER_STATES - UNWARNED_STATES:
        assert DEFAULT_LIMITS[state].warn_after_s is not None


def test_entering_starts_a_timer_and_leaving_stops_it() -> None:
    story = Story()
    effects = story.tell(ev.CardInserted())
    started = next(effect for effect in effects if isinstance(effect, StartTimer))
    assert started == StartTimer(TimerId(State.READING_CARD, 1), 5, 15)
    assert StopTimer(started.timer) in story.tell(lambda g: ev.CardRead(g, 3))


def test_the_warning_says_how_long_is_left_and_changes_nothing_else() -> None:
    story = Story().until_pin()
    before = story.machine.memory
    story.warn()
    assert story.machine.memory == before
    assert (story.shown.warning, story.shown.ends_in_s) == (True, 20)


def test_i_am_still_here_starts_the_time_over() -> None:
    story = Story().until_pin()
    first = story.machine.memory.timer
    story.tell(ev.ContinuePressed())
    assert story.at(State.AWAITING_PIN)
    assert story.machine.memory.timer != first


def test_a_time_out_that_was_posted_before_its_timer_stopped_touches_nothing() -> None:
    story = Story().until_pin()
    stale = story.machine.memory.timer
    assert stale is not None
    story.tell(ev.ContinuePressed())
    before = story.machine.memory
    for event in (ev.TimedOut(stale), ev.TimeoutWarned(stale)):
        assert story.tell(event) == ()
        assert story.verdict is VerdictKind.LATE
        assert story.machine.memory == before


def test_a_store_may_set_its_own_limits() -> None:
    config = MachineConfig(limits={State.PAYING: Limit(300, 200)})
    story = Story(config).until_paying()
    assert story.all(StartTimer)[-1].expire_after_s == 300
    assert config.limits[State.PRINTING] == DEFAULT_LIMITS[State.PRINTING]


@pytest.mark.parametrize(
    ("state", "limit", "said"),
    [
        (State.IDLE, Limit(5), "without a bound"),
        (State.PAYING, Limit(5), "a warning"),
        (State.ENDING, Limit(5, 2), "no warning"),
    ],
)
def test_limits_that_make_no_sense_are_refused(state: State, limit: Limit, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        MachineConfig(limits={state: limit})


def test_a_limit_ends_and_is_announced_before_it_ends() -> None:
    for expire, warn in ((0, None), (5, 5), (5, 0)):
        with pytest.raises(ValueError, match="expected"):
            Limit(expire, warn)
