"""The console screen on a real pty: a PIN is masked and never echoed, and nothing of a customer outlives ``clear``."""

import os
import pty
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from terminal.devices.screen.api import (
    BackPressed,
    CancelPressed,
    ChoicePressed,
    DigitsEntered,
    InputKind,
    OkPressed,
    PersonInput,
    View,
    ViewChoice,
)
from terminal.devices.screen.console import ConsoleScreen, ScreenError, open_terminal_mode
from tests.console_kit import shown_on

PIN_VIEW = View("enter_pin", "暗証番号", waits_for=InputKind.DIGITS, ok_label="次へ", cancel_label="取消")
CHOICE_VIEW = View(
    "choose_kind",
    "証明書",
    choices=(ViewChoice("1", "住民票の写し"), ViewChoice("2", "印鑑登録証明書", available=False)),
    waits_for=InputKind.CHOICE,
    back_label="戻る",
    cancel_label="取消",
)


@dataclass
class Console:
    screen: ConsoleScreen
    person: int
    heard: "queue.Queue[PersonInput]"

    def press(self, keys: bytes) -> None:
        os.write(self.person, keys)

    def seen(self) -> str:
        return shown_on(self.person)


@pytest.fixture
def console() -> Iterator[Console]:
    person, terminal = pty.openpty()
    restore = open_terminal_mode(terminal)
    screen = ConsoleScreen(terminal, terminal)
    heard: queue.Queue[PersonInput] = queue.Queue()
    screen.listen(heard.put)
    yield Console(screen, person, heard)
    restore()
    os.close(person)
    # Its read ends with the hang-up; left behind, it would take the keys of whoever gets the same descriptor next.
    for reader in [thread for thread in threading.enumerate() if thread.name == "screen-console"]:
        reader.join(5)
    os.close(terminal)


def test_a_pin_is_masked_and_never_echoed(console: Console) -> None:
    console.screen.show(PIN_VIEW)
    console.press(b"7391\n")
    entered = console.heard.get(timeout=5)
    seen = console.seen()
    assert isinstance(entered, DigitsEntered)
    assert entered.digits == bytearray(b"7391")
    assert "●●●●" in seen
    assert not any(digit in seen.split("暗証番号")[-1] for digit in "7391")
    assert "7391" not in repr(entered)


def test_a_digit_can_be_taken_back_and_a_short_pin_is_not_sent(console: Console) -> None:
    console.screen.show(PIN_VIEW)
    console.press(b"12\x7f\n345\n")
    entered = console.heard.get(timeout=5)
    assert isinstance(entered, DigitsEntered)
    assert entered.digits == bytearray(b"1345")
    assert console.heard.empty()


def test_choices_back_cancel_and_ok_are_told_apart(console: Console) -> None:
    console.screen.show(CHOICE_VIEW)
    console.press(b"1zbx\n")
    heard = [console.heard.get(timeout=5) for _ in range(4)]
    assert heard == [ChoicePressed("1"), BackPressed(), CancelPressed(), OkPressed()]


def test_keys_that_the_view_does_not_offer_mean_nothing(console: Console) -> None:
    console.screen.show(View("reading_card", "読み取り中"))
    console.press(b"1bx")
    console.press(b"\n")
    assert console.heard.get(timeout=5) == OkPressed()
    assert console.heard.empty()


def test_digits_of_one_screen_do_not_go_over_to_the_next(console: Console) -> None:
    console.screen.show(PIN_VIEW)
    console.press(b"12")
    assert "●●○○" in console.seen()
    console.screen.show(View("enter_text_pin", "別の暗証番号", waits_for=InputKind.DIGITS))
    assert "○○○○" in console.seen()


def test_clear_empties_glass_scroll_back_and_typed_ahead_keys() -> None:
    person, terminal = pty.openpty()
    restore = open_terminal_mode(terminal)
    screen = ConsoleScreen(terminal, terminal)
    screen.show(PIN_VIEW)
    os.write(person, b"7391")
    assert not screen.prove().proved
    screen.clear()
    assert screen.prove().proved
    assert shown_on(person).endswith("\x1b[3J\x1b[2J\x1b[H")
    restore()
    os.close(person)
    os.close(terminal)


def test_what_is_no_terminal_is_refused_with_what_to_do() -> None:
    reading, writing = os.pipe()
    with pytest.raises(ScreenError, match=r"SCREEN_NO_TERMINAL.*run the command in a terminal"):
        open_terminal_mode(reading)
    readiness = ConsoleScreen(reading, writing).readiness()
    assert not readiness.ready
    assert readiness.faults[0].action
    os.close(reading)
    os.close(writing)
