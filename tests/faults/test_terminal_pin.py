"""PINs: tries are shown, the last one is never burnt unasked, the text application's own PIN is asked for (P3)."""

from pathlib import Path

from simulator.devices.card_reader.profiles import OTHER_PIN, PIN
from simulator.people.script import CANCEL, OK, Digits, Do
from simulator.terminal_inline import InlineTerminal
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.journal import entries as e
from terminal.journal.fields import Pin
from tests.terminal_kit import nothing_happened, shopper, terminal, the_end


def verifies(inline: InlineTerminal) -> int:
    """How often the card was given a PIN to judge (VERIFY with data)."""
    return sum(1 for sent in inline.reader.apdu_log.entries() if sent.header[2:4] == "20" and sent.command_bytes > 5)


def test_a_text_pin_of_its_own_is_asked_for_and_the_first_digits_are_offered_once(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = {**shopper(inline, "text-pin-differs"), "enter_text_pin": ((Digits(OTHER_PIN),),)}
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.COMPLETED
        (refused,) = visit.of(e.PinRefused)
        assert isinstance(refused, e.PinRefused)
        assert (refused.pin, refused.tries_left) == (Pin.TEXT, 2)


def test_the_same_digits_are_not_offered_when_a_text_try_is_gone(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = {
            **shopper(inline, "text-last-try"),
            "confirm_last_text_try": (OK,),
            "enter_text_pin": ((Digits(PIN),),),
        }
        visit = inline.serve(rules)
        assert "confirm_last_text_try" in visit.screens
        assert the_end(visit).reason is EndReason.COMPLETED
        assert not visit.of(e.PinRefused)


def test_the_last_text_try_declined_is_not_burnt(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        card = inline.card("text-last-try")
        visit = inline.serve({**shopper(inline, card), "confirm_last_text_try": (CANCEL,)})
        assert the_end(visit).reason is EndReason.CANCELLED
        again = inline.serve({**shopper(inline, card), "confirm_last_text_try": (CANCEL,)})
        assert "confirm_last_text_try" in again.screens, "the try is still there"


def test_a_locked_text_pin_is_explained(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline, "text-locked"), "pin_locked": (OK,)})
        assert the_end(visit).reason is EndReason.PIN_LOCKED
        nothing_happened(inline)


def test_a_locked_pin_is_explained_and_the_card_given_back(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline, "auth-locked"), "pin_locked": (OK,)})
        assert the_end(visit).reason is EndReason.PIN_LOCKED
        assert "enter_pin" not in visit.screens
        assert verifies(inline) == 0
        nothing_happened(inline)
        assert inline.situation() is State.IDLE


def test_the_last_try_confirmed_and_right(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        visit = inline.serve({**shopper(inline, "auth-last-try"), "confirm_last_try": (OK,)})
        assert the_end(visit).reason is EndReason.COMPLETED


def test_the_last_try_confirmed_and_wrong_locks_the_card(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = {**shopper(inline, "auth-last-try", pin="0000"), "confirm_last_try": (OK,), "pin_locked": (OK,)}
        visit = inline.serve(rules)
        assert the_end(visit).reason is EndReason.PIN_LOCKED
        assert visit.of(e.PinLocked)
        nothing_happened(inline)


def test_the_last_try_declined_is_not_burnt(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        card = inline.card("auth-last-try")
        visit = inline.serve({**shopper(inline, card), "confirm_last_try": (CANCEL,)})
        assert the_end(visit).reason is EndReason.CANCELLED
        assert verifies(inline) == 0
        again = inline.serve({**shopper(inline, card), "confirm_last_try": (OK,)})
        assert the_end(again).reason is EndReason.COMPLETED


def test_two_wrong_ones_lead_to_the_question_not_to_a_lock(tmp_path: Path) -> None:
    with terminal(tmp_path) as inline:
        rules = shopper(inline)
        rules |= {"enter_pin": ((Digits("0000"),), (Digits("1111"),)), "confirm_last_try": (CANCEL,)}
        visit = inline.serve(rules)
        assert [entry.tries_left for entry in visit.of(e.PinRefused)] == [2, 1]  # type: ignore[union-attr]
        assert not visit.of(e.PinLocked)
        assert verifies(inline) == 2


def test_a_try_whose_answer_got_lost_is_never_sent_again(tmp_path: Path) -> None:
    sent = []
    for nth in (11, 12, 13):
        folder = tmp_path / str(nth)
        folder.mkdir()
        with terminal(folder) as inline:
            pull = Do(lambda nth=nth: inline.reader.remove_at(nth, in_flight=True, executed=True))  # type: ignore[misc]
            visit = inline.serve({**shopper(inline), "enter_pin": ((pull, Digits("0000")),)})
            assert the_end(visit).reason is not EndReason.COMPLETED
            sent.append(verifies(inline))
            nothing_happened(inline)
    assert max(sent) == 1, "at one of these commands the card had judged the PIN when its answer got lost"
