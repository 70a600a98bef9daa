"""What must be left of a step: an entry in the journal (P8), levels that are what was told (P2), a screen that says so (P5)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from simulator.explore.broken import hold
from simulator.explore.stepping import Situation, Step
from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm import notes
from terminal.fsm.deeds.service import SHEETS_FORGOTTEN, TRAY
from terminal.fsm.memory import TerminalLevels
from terminal.fsm.screens import show
from terminal.fsm.states import CANCELLING_STATES, CUSTOMER_STATES, State

_JUDGED: Final = (
    ev.PinAccepted, ev.PinRefused, ev.PinBlocked, ev.PinOutcomeUnknown, ev.TextPinRefused, ev.TextPinBlocked,
)  # fmt: skip

ENTRIES: Final[Mapping[type[Any], type[Any]]] = {
    **dict.fromkeys(_JUDGED, notes.PinJudged),
    **dict.fromkeys((ev.GatesPassed, ev.GatesUndecided, ev.GatesDiffered), notes.GatesJudged),
    **dict.fromkeys((ev.RequestCancelFailed, ev.DeliveryReportFailed), notes.CentreNotTold),
    ev.FeeCollected: notes.FeeTaken,
    ev.RefundDone: notes.FeeRefunded,
    ev.SlipFailed: notes.SlipNotPrinted,
    ev.PrintStarted: notes.PointOfNoReturnPassed,
}
"""Events that leave an entry wherever they are taken."""

TIMED_OUT_ENTRIES: Final[Mapping[State, type[Any]]] = {
    State.AUTHENTICATING: notes.PinJudged,
    State.VERIFYING: notes.GatesJudged,
    State.CANCELLING_VERIFICATION: notes.GatesJudged,
    State.CANCELLING_REQUEST: notes.CentreNotTold,
    State.CANCELLING_PAYMENT: notes.RefundOwed,
    State.GIVING_CHANGE: notes.RefundOwed,
    State.CANCELLING_CHANGE: notes.RefundOwed,
    State.REFUNDING: notes.RefundOwed,
}
"""Silence that leaves an entry: nobody knows what came of it, and that is written down."""

_NOTHING_TO_READ: Final = CANCELLING_STATES | {State.ENDING}
"""The customer waits there, or has gone; a finding that comes that late is the staff's to read."""


def watch_record(step: Step) -> None:
    """Hold a step to what it has to leave behind."""
    event, before = step.told.event, step.before
    entry = ENTRIES.get(type(event))
    if isinstance(event, ev.TimedOut):
        entry = TIMED_OUT_ENTRIES.get(before.state)
    if isinstance(event, ev.ChoiceConfirmed) and step.after.state is State.REQUESTING:
        entry = notes.ChoiceMade
    if step.after.state is State.PRINTING and before.state is not State.PRINTING:
        entry = notes.PointOfNoReturnPassed
    if entry is not None:
        written = any(isinstance(effect, fx.Note) and isinstance(effect.entry, entry) for effect in step.effects)
        hold(written, "P8", f"{step.told.kind.__name__} in {before.state} leaves no {entry.__name__} in the journal")
    _watch_levels(step)
    _watch_screen(step)


def _watch_levels(step: Step) -> None:
    event, levels = step.told.event, step.after.memory.levels
    if step.before.state in CUSTOMER_STATES and (
        step.after.state not in CUSTOMER_STATES or isinstance(event, ev.SheetsTaken)
    ):
        return
    hold(_is_remembered(event, levels), "P2", f"{step.told.kind.__name__} in {step.before.state} is not remembered")


def _is_remembered(event: ev.Event, levels: TerminalLevels) -> bool:
    match event:
        case ev.FaultRaised(fault=level):
            return level in levels.faults
        case ev.FaultCleared(device=device, code=code):
            return not levels.has_fault(device, code)
        case ev.SelfTestFailed(code=code):
            return levels.self_test_code == code
        case ev.ResetNotProved(code=code):
            return levels.unproved_code == code
        case _:
            holds = _REMEMBERED.get(type(event))
            return holds is None or holds(levels)


_REMEMBERED: Final[Mapping[type[Any], Callable[[TerminalLevels], bool]]] = {
    ev.BootCompleted: lambda levels: levels.booted and not levels.self_test_code,
    ev.ServiceWithdrawn: lambda levels: levels.withdrawn,
    ev.ServiceRestored: lambda levels: not levels.withdrawn,
    ev.FindingReopened: lambda levels: levels.finding,
    ev.FindingReleased: lambda levels: not levels.finding,
    ev.ResetProved: lambda levels: not levels.unproved_code,
    ev.SheetsTaken: lambda levels: not levels.has_fault(TRAY, SHEETS_FORGOTTEN.code),
}


def _watch_screen(step: Step) -> None:
    """What is on the screen is what the situation has to tell now; a warning is seen."""
    shown = [effect for effect in step.effects if isinstance(effect, fx.Show)]
    if isinstance(step.told.event, ev.TimeoutWarned):
        warned = any(one.warning for one in shown)
        hold(warned, "P5", f"the end of {step.before.state} is near, and nobody is warned")
        return
    if step.before.state in _NOTHING_TO_READ or isinstance(step.told.event, ev.GatesDiffered):
        return
    due = _due(step.after)
    if due is not None and due != _due(step.before):
        hold(bool(shown) and shown[-1] == due, "P5", f"the screen of {step.after.state} does not tell what has changed")


def _due(at: Situation) -> fx.Show | None:
    return show(at.state, at.memory.levels, at.memory.session)
