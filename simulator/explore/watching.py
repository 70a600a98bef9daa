"""Promises that one step of the machine can be held to by itself, and those that a state of machine and world can.

A step is looked at once and a state once, however many paths lead there.
"""

from typing import Any, Final

from simulator.explore.awaiting import AWAITED
from simulator.explore.broken import hold
from simulator.explore.choosing import watch_choice
from simulator.explore.evidence import watch_record
from simulator.explore.reasons import CARD_WAS_TAKEN, watch_reason
from simulator.explore.settings import Setting
from simulator.explore.stepping import Situation, Step
from simulator.explore.world import COLLECT, NOBODYS, PRINT, SCREENS, World
from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm import notes
from terminal.fsm.config import Evidence
from terminal.fsm.deeds.money import MOST_OVER_FEE_YEN
from terminal.fsm.states import (
    CANCELLING_STATES,
    CARD_STATES,
    CUSTOMER_STATES,
    LEAVING_STATES,
    PIN_ASKING_STATES,
    TERMINAL_STATES,
    UNTIMED_STATES,
    State,
)

_FINGERS: Final = (
    ev.PinEntered, ev.ContinuePressed, ev.BackPressed, ev.CancelPressed, ev.KindChosen, ev.ScopeChosen, ev.MembersChosen,
    ev.ItemsChosen, ev.CopiesChosen, ev.ChoiceConfirmed, ev.TimedOut,
)  # fmt: skip
"""A person who acts, and time itself, may start a situation's time over."""

_AFTER_THE_END: Final = LEAVING_STATES | CANCELLING_STATES | {State.PRESENTING}
"""Where a session may be whose end is decided: what is under way is waited for, delivered sheets are taken."""
_STOPS: Final = {State.CANCELLING_PAYMENT: COLLECT, State.CANCELLING_PRINT: PRINT}
_PIN_ON_ITS_WAY: Final = frozenset({State.AUTHENTICATING, State.READING_SUBJECT})
_WELCOME: Final = SCREENS.index(fx.Screen.WELCOME)


def watch_step(step: Step, setting: Setting) -> None:
    """Raise ``Broken`` for a step that breaks a promise whatever the world is."""
    hold_quiet(step)
    _watch_another_card(step)
    if step.quiet:
        return
    what = step.told.kind.__name__
    hold(not step.told.dead, "P2", f"{what} of something that is over was taken for the present customer's")
    _watch_moves(step)
    _watch_time(step)
    _watch_timers(step)
    _watch_finding(step)
    _watch_levels(step)
    _watch_told(step)
    _watch_evidence(step, setting)
    watch_choice(step)
    watch_reason(step)
    watch_record(step)


def hold_quiet(step: Step) -> None:
    """Raise ``Broken`` unless an event that was turned away had no effect but words in the journal."""
    if step.quiet:
        words = all(isinstance(effect, fx.Note | fx.NoteLateCompletion) for effect in step.effects)
        hold(words and step.after is step.before, "P2", f"{step.told.kind.__name__} is turned away and has effects")


def _watch_another_card(step: Step) -> None:
    """Whoever lays a card down after the session's own was taken must not find what the one before was doing."""
    session = step.after.memory.session
    if isinstance(step.told.event, ev.CardInserted) and step.before.state in CARD_WAS_TAKEN and session is not None:
        hold(
            session.end is not None, "P2", f"another card is laid down in {step.before.state}, and the session goes on"
        )


def _watch_moves(step: Step) -> None:
    before, after = step.before.state, step.after.state
    if before in LEAVING_STATES:
        hold(
            after in LEAVING_STATES or after is State.RESETTING,
            "P2",
            f"the way out leads back from {before} to {after}",
        )
    if after in CUSTOMER_STATES and before not in CUSTOMER_STATES:
        inserted = before is State.IDLE and isinstance(step.told.event, ev.CardInserted)
        hold(inserted, "P2", f"a session begins in {before} by {step.told.kind.__name__}")
    if after is State.IDLE and before is not State.IDLE:
        hold(isinstance(step.told.event, ev.ResetProved), "P2", f"idle by {step.told.kind.__name__}, without a proof")
    session = step.after.memory.session
    if isinstance(step.told.event, ev.CancelPressed | ev.TimedOut) and session is not None:
        hold(session.end is not None, "P7", f"{step.told.kind.__name__} in {before} does not end the session")
    if session is not None and session.end is not None:
        hold(after in _AFTER_THE_END, "P7", f"a session that is over goes on in {after}")


def _watch_time(step: Step) -> None:
    timers = [effect.timer for effect in step.effects if isinstance(effect, fx.StartTimer)]
    if timers and step.after is step.before and not isinstance(step.told.event, _FINGERS):
        hold(False, "P7", f"{step.told.kind.__name__} starts {step.before.state}'s time over, and nothing has changed")


def _watch_timers(step: Step) -> None:
    """A situation's timer is started when it is entered and stopped when it is left."""
    before, after = step.before, step.after
    if after is before or after.state is before.state:
        return
    started = any(isinstance(effect, fx.StartTimer) and effect.timer.name is after.state for effect in step.effects)
    hold(started or after.memory.timer is None, "P7", f"the timer that bounds {after.state} is not started")
    stopped = any(isinstance(effect, fx.StopTimer) and effect.timer == before.memory.timer for effect in step.effects)
    hold(stopped or before.memory.timer is None, "P7", f"the timer of {before.state} is not stopped")


def _watch_finding(step: Step) -> None:
    before, after = step.before.memory.levels, step.after.memory.levels
    event = step.told.event
    if before.finding and not after.finding:
        hold(isinstance(event, ev.FindingReleased), "P6", "a finding is released by nobody")
    if isinstance(event, ev.GatesDiffered):
        sealed = any(isinstance(effect, fx.SealFinding) for effect in step.effects)
        hold(
            sealed and after.finding, "P6", "somebody else's paper was found, and the finding is not sealed or not kept"
        )
    if any(isinstance(effect, fx.Note) and isinstance(effect.entry, notes.FindingClosed) for effect in step.effects):
        hold(before.finding, "P6", "a finding is closed that nobody had opened")


def _watch_levels(step: Step) -> None:
    before, after, event = step.before, step.after, step.told.event
    raised = [effect.fault for effect in step.effects if isinstance(effect, fx.RaiseFault)]
    hold(all(level in after.memory.levels.faults for level in raised), "P2", "a fault level is told and not remembered")
    if isinstance(event, ev.FaultRaised) and before.state in CUSTOMER_STATES and after.state is not before.state:
        needed = event.fault.device == "pin_pad" and before.state in PIN_ASKING_STATES
        hold(needed, "P7", f"a fault of {event.fault.device} ends a session that does not need it now")
    if before.state is State.OUT_OF_SERVICE and after.state is State.RESETTING:
        vain = not after.memory.levels.serviceable
        process = isinstance(event, ev.CustomerProcessStarted | ev.CustomerProcessEnded)
        hold(
            process or not vain,
            "P7",
            "devices are reset while something else keeps customers away: hands may be in them",
        )


def _watch_told(step: Step) -> None:
    """What devices and gates tell is believed as far as it can be true, and what was told once is not unlearned."""
    before, after, event = step.before.memory.session, step.after.memory.session, step.told.event
    if isinstance(event, ev.MoneyInserted) and before is not None and after is not None:
        believable = before.inserted_yen < after.inserted_yen <= after.choice.fee_yen + MOST_OVER_FEE_YEN
        hold(believable, "P4", f"{event.inserted_yen} yen are believed to be inserted after {before.inserted_yen}")
    if isinstance(event, ev.PrintProgressed) and after is not None and after.impressions is not None:
        hold(
            after.impressions >= event.impressions,
            "P5",
            f"{event.impressions} sides are out, {after.impressions} remembered",
        )
    judged = [effect.entry for effect in step.effects if isinstance(effect, fx.Note)]
    same = any(isinstance(entry, notes.GatesJudged) and entry.verdict == "same" for entry in judged)
    if same and step.before.state is State.VERIFYING:
        hold(
            isinstance(event, ev.GatesPassed) and event.impressions > 0,
            "P1",
            "sheets are judged the same that are none",
        )


def _watch_evidence(step: Step, setting: Setting) -> None:
    if any(isinstance(effect, fx.OpenSession) for effect in step.effects):
        proof: type[Any] = (
            ev.SubjectRead if setting.config.evidence is Evidence.SERIAL_AND_BASIC_FOUR else ev.PinAccepted
        )
        hold(isinstance(step.told.event, proof), "P1", f"the session is opened without {proof.__name__}")


def watch_state(at: Situation, world: World) -> None:
    """Raise ``Broken`` for a state of machine and world that must not be."""
    state, levels = at.state, at.memory.levels
    hold(bool(levels.finding) or not world.finding, "P6", "a finding is forgotten")
    _watch_timer(at)
    awaited = AWAITED.get(state, 0)
    hold(not awaited or bool(world.busy & awaited), "P7", f"{state} waits for an answer, and nobody was asked")
    stops = _STOPS.get(state, 0)
    hold(not stops or bool(world.stopped & stops), "P7", f"{state} waits for the end of what nobody told to end")
    if world.digits:
        hold(state in _PIN_ON_ITS_WAY, "P3", f"digits are still there in {state}")
    if state in TERMINAL_STATES:
        _watch_terminal(at, world)
    elif state not in CARD_STATES:
        hold(not world.powered, "P3", f"the card still has power in {state}: its PIN stays open")


def _watch_timer(at: Situation) -> None:
    timer = at.memory.timer
    if at.state in UNTIMED_STATES:
        hold(timer is None, "P7", f"a timer runs in {at.state}")
    elif at.memory.levels.booted:
        hold(timer is not None and timer.name is at.state, "P7", f"nothing bounds {at.state}")


def _watch_terminal(at: Situation, world: World) -> None:
    state, levels = at.state, at.memory.levels
    if state is State.SERVING:
        return
    hold(not world.open or state is not State.IDLE, "P8", f"{state}, and a customer's start has no end")
    if state is State.IDLE:
        hold(levels.out_of_service_code() == "", "P2", f"idle in spite of {levels.out_of_service_code()}")
        hold(not levels.finding, "P6", "idle with an open finding")
        hold(world.card == NOBODYS and not world.powered, "P2", "idle, and somebody's card lies on the reader")
        hold(not world.left and not world.tray, "P2", "idle, and somebody's sheets lie in the tray")
        hold(not world.inside and not world.job and not world.busy, "P2", "idle, and money, a job or an answer is left")
        hold(world.screen == _WELCOME, "P5", "idle, and the screen does not say so")
    elif state is State.STOPPED_FOR_FINDING:
        hold(levels.finding, "P6", "stopped for a finding that nobody made")
    elif state is State.OUT_OF_SERVICE:
        hold(levels.out_of_service_code() != "", "P5", "out of service for no reason")


def touches(step: Step) -> bool:
    """Whether the step does anything that the world could tell from nothing."""
    return not step.quiet and (
        step.after is not step.before or any(not isinstance(one, fx.Show) for one in step.effects)
    )
