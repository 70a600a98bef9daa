"""The card leaves, is exchanged, hangs or is damaged at any moment: no money, no paper, and the terminal is ready again."""

from pathlib import Path

import pytest

from simulator.people.script import Do
from terminal.fsm.states import CARD_STATES, State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from tests.faults.test_terminal_cancel import rules_for
from tests.faults.test_terminal_walks_away import screen_of
from tests.terminal_kit import nothing_happened, shopper, terminal, the_end


@pytest.mark.parametrize("state", sorted(CARD_STATES, key=str), ids=str)
def test_removed_at_each_situation_that_needs_it(tmp_path: Path, state: State) -> None:
    with terminal(tmp_path) as inline:
        rules = rules_for(inline, state)
        visit = inline.serve({**rules, screen_of(state): ((Do(inline.reader.remove),),)})
        assert screen_of(state) in visit.screens
        assert the_end(visit).reason is EndReason.CARD_REMOVED
        assert "choose_kind" not in visit.screens
        nothing_happened(inline)
        assert inline.situation() is State.IDLE


@pytest.mark.parametrize("state", sorted(CARD_STATES, key=str), ids=str)
def test_exchanged_for_another_at_each_situation(tmp_path: Path, state: State) -> None:
    """Another person's card on the reader must never go on with this person's session."""
    with terminal(tmp_path) as inline:
        rules = rules_for(inline, state)
        other = inline.card("takahashi")
        visit = inline.serve({**rules, screen_of(state): ((Do(lambda: inline.reader.swap(other)),),)})
        assert the_end(visit).reason in (EndReason.CARD_REMOVED, EndReason.CARD_SWAPPED)
        assert "choose_kind" not in visit.screens
        nothing_happened(inline)
        inline.reader.remove()
        inline.look()
        assert inline.situation() is State.IDLE


def commands_of_a_session(tmp_path: Path) -> int:
    with terminal(tmp_path) as inline:
        inline.serve(shopper(inline))
        return len(inline.reader.apdu_log.entries())


@pytest.mark.parametrize("in_flight", [False, True], ids=["before", "in flight"])
def test_removed_at_every_command(tmp_path: Path, in_flight: bool) -> None:
    (tmp_path / "count").mkdir()
    commands = commands_of_a_session(tmp_path / "count")
    assert commands > 10
    for nth in range(1, commands + 1):
        folder = tmp_path / str(nth)
        folder.mkdir()
        with terminal(folder) as inline:
            rules = shopper(inline)
            lay = rules["welcome"][0]

            def pull(nth: int = nth) -> None:
                inline.reader.remove_at(nth, in_flight=in_flight)

            visit = inline.serve({**rules, "welcome": ((*lay, Do(pull)),)})
            assert the_end(visit).reason in (EndReason.CARD_REMOVED, EndReason.CARD_FAILED, EndReason.PIN_UNKNOWN), nth
            nothing_happened(inline)
            assert inline.situation() is State.IDLE, nth


def test_a_card_that_hangs_is_given_back(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = shopper(inline)
        visit = inline.serve({**rules, "welcome": ((*rules["welcome"][0], Do(lambda: inline.reader.hang_at(4))),)})
        assert the_end(visit).reason is EndReason.CARD_FAILED
        assert "take_card_back" in visit.screens
        nothing_happened(inline)
        assert inline.situation() is State.IDLE


@pytest.mark.parametrize("profile", ["damaged-6f00", "damaged-short-reads"])
def test_a_damaged_card_is_given_back(tmp_path: Path, profile: str) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve(shopper(inline, profile))
        assert the_end(visit).reason in (EndReason.CARD_FAILED, EndReason.SUBJECT_FAILED)
        nothing_happened(inline)
        assert inline.situation() is State.IDLE


@pytest.mark.parametrize(("profile", "wanted"), [("revoked", EndReason.REFUSED), ("suspended", EndReason.REFUSED)])
def test_a_card_the_authority_has_stopped_is_refused(tmp_path: Path, profile: str, wanted: EndReason) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve(shopper(inline, profile))
        assert the_end(visit).reason is wanted
        assert not visit.of(e.SessionOpened)
        nothing_happened(inline)


def test_a_reader_that_is_lost_while_a_customer_is_at_it_and_comes_back(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline), "enter_pin": ((Do(inline.reader.lose), Do(inline.reader.remove)),)})
        assert the_end(visit).reason in (EndReason.LEFT, EndReason.CARD_FAILED, EndReason.CARD_REMOVED)
        nothing_happened(inline)
        assert inline.situation() is State.OUT_OF_SERVICE
        inline.reader.find()
        inline.look()
        assert inline.situation() is State.IDLE
