"""The table, part 2: from the card on the reader to the card in the customer's hand again."""

from typing import Any

from terminal.fsm.deeds import card, service
from terminal.fsm.deeds.leaving import end_as, forget_pin, release_card
from terminal.fsm.events import (
    CancelPressed,
    CardFailed,
    CardRead,
    CardRemoved,
    CardSwapped,
    ContinuePressed,
    FaultRaised,
    PinAccepted,
    PinBlocked,
    PinEntered,
    PinOutcomeUnknown,
    PinRefused,
    SessionFailed,
    SessionOpened,
    SessionRefused,
    SubjectFailed,
    SubjectRead,
    TextPinBlocked,
    TextPinNeeded,
    TextPinRefused,
    TimedOut,
)
from terminal.fsm.rows import Part, Row, States, again, on
from terminal.fsm.states import CARD_REMOVAL_STATES, CARD_STATES, PIN_ASKING_STATES, State
from terminal.fsm.values import EndReason, MachineCode
from terminal.fsm.work import Deed, Guard

COMMANDED = CARD_STATES - PIN_ASKING_STATES
"""The card is being asked something; in the others the customer is."""


def hand_back(
    states: States,
    events: type[Any] | tuple[type[Any], ...],
    reason: EndReason,
    code: str | None = None,
    *,
    when: Guard | tuple[Guard, ...] = (),
    do: tuple[Deed, ...] = (),
) -> tuple[Row, ...]:
    """End the session with the card still on the reader: power off, and wait until it is taken."""
    return on(states, events, when=when, then=State.RETURNING_CARD, do=(*do, end_as(reason, code), release_card))


def ask_by_tries_left(
    state: State, event: type[Any], confirming: State, awaiting: State, learn: Deed, locked_code: str
) -> tuple[Row, ...]:
    """Locked, last try, or another try: by the counter as the card tells it."""
    locked = (learn, end_as(EndReason.PIN_LOCKED, locked_code), release_card)
    return (
        *on(state, event, when=card.no_tries_left, then=State.PIN_LOCKED, do=locked),
        *on(state, event, when=card.one_try_left, then=confirming, do=(learn,)),
        *on(state, event, then=awaiting, do=(learn,)),
    )


def ask_pin(state: State, event: type[Any], learn: Deed) -> tuple[Row, ...]:
    """The authentication PIN."""
    asked = (State.CONFIRMING_LAST_TRY, State.AWAITING_PIN)
    return ask_by_tries_left(state, event, *asked, learn, MachineCode.PIN_LOCKED)


def ask_text_pin(event: type[Any], learn: Deed) -> tuple[Row, ...]:
    """The text application's PIN."""
    asked = (State.CONFIRMING_LAST_TEXT_TRY, State.AWAITING_TEXT_PIN)
    return ask_by_tries_left(State.READING_SUBJECT, event, *asked, learn, MachineCode.TEXT_PIN_LOCKED)


def lock(state: State, event: type[Any], learn: Deed, code: str) -> tuple[Row, ...]:
    """The card itself says: locked."""
    return on(state, event, then=State.PIN_LOCKED, do=(learn, end_as(EndReason.PIN_LOCKED, code), release_card))


ANY_TIME: tuple[Part, ...] = (
    *on(
        CARD_STATES,
        CardRemoved,
        then=State.APOLOGISING,
        do=(end_as(EndReason.CARD_REMOVED, MachineCode.CARD_REMOVED), forget_pin),
    ),
    *hand_back(CARD_STATES | CARD_REMOVAL_STATES, CardSwapped, EndReason.CARD_SWAPPED, MachineCode.CARD_SWAPPED),
    *hand_back(CARD_STATES | CARD_REMOVAL_STATES, CancelPressed, EndReason.CANCELLED, MachineCode.CUSTOMER_CANCELLED),
    *hand_back(COMMANDED, CardFailed, EndReason.CARD_FAILED),
    *hand_back(PIN_ASKING_STATES, TimedOut, EndReason.LEFT, MachineCode.CUSTOMER_LEFT),
)

PIN_PAD: tuple[Part, ...] = (
    *on(
        PIN_ASKING_STATES,
        FaultRaised,
        when=card.pin_pad_is_gone,
        then=State.RETURNING_CARD,
        do=(service.raise_level, card.end_without_pin_pad, release_card),
    ),
    *on(PIN_ASKING_STATES, FaultRaised, do=(service.raise_level,)),
)

PIN: tuple[Part, ...] = (
    *ask_pin(State.READING_CARD, CardRead, card.learn_card),
    *hand_back(State.READING_CARD, TimedOut, EndReason.TIMED_OUT, MachineCode.CARD_TIMED_OUT),
    *on(State.CONFIRMING_LAST_TRY, ContinuePressed, then=State.AWAITING_PIN),
    *on(State.AWAITING_PIN, PinEntered, then=State.AUTHENTICATING, do=(card.verify_pin,)),
    *again(State.AWAITING_PIN, ContinuePressed),
    *on(
        State.AUTHENTICATING,
        PinAccepted,
        when=card.serial_is_enough,
        then=State.OPENING_SESSION,
        do=(card.pin_accepted, card.open_session),
    ),
    *on(State.AUTHENTICATING, PinAccepted, then=State.READING_SUBJECT, do=(card.pin_accepted, card.read_subject)),
    *ask_pin(State.AUTHENTICATING, PinRefused, card.pin_refused),
    *lock(State.AUTHENTICATING, PinBlocked, card.pin_blocked, MachineCode.PIN_LOCKED),
    *hand_back(
        State.AUTHENTICATING,
        PinOutcomeUnknown,
        EndReason.PIN_UNKNOWN,
        MachineCode.PIN_UNKNOWN,
        when=card.tries_unknown,
        do=(card.pin_unknown,),
    ),
    *ask_pin(State.AUTHENTICATING, PinOutcomeUnknown, card.pin_unknown),
    *hand_back(
        State.AUTHENTICATING, TimedOut, EndReason.TIMED_OUT, MachineCode.CARD_TIMED_OUT, do=(card.pin_unanswered,)
    ),
)

SUBJECT: tuple[Part, ...] = (
    *on(State.READING_SUBJECT, SubjectRead, then=State.OPENING_SESSION, do=(card.open_session,)),
    *ask_text_pin(TextPinNeeded, card.text_pin_needed),
    *ask_text_pin(TextPinRefused, card.text_pin_refused),
    *lock(State.READING_SUBJECT, TextPinBlocked, card.text_pin_blocked, MachineCode.TEXT_PIN_LOCKED),
    *hand_back(
        State.READING_SUBJECT,
        PinOutcomeUnknown,
        EndReason.PIN_UNKNOWN,
        MachineCode.PIN_UNKNOWN,
        when=card.tries_unknown,
        do=(card.text_pin_unknown,),
    ),
    *ask_text_pin(PinOutcomeUnknown, card.text_pin_unknown),
    *hand_back(State.READING_SUBJECT, SubjectFailed, EndReason.SUBJECT_FAILED),
    *hand_back(State.READING_SUBJECT, TimedOut, EndReason.TIMED_OUT, MachineCode.CARD_TIMED_OUT),
    *on(State.CONFIRMING_LAST_TEXT_TRY, ContinuePressed, then=State.AWAITING_TEXT_PIN),
    *on(State.AWAITING_TEXT_PIN, PinEntered, then=State.READING_SUBJECT, do=(card.read_subject_with_own_pin,)),
    *again(State.AWAITING_TEXT_PIN, ContinuePressed),
)

SESSION: tuple[Part, ...] = (
    *hand_back(
        State.OPENING_SESSION,
        SessionOpened,
        EndReason.REFUSED,
        MachineCode.ALL_REFUSED,
        when=card.everything_refused,
        do=(card.learn_offers,),
    ),
    *on(
        State.OPENING_SESSION,
        SessionOpened,
        then=State.AWAITING_CARD_REMOVAL,
        do=(card.learn_offers, release_card),
    ),
    *hand_back(State.OPENING_SESSION, SessionRefused, EndReason.REFUSED),
    *hand_back(State.OPENING_SESSION, SessionFailed, EndReason.CENTRE_FAILED),
    *hand_back(State.OPENING_SESSION, TimedOut, EndReason.TIMED_OUT, MachineCode.CENTRE_TIMED_OUT),
    *on(State.AWAITING_CARD_REMOVAL, CardRemoved, then=State.CHOOSING_KIND),
    *on(
        State.AWAITING_CARD_REMOVAL,
        TimedOut,
        then=State.ENDING,
        do=(end_as(EndReason.CARD_FORGOTTEN, MachineCode.CARD_FORGOTTEN),),
    ),
)

CARD: tuple[Part, ...] = (*ANY_TIME, *PIN_PAD, *PIN, *SUBJECT, *SESSION)
