"""The PIN pad in the terminal: asked while a PIN is asked for, its digits go to the card, its failure ends the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulator.devices.pin_pad.model import PinPadModel
from simulator.devices.serial_device import LoopLine
from simulator.people.script import Do, Pause
from terminal.devices.pin_pad.api import (
    Entering,
    PinEntry,
    PinEntryCanceled,
    PinEntryFailed,
    PinEntryTimedOut,
    PinPadCode,
    PinTyped,
)
from terminal.devices.pin_pad.messages import PadState
from terminal.devices.screen.api import CancelPressed, DigitsEntered
from terminal.fsm import events
from terminal.fsm.states import State
from terminal.fsm.values import EndReason
from terminal.keypad import DEVICE, KeysTyped, PadInput, PinPadInput
from tests.cash_kit import CashTerminal, cash_terminal, pays, told
from tests.terminal_kit import Rules, the_end


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[CashTerminal]:
    with cash_terminal(tmp_path, pin_pad=True) as inline:
        yield inline


def pad(shop: CashTerminal) -> tuple[PinPadModel, LoopLine]:
    assert shop.pad is not None
    _, model, line = shop.pad
    return model, line


def typing(shop: CashTerminal, *deeds: Callable[[], object]) -> Rules:
    """A shopper who does each deed a second after the other while a PIN is asked for; nothing is typed on the screen."""
    steps = [step for deed in deeds for step in (Pause(1.0), Do(deed))]
    return {**pays(shop, 100, 100), "enter_pin": (tuple(steps),)}


def test_the_pin_that_is_typed_on_the_pad_opens_the_card(shop: CashTerminal) -> None:
    model, _ = pad(shop)
    visit = shop.serve(typing(shop, lambda: model.press("12"), lambda: model.press("34#")))
    assert the_end(visit).reason is EndReason.COMPLETED
    dots = {line.count("●") for view in visit.screen.views if view.screen == "enter_pin" for line in view.lines}
    assert {2, 4} & dots, "dots follow the keys"
    assert model.state is PadState.IDLE
    assert model.count == 0


def test_the_pads_cancel_key_is_a_cancel(shop: CashTerminal) -> None:
    model, _ = pad(shop)
    visit = shop.serve(typing(shop, lambda: model.press("12x")))
    assert the_end(visit).reason is EndReason.CANCELLED


@pytest.mark.parametrize("keys", ["", "1", "1234"])
def test_a_pad_that_is_pulled_during_entry_ends_the_session_with_the_card_given_back(
    shop: CashTerminal, keys: str
) -> None:
    model, line = pad(shop)
    visit = shop.serve(typing(shop, lambda: model.press(keys), line.unplug))
    assert "take_card_back" in visit.screens
    assert the_end(visit).reason is not EndReason.COMPLETED
    assert "pay" not in visit.screens
    assert "PIN_PAD_" in told(visit, "take_card_back") + told(visit, "sorry")
    assert pad(shop)[0].count == len(keys), "what stands in a pad without a line is for its own reset"
    assert shop.situation() is State.IDLE, "this test's reset has no pad in it"


def test_a_person_who_walks_away_leaves_no_entry_running(shop: CashTerminal) -> None:
    model, _ = pad(shop)
    visit = shop.serve(typing(shop, lambda: model.press("12")))
    assert the_end(visit).reason is EndReason.LEFT
    assert visit.ended is not None


class Pad:
    """A pad whose entry ends as the test says; ``asked`` is whoever asked for it."""

    def __init__(self, outcome: PinEntry) -> None:
        self.outcome = outcome
        self.asked: Entering | None = None

    def enter(self, entering: Entering, bound_s: float) -> PinEntry:
        """See ``PinPad.enter``."""
        self.asked = entering
        return self.outcome


class Lane:
    """Keeps what is to run and what was posted; ``run`` runs it."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], PadInput | None]] = []
        self.posted: list[PadInput] = []

    def post(self, event: PadInput) -> None:
        """See ``Commander.post``."""
        self.posted.append(event)

    def start(self, device: str, command: Callable[[], PadInput | None]) -> None:
        """See ``Commander.start``."""
        assert device == DEVICE
        self.waiting.append(command)

    def run(self) -> PadInput | None:
        """Run the next command."""
        return self.waiting.pop(0)()


def made(outcome: PinEntry) -> tuple[PinPadInput, Pad, Lane]:
    device, lane = Pad(outcome), Lane()
    return PinPadInput(device, lane), device, lane  # type: ignore[arg-type]


def test_digits_are_posted_as_the_consoles_are() -> None:
    keypad, _, lane = made(PinTyped(bytearray(b"1234")))
    keypad.follow(asks_for_pin=True)
    outcome = lane.run()
    assert isinstance(outcome, DigitsEntered)
    assert outcome.digits == b"1234"


def test_one_entry_for_one_question_however_often_the_screen_is_shown() -> None:
    keypad, _, lane = made(PinEntryCanceled())
    for _ in range(3):
        keypad.follow(asks_for_pin=True)
    assert len(lane.waiting) == 1
    keypad.follow(asks_for_pin=False)
    keypad.follow(asks_for_pin=True)
    assert len(lane.waiting) == 2


def test_an_entry_is_over_when_the_screen_asks_for_none_any_more() -> None:
    keypad, device, lane = made(PinEntryCanceled())
    keypad.follow(asks_for_pin=True)
    lane.run()
    assert device.asked is not None
    assert not device.asked.cancelled()
    keypad.follow(asks_for_pin=False)
    assert device.asked.cancelled()


def test_an_entry_that_was_ended_by_the_screen_posts_no_cancel() -> None:
    """The cancel belongs to the person's key only; else the next screen would be cancelled."""
    keypad, device, lane = made(PinEntryCanceled())
    keypad.follow(asks_for_pin=True)
    assert isinstance(lane.run(), CancelPressed)
    keypad.follow(asks_for_pin=False)
    keypad.follow(asks_for_pin=True)
    begun = lane.waiting.pop(0)
    device.enter = lambda entering, bound_s: (keypad.follow(asks_for_pin=False), PinEntryCanceled())[1]  # type: ignore[method-assign, func-returns-value]
    assert begun() is None


def test_an_entry_that_is_over_before_it_began_does_not_ask_the_pad() -> None:
    keypad, device, lane = made(PinTyped(bytearray(b"1234")))
    keypad.follow(asks_for_pin=True)
    keypad.follow(asks_for_pin=False)
    assert lane.run() is None
    assert device.asked is None


def test_a_time_out_is_the_machines_to_judge_and_a_failure_is_a_level() -> None:
    keypad, _, lane = made(PinEntryTimedOut())
    keypad.follow(asks_for_pin=True)
    assert lane.run() is None
    keypad, _, lane = made(PinEntryFailed(PinPadCode.LINE_GONE, "plug it in"))
    keypad.follow(asks_for_pin=True)
    raised = lane.run()
    assert isinstance(raised, events.FaultRaised)
    assert (raised.fault.device, raised.fault.code) == (DEVICE, PinPadCode.LINE_GONE.value)
    assert raised.fault.action


def test_each_key_is_told_as_a_count_and_never_as_a_digit() -> None:
    keypad, device, lane = made(PinEntryTimedOut())
    keypad.follow(asks_for_pin=True)
    lane.run()
    assert device.asked is not None
    device.asked.typed(3)
    assert lane.posted == [KeysTyped(3)]
