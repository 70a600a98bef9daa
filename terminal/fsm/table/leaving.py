"""The table, part 8: the way out. From here no event leads back into the session; a test walks every one of them."""

from terminal.fsm.deeds import change, money, paper, request
from terminal.fsm.deeds.leaving import leaves_on_own_account
from terminal.fsm.deeds.service import sheets_left_behind
from terminal.fsm.deeds.timing import show_again
from terminal.fsm.events import (
    BackPressed,
    CancelPressed,
    CardRemoved,
    ChangeFailed,
    ChangePaid,
    ContinuePressed,
    DeliveryReported,
    DeliveryReportFailed,
    FeeCollected,
    GatesDiffered,
    PaymentCanceled,
    PaymentFailed,
    RefundDone,
    RefundFailed,
    SheetsTaken,
    SlipFailed,
    SlipPrinted,
    TimedOut,
)
from terminal.fsm.rows import Part, Row, on
from terminal.fsm.states import CHOOSING_STATES, GATE_STATES, MONEY_STATES, PAPER_STATES, REQUEST_STATES, State
from terminal.fsm.work import Deed

REFUNDING = State.REFUNDING
RETURNING_SHEETS = State.RETURNING_SHEETS
PIN_LOCKED = State.PIN_LOCKED
RETURNING_CARD = State.RETURNING_CARD
APOLOGISING = State.APOLOGISING
ENDING = State.ENDING

REPORTED = (
    CHOOSING_STATES
    | REQUEST_STATES
    | GATE_STATES
    | MONEY_STATES
    | PAPER_STATES
    | {REFUNDING, RETURNING_SHEETS, APOLOGISING, ENDING}
)
"""A delivery report may be under way: of this bundle, or of one from which the customer stepped back."""

SLIPS_PRINTING = frozenset({State.PRESENTING, RETURNING_SHEETS, APOLOGISING, ENDING})
"""A receipt, refund slip or claim ticket may be under way."""


def refund_ended(event: type[RefundDone | RefundFailed | TimedOut], *do: Deed) -> tuple[Row, ...]:
    """However the refund ended, an incomplete set in the tray comes next, then the reason."""
    return (
        *on(REFUNDING, event, when=paper.sheets_remembered, then=RETURNING_SHEETS, do=do),
        *on(REFUNDING, event, then=APOLOGISING, do=do),
    )


LEAVING: tuple[Part, ...] = (
    *refund_ended(RefundDone, money.refunded),
    *refund_ended(RefundFailed, money.refund_failed),
    *refund_ended(TimedOut, money.refund_unknown),
    *on(RETURNING_SHEETS, SheetsTaken, then=APOLOGISING),
    *on(RETURNING_SHEETS, TimedOut, then=ENDING, do=(sheets_left_behind,)),
    *on(PIN_LOCKED, (ContinuePressed, BackPressed, CancelPressed), then=RETURNING_CARD),
    *on(PIN_LOCKED, CardRemoved, then=APOLOGISING),
    *on(PIN_LOCKED, TimedOut, then=ENDING),
    *on(RETURNING_CARD, CardRemoved, when=leaves_on_own_account, then=ENDING),
    *on(RETURNING_CARD, CardRemoved, then=APOLOGISING),
    *on(RETURNING_CARD, TimedOut, then=ENDING),
    *on(APOLOGISING, (ContinuePressed, BackPressed, CancelPressed, TimedOut), then=ENDING),
    *on(ENDING, TimedOut, then=State.RESETTING),
)

LATE_TRUTHS: tuple[Part, ...] = (
    # Given up as unknown and journalled as owed; now the device tells where the money is.
    *on(
        APOLOGISING,
        FeeCollected,
        when=money.claim_stands,
        then=REFUNDING,
        do=(money.settle_claim, money.hold_fee, money.refund),
    ),
    *on(
        APOLOGISING,
        PaymentCanceled,
        when=(money.claim_stands, money.money_was_held),
        then=REFUNDING,
        do=(money.settle_claim, money.hold_inserted, money.refund),
    ),
    *on(APOLOGISING, PaymentCanceled, when=money.claim_stands, do=(money.settle_claim, show_again)),
    *on(
        APOLOGISING,
        PaymentFailed,
        when=(money.claim_stands, money.money_was_kept),
        then=REFUNDING,
        do=(money.settle_claim, money.hold_kept, money.refund),
    ),
    *on(APOLOGISING, PaymentFailed, when=money.claim_stands, do=(money.settle_claim, show_again)),
    *on(APOLOGISING, ChangePaid, when=change.claim_is_void, do=(change.settle_claim_by_change, show_again)),
    *on(
        APOLOGISING,
        ChangePaid,
        when=money.claim_stands,
        then=REFUNDING,
        do=(change.settle_claim_by_change, money.refund),
    ),
    *on(
        APOLOGISING,
        ChangeFailed,
        when=money.claim_stands,
        then=REFUNDING,
        do=(change.settle_claim_by_failure, money.refund),
    ),
    *on(
        (RETURNING_SHEETS, APOLOGISING),
        RefundDone,
        when=money.claim_stands,
        do=(money.settle_claim_by_refund, show_again),
    ),
    # The gates were given up on, yet a finding is a finding (promise P6).
    *on((APOLOGISING, ENDING), GatesDiffered, do=(paper.stop_for_finding,)),
    *on(REPORTED, DeliveryReportFailed, do=(request.report_not_told,)),
    *on(REPORTED, DeliveryReported),
    *on(SLIPS_PRINTING, SlipFailed, do=(money.slip_not_printed,)),
    *on(SLIPS_PRINTING, SlipPrinted),
)

WAY_OUT: tuple[Part, ...] = (*LEAVING, *LATE_TRUTHS)
