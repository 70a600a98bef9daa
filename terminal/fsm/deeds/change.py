"""Guards and deeds of change: what was inserted over the fee goes back before anything is printed."""

from typing import Any

from terminal.fsm.deeds.leaving import PAYMENT, owe
from terminal.fsm.deeds.money import LOOK_FOR_MONEY
from terminal.fsm.deeds.service import raise_own_fault
from terminal.fsm.effects import PayChange
from terminal.fsm.events import ChangeFailed, ChangePaid
from terminal.fsm.notes import ChangeGiven, ClaimSettled
from terminal.fsm.values import Fault, MachineCode
from terminal.fsm.work import Work

# --- guards


def change_is_exact(work: Work, event: ChangePaid) -> bool:
    """What went back is what was to go back."""
    return event.amount_yen == work.customer.change_yen


def change_is_short(work: Work, event: ChangePaid) -> bool:
    """Less went back: the fee is covered, and the customer has a claim."""
    return event.amount_yen < work.customer.change_yen


def nothing_is_left(work: Work, event: ChangePaid) -> bool:
    """The device says that it gave back all that was inside, or more."""
    return event.amount_yen >= work.customer.held_yen


def claim_is_void(work: Work, event: ChangePaid) -> bool:
    """All that was given up as unknown went back."""
    return event.amount_yen >= work.customer.owed_yen > 0


# --- deeds


def pay_change(work: Work, _event: Any) -> None:
    """Everything over the fee."""
    session = work.customer
    due_yen = session.held_yen - session.choice.fee_yen
    work.update(change_yen=due_yen)
    work.emit(PayChange(session.generation, due_yen))


def change_paid(work: Work, event: ChangePaid) -> None:
    """More than was inside is not believed."""
    _give(work, min(event.amount_yen, work.customer.held_yen))
    work.update(change_yen=0)


def change_overpaid(work: Work, event: ChangePaid) -> None:
    """A device that gives away the fee has to be looked at before the next customer."""
    change_paid(work, event)
    raise_own_fault(work, Fault(PAYMENT, MachineCode.CHANGE_WRONG_AMOUNT, LOOK_FOR_MONEY))


def owe_missing_change(work: Work, _event: Any) -> None:
    """The sheet is still wanted: only the missing change becomes a claim."""
    _owe_over_fee(work, MachineCode.CHANGE_WRONG_AMOUNT)


def change_failed(work: Work, event: ChangeFailed) -> None:
    """What did not come back is owed; the fee is covered, so the sheet is printed."""
    learn_change_failed(work, event)
    _owe_over_fee(work, event.code)


def learn_change_failed(work: Work, event: ChangeFailed) -> None:
    """What went back before the failure; a device that says it kept nothing, or too much, is not believed."""
    paid_yen = _paid_before_failure(work, event)
    work.update(change_yen=0)
    if paid_yen:
        _give(work, paid_yen)


def change_unknown(work: Work, _event: Any) -> None:
    """The device never answered: everything is owed until somebody has looked."""
    held_yen = work.customer.held_yen
    work.update(held_yen=0)
    owe(work, held_yen, MachineCode.CHANGE_TIMED_OUT, LOOK_FOR_MONEY)


def settle_claim_by_change(work: Work, event: ChangePaid) -> None:
    """The device gave change after all; the rest is known to be inside, and is held again."""
    _settle(work, min(event.amount_yen, work.customer.owed_yen))


def settle_claim_by_failure(work: Work, event: ChangeFailed) -> None:
    """The device told late what it kept: known to be inside, and held again."""
    _settle(work, _paid_before_failure(work, event))


def _paid_before_failure(work: Work, event: ChangeFailed) -> int:
    due_yen = work.customer.change_yen
    return due_yen - event.kept_yen if 0 < event.kept_yen <= due_yen else 0


def _give(work: Work, amount_yen: int) -> None:
    session = work.customer
    work.update(held_yen=session.held_yen - amount_yen, changed_yen=session.changed_yen + amount_yen)
    work.note(ChangeGiven(session.generation, amount_yen))


def _owe_over_fee(work: Work, code: str) -> None:
    session = work.customer
    fee_yen = session.choice.fee_yen
    missing_yen = session.held_yen - fee_yen
    work.update(held_yen=fee_yen)
    owe(work, missing_yen, code, LOOK_FOR_MONEY)


def _settle(work: Work, paid_yen: int) -> None:
    session = work.customer
    claim_yen = session.owed_yen
    work.update(owed_yen=0, held_yen=claim_yen, change_yen=0)
    if paid_yen:
        _give(work, paid_yen)
    work.note(ClaimSettled(session.generation, claim_yen))
