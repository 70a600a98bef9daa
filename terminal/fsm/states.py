"""The situations a terminal can be in, and the groups of situations that share a verdict.

A state says what is the case, never what is being done. Source: design section 5; reference models.md sections 1 and 13.
"""

from enum import StrEnum


class State(StrEnum):
    """Every situation of the terminal. The supervisor's machine and the customer's machine use the same ones."""

    OUT_OF_SERVICE = "OutOfService"
    IDLE = "Idle"
    SERVING = "Serving"
    """Only in the supervisor's machine: a customer's process is at work."""

    READING_CARD = "ReadingCard"
    CONFIRMING_LAST_TRY = "ConfirmingLastTry"
    AWAITING_PIN = "AwaitingPin"
    AUTHENTICATING = "Authenticating"
    READING_SUBJECT = "ReadingSubject"
    CONFIRMING_LAST_TEXT_TRY = "ConfirmingLastTextTry"
    AWAITING_TEXT_PIN = "AwaitingTextPin"
    OPENING_SESSION = "OpeningSession"
    AWAITING_CARD_REMOVAL = "AwaitingCardRemoval"

    CHOOSING_KIND = "ChoosingKind"
    SHOWING_REFUSAL = "ShowingRefusal"
    CHOOSING_SCOPE = "ChoosingScope"
    CHOOSING_MEMBERS = "ChoosingMembers"
    CHOOSING_ITEMS = "ChoosingItems"
    CHOOSING_COPIES = "ChoosingCopies"
    CONFIRMING = "Confirming"

    REQUESTING = "Requesting"
    CANCELLING_REQUEST = "CancellingRequest"
    VERIFYING = "Verifying"
    CANCELLING_VERIFICATION = "CancellingVerification"

    PAYING = "Paying"
    """The sheets passed every gate and wait in memory; money comes in piece by piece."""
    CANCELLING_PAYMENT = "CancellingPayment"
    GIVING_CHANGE = "GivingChange"
    """More than the fee was inserted; the rest is on its way back to the customer."""
    CANCELLING_CHANGE = "CancellingChange"

    STARTING_PRINT = "StartingPrint"
    """The job is on its way; no byte of it has reached the printer, so the customer may still cancel."""
    PRINTING = "Printing"
    """Past the point of no return (``PrintStarted``: the first byte reached the printer)."""
    CANCELLING_PRINT = "CancellingPrint"
    PRESENTING = "Presenting"
    """Every sheet lies in the tray. Only here is anything shown as done."""

    REFUNDING = "Refunding"
    RETURNING_SHEETS = "ReturningSheets"
    """An incomplete set may lie in the tray and has to be taken out before anybody else comes."""
    PIN_LOCKED = "PinLocked"
    RETURNING_CARD = "ReturningCard"
    """The customer is going, and the card still lies on the reader."""
    APOLOGISING = "Apologising"
    """The reason is shown; nothing of the customer's is held any more."""

    ENDING = "Ending"
    RESETTING = "Resetting"
    STOPPED_FOR_FINDING = "StoppedForFinding"


# The phases: every state stands in exactly one, so that a new state without verdicts is refused when the table is built.

TERMINAL_STATES = frozenset(
    {State.OUT_OF_SERVICE, State.IDLE, State.SERVING, State.RESETTING, State.STOPPED_FOR_FINDING}
)
"""Nobody is being served by this machine."""

CARD_STATES = frozenset(
    {
        State.READING_CARD,
        State.CONFIRMING_LAST_TRY,
        State.AWAITING_PIN,
        State.AUTHENTICATING,
        State.READING_SUBJECT,
        State.CONFIRMING_LAST_TEXT_TRY,
        State.AWAITING_TEXT_PIN,
        State.OPENING_SESSION,
    }
)
"""The card must stay on the reader."""

PIN_ASKING_STATES = frozenset(
    {
        State.CONFIRMING_LAST_TRY,
        State.AWAITING_PIN,
        State.CONFIRMING_LAST_TEXT_TRY,
        State.AWAITING_TEXT_PIN,
    }
)
"""The customer is asked for a PIN, so nothing is possible without the PIN pad. Part of ``CARD_STATES``."""

CARD_REMOVAL_STATES = frozenset({State.AWAITING_CARD_REMOVAL})

CHOOSING_STATES = frozenset(
    {
        State.CHOOSING_KIND,
        State.SHOWING_REFUSAL,
        State.CHOOSING_SCOPE,
        State.CHOOSING_MEMBERS,
        State.CHOOSING_ITEMS,
        State.CHOOSING_COPIES,
        State.CONFIRMING,
    }
)
"""The customer's own pace: nothing is asked of any device."""

REQUEST_STATES = frozenset({State.REQUESTING, State.CANCELLING_REQUEST})
GATE_STATES = frozenset({State.VERIFYING, State.CANCELLING_VERIFICATION})

COLLECTING_STATES = frozenset({State.PAYING, State.CANCELLING_PAYMENT})
"""A fee is being collected: nobody can know how much of it is inside until the device has said so."""

MONEY_STATES = COLLECTING_STATES | {State.GIVING_CHANGE, State.CANCELLING_CHANGE}
PAPER_STATES = frozenset({State.STARTING_PRINT, State.PRINTING, State.CANCELLING_PRINT, State.PRESENTING})

LEAVING_STATES = frozenset(
    {State.REFUNDING, State.RETURNING_SHEETS, State.PIN_LOCKED, State.RETURNING_CARD, State.APOLOGISING, State.ENDING}
)
"""The session is over and only its remains are being cleared; no event leads from here back into it."""

PHASES: tuple[frozenset[State], ...] = (
    TERMINAL_STATES,
    CARD_STATES,
    CARD_REMOVAL_STATES,
    CHOOSING_STATES,
    REQUEST_STATES,
    GATE_STATES,
    MONEY_STATES,
    PAPER_STATES,
    LEAVING_STATES,
)

CUSTOMER_STATES: frozenset[State] = frozenset().union(*PHASES[1:])
"""A customer's session exists."""

CANCELLING_STATES = frozenset(
    {
        State.CANCELLING_REQUEST,
        State.CANCELLING_VERIFICATION,
        State.CANCELLING_PAYMENT,
        State.CANCELLING_CHANGE,
        State.CANCELLING_PRINT,
    }
)
"""Something was asked of a device or the centre, and its outcome must be known before the customer can go."""

PAST_NO_RETURN_STATES = frozenset({State.PRINTING, State.PRESENTING})
"""From ``PrintStarted`` on the customer cannot cancel."""

CANCELLABLE_STATES = CUSTOMER_STATES - PAST_NO_RETURN_STATES - CANCELLING_STATES - LEAVING_STATES
"""Here ``CancelPressed`` always ends the session, with every yen given back."""

UNTIMED_STATES = frozenset({State.IDLE, State.STOPPED_FOR_FINDING})
"""Waiting for a customer or for staff has no bound; everything else has."""

UNWARNED_STATES = frozenset({State.OUT_OF_SERVICE, State.SERVING, State.RESETTING, State.ENDING})
"""Timed, with nobody in front of the screen whom a warning could help."""
