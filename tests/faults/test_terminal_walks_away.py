"""A person walks away at each situation that waits for a person: a warning first, then the end; money back when it was paid."""

from collections.abc import Callable
from pathlib import Path

import pytest

from printer_templates.records import Scope
from simulator.devices.fault_plan import PlannedFault
from simulator.devices.printer.faults import FaultKind
from simulator.terminal_inline import InlineTerminal
from terminal.fsm.screens import SCREENS
from terminal.fsm.states import CANCELLING_STATES, CUSTOMER_STATES, UNWARNED_STATES, State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.terminal_kit import FEE_YEN, RESIDENCE, Rules, shopper, terminal, the_end

Setting = Callable[[InlineTerminal], Rules]


def seal(inline: InlineTerminal) -> Rules:
    return shopper(inline)


def members(inline: InlineTerminal) -> Rules:
    return shopper(inline, "head", kind=RESIDENCE, scope=Scope.MEMBERS)


def card(profile: str) -> Setting:
    return lambda inline: shopper(inline, profile)


def breaks_off(inline: InlineTerminal) -> Rules:
    inline.printer.plan.add(PlannedFault(FaultKind.JOB_ABORTED))
    return shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD)


def declines_to_pay(inline: InlineTerminal) -> Rules:
    inline.payment.takes_s = 10_000.0
    return shopper(inline)


CASES: dict[State, tuple[Setting, EndReason, State]] = {
    State.CONFIRMING_LAST_TRY: (card("auth-last-try"), EndReason.LEFT, State.OUT_OF_SERVICE),
    State.AWAITING_PIN: (seal, EndReason.LEFT, State.OUT_OF_SERVICE),
    State.CONFIRMING_LAST_TEXT_TRY: (card("text-last-try"), EndReason.LEFT, State.OUT_OF_SERVICE),
    State.AWAITING_TEXT_PIN: (card("text-pin-differs"), EndReason.LEFT, State.OUT_OF_SERVICE),
    State.AWAITING_CARD_REMOVAL: (seal, EndReason.CARD_FORGOTTEN, State.OUT_OF_SERVICE),
    State.CHOOSING_KIND: (seal, EndReason.LEFT, State.IDLE),
    State.SHOWING_REFUSAL: (card("cancelled-seal"), EndReason.LEFT, State.IDLE),
    State.CHOOSING_SCOPE: (members, EndReason.LEFT, State.IDLE),
    State.CHOOSING_MEMBERS: (members, EndReason.LEFT, State.IDLE),
    State.CHOOSING_ITEMS: (members, EndReason.LEFT, State.IDLE),
    State.CHOOSING_COPIES: (seal, EndReason.LEFT, State.IDLE),
    State.CONFIRMING: (seal, EndReason.LEFT, State.IDLE),
    State.PAYING: (declines_to_pay, EndReason.LEFT, State.IDLE),
    State.PRESENTING: (seal, EndReason.SHEETS_FORGOTTEN, State.OUT_OF_SERVICE),
    State.RETURNING_SHEETS: (breaks_off, EndReason.PRINT_FAILED, State.OUT_OF_SERVICE),
    State.PIN_LOCKED: (card("auth-locked"), EndReason.PIN_LOCKED, State.OUT_OF_SERVICE),
    State.RETURNING_CARD: (card("damaged-6f00"), EndReason.CARD_FAILED, State.OUT_OF_SERVICE),
    State.APOLOGISING: (card("damaged-6f00"), EndReason.CARD_FAILED, State.IDLE),
}
WITH_CARD_LEFT = {
    State.CONFIRMING_LAST_TRY,
    State.AWAITING_PIN,
    State.CONFIRMING_LAST_TEXT_TRY,
    State.AWAITING_TEXT_PIN,
    State.AWAITING_CARD_REMOVAL,
    State.PIN_LOCKED,
    State.RETURNING_CARD,
}
WAITS_FOR_A_DEVICE = CANCELLING_STATES | {
    State.READING_CARD,
    State.AUTHENTICATING,
    State.READING_SUBJECT,
    State.OPENING_SESSION,
    State.REQUESTING,
    State.VERIFYING,
    State.STARTING_PRINT,
    State.PRINTING,
    State.REFUNDING,
    State.GIVING_CHANGE,
}


def screen_of(state: State) -> str:
    """The name of the screen that the machine shows in ``state``."""
    keywords = SCREENS[state]
    screen = getattr(keywords, "args", None)
    named = {
        State.CHOOSING_KIND: "choose_kind",
        State.SHOWING_REFUSAL: "kind_refused",
        State.PAYING: "pay",
        State.GIVING_CHANGE: "take_change",
        State.PRESENTING: "take_sheets",
    }
    return named.get(state) or str(screen[0].value if screen else "")


def test_every_situation_that_waits_for_a_person_is_walked_away_from() -> None:
    assert set(CASES) == CUSTOMER_STATES - UNWARNED_STATES - WAITS_FOR_A_DEVICE


@pytest.mark.parametrize("state", CASES, ids=str)
def test_the_warning_comes_first_and_then_the_end(tmp_path: Path, state: State) -> None:
    setting, reason, after = CASES[state]
    with terminal(tmp_path) as inline:
        rules = setting(inline)
        screen = screen_of(state)
        rules.pop(screen, None)
        if state in WITH_CARD_LEFT:
            rules.pop("take_card_back", None)
            rules.pop("take_card", None)
        visit = inline.serve(rules)
        assert screen in visit.screens
        shown = [view for view in visit.screen.views if view.screen == screen]
        assert shown[-1].warning, "asked whether they are still there"
        assert not shown[0].warning
        assert the_end(visit).reason is reason
        delivered = state is State.PRESENTING
        assert inline.payment.till.held_yen == (FEE_YEN if delivered else 0)
        assert inline.situation() is after
        assert visit.screens[-1] == "goodbye"


@pytest.mark.parametrize("state", sorted(WITH_CARD_LEFT, key=str), ids=str)
def test_a_card_left_on_the_reader_keeps_everybody_away_until_it_is_taken(tmp_path: Path, state: State) -> None:
    setting, _, _ = CASES[state]
    with terminal(tmp_path) as inline:
        rules = setting(inline)
        for screen in (screen_of(state), "take_card_back", "take_card"):
            rules.pop(screen, None)
        visit = inline.serve(rules)
        (unproved,) = visit.of(e.ResetNotProved)
        assert isinstance(unproved, e.ResetNotProved)
        assert "CARD_LEFT_ON_READER" in {line.code for line in unproved.lines}
        inline.look()
        assert inline.situation() is State.OUT_OF_SERVICE
        inline.reader.remove()
        inline.look()
        assert inline.situation() is State.IDLE
