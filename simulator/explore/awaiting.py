"""Whose answer ends each situation; the others wait for people, and people walk away."""

from typing import Final

from simulator.explore.world import (
    CANCEL_REQUEST,
    CHANGE,
    COLLECT,
    OPEN_SESSION,
    PRINT,
    READ_CARD,
    READ_SUBJECT,
    REFUND,
    REQUEST,
    RESET,
    VERIFY,
    VERIFY_PIN,
)
from terminal.fsm.states import State

AWAITED: Final = {
    State.READING_CARD: READ_CARD,
    State.AUTHENTICATING: VERIFY_PIN,
    State.READING_SUBJECT: READ_SUBJECT,
    State.OPENING_SESSION: OPEN_SESSION,
    State.REQUESTING: REQUEST,
    State.CANCELLING_REQUEST: CANCEL_REQUEST,
    State.VERIFYING: VERIFY,
    State.CANCELLING_VERIFICATION: VERIFY,
    State.CANCELLING_PAYMENT: COLLECT,
    State.GIVING_CHANGE: CHANGE,
    State.CANCELLING_CHANGE: CHANGE,
    State.STARTING_PRINT: PRINT,
    State.PRINTING: PRINT,
    State.CANCELLING_PRINT: PRINT,
    State.REFUNDING: REFUND,
    State.RESETTING: RESET,
}
