"""Guards and deeds about the terminal itself: levels, readiness, and the ends of customers whose process died."""

from dataclasses import replace
from typing import Any

from terminal.fsm.effects import RaiseFault
from terminal.fsm.events import CustomerProcessEnded, FaultCleared, FaultRaised, ResetNotProved, SelfTestFailed
from terminal.fsm.memory import Session
from terminal.fsm.notes import BundleSettled, CustomerEnded, CustomerStarted, FindingClosed, FindingOpened, RefundOwed
from terminal.fsm.states import COLLECTING_STATES, PAPER_STATES, State
from terminal.fsm.values import Delivery, EndReason, Fault, MachineCode
from terminal.fsm.work import Work

TRAY = "tray"
SHEETS_FORGOTTEN = Fault(
    TRAY,
    MachineCode.SHEETS_FORGOTTEN,
    "Take the sheets out of the tray unread, keep them for their owner, then report the tray empty",
)

SHEETS_WAITING_STATES = frozenset({State.REFUNDING, State.RETURNING_SHEETS})
"""Leaving, with an incomplete set perhaps still in the tray."""


# --- guards


def serviceable(work: Work, _event: Any) -> bool:
    """A proved reset is all that is missing."""
    return work.levels.serviceable


def reset_missing(work: Work, _event: Any) -> bool:
    """Only the last reset, not proved, keeps customers away."""
    return work.levels.serviceable and work.levels.unproved_code != ""


def finding_open(work: Work, _event: Any) -> bool:
    """A wrong-person finding waits for a person of the staff."""
    return work.levels.finding


def no_finding_open(work: Work, _event: Any) -> bool:
    """There is no finding yet."""
    return not work.levels.finding


def serviceable_and_finding_open(work: Work, _event: Any) -> bool:
    """The terminal could serve but for the finding."""
    return work.levels.serviceable and work.levels.finding


def boot_makes_serviceable(work: Work, _event: Any) -> bool:
    """With the self-test passed, a proved reset is all that is missing."""
    return work.levels.booted_now().serviceable


def not_booted(work: Work, _event: Any) -> bool:
    """The self-test has not passed since the last failure or start."""
    return not work.levels.booted or work.levels.self_test_code != ""


def restoring_makes_serviceable(work: Work, _event: Any) -> bool:
    """Put back into service, a proved reset is all that is missing."""
    return work.levels.restored().serviceable


def clearing_makes_serviceable(work: Work, event: FaultCleared) -> bool:
    """Without this fault, a proved reset is all that is missing."""
    return work.levels.without_fault(event.device, event.code).serviceable


def empty_tray_makes_serviceable(work: Work, _event: Any) -> bool:
    """Forgotten sheets were all that kept customers away."""
    return sheets_were_forgotten(work, _event) and (
        work.levels.without_fault(TRAY, MachineCode.SHEETS_FORGOTTEN).serviceable
    )


def sheets_were_forgotten(work: Work, _event: Any) -> bool:
    """Somebody's sheets were left in the tray."""
    return work.levels.has_fault(TRAY, MachineCode.SHEETS_FORGOTTEN)


def fault_blocks(_work: Work, event: FaultRaised) -> bool:
    """This fault keeps customers away."""
    return event.fault.blocks_service


# --- deeds


def mark_booted(work: Work, _event: Any) -> None:
    """The self-test passed."""
    work.levels = work.levels.booted_now()


def mark_self_test_failed(work: Work, event: SelfTestFailed) -> None:
    """The self-test failed; only another boot heals it."""
    work.levels = replace(work.levels, self_test_code=event.code)


def withdraw(work: Work, _event: Any) -> None:
    """Staff took the terminal out of service."""
    work.levels = replace(work.levels, withdrawn=True)


def restore(work: Work, _event: Any) -> None:
    """Staff put the terminal back into service."""
    work.levels = work.levels.restored()


def raise_level(work: Work, event: FaultRaised) -> None:
    """Remember a fault level."""
    work.levels = work.levels.with_fault(event.fault)


def clear_level(work: Work, event: FaultCleared) -> None:
    """Forget a fault level."""
    work.levels = work.levels.without_fault(event.device, event.code)


def clear_tray(work: Work, _event: Any) -> None:
    """Nobody's sheets lie in the tray any more."""
    work.levels = work.levels.without_fault(TRAY, MachineCode.SHEETS_FORGOTTEN)


def raise_own_fault(work: Work, fault: Fault) -> None:
    """The machine's own finding about a device: remembered here and told to whoever outlives this machine."""
    work.levels = work.levels.with_fault(fault)
    work.emit(RaiseFault(fault))


def sheets_left_behind(work: Work, _event: Any) -> None:
    """The next customer must not find them (promise P1)."""
    raise_own_fault(work, SHEETS_FORGOTTEN)


def open_finding(work: Work, _event: Any) -> None:
    """Found open in the journal."""
    work.levels = replace(work.levels, finding=True)


def close_finding(work: Work, _event: Any) -> None:
    """Released by a person (promise P6)."""
    work.levels = replace(work.levels, finding=False)
    work.note(FindingClosed())


def accept_proof(work: Work, _event: Any) -> None:
    """The reset is proved."""
    if work.levels.unproved_code:
        work.levels = replace(work.levels, unproved_code="")


def refuse_proof(work: Work, event: ResetNotProved) -> None:
    """The reset is not proved, and why."""
    work.levels = replace(work.levels, unproved_code=event.code)


def reset_hung(work: Work, _event: Any) -> None:
    """No answer is no proof."""
    work.levels = replace(work.levels, unproved_code=MachineCode.RESET_TIMED_OUT)


def start_customer(work: Work, _event: Any) -> None:
    """A fresh generation and a fresh session, by construction."""
    work.levels = work.levels.next_generation()
    work.session = Session(work.levels.generation)
    work.note(CustomerStarted(work.levels.generation))


def settle_dead_process(work: Work, event: CustomerProcessEnded) -> None:
    """What the customer's machine could not finish: the end of an unclean process, its finding, money it owed."""
    generation = work.levels.generation
    if event.owed_yen:
        work.note(RefundOwed(generation, event.owed_yen, MachineCode.PAYMENT_UNKNOWN))
    if event.finding:
        _keep_finding(work)
    if event.sheets:
        sheets_left_behind(work, event)
    if not event.clean:
        work.note(
            CustomerEnded(generation, EndReason.CRASHED, MachineCode.CRASHED, 0, 0, event.owed_yen, impressions=0)
        )


def absorb_end(work: Work, event: CustomerProcessEnded) -> None:
    """The customer's end is journalled already; only a finding outlives it."""
    if event.finding:
        _keep_finding(work)


def end_crashed(work: Work, event: CustomerProcessEnded) -> None:
    """The customer's part died under this very machine: its one end is written here, with what is known."""
    session = work.customer
    # While a fee was being collected nobody can know how much of it is inside.
    collecting = work.state in COLLECTING_STATES
    inside_yen = max(session.choice.fee_yen, session.inserted_yen) if collecting else session.held_yen
    if inside_yen:
        work.note(RefundOwed(session.generation, inside_yen, MachineCode.PAYMENT_UNKNOWN))
    if session.bundle:
        outcome = Delivery.UNKNOWN if work.state in PAPER_STATES else Delivery.NOT_DELIVERED
        work.note(BundleSettled(session.generation, outcome, session.impressions or 0, session.code))
    if _sheets_may_lie(work.state, session):
        sheets_left_behind(work, event)
    absorb_end(work, event)
    work.note(
        CustomerEnded(
            session.generation,
            EndReason.CRASHED,
            session.code or MachineCode.CRASHED,
            session.kept_yen,
            session.refunded_yen,
            session.owed_yen + inside_yen,
            session.impressions or 0,
            session.changed_yen,
        )
    )


def _sheets_may_lie(state: State, session: Session) -> bool:
    """A job was given to the printer, and nobody has said since that its sheets are taken: the next customer may find them."""
    return state in PAPER_STATES or (state in SHEETS_WAITING_STATES and session.impressions != 0)


def _keep_finding(work: Work) -> None:
    if not work.levels.finding:
        work.note(FindingOpened(work.levels.generation, MachineCode.FINDING_OPEN))
    work.levels = replace(work.levels, finding=True)
