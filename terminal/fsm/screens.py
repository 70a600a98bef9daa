"""What each situation shows. Only numbers, codes and the centre's generic words go to the screen from here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from terminal.fsm.effects import Screen, Show
from terminal.fsm.memory import Session, TerminalLevels
from terminal.fsm.states import State
from terminal.fsm.values import MachineCode


def _plain(screen: Screen, session: Session) -> Show:
    return Show(screen, reason=session.notice)


def _pin(screen: Screen, session: Session) -> Show:
    return Show(screen, reason=session.notice, tries_left=session.tries_left)


def _text_pin(screen: Screen, session: Session) -> Show:
    return Show(screen, reason=session.notice, tries_left=session.text_tries_left)


def _kinds(session: Session) -> Show:
    return Show(Screen.CHOOSE_KIND, reason=session.notice, offers=session.offers)


def _refusal(session: Session) -> Show:
    return Show(Screen.KIND_REFUSED, reason=session.notice, offers=(session.chosen_offer,))


def _choice(screen: Screen, session: Session) -> Show:
    offer = session.chosen_offer
    return Show(
        screen,
        reason=session.notice,
        scopes=offer.scopes,
        items=offer.items,
        member_count=session.member_count,
        applicant_index=session.applicant_index,
        copies_max=offer.copies_max,
        choice=session.choice,
        fee_yen=session.choice.fee_yen or offer.fee_yen,
    )


def _fee(screen: Screen, session: Session) -> Show:
    return Show(screen, choice=session.choice, fee_yen=session.choice.fee_yen)


def _paying(session: Session) -> Show:
    return Show(Screen.PAY, choice=session.choice, fee_yen=session.choice.fee_yen, inserted_yen=session.inserted_yen)


def _change(session: Session) -> Show:
    return Show(
        Screen.TAKE_CHANGE,
        choice=session.choice,
        fee_yen=session.choice.fee_yen,
        inserted_yen=session.held_yen,
        change_yen=session.change_yen,
    )


def _printing(session: Session) -> Show:
    return Show(
        Screen.PRINTER_WAITING if session.waiting_for else Screen.PRINTING,
        reason=session.waiting_for,
        impressions=session.impressions or 0,
        expected_impressions=session.expected_impressions or 0,
    )


def _sheets(session: Session) -> Show:
    return Show(
        Screen.TAKE_SHEETS,
        impressions=session.impressions or 0,
        expected_impressions=session.expected_impressions or 0,
        fee_yen=session.choice.fee_yen,
        owed_yen=session.owed_yen,
    )


def _way_out(screen: Screen, session: Session) -> Show:
    return Show(
        screen,
        reason=session.code,
        offers=session.offers if session.code == MachineCode.ALL_REFUSED else (),
        fee_yen=session.held_yen,
        refunded_yen=session.refunded_yen,
        owed_yen=session.owed_yen,
        impressions=session.impressions or 0,
    )


SCREENS: Mapping[State, Callable[[Session], Show]] = MappingProxyType(
    {
        State.READING_CARD: partial(_plain, Screen.READING_CARD),
        State.CONFIRMING_LAST_TRY: partial(_pin, Screen.CONFIRM_LAST_TRY),
        State.AWAITING_PIN: partial(_pin, Screen.ENTER_PIN),
        State.AUTHENTICATING: partial(_plain, Screen.CHECKING_PIN),
        State.READING_SUBJECT: partial(_plain, Screen.READING_SUBJECT),
        State.CONFIRMING_LAST_TEXT_TRY: partial(_text_pin, Screen.CONFIRM_LAST_TEXT_TRY),
        State.AWAITING_TEXT_PIN: partial(_text_pin, Screen.ENTER_TEXT_PIN),
        State.OPENING_SESSION: partial(_plain, Screen.ASKING_CENTRE),
        State.AWAITING_CARD_REMOVAL: partial(_plain, Screen.TAKE_CARD),
        State.CHOOSING_KIND: _kinds,
        State.SHOWING_REFUSAL: _refusal,
        State.CHOOSING_SCOPE: partial(_choice, Screen.CHOOSE_SCOPE),
        State.CHOOSING_MEMBERS: partial(_choice, Screen.CHOOSE_MEMBERS),
        State.CHOOSING_ITEMS: partial(_choice, Screen.CHOOSE_ITEMS),
        State.CHOOSING_COPIES: partial(_choice, Screen.CHOOSE_COPIES),
        State.CONFIRMING: partial(_choice, Screen.CONFIRM),
        State.REQUESTING: partial(_fee, Screen.REQUESTING),
        State.CANCELLING_REQUEST: partial(_way_out, Screen.CANCELLING),
        State.VERIFYING: partial(_fee, Screen.VERIFYING),
        State.CANCELLING_VERIFICATION: partial(_way_out, Screen.CANCELLING),
        State.PAYING: _paying,
        State.CANCELLING_PAYMENT: partial(_way_out, Screen.CANCELLING),
        State.GIVING_CHANGE: _change,
        State.CANCELLING_CHANGE: partial(_way_out, Screen.CANCELLING),
        State.STARTING_PRINT: _printing,
        State.PRINTING: _printing,
        State.CANCELLING_PRINT: partial(_way_out, Screen.CANCELLING),
        State.PRESENTING: _sheets,
        State.REFUNDING: partial(_way_out, Screen.REFUNDING),
        State.RETURNING_SHEETS: partial(_way_out, Screen.TAKE_INCOMPLETE_SHEETS),
        State.PIN_LOCKED: partial(_way_out, Screen.PIN_LOCKED),
        State.RETURNING_CARD: partial(_way_out, Screen.TAKE_CARD_BACK),
        State.APOLOGISING: partial(_way_out, Screen.SORRY),
        State.ENDING: partial(_way_out, Screen.GOODBYE),
    }
)
"""For each situation of a customer: what is shown of the session."""

TERMINAL_SCREENS: Mapping[State, Screen] = MappingProxyType(
    {
        State.OUT_OF_SERVICE: Screen.OUT_OF_SERVICE,
        State.IDLE: Screen.WELCOME,
        State.RESETTING: Screen.RESETTING,
        State.STOPPED_FOR_FINDING: Screen.STOPPED,
    }
)
"""Without a customer. ``SERVING`` is missing: the screen belongs to the customer's process then."""


TELLING_LEVELS = frozenset(
    {
        State.IDLE,
        State.CONFIRMING,
        State.PAYING,
        State.PRESENTING,
        State.RETURNING_SHEETS,
        State.APOLOGISING,
        State.ENDING,
    }
)
"""Here the customer learns what is wrong with the devices that take and give money, and with the one that prints slips."""


def show(state: State, levels: TerminalLevels, session: Session | None) -> Show | None:
    """What ``state`` shows; None where it has nothing to show."""
    if session is not None and state in SCREENS:
        return _with_levels(state, levels, SCREENS[state](session))
    screen = TERMINAL_SCREENS.get(state)
    if screen is None:
        return None
    reason = levels.out_of_service_code() if screen is Screen.OUT_OF_SERVICE else ""
    return _with_levels(state, levels, Show(screen, reason=reason))


def _with_levels(state: State, levels: TerminalLevels, shown: Show) -> Show:
    if not levels.faults or state not in TELLING_LEVELS:
        return shown
    return replace(shown, levels=levels.money_codes)
