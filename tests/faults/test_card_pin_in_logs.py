"""A canary PIN is hunted in everything that was logged at the lowest level, on the real stack, failures included."""

import logging

import pytest

from printer_templates.records import BasicFour
from terminal.devices.card_reader.api import CardError
from terminal.devices.card_reader.pin_entry import PinRefused
from terminal.devices.card_reader.reading import read_basic_four
from tests.card_kit import pin
from tests.card_stack import CardStack, read, whole_procedure

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)

CANARY = "8642"
_FORMS = (CANARY, CANARY.encode().hex(), CANARY.encode().hex(" "), "56, 54, 52, 50", "0x38, 0x36, 0x34, 0x32")


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Level 1 for the root and for every logger there is, pyscard's included should it have any."""
    caplog.set_level(1)
    for name in list(logging.root.manager.loggerDict):
        caplog.set_level(1, name)
    return caplog


def _assert_clean(text: str) -> None:
    assert [form for form in _FORMS if form.lower() in text.lower()] == []


def test_the_driver_does_log_each_exchange(card_stack: CardStack, everything_logged: pytest.LogCaptureFixture) -> None:
    card_stack.lay()
    read(card_stack.reader.open())
    assert "00 20 00 80 redacted -> 63C3" in everything_logged.text
    assert "00 A4 04 0C -> 9000" in everything_logged.text


def test_no_log_holds_a_pin_that_was_refused(
    card_stack: CardStack, everything_logged: pytest.LogCaptureFixture
) -> None:
    card_stack.lay()
    outcome = whole_procedure(card_stack.reader.open(), pin(CANARY))
    assert outcome.authenticated == PinRefused(2)
    _assert_clean(everything_logged.text)
    _assert_clean(card_stack.pcscd.log_path.read_text("utf-8", "replace"))


def test_no_log_and_no_error_holds_a_pin_whose_answer_did_not_come(
    card_stack: CardStack, everything_logged: pytest.LogCaptureFixture
) -> None:
    card_stack.lay()
    connection = card_stack.reader.open()
    text_verify_is_command = 6
    card_stack.slot.remove_at(text_verify_is_command, in_flight=True)
    outcome = read_basic_four(connection, pin(CANARY), same_digits=True)
    _assert_clean(repr(outcome))
    with pytest.raises(CardError) as error:
        read(connection)
    _assert_clean(repr(error.value) + str(error.getrepr(showlocals=True, style="long")))
    _assert_clean(everything_logged.text)


def test_no_log_holds_what_was_read(card_stack: CardStack, everything_logged: pytest.LogCaptureFixture) -> None:
    card_stack.lay()
    outcome = whole_procedure(card_stack.reader.open(), pin())
    assert isinstance(outcome.four, BasicFour)
    for personal in (outcome.four.name, outcome.four.address, outcome.four.name.encode().hex()):
        assert personal not in everything_logged.text
