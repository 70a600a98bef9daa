"""Deeds that end a session: the reason is set once, money and sheets decide where the way out leads."""

from dataclasses import replace
from typing import Any

from terminal.fsm.deeds.service import raise_own_fault
from terminal.fsm.effects import EndCustomer, ForgetPin, PrintSlip, ReleaseCard
from terminal.fsm.notes import CustomerEnded, RefundOwed
from terminal.fsm.values import EndReason, Fault, Slip
from terminal.fsm.work import Deed, Work

PAYMENT = "payment"


def end_as(reason: EndReason, code: str | None = None) -> Deed:
    """The session ends for ``reason``; ``code`` None takes the event's. The first reason stays: what follows is clearing up."""

    def deed(work: Work, event: Any) -> None:
        if work.customer.end is None:
            work.update(end=reason, code=event.code if code is None else code)

    deed.__name__ = f"end_as_{reason}"
    return deed


def release_card(work: Work, _event: Any) -> None:
    """PIN status lives until power-off, digits until wiped."""
    work.emit(ForgetPin())
    work.emit(ReleaseCard(work.customer.generation))


def forget_pin(work: Work, _event: Any) -> None:
    """The digits have gone their one way (promise P3)."""
    work.emit(ForgetPin())


def owe(work: Work, amount_yen: int, code: str, action: str) -> None:
    """The customer has a claim, and the payment device a fault until somebody has looked."""
    session = work.customer
    work.update(owed_yen=session.owed_yen + amount_yen)
    work.note(RefundOwed(session.generation, amount_yen, code))
    raise_own_fault(work, Fault(PAYMENT, code, action))


def holds_money(work: Work, _event: Any) -> bool:
    """The customer's money is inside the terminal."""
    return work.customer.held_yen > 0


def leaves_on_own_account(work: Work, _event: Any) -> bool:
    """Cancelled or walked away: there is nothing to explain."""
    return work.customer.end in (EndReason.CANCELLED, EndReason.LEFT)


def journal_end(work: Work) -> None:
    """Entry to Ending: the digits and the card's power go, a claim is printed, the one end of the session is journalled."""
    session = work.customer
    work.emit(ForgetPin())
    work.emit(ReleaseCard(session.generation))
    if session.owed_yen:
        work.emit(PrintSlip(session.generation, Slip.CLAIM, session.owed_yen))
    work.note(
        CustomerEnded(
            session.generation,
            session.end or EndReason.COMPLETED,
            session.code,
            session.kept_yen,
            session.refunded_yen,
            session.owed_yen,
            session.impressions or 0,
            session.changed_yen,
        )
    )


def end_customer(work: Work) -> None:
    """Last of all on entry to Ending: whoever runs the session forgets it now."""
    session = work.customer
    work.emit(EndCustomer(session.generation, session.end or EndReason.COMPLETED, session.finding))


def find(work: Work, code: str) -> None:
    """A wrong-person finding: it overrides every other reason, and outlives the session (promise P6)."""
    work.update(finding=True, end=EndReason.FINDING, code=code)
    work.levels = replace(work.levels, finding=True)
