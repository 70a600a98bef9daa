"""The table, part 6: the fee and the change. The sheets are proved by now; nothing is printed before both are done.

Every way out of here without a print settles the bundle, once, and gives back or owes every yen.
"""

from typing import Any

from terminal.fsm.deeds import change, money, paper
from terminal.fsm.deeds.leaving import end_as
from terminal.fsm.events import (
    BackPressed,
    CancelPressed,
    ChangeFailed,
    ChangePaid,
    ContinuePressed,
    FeeCollected,
    MoneyInserted,
    PaymentCanceled,
    PaymentFailed,
    TimedOut,
)
from terminal.fsm.rows import Part, Row, States, again, on
from terminal.fsm.states import COLLECTING_STATES, State
from terminal.fsm.table.request import BY_CUSTOMER, LEFT
from terminal.fsm.values import EndReason, MachineCode
from terminal.fsm.work import Deed, Guard

PAYING = State.PAYING
CANCELLING_PAYMENT = State.CANCELLING_PAYMENT
GIVING_CHANGE = State.GIVING_CHANGE
CANCELLING_CHANGE = State.CANCELLING_CHANGE

FAILED = end_as(EndReason.PAYMENT_FAILED)
CHANGE_WRONG = end_as(EndReason.PAYMENT_FAILED, MachineCode.CHANGE_WRONG_AMOUNT)
CHANGE_TIMED_OUT = end_as(EndReason.PAYMENT_FAILED, MachineCode.CHANGE_TIMED_OUT)


def give_back(states: States, event: type[Any], *do: Deed, when: Guard | tuple[Guard, ...] = ()) -> tuple[Row, ...]:
    """End the session with money inside: the bundle is settled, everything goes back."""
    return on(states, event, when=when, then=State.REFUNDING, do=(*do, paper.give_up_bundle, money.refund))


FEE: tuple[Part, ...] = (
    *on(PAYING, MoneyInserted, when=money.more_inserted, then=PAYING, do=(money.learn_inserted,)),
    *on(
        PAYING,
        FeeCollected,
        when=money.fee_is_exact,
        then=State.STARTING_PRINT,
        do=(money.hold_fee, paper.start_print),
    ),
    *on(
        PAYING,
        FeeCollected,
        when=money.fee_is_overpaid,
        then=GIVING_CHANGE,
        do=(money.hold_fee, change.pay_change),
    ),
    *give_back(
        PAYING, FeeCollected, money.hold_fee, end_as(EndReason.PAYMENT_FAILED, MachineCode.PAYMENT_WRONG_AMOUNT)
    ),
    *give_back(COLLECTING_STATES, PaymentFailed, money.hold_kept, FAILED, when=money.money_was_kept),
    *give_back(COLLECTING_STATES, PaymentCanceled, money.hold_inserted, BY_CUSTOMER, when=money.money_was_held),
    *on(PAYING, PaymentFailed, then=State.CONFIRMING, do=(money.tell_payment_failed, paper.give_up_bundle)),
    *on(PAYING, PaymentCanceled, then=State.CONFIRMING, do=(paper.give_up_bundle,)),
    *on(PAYING, CancelPressed, then=CANCELLING_PAYMENT, do=(BY_CUSTOMER, money.cancel_collect)),
    *on(PAYING, BackPressed, when=money.nothing_inserted, then=CANCELLING_PAYMENT, do=(money.cancel_collect,)),
    *on(PAYING, TimedOut, then=CANCELLING_PAYMENT, do=(LEFT, money.cancel_collect)),
    *again(PAYING, ContinuePressed),
)

FEE_CANCELLED: tuple[Part, ...] = (
    *on(CANCELLING_PAYMENT, MoneyInserted, when=money.more_inserted, do=(money.learn_inserted,)),
    *on(
        CANCELLING_PAYMENT,
        PaymentCanceled,
        when=money.going_back,
        then=State.CONFIRMING,
        do=(paper.give_up_bundle,),
    ),
    *on(CANCELLING_PAYMENT, PaymentCanceled, then=State.ENDING, do=(paper.give_up_bundle,)),
    *on(
        CANCELLING_PAYMENT,
        PaymentFailed,
        when=money.going_back,
        then=State.CONFIRMING,
        do=(money.tell_payment_failed, paper.give_up_bundle),
    ),
    *on(CANCELLING_PAYMENT, PaymentFailed, then=State.ENDING, do=(paper.give_up_bundle,)),
    *give_back(CANCELLING_PAYMENT, FeeCollected, money.hold_fee, BY_CUSTOMER),
    *on(CANCELLING_PAYMENT, CancelPressed, when=money.going_back, do=(BY_CUSTOMER,)),
    *on(
        CANCELLING_PAYMENT,
        TimedOut,
        then=State.APOLOGISING,
        do=(
            money.payment_unknown,
            end_as(EndReason.PAYMENT_FAILED, MachineCode.PAYMENT_UNKNOWN),
            paper.give_up_bundle,
        ),
    ),
)

CHANGE: tuple[Part, ...] = (
    *on(
        GIVING_CHANGE,
        ChangePaid,
        when=change.change_is_exact,
        then=State.STARTING_PRINT,
        do=(change.change_paid, paper.start_print),
    ),
    *on(
        GIVING_CHANGE,
        ChangePaid,
        when=change.change_is_short,
        then=State.STARTING_PRINT,
        do=(change.change_paid, change.owe_missing_change, paper.start_print),
    ),
    *on(
        GIVING_CHANGE,
        ChangePaid,
        when=change.nothing_is_left,
        then=State.APOLOGISING,
        do=(change.change_overpaid, CHANGE_WRONG, paper.give_up_bundle),
    ),
    *give_back(GIVING_CHANGE, ChangePaid, change.change_overpaid, CHANGE_WRONG),
    *on(
        GIVING_CHANGE,
        ChangeFailed,
        then=State.STARTING_PRINT,
        do=(change.change_failed, paper.start_print),
    ),
    *on(GIVING_CHANGE, CancelPressed, then=CANCELLING_CHANGE, do=(BY_CUSTOMER,)),
)

CHANGE_CANCELLED: tuple[Part, ...] = (
    *on(
        CANCELLING_CHANGE,
        ChangePaid,
        when=change.nothing_is_left,
        then=State.APOLOGISING,
        do=(change.change_overpaid, paper.give_up_bundle),
    ),
    *give_back(CANCELLING_CHANGE, ChangePaid, change.change_paid),
    *give_back(CANCELLING_CHANGE, ChangeFailed, change.learn_change_failed),
    *on(
        (GIVING_CHANGE, CANCELLING_CHANGE),
        TimedOut,
        then=State.APOLOGISING,
        do=(change.change_unknown, CHANGE_TIMED_OUT, paper.give_up_bundle),
    ),
)

MONEY: tuple[Part, ...] = (*FEE, *FEE_CANCELLED, *CHANGE, *CHANGE_CANCELLED)
