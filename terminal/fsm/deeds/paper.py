"""Guards and deeds from the gates to the tray."""

from typing import Any, Protocol

from terminal.fsm.deeds.leaving import find
from terminal.fsm.deeds.service import sheets_left_behind
from terminal.fsm.effects import CancelPrint, KeepFee, PrintSlip, ReportDelivery, SealFinding, StartPrint
from terminal.fsm.events import GatesDiffered, GatesPassed, PrintProgressed
from terminal.fsm.notes import BundleSettled, FindingOpened, GatesJudged, PointOfNoReturnPassed
from terminal.fsm.values import Delivery, EndReason, MachineCode, Slip
from terminal.fsm.work import Work


class Counted(Protocol):
    """An event that tells how many page sides are out."""

    @property
    def impressions(self) -> int | None:
        """None: nobody knows."""
        ...


class Coded(Protocol):
    """An event that tells why."""

    @property
    def code(self) -> str:
        """From the catalogue of the gates or the printer."""
        ...


# --- guards


def something_to_print(_work: Work, event: GatesPassed) -> bool:
    """A verified job of no page sides is no job."""
    return event.impressions > 0


def every_impression_out(work: Work, event: Counted) -> bool:
    """Gate D: completed impressions equal the pages of our job. Missing data is no match."""
    expected = work.customer.expected_impressions
    return expected is not None and event.impressions == expected


def first_sheet_out(_work: Work, event: PrintProgressed) -> bool:
    """A side is out: whatever was said before, the point of no return has passed."""
    return event.impressions > 0


def more_sheets_out(work: Work, event: PrintProgressed) -> bool:
    """The job goes on. Bounded by the job's own size, so that a printer that counts for ever still times out."""
    session = work.customer
    return (session.impressions or 0) < event.impressions <= (session.expected_impressions or 0)


def sheets_may_lie_there(work: Work, event: Counted) -> bool:
    """Only a known nought is nought."""
    return event.impressions is None or event.impressions > 0 or work.customer.impressions != 0


def sheets_remembered(work: Work, _event: Any) -> bool:
    """Sheets of an incomplete set may lie in the tray."""
    return work.customer.impressions != 0


# --- deeds: gates


def pass_gates(work: Work, event: GatesPassed) -> None:
    """Every sheet is proved to be this customer's; what may be printed is remembered by its size."""
    session = work.update(expected_impressions=event.impressions)
    work.note(GatesJudged(session.generation, "same", ""))


def note_passed(work: Work, _event: Any) -> None:
    """Passed, but not wanted any more."""
    work.note(GatesJudged(work.customer.generation, "same", ""))


def note_undecided(work: Work, event: Coded) -> None:
    """Not printed; the customer is sent to the counter."""
    work.note(GatesJudged(work.customer.generation, "undecided", event.code))


def note_nothing_to_print(work: Work, _event: Any) -> None:
    """A job without pages."""
    work.note(GatesJudged(work.customer.generation, "undecided", MachineCode.NOTHING_TO_PRINT))


def note_gates_hung(work: Work, _event: Any) -> None:
    """No verdict in time is no verdict."""
    work.note(GatesJudged(work.customer.generation, "undecided", MachineCode.GATES_TIMED_OUT))


def stop_for_finding(work: Work, event: GatesDiffered) -> None:
    """Somebody else's paper: seal the evidence, stop the terminal (promise P6)."""
    find(work, event.code)
    generation = work.customer.generation
    work.note(GatesJudged(generation, "different", event.code))
    work.note(FindingOpened(generation, event.code))
    work.emit(SealFinding(generation, event.code))


# --- deeds: the job


def start_print(work: Work, _event: Any) -> None:
    """Only what passed in this very session, and is not given up since, is ever printed."""
    session = work.customer
    if session.expected_impressions is None:
        raise RuntimeError("the table starts to print what has not passed the gates")
    work.emit(StartPrint(session.generation, session.expected_impressions))


def pass_no_return(work: Work, _event: Any) -> None:
    """From here on the customer cannot cancel."""
    work.note(PointOfNoReturnPassed(work.customer.generation))


def learn_progress(work: Work, event: PrintProgressed) -> None:
    """How many sides are out, and what the printer waits for."""
    seen = work.customer.impressions or 0
    work.update(impressions=max(seen, event.impressions), waiting_for=event.waiting_for)


def cancel_print(work: Work, _event: Any) -> None:
    """Its completion tells what came of it."""
    work.emit(CancelPrint(work.customer.generation))


def learn_impressions(work: Work, event: Counted) -> None:
    """What may lie in the tray: the most that was ever said, unknown if anybody said so."""
    seen = work.customer.impressions
    known = None if seen is None or event.impressions is None else max(seen, event.impressions)
    work.update(impressions=known)


def distrust_tray(work: Work, event: Counted) -> None:
    """Nobody knows whether the job has ended: sheets may come out after the customer has gone, so a clerk has to look."""
    if event.impressions is None:
        sheets_left_behind(work, event)


def impressions_unknown(work: Work, _event: Any) -> None:
    """The printer never told."""
    work.update(impressions=None)


# --- deeds: how the bundle ended


def settle_undelivered(work: Work, _event: Any) -> None:
    """The one report for this bundle, which did not become the customer's sheets."""
    printed = work.customer.impressions
    if printed is None:
        _settle(work, Delivery.UNKNOWN, 0)
    elif printed > 0:
        _settle(work, Delivery.PARTLY_DELIVERED, printed)
    else:
        _settle(work, Delivery.NOT_DELIVERED, 0)


def give_up_bundle(work: Work, _event: Any) -> None:
    """Passed and never printed: settled once, and nothing of it can be printed later."""
    settle_undelivered(work, _event)
    work.update(expected_impressions=None, inserted_yen=0)


def deliver(work: Work, event: Counted) -> None:
    """Every sheet is out: the money is earned, and a cancellation that came too late is void."""
    session = work.customer
    if session.held_yen:
        work.emit(KeepFee(session.generation, session.held_yen))
    work.update(
        impressions=event.impressions,
        kept_yen=session.held_yen,
        held_yen=0,
        end=EndReason.COMPLETED,
        code="",
        waiting_for="",
    )
    _settle(work, Delivery.DELIVERED, event.impressions or 0)
    if session.choice.fee_yen:
        work.emit(PrintSlip(session.generation, Slip.RECEIPT, session.choice.fee_yen))


def forget_sheets(work: Work, _event: Any) -> None:
    """The customer walked away from delivered sheets."""
    work.update(end=EndReason.SHEETS_FORGOTTEN, code=MachineCode.SHEETS_FORGOTTEN)


def _settle(work: Work, outcome: Delivery, impressions: int) -> None:
    session = work.customer
    if not session.bundle:
        return
    work.update(bundle=False)
    # A customer who may pay again has a notice and no end.
    code = session.code or session.notice
    work.note(BundleSettled(session.generation, outcome, impressions, code))
    work.emit(ReportDelivery(session.generation, outcome, impressions, code))
