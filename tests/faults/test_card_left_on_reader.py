"""The customer leaves the card, or their process dies with the card opened: the reset cuts its power and is not proved."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulator.devices.card_reader.pcscd import PrivatePcscd
from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import CardErrorCode
from terminal.devices.card_reader.files import StatusWordError
from terminal.devices.card_reader.reading import open_with_pin, sign_message
from tests.card_kit import certificate_of, clock, pin, trust
from tests.card_stack import CardStack, read, wait_until

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)

_CUSTOMER = """
import sys
from terminal.clock import SystemClock
from terminal.devices.card_reader.jpki import JpkiApplication
from terminal.devices.card_reader.pcsc import PcscReader
from terminal.devices.card_reader.pin import PinBuffer
reader = PcscReader(sys.argv[1], 5.0, SystemClock())
outcome = JpkiApplication.select(reader.open()).verify(PinBuffer.take(bytearray(b"1234")))
print(type(outcome).__name__, flush=True)
sys.stdin.read()
"""


@contextmanager
def _customer_who_opened_the_card(pcscd: PrivatePcscd, reader: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the card, opened by its PIN; it is killed with SIGKILL when the block ends, if not before."""
    program = [sys.executable, "-c", textwrap.dedent(_CUSTOMER), reader]
    with subprocess.Popen(program, env=pcscd.env, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline().strip() == "PinAccepted"
            yield process
        finally:
            process.kill()


def test_a_reader_with_a_card_left_on_it_is_not_proved_and_the_clerk_is_told(card_stack: CardStack) -> None:
    card_stack.lay()
    card_stack.reader.clear()
    line = card_stack.reader.prove()
    assert (line.proved, line.code) == (False, CardErrorCode.LEFT_ON_READER)
    assert "take the card off" in line.action


def test_taking_the_card_off_makes_the_proof(card_stack: CardStack) -> None:
    card_stack.lay()
    card_stack.reader.clear()
    card_stack.lift()
    line = card_stack.reader.prove()
    assert line.proved
    assert line.code == ""


def test_a_card_opened_by_a_process_that_was_killed_is_closed_by_the_reset(
    card_stack: CardStack, private_pcscd: PrivatePcscd
) -> None:
    card_stack.lay()
    with _customer_who_opened_the_card(private_pcscd, card_stack.name) as customer:
        customer.kill()
        customer.wait(10)
        wait_until(lambda: card_stack.reader.readiness().status is DeviceStatus.ONLINE, "pcscd forgets the dead client")
        card_stack.reader.clear()
    with pytest.raises(StatusWordError) as error:
        sign_message(card_stack.reader.open(), certificate_of(), b"message")
    assert error.value.sw == 0x6982


def test_closing_a_connection_closes_the_card(card_stack: CardStack) -> None:
    card_stack.lay()
    connection = card_stack.reader.open()
    open_with_pin(connection, pin(), read(connection), trust(), clock())
    sign_message(connection, certificate_of(), b"message")
    connection.close()
    with pytest.raises(StatusWordError):
        sign_message(card_stack.reader.open(), certificate_of(), b"message")


def test_clearing_while_another_process_holds_the_card_ends_and_is_not_proved(
    card_stack: CardStack, private_pcscd: PrivatePcscd
) -> None:
    card_stack.lay()
    with _customer_who_opened_the_card(private_pcscd, card_stack.name):
        card_stack.reader.clear()
        assert not card_stack.reader.prove().proved
