"""The table, part 4: the fee and the request. What was asked of money or centre is always waited for before anyone goes."""

from typing import Any

from terminal.fsm.deeds import choosing, money
from terminal.fsm.deeds.leaving import end_as, holds_money
from terminal.fsm.events import (
    BackPressed,
    BundleReceived,
    CancelPressed,
    ContinuePressed,
    FeeCollected,
    IssuanceFailed,
    IssuanceRefused,
    IssuanceTimedOut,
    PaymentCanceled,
    PaymentFailed,
    RequestCancelFailed,
    RequestCancelled,
    TimedOut,
)
from terminal.fsm.rows import Part, Row, States, again, on
from terminal.fsm.states import State
from terminal.fsm.values import EndReason, MachineCode
from terminal.fsm.work import Deed

PAYING = State.PAYING
CANCELLING_PAYMENT = State.CANCELLING_PAYMENT
REQUESTING = State.REQUESTING
CANCELLING_REQUEST = State.CANCELLING_REQUEST

BY_CUSTOMER = end_as(EndReason.CANCELLED, MachineCode.CUSTOMER_CANCELLED)
LEFT = end_as(EndReason.LEFT, MachineCode.CUSTOMER_LEFT)


def leave(states: States, events: type[Any] | tuple[type[Any], ...], *do: Deed) -> tuple[Row, ...]:
    """End the session: money goes back first; then the reason is shown."""
    return (
        *on(states, events, when=holds_money, then=State.REFUNDING, do=(*do, money.refund)),
        *on(states, events, then=State.APOLOGISING, do=do),
    )


FEE: tuple[Part, ...] = (
    *on(
        PAYING,
        FeeCollected,
        when=money.fee_is_exact,
        then=REQUESTING,
        do=(money.hold_fee, choosing.request_issuance),
    ),
    *on(
        PAYING,
        FeeCollected,
        then=State.REFUNDING,
        do=(
            money.hold_fee,
            end_as(EndReason.PAYMENT_FAILED, MachineCode.PAYMENT_WRONG_AMOUNT),
            money.refund,
        ),
    ),
    *on(
        PAYING,
        PaymentFailed,
        when=money.money_was_kept,
        then=State.REFUNDING,
        do=(money.hold_kept, end_as(EndReason.PAYMENT_FAILED), money.refund),
    ),
    *on(PAYING, PaymentFailed, then=State.CONFIRMING, do=(money.tell_payment_failed,)),
    *on(PAYING, PaymentCanceled, then=State.CONFIRMING),
    *on(PAYING, CancelPressed, then=CANCELLING_PAYMENT, do=(BY_CUSTOMER, money.cancel_collect)),
    *on(PAYING, BackPressed, then=CANCELLING_PAYMENT, do=(money.cancel_collect,)),
    *on(PAYING, TimedOut, then=CANCELLING_PAYMENT, do=(LEFT, money.cancel_collect)),
    *again(PAYING, ContinuePressed),
)

FEE_CANCELLED: tuple[Part, ...] = (
    *on(CANCELLING_PAYMENT, PaymentCanceled, when=money.going_back, then=State.CONFIRMING),
    *on(CANCELLING_PAYMENT, PaymentCanceled, then=State.ENDING),
    *on(
        CANCELLING_PAYMENT,
        PaymentFailed,
        when=money.money_was_kept,
        then=State.REFUNDING,
        do=(money.hold_kept, end_as(EndReason.PAYMENT_FAILED), money.refund),
    ),
    *on(
        CANCELLING_PAYMENT,
        PaymentFailed,
        when=money.going_back,
        then=State.CONFIRMING,
        do=(money.tell_payment_failed,),
    ),
    *on(CANCELLING_PAYMENT, PaymentFailed, then=State.ENDING),
    *on(CANCELLING_PAYMENT, FeeCollected, then=State.REFUNDING, do=(money.hold_fee, BY_CUSTOMER, money.refund)),
    *on(CANCELLING_PAYMENT, CancelPressed, when=money.going_back, do=(BY_CUSTOMER,)),
    *on(
        CANCELLING_PAYMENT,
        TimedOut,
        then=State.APOLOGISING,
        do=(money.payment_unknown, end_as(EndReason.PAYMENT_FAILED, MachineCode.PAYMENT_UNKNOWN)),
    ),
)

REQUEST: tuple[Part, ...] = (
    *on(REQUESTING, BundleReceived, then=State.VERIFYING, do=(money.verify_bundle,)),
    *leave(REQUESTING, IssuanceRefused, end_as(EndReason.REFUSED)),
    *on(
        REQUESTING,
        IssuanceFailed,
        then=CANCELLING_REQUEST,
        do=(end_as(EndReason.CENTRE_FAILED), money.cancel_issuance),
    ),
    *on(
        REQUESTING,
        (IssuanceTimedOut, TimedOut),
        then=CANCELLING_REQUEST,
        do=(end_as(EndReason.TIMED_OUT, MachineCode.ISSUANCE_TIMED_OUT), money.cancel_issuance),
    ),
    *on(REQUESTING, CancelPressed, then=CANCELLING_REQUEST, do=(BY_CUSTOMER, money.cancel_issuance)),
)

REQUEST_CANCELLED: tuple[Part, ...] = (
    *leave(CANCELLING_REQUEST, RequestCancelled),
    *leave(CANCELLING_REQUEST, RequestCancelFailed, money.cancel_not_told),
    *leave(CANCELLING_REQUEST, TimedOut, money.cancel_unanswered),
)

MONEY: tuple[Part, ...] = (*FEE, *FEE_CANCELLED, *REQUEST, *REQUEST_CANCELLED)
