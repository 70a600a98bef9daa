"""Events that nobody asked for: one of every type, tried in every situation of the machine.

Most touch nothing, and the world need not hear of them. Those that do are moves, each for a fault. Not among them, because they
are no device's word: the proof of a reset that nobody began, and a process that nobody started (the supervisor's own calls), and
an empty tray that is not empty (no sensor tells one from the other).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from simulator.explore.broken import Broken
from simulator.explore.faults import FaultKind, fault
from simulator.explore.people import Move
from simulator.explore.settings import CHANGE_LOW, FEE_YEN, OVER_YEN, PRINTER_OUT
from simulator.explore.stepping import Situation, Stepper
from simulator.explore.telling import DEAD, LIVE, Told, told
from simulator.explore.watching import touches
from simulator.explore.world import (
    BABBLED,
    CANCEL_REQUEST,
    CARD_LANE,
    CHANGE,
    COLLECT,
    FOUND_NOW,
    PAGES,
    PAYMENT_LANE,
    PRINT,
    REFUND,
    REPORT,
    REQUEST,
    TELLING,
    VERIFY,
    World,
)
from terminal.fsm import events as ev
from terminal.fsm.memory import Memory
from terminal.fsm.states import State
from terminal.fsm.values import Offer, Slip, TimerId

_CARD: Final = (
    ev.CardFailed, ev.CardRead, ev.PinAccepted, ev.PinRefused, ev.PinBlocked, ev.PinOutcomeUnknown, ev.SubjectRead,
    ev.TextPinNeeded, ev.TextPinRefused, ev.TextPinBlocked, ev.SubjectFailed, ev.SessionOpened, ev.SessionRefused,
    ev.SessionFailed,
)  # fmt: skip
_PRINTER: Final = (
    ev.PrintStarted, ev.PrintProgressed, ev.PrintCompleted, ev.PrintFailed, ev.PrintCanceled, ev.PrintTimedOut,
)  # fmt: skip

ASKED_FOR: Final[Mapping[type[Any], int]] = {
    **dict.fromkeys(_CARD, CARD_LANE),
    **dict.fromkeys((ev.MoneyInserted, ev.FeeCollected, ev.PaymentFailed, ev.PaymentCanceled), COLLECT),
    **dict.fromkeys((ev.ChangePaid, ev.ChangeFailed), CHANGE),
    **dict.fromkeys((ev.RefundDone, ev.RefundFailed), REFUND),
    **dict.fromkeys((ev.BundleReceived, ev.IssuanceRefused, ev.IssuanceFailed, ev.IssuanceTimedOut), REQUEST),
    **dict.fromkeys((ev.RequestCancelled, ev.RequestCancelFailed), CANCEL_REQUEST),
    **dict.fromkeys((ev.GatesPassed, ev.GatesUndecided, ev.GatesDiffered), VERIFY),
    **dict.fromkeys(_PRINTER, PRINT),
    **dict.fromkeys((ev.DeliveryReported, ev.DeliveryReportFailed), REPORT),
    **dict.fromkeys((ev.SlipPrinted, ev.SlipFailed), TELLING & ~REPORT),
}
"""Whose answer each type is; while that command is under way it is no babble but the answer."""

_DEVICES: Final = {
    CARD_LANE: "card", COLLECT: "payment", CHANGE: "payment", REFUND: "payment", REQUEST: "centre", CANCEL_REQUEST: "centre",
    VERIFY: "gate", PRINT: "printer", REPORT: "centre", TELLING & ~REPORT: "receipt printer",
}  # fmt: skip
BABBLES: Final = {device: fault(FaultKind.BABBLES, device) for device in dict.fromkeys(_DEVICES.values())}


def _completions(g: int) -> tuple[ev.Event, ...]:
    offer = Offer("seal", None, FEE_YEN, ("self",), (), 1)
    return (
        ev.CardFailed(g, "CARD_HANGS"), ev.CardRead(g, 3), ev.PinAccepted(g), ev.PinRefused(g, 2), ev.PinBlocked(g),
        ev.PinOutcomeUnknown(g, 2), ev.SubjectRead(g), ev.TextPinNeeded(g, 2), ev.TextPinRefused(g, 2),
        ev.TextPinBlocked(g), ev.SubjectFailed(g, "CARD_BAD_FILE"), ev.SessionOpened(g, (offer,), 1, 0),
        ev.SessionRefused(g, "REFUSED_UNDER_15"), ev.SessionFailed(g, "CENTRE_UNREACHABLE"), ev.BundleReceived(g),
        ev.IssuanceRefused(g, "REFUSED_MAINTENANCE"), ev.IssuanceFailed(g, "CENTRE_UNREACHABLE"), ev.IssuanceTimedOut(g),
        ev.RequestCancelled(g), ev.RequestCancelFailed(g, "CENTRE_UNREACHABLE"), ev.DeliveryReported(g),
        ev.DeliveryReportFailed(g, "CENTRE_UNREACHABLE"), ev.MoneyInserted(g, FEE_YEN), ev.FeeCollected(g, FEE_YEN),
        ev.PaymentFailed(g, "PAYMENT_DECLINED"), ev.PaymentFailed(g, "PAYMENT_MONEY_HELD", FEE_YEN), ev.PaymentCanceled(g),
        ev.PaymentCanceled(g, FEE_YEN), ev.ChangePaid(g, OVER_YEN), ev.ChangeFailed(g, "COINS_HOPPER_EMPTY", OVER_YEN),
        ev.RefundDone(g, FEE_YEN), ev.RefundFailed(g, "PAYMENT_REFUND_FAILED", FEE_YEN), ev.SlipPrinted(g, Slip.RECEIPT),
        ev.SlipFailed(g, Slip.CLAIM, "RECEIPT_PAPER_OUT"), ev.GatesPassed(g, PAGES),
        ev.GatesUndecided(g, "GATE_CHARACTER_VARIANT"), ev.GatesDiffered(g, "GATE_OTHER_CARD"), ev.PrintStarted(g),
        ev.PrintProgressed(g, 1), ev.PrintCompleted(g, PAGES), ev.PrintFailed(g, "PRINTER_PAPER_JAMMED", None),
        ev.PrintCanceled(g, 0), ev.PrintTimedOut(g, "PRINTER_JOB_LOST", 0), ev.ResetProved(g),
        ev.ResetNotProved(g, "PRINTER_JOBS_LEFT"),
    )  # fmt: skip


_OTHERS: Final[tuple[ev.Event, ...]] = (
    ev.CardInserted(), ev.CardRemoved(), ev.CardSwapped(), ev.PinEntered(), ev.ContinuePressed(), ev.BackPressed(),
    ev.CancelPressed(), ev.KindChosen(0), ev.KindChosen(1), ev.ScopeChosen("self"), ev.MembersChosen((0,)),
    ev.ItemsChosen(()), ev.CopiesChosen(1), ev.ChoiceConfirmed(), ev.SheetsTaken(), ev.BootCompleted(),
    ev.SelfTestFailed("SELF_TEST_FILES"), ev.ServiceWithdrawn(), ev.ServiceRestored(), ev.FaultRaised(PRINTER_OUT),
    ev.FaultRaised(CHANGE_LOW), ev.FaultCleared(PRINTER_OUT.device, PRINTER_OUT.code), ev.FindingReopened(),
    ev.FindingReleased(), ev.CustomerProcessStarted(), ev.CustomerProcessEnded(clean=True),
)  # fmt: skip

LIVE_COMPLETIONS: Final = tuple(told(event) for event in _completions(LIVE))
EVERYTHING: Final = (*LIVE_COMPLETIONS, *(told(event) for event in _OTHERS))
"""At least one of every type, time's own aside: those carry the situation's timer."""
DEAD_COMPLETIONS: Final = tuple(told(event) for event in _completions(DEAD))


def of_time(memory: Memory) -> tuple[Told, ...]:
    """The present timer's warning and expiry, and those of timers that were stopped; without a timer, of one that never ran."""
    timer = memory.timer or TimerId(memory.state, LIVE)
    stale = (TimerId(timer.name, DEAD), TimerId(State.REFUNDING, DEAD))
    return (
        *(told(kind(timer)) for kind in (ev.TimeoutWarned, ev.TimedOut)),
        *(told(kind(other)) for other in stale for kind in (ev.TimeoutWarned, ev.TimedOut)),
    )


def everything(at: Situation) -> Iterable[Told]:
    """Every event that is tried in ``at`` whatever the world is: asked for or not, of the living and the dead."""
    yield from EVERYTHING
    yield from DEAD_COMPLETIONS
    yield from of_time(at.memory)


def babbles(at: Situation, world: World, stepper: Stepper) -> Iterator[Move]:
    """The answers that nobody asked for and that the machine takes for something all the same."""
    if at.babbles is None:
        at.babbles = tuple(one for one in LIVE_COMPLETIONS if one.kind in ASKED_FOR and _touches(at, one, stepper))
    for one in at.babbles:
        lane = ASKED_FOR[one.kind]
        if world.busy & (PAYMENT_LANE if lane & PAYMENT_LANE else lane):
            continue
        after = world
        if lane & PAYMENT_LANE:
            after = world.but(untold=BABBLED)
        elif one.kind is ev.GatesDiffered:
            after = world.but(finding=world.finding | FOUND_NOW)
        yield one, after, BABBLES[_DEVICES[lane]]


def _touches(at: Situation, one: Told, stepper: Stepper) -> bool:
    try:
        return touches(stepper.step(at, one))
    except Broken:
        # It breaks a promise by itself: a move like any other, and the search tells of it.
        return True
