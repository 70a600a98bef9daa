"""The table, part 4: the request. What was asked of the centre is always waited for. No money is inside yet."""

from terminal.fsm.deeds import request
from terminal.fsm.deeds.leaving import end_as
from terminal.fsm.events import (
    BundleReceived,
    CancelPressed,
    IssuanceFailed,
    IssuanceRefused,
    IssuanceTimedOut,
    RequestCancelFailed,
    RequestCancelled,
    TimedOut,
)
from terminal.fsm.rows import Part, on
from terminal.fsm.states import State
from terminal.fsm.values import EndReason, MachineCode

REQUESTING = State.REQUESTING
CANCELLING_REQUEST = State.CANCELLING_REQUEST

BY_CUSTOMER = end_as(EndReason.CANCELLED, MachineCode.CUSTOMER_CANCELLED)
LEFT = end_as(EndReason.LEFT, MachineCode.CUSTOMER_LEFT)

ASKED: tuple[Part, ...] = (
    *on(REQUESTING, BundleReceived, then=State.VERIFYING, do=(request.verify_bundle,)),
    *on(REQUESTING, IssuanceRefused, then=State.APOLOGISING, do=(end_as(EndReason.REFUSED),)),
    *on(
        REQUESTING,
        IssuanceFailed,
        then=CANCELLING_REQUEST,
        do=(end_as(EndReason.CENTRE_FAILED), request.cancel_issuance),
    ),
    *on(
        REQUESTING,
        (IssuanceTimedOut, TimedOut),
        then=CANCELLING_REQUEST,
        do=(end_as(EndReason.TIMED_OUT, MachineCode.ISSUANCE_TIMED_OUT), request.cancel_issuance),
    ),
    *on(REQUESTING, CancelPressed, then=CANCELLING_REQUEST, do=(BY_CUSTOMER, request.cancel_issuance)),
)

CANCELLED: tuple[Part, ...] = (
    *on(CANCELLING_REQUEST, RequestCancelled, then=State.APOLOGISING),
    *on(CANCELLING_REQUEST, RequestCancelFailed, then=State.APOLOGISING, do=(request.cancel_not_told,)),
    *on(CANCELLING_REQUEST, TimedOut, then=State.APOLOGISING, do=(request.cancel_unanswered,)),
)

REQUEST: tuple[Part, ...] = (*ASKED, *CANCELLED)
