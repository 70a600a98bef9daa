"""Cancel at each situation in which it must be possible: the session ends, every yen is back, no paper is out (P7)."""

from pathlib import Path

import pytest

from printer_templates.records import Scope
from simulator.people.script import CANCEL, Pause
from simulator.terminal_inline import InlineTerminal
from terminal.fsm.states import CANCELLABLE_STATES, State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.faults.test_terminal_walks_away import CASES, screen_of
from tests.terminal_kit import RESIDENCE, Rules, nothing_happened, requested, shopper, terminal, the_end

NAMED = {State.STARTING_PRINT: "printing"}
AFTER_THE_FEE = {State.GIVING_CHANGE, State.STARTING_PRINT}


def rules_for(inline: InlineTerminal, state: State) -> Rules:
    if state is State.GIVING_CHANGE:
        inline.payment.overpays_yen, inline.payment.pays_out_in_s = 300, 1.0
    if state in CASES:
        return CASES[state][0](inline)
    return shopper(inline, "head", kind=RESIDENCE, scope=Scope.HOUSEHOLD)


@pytest.mark.parametrize("state", sorted(CANCELLABLE_STATES, key=str), ids=str)
def test_cancelling_ends_the_session_with_every_yen_given_back(tmp_path: Path, state: State) -> None:
    with terminal(tmp_path) as inline:
        rules = rules_for(inline, state)
        screen = NAMED.get(state) or screen_of(state)
        visit = inline.serve({**rules, screen: (CANCEL,)})
        assert screen in visit.screens
        assert the_end(visit).reason is EndReason.CANCELLED
        assert bool(visit.of(e.RefundPaid)) is (state in AFTER_THE_FEE)
        assert not visit.of(e.PrintStarted)
        nothing_happened(inline)
        assert inline.situation() is State.IDLE


def test_a_request_that_was_under_way_is_cancelled_whole(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline), "requesting": (CANCEL,)})
        (cancelled,) = visit.of(e.IssuanceCancelled)
        assert isinstance(cancelled, e.IssuanceCancelled)
        assert cancelled.confirmed
        assert [request.state for request in requested(inline)] == ["cancelled"]


def test_a_verified_sheet_that_nobody_wants_any_more_is_reported_as_not_delivered(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        inline.serve({**shopper(inline), "verifying": (CANCEL,)})
        assert [request.outcome for request in requested(inline)] == ["not_delivered"]


def test_past_the_first_byte_cancel_is_void(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = shopper(inline, "large-1", kind=RESIDENCE, scope=Scope.HOUSEHOLD)
        visit = inline.serve({**rules, "printing": ((Pause(2.0), *CANCEL),)})
        assert the_end(visit).reason is EndReason.COMPLETED
        assert inline.tray.deliveries[0].sides == 10
