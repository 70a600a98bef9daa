"""The card is taken off at every single command of the whole procedure, between commands and in flight."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from printer_templates.records import BasicFour
from simulator.devices.card_reader.pcscd import PrivatePcscd
from terminal.devices.card_reader.api import CardError, CardErrorCode
from terminal.devices.card_reader.pin_entry import PinOutcomeUnknown
from terminal.devices.card_reader.reading import Authenticated, TextPinOutcomeUnknown
from tests.card_kit import card, pin
from tests.card_stack import CardStack, Outcome, end_stack, make_stack, read, wait_until, whole_procedure

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


@pytest.fixture
def both_slots(private_pcscd: PrivatePcscd) -> Iterator[tuple[CardStack, CardStack]]:
    """Two readers, so that the two ways of leaving can be gone through side by side."""
    stacks = make_stack(private_pcscd, 0), make_stack(private_pcscd, 1)
    yield stacks
    for stack in stacks:
        end_stack(stack)


def _verifies_with_a_pin(stack: CardStack) -> list[int]:
    """The numbers, from 1, of the commands that carried a PIN."""
    entries = stack.slot.apdu_log.entries()
    return [at for at, entry in enumerate(entries, 1) if entry.header == "00200080" and entry.command_bytes == 9]


def _undisturbed(stack: CardStack) -> tuple[int, list[int]]:
    """How many commands the whole procedure sends, and which of them carry a PIN."""
    stack.lay()
    connection = stack.reader.open()
    stack.slot.apdu_log.clear()
    with pin() as typed:
        outcome = whole_procedure(connection, typed)
    assert isinstance(outcome.authenticated, Authenticated)
    assert isinstance(outcome.four, BasicFour)
    counted = len(stack.slot.apdu_log.entries()), _verifies_with_a_pin(stack)
    connection.close()
    stack.lift()
    return counted


def _with_removal(stack: CardStack, nth: int, in_flight: bool) -> Outcome | CardError:
    """The whole procedure with the card leaving at command ``nth``; afterwards the same card is read again, whole."""
    emulated = card()
    stack.lay(emulated)
    connection = stack.reader.open()
    stack.slot.apdu_log.clear()
    stack.slot.remove_at(nth, in_flight=in_flight)
    try:
        with pin() as typed:
            outcome: Outcome | CardError = whole_procedure(connection, typed)
    except CardError as error:
        outcome = error
    assert len(stack.slot.apdu_log.entries()) == (nth if in_flight else nth - 1), "nothing was sent after the loss"
    connection.close()
    stack.slot.remove()
    wait_until(lambda: stack.reader.prove().proved, "pcscd notices that the card is gone")
    return outcome


def _judge(outcome: Outcome | CardError, nth: int, verifies: list[int]) -> str:
    """Empty when removal at command ``nth`` ended as it should, else what was wrong."""
    if nth == verifies[0]:
        right = isinstance(outcome, Outcome) and outcome.authenticated == PinOutcomeUnknown(CardErrorCode.REMOVED)
    elif nth == verifies[1]:
        right = isinstance(outcome, Outcome) and outcome.four == TextPinOutcomeUnknown(CardErrorCode.REMOVED)
    else:
        right = isinstance(outcome, CardError) and outcome.code == CardErrorCode.REMOVED
    return "" if right else f"command {nth}: {outcome}"


def _all_removals(stack: CardStack, commands: int, verifies: list[int], in_flight: bool) -> list[str]:
    told = [_judge(_with_removal(stack, nth, in_flight), nth, verifies) for nth in range(1, commands + 1)]
    return [text for text in told if text]


def test_a_removal_at_any_command_is_a_removal_and_an_unknown_outcome_only_where_a_pin_was_on_its_way(
    both_slots: tuple[CardStack, CardStack],
) -> None:
    first, second = both_slots
    commands, verifies = _undisturbed(first)
    assert commands > 30
    assert len(verifies) == 2
    with ThreadPoolExecutor(2) as pool:
        between = pool.submit(_all_removals, first, commands, verifies, False)
        in_flight = pool.submit(_all_removals, second, commands, verifies, True)
    assert between.result() == []
    assert in_flight.result() == []


def test_a_dead_connection_stays_dead_with_the_same_reason(card_stack: CardStack) -> None:
    card_stack.lay()
    connection = card_stack.reader.open()
    card_stack.lift()
    for _ in range(3):
        with pytest.raises(CardError) as error:
            read(connection)
        assert error.value.code == CardErrorCode.REMOVED


def test_without_a_card_there_is_nothing_to_connect_to(card_stack: CardStack) -> None:
    with pytest.raises(CardError) as error:
        card_stack.reader.open()
    assert error.value.code == CardErrorCode.NO_CARD
