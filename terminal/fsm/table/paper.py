"""The table, part 5: the gates, the point of no return, and the tray. Nothing is shown as done before Presenting.

Between gates and print stands the money (``money.py``).
"""

from typing import Any

from terminal.fsm.deeds import choosing, money, paper
from terminal.fsm.deeds.leaving import end_as, holds_money
from terminal.fsm.deeds.service import sheets_left_behind
from terminal.fsm.deeds.timing import show_again
from terminal.fsm.events import (
    CancelPressed,
    GatesDiffered,
    GatesPassed,
    GatesUndecided,
    PrintCanceled,
    PrintCompleted,
    PrintFailed,
    PrintProgressed,
    PrintStarted,
    PrintTimedOut,
    SheetsTaken,
    TimedOut,
)
from terminal.fsm.rows import Part, Row, States, on
from terminal.fsm.states import State
from terminal.fsm.table.request import BY_CUSTOMER
from terminal.fsm.values import EndReason, MachineCode
from terminal.fsm.work import Deed

VERIFYING = State.VERIFYING
CANCELLING_VERIFICATION = State.CANCELLING_VERIFICATION
STARTING_PRINT = State.STARTING_PRINT
PRINTING = State.PRINTING
CANCELLING_PRINT = State.CANCELLING_PRINT
AT_PRINTER = (STARTING_PRINT, PRINTING, CANCELLING_PRINT)


def leave_after_print(states: States, events: type[Any] | tuple[type[Any], ...], *do: Deed) -> tuple[Row, ...]:
    """End the session of a job that did not complete: money back, whole, then the tray, then the reason.

    The refund is whole although some sheets may be out: an incomplete set is no certificate. The sheets that came out stay the
    customer's: every byte sent had passed the gates, so they are about nobody else, and asking for them back would only
    leave them in the tray for the next person.
    """
    ended = (paper.learn_impressions, *do, paper.settle_undelivered)
    return (
        *on(states, events, when=holds_money, then=State.REFUNDING, do=(*ended, money.refund)),
        *on(states, events, when=paper.sheets_may_lie_there, then=State.RETURNING_SHEETS, do=ended),
        *on(states, events, then=State.APOLOGISING, do=ended),
    )


def undecided(event: type[GatesPassed | GatesUndecided | TimedOut], *do: Deed) -> tuple[Row, ...]:
    """No verdict that lets anything pass: nothing is printed, and nothing was taken yet."""
    return on(VERIFYING, event, then=State.APOLOGISING, do=(*do, paper.settle_undelivered))


def unwanted(event: type[Any], *do: Deed) -> tuple[Row, ...]:
    """The customer does not want it any more, whatever the gates say."""
    return on(CANCELLING_VERIFICATION, event, then=State.APOLOGISING, do=(*do, paper.settle_undelivered))


GATES: tuple[Part, ...] = (
    *on(
        VERIFYING,
        GatesPassed,
        when=(paper.something_to_print, money.nothing_to_collect),
        then=STARTING_PRINT,
        do=(paper.pass_gates, paper.start_print),
    ),
    *on(
        VERIFYING,
        GatesPassed,
        when=(paper.something_to_print, choosing.delivery_is_out_of_order),
        then=State.APOLOGISING,
        do=(paper.pass_gates, choosing.end_out_of_order, paper.give_up_bundle),
    ),
    *on(
        VERIFYING,
        GatesPassed,
        when=paper.something_to_print,
        then=State.PAYING,
        do=(paper.pass_gates, money.collect_fee),
    ),
    *undecided(
        GatesPassed,
        end_as(EndReason.UNDECIDED, MachineCode.NOTHING_TO_PRINT),
        paper.note_nothing_to_print,
    ),
    *undecided(GatesUndecided, end_as(EndReason.UNDECIDED), paper.note_undecided),
    *undecided(TimedOut, end_as(EndReason.TIMED_OUT, MachineCode.GATES_TIMED_OUT), paper.note_gates_hung),
    *on(VERIFYING, CancelPressed, then=CANCELLING_VERIFICATION, do=(BY_CUSTOMER,)),
    *unwanted(GatesPassed, paper.note_passed),
    *unwanted(GatesUndecided, paper.note_undecided),
    *unwanted(TimedOut, paper.note_gates_hung),
    *on(
        (VERIFYING, CANCELLING_VERIFICATION),
        GatesDiffered,
        then=State.APOLOGISING,
        do=(paper.stop_for_finding, paper.settle_undelivered),
    ),
)

JOB: tuple[Part, ...] = (
    *on(STARTING_PRINT, PrintStarted, then=PRINTING, do=(paper.pass_no_return,)),
    *on(
        STARTING_PRINT,
        PrintProgressed,
        when=paper.first_sheet_out,
        then=PRINTING,
        do=(paper.pass_no_return, paper.learn_progress),
    ),
    *on(STARTING_PRINT, PrintProgressed, do=(paper.learn_progress, show_again)),
    *on(PRINTING, PrintProgressed, when=paper.more_sheets_out, then=PRINTING, do=(paper.learn_progress,)),
    *on(PRINTING, PrintProgressed, do=(paper.learn_progress, show_again)),
    *on(STARTING_PRINT, CancelPressed, then=CANCELLING_PRINT, do=(BY_CUSTOMER, paper.cancel_print)),
    *on(
        (STARTING_PRINT, PRINTING),
        TimedOut,
        then=CANCELLING_PRINT,
        do=(end_as(EndReason.TIMED_OUT, MachineCode.PRINT_TIMED_OUT), paper.cancel_print),
    ),
    *on(CANCELLING_PRINT, PrintStarted, do=(paper.pass_no_return,)),
    *on(CANCELLING_PRINT, PrintProgressed, do=(paper.learn_progress,)),
)

JOB_ENDED: tuple[Part, ...] = (
    *on(AT_PRINTER, PrintCompleted, when=paper.every_impression_out, then=State.PRESENTING, do=(paper.deliver,)),
    *leave_after_print(AT_PRINTER, PrintCompleted, end_as(EndReason.PRINT_FAILED, MachineCode.IMPRESSIONS_DIFFER)),
    *leave_after_print(AT_PRINTER, (PrintFailed, PrintTimedOut), end_as(EndReason.PRINT_FAILED), paper.distrust_tray),
    *leave_after_print(AT_PRINTER, PrintCanceled, end_as(EndReason.PRINT_FAILED, MachineCode.PRINT_CANCELED)),
    *on(
        CANCELLING_PRINT,
        TimedOut,
        when=holds_money,
        then=State.REFUNDING,
        do=(paper.impressions_unknown, sheets_left_behind, paper.settle_undelivered, money.refund),
    ),
    *on(
        CANCELLING_PRINT,
        TimedOut,
        then=State.RETURNING_SHEETS,
        do=(paper.impressions_unknown, sheets_left_behind, paper.settle_undelivered),
    ),
)

TRAY: tuple[Part, ...] = (
    *on(State.PRESENTING, SheetsTaken, then=State.ENDING),
    *on(State.PRESENTING, TimedOut, then=State.ENDING, do=(paper.forget_sheets, sheets_left_behind)),
)

PAPER: tuple[Part, ...] = (*GATES, *JOB, *JOB_ENDED, *TRAY)
