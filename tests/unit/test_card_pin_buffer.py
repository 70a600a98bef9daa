"""A PIN in its buffer: typed, sent, wiped, and never shown (design P3)."""

import copy
import json
import logging
import pickle
from collections.abc import Callable

import pytest

from terminal.devices.card_reader.pin import PinBuffer, wipe
from tests.card_kit import pin


def test_digits_are_typed_erased_and_complete() -> None:
    typed = PinBuffer()
    for digit in (1, 2, 9):
        typed.press(digit)
    typed.erase()
    typed.press(3)
    assert (len(typed), typed.complete) == (3, False)
    typed.press(4)
    assert typed.complete
    assert typed.verify_apdu() == bytes.fromhex("002000800431323334")


def test_nothing_but_four_digits_is_taken() -> None:
    typed = pin()
    with pytest.raises(ValueError, match="already has"):
        typed.press(5)
    with pytest.raises(ValueError, match="0 to 9"):
        PinBuffer().press(10)


@pytest.mark.parametrize("content", [b"123", b"12345", b"12a4", b"", "１２３４".encode()])
def test_a_source_is_wiped_even_when_it_is_refused(content: bytes) -> None:
    source = bytearray(content)
    with pytest.raises(ValueError) as refused:
        PinBuffer.take(source)
    assert source == bytearray(len(content))
    assert content.decode() == "" or content.decode() not in str(refused.value)


def test_taking_digits_wipes_where_they_came_from() -> None:
    source = bytearray(b"1234")
    assert PinBuffer.take(source).complete
    assert source == bytearray(4)


def test_a_short_pin_is_never_sent_because_it_would_burn_a_try() -> None:
    typed = PinBuffer()
    typed.press(1)
    with pytest.raises(ValueError, match="burn a try"):
        typed.verify_apdu()


def test_the_digits_are_gone_after_use_however_it_ends() -> None:
    typed = pin()
    digits = typed._digits
    with pytest.raises(RuntimeError), typed:
        raise RuntimeError
    assert digits == bytearray(4)
    assert len(typed) == 0


def test_the_digits_are_gone_when_the_buffer_is_dropped() -> None:
    typed = pin()
    digits = typed._digits
    del typed
    assert digits == bytearray(4)


def test_wiping_a_list_is_in_place() -> None:
    numbers = [1, 2, 3]
    wipe(numbers)
    assert numbers == [0, 0, 0]


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{0!r}".format, "{:>9}".format, lambda it: f"{[it]}"])
def test_no_way_to_show_a_pin_shows_it(show: Callable[[object], str]) -> None:
    shown = show(pin("8642"))
    assert "8642" not in shown
    assert "redacted" in shown


@pytest.mark.parametrize(
    "leak", [copy.copy, copy.deepcopy, pickle.dumps, list, tuple, bytes, bytearray, json.dumps, sorted, iter, vars]
)
def test_no_way_to_copy_a_pin_works(leak: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        leak(pin())


def test_a_pin_in_a_log_message_stays_hidden(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    logging.getLogger("any").debug("typed %s %r", pin("8642"), pin("8642"))
    assert "8642" not in caplog.text


def test_same_digits_needs_two_complete_pins() -> None:
    assert pin("1234").same_digits(pin("1234"))
    assert not pin("1234").same_digits(pin("1235"))
    assert not PinBuffer().same_digits(PinBuffer())
