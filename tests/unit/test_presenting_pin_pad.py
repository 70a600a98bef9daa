"""With a PIN pad fitted the screen asks for no digits: it shows a dot for each key pressed on the pad, and never which."""

import pytest

from terminal.devices.screen.api import DigitsEntered, InputKind
from terminal.fsm import events
from terminal.fsm.effects import Screen, Show
from terminal.presenting import texts
from terminal.presenting.present import Presenter

PIN_SCREENS = (Screen.ENTER_PIN, Screen.ENTER_TEXT_PIN)


def presenter(screen: Screen, *, pin_pad: bool) -> Presenter:
    made = Presenter(simulated=True, pin_pad=pin_pad)
    made.view_of(Show(screen, tries_left=3))
    return made


@pytest.mark.parametrize("screen", PIN_SCREENS)
def test_no_digit_is_waited_for_on_the_screen(screen: Screen) -> None:
    assert presenter(screen, pin_pad=True).view_again().waits_for is InputKind.NOTHING
    assert presenter(screen, pin_pad=False).view_again().waits_for is InputKind.DIGITS


@pytest.mark.parametrize("screen", PIN_SCREENS)
@pytest.mark.parametrize("count", range(5))
def test_each_key_is_a_dot(screen: Screen, count: int) -> None:
    shown = presenter(screen, pin_pad=True)
    lines = shown.keys_typed(count).lines
    assert "●" * count + "○" * (4 - count) in lines
    assert texts.ON_PIN_PAD.en in lines
    assert "○○○○" in shown.view_of(Show(screen, tries_left=2)).lines, "the dots are gone with the next screen"


def test_other_screens_know_nothing_of_the_pad() -> None:
    for pin_pad in (True, False):
        view = presenter(Screen.CHOOSE_KIND, pin_pad=pin_pad).keys_typed(2)
        assert not any("●" in line for line in view.lines)
    assert not any("●" in line for line in presenter(Screen.ENTER_PIN, pin_pad=False).keys_typed(2).lines)


def test_the_pads_digits_are_the_pin_and_elsewhere_they_are_wiped() -> None:
    digits = bytearray(b"2580")
    pressed = presenter(Screen.ENTER_PIN, pin_pad=True).interpret(DigitsEntered(digits))
    assert (pressed.event, pressed.digits) == (events.PinEntered(), digits)
    pressed = presenter(Screen.CHOOSE_KIND, pin_pad=True).interpret(DigitsEntered(digits))
    assert (pressed.event, digits) == (None, bytearray(4))
