"""Honest reasons (P5): a session ends for what happened, and says so before its customer is sent away."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from simulator.explore.broken import hold
from simulator.explore.stepping import Step
from terminal.fsm import events as ev
from terminal.fsm.memory import Memory
from terminal.fsm.states import (
    CANCELLABLE_STATES,
    CARD_REMOVAL_STATES,
    CARD_STATES,
    COLLECTING_STATES,
    LEAVING_STATES,
    PIN_ASKING_STATES,
    State,
)
from terminal.fsm.values import EndReason

Fits: TypeAlias = Callable[[Any, Memory], bool]

_PIN_JUDGED: Final = (
    ev.CardRead, ev.PinRefused, ev.PinBlocked, ev.PinOutcomeUnknown, ev.TextPinNeeded, ev.TextPinRefused, ev.TextPinBlocked,
)  # fmt: skip
CARD_WAS_TAKEN: Final = CANCELLABLE_STATES - CARD_STATES - CARD_REMOVAL_STATES | {State.CANCELLING_PAYMENT}
"""Another card ends a session here; in ``CancellingPayment`` one that went only a step back."""
_PRINT_ENDED: Final = (ev.PrintCompleted, ev.PrintFailed, ev.PrintCanceled, ev.PrintTimedOut)


def _by(*kinds: type[Any]) -> Fits:
    def fits(event: Any, _before: Memory) -> bool:
        return isinstance(event, kinds)

    return fits


def _swapped(event: Any, before: Memory) -> bool:
    """In place of the session's own card, or laid down after that was taken: then somebody else stands there."""
    return isinstance(event, ev.CardSwapped) or (isinstance(event, ev.CardInserted) and before.state in CARD_WAS_TAKEN)


def _locked(event: Any, _before: Memory) -> bool:
    return isinstance(event, _PIN_JUDGED) and not getattr(event, "tries_left", 0)


def _uncounted(event: Any, _before: Memory) -> bool:
    return isinstance(event, ev.PinOutcomeUnknown) and event.tries_left is None


def _refused(event: Any, _before: Memory) -> bool:
    if isinstance(event, ev.SessionOpened):
        return all(offer.refusal is not None for offer in event.offers)
    return isinstance(event, ev.SessionRefused | ev.IssuanceRefused)


def _out_of_order(event: Any, before: Memory) -> bool:
    if isinstance(event, ev.FaultRaised):
        return event.fault.blocks_service and event.fault.device == "pin_pad" and before.state in PIN_ASKING_STATES
    delivering = isinstance(event, ev.ChoiceConfirmed | ev.GatesPassed)
    return delivering and any(
        level.blocks_service and level.device in ("printer", "payment") for level in before.levels.faults
    )


def _completed(event: Any, before: Memory) -> bool:
    return isinstance(event, ev.PrintCompleted) and _expected(before) == event.impressions


def _print_failed(event: Any, before: Memory) -> bool:
    return isinstance(event, _PRINT_ENDED) and not _completed(event, before)


def _expected(before: Memory) -> int | None:
    return before.session.expected_impressions if before.session is not None else None


def _undecided(event: Any, _before: Memory) -> bool:
    return isinstance(event, ev.GatesUndecided) or (isinstance(event, ev.GatesPassed) and event.impressions == 0)


def _not_paid(event: Any, before: Memory) -> bool:
    fee_yen = before.session.choice.fee_yen if before.session is not None else 0
    change_yen = before.session.change_yen if before.session is not None else 0
    match event:
        case ev.FeeCollected():
            return bool(event.amount_yen < fee_yen)
        case ev.ChangePaid():
            return bool(event.amount_yen > change_yen)
        case ev.PaymentFailed() | ev.TimedOut():
            return True
        case _:
            return False


_FITS: Final[Mapping[EndReason, Fits]] = {
    EndReason.COMPLETED: _completed,
    EndReason.CANCELLED: _by(ev.CancelPressed, ev.PaymentCanceled, ev.FeeCollected),
    EndReason.LEFT: _by(ev.TimedOut),
    EndReason.CARD_FORGOTTEN: _by(ev.TimedOut),
    EndReason.SHEETS_FORGOTTEN: _by(ev.TimedOut),
    EndReason.CARD_REMOVED: _by(ev.CardRemoved),
    EndReason.CARD_SWAPPED: _swapped,
    EndReason.CARD_FAILED: _by(ev.CardFailed),
    EndReason.PIN_LOCKED: _locked,
    EndReason.PIN_UNKNOWN: _uncounted,
    EndReason.SUBJECT_FAILED: _by(ev.SubjectFailed),
    EndReason.REFUSED: _refused,
    EndReason.CENTRE_FAILED: _by(ev.SessionFailed, ev.IssuanceFailed),
    EndReason.PAYMENT_FAILED: _not_paid,
    EndReason.UNDECIDED: _undecided,
    EndReason.FINDING: _by(ev.GatesDiffered),
    EndReason.PRINT_FAILED: _print_failed,
    EndReason.OUT_OF_ORDER: _out_of_order,
    EndReason.TIMED_OUT: _by(ev.TimedOut, ev.IssuanceTimedOut),
}

_GOES_WITHOUT_A_WORD: Final = frozenset(
    {
        EndReason.CANCELLED,
        EndReason.LEFT,
        EndReason.CARD_FORGOTTEN,
        EndReason.COMPLETED,
        EndReason.SHEETS_FORGOTTEN,
        None,
    }
)
"""The customer's own doing, or seen on the screen before: there is nothing to explain."""
_EXPLAINED: Final = frozenset({State.APOLOGISING, State.PIN_LOCKED, State.RETURNING_CARD, State.RETURNING_SHEETS})
"""Situations whose screen tells the reason."""


def watch_reason(step: Step) -> None:
    """Hold the reason that a step gives to what happened."""
    before, after = step.before.memory.session, step.after.memory.session
    if before is None or after is None:
        return
    if after.end is not before.end and after.end is not None:
        fits = _FITS[after.end](step.told.event, step.before.memory)
        hold(fits, "P5", f"{step.told.kind.__name__} in {step.before.state} ends the session as {after.end}")
    if after.end is not None and before.end is None and step.after.state in LEAVING_STATES:
        hold(
            bool(after.code) or after.end is EndReason.COMPLETED,
            "P5",
            f"the session ends as {after.end} without a code",
        )
    if isinstance(step.told.event, ev.PaymentFailed) and step.after.state is State.CONFIRMING:
        hold(after.notice == step.told.event.code, "P5", "the payment failed, and the customer is not told why")
    if isinstance(step.told.event, ev.TimedOut) and step.before.state is State.PRESENTING:
        hold(
            after.end is EndReason.SHEETS_FORGOTTEN, "P5", f"sheets were forgotten, and the session ends as {after.end}"
        )
    if step.after.state is State.ENDING and step.before.state is not State.ENDING:
        own = after.end in _GOES_WITHOUT_A_WORD
        explained = step.before.state in _EXPLAINED - {State.RETURNING_CARD} or _walked_away(step)
        hold(own or explained, "P5", f"the customer of a session that ended as {after.end} is told nothing")


def _walked_away(step: Step) -> bool:
    """Nobody stands there whom a word could reach, or the device itself has told of it."""
    return isinstance(step.told.event, ev.TimedOut) or step.before.state in COLLECTING_STATES
