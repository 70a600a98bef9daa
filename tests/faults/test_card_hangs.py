"""The card stops answering: PC/SC would wait for ever, the driver does not, and what it gave up stays given up."""

import subprocess
import sys
import textwrap
import time

import pytest

from simulator.devices.card_reader.pcscd import PrivatePcscd
from terminal.clock import SystemClock
from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import CardError, CardErrorCode, CardInserted, CardRemoved
from terminal.devices.card_reader.pcsc import PcscReader
from terminal.devices.card_reader.pin_entry import PinOutcomeUnknown
from terminal.devices.card_reader.reading import open_with_pin
from tests.card_kit import card, clock, pin, trust
from tests.card_stack import CardStack, read, wait_until

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)


def test_a_card_that_hangs_is_given_up_within_the_watchdog(impatient_stack: CardStack) -> None:
    impatient_stack.lay()
    connection = impatient_stack.reader.open()
    impatient_stack.slot.hang_at(3)
    began_s = time.monotonic()
    with pytest.raises(CardError) as error:
        read(connection)
    assert error.value.code == CardErrorCode.HANGS
    assert time.monotonic() - began_s < 5.0


def test_an_abandoned_connection_stays_abandoned_even_when_the_card_answers_after_all(
    impatient_stack: CardStack,
) -> None:
    impatient_stack.lay()
    connection = impatient_stack.reader.open()
    impatient_stack.slot.hang_at(3)
    with pytest.raises(CardError):
        read(connection)
    impatient_stack.slot.resume()
    for _ in range(2):
        with pytest.raises(CardError) as error:
            read(connection)
        assert error.value.code == CardErrorCode.HANGS


def test_a_card_that_hangs_while_it_judges_a_pin_leaves_the_outcome_unknown(impatient_stack: CardStack) -> None:
    emulated = card()
    impatient_stack.lay(emulated)
    connection = impatient_stack.reader.open()
    before = read(connection)
    assert before.certificate is not None
    chunks_of_the_certificate = -(-(len(before.certificate.der) - 4) // 256)
    selects_and_header, counter, verify = 3, 2, 1
    impatient_stack.slot.apdu_log.clear()
    impatient_stack.slot.hang_at(selects_and_header + chunks_of_the_certificate + counter + verify)
    outcome = open_with_pin(connection, pin("9999"), before, trust(), clock())
    assert outcome == PinOutcomeUnknown(CardErrorCode.HANGS)
    impatient_stack.slot.resume()
    wait_until(
        lambda: [entry.command_bytes for entry in impatient_stack.slot.apdu_log.entries()].count(9) == 1,
        "the card judges the one try it was sent",
    )
    again = PcscReader(impatient_stack.name, 5.0, SystemClock())
    assert read(again.open()).tries_left == 2
    again.close()


def test_while_a_card_hangs_everything_else_stays_bounded(impatient_stack: CardStack) -> None:
    impatient_stack.lay()
    impatient_stack.slot.hang_at(3)
    with pytest.raises(CardError):
        read(impatient_stack.reader.open())
    second = PcscReader(impatient_stack.name, 0.3, SystemClock())
    began_s = time.monotonic()
    with pytest.raises(CardError) as error:
        second.open()
    assert error.value.code in (CardErrorCode.HANGS, CardErrorCode.SHARING_VIOLATION)
    impatient_stack.reader.clear()
    line = impatient_stack.reader.prove()
    assert not line.proved
    assert line.action
    assert impatient_stack.reader.readiness().status in (DeviceStatus.ONLINE, DeviceStatus.DEVICE_BUSY)
    second.close()
    assert time.monotonic() - began_s < 10.0


def test_taking_the_hanging_card_off_heals_the_reader(impatient_stack: CardStack) -> None:
    impatient_stack.lay()
    impatient_stack.slot.hang_at(3)
    with pytest.raises(CardError):
        read(impatient_stack.reader.open())
    impatient_stack.lift()
    impatient_stack.reader.clear()
    wait_until(lambda: impatient_stack.reader.prove().proved, "the reader proves that it is empty")
    impatient_stack.lay()
    connection = impatient_stack.reader.open()
    assert read(connection).tries_left == 3


def test_the_poller_goes_on_while_a_card_hangs(impatient_stack: CardStack) -> None:
    impatient_stack.lay()
    impatient_stack.slot.hang_at(3)
    with pytest.raises(CardError):
        read(impatient_stack.reader.open())
    impatient_stack.slot.swap(card("head"))
    impatient_stack.expect(CardRemoved)
    assert impatient_stack.expect(CardInserted).insertion == 2


_PROGRAM = """
import sys
from terminal.clock import SystemClock
from terminal.devices.card_reader.api import CardError
from terminal.devices.card_reader.jpki import JpkiApplication
from terminal.devices.card_reader.pcsc import PcscReader
try:
    JpkiApplication.select(PcscReader(sys.argv[1], 0.3, SystemClock()).open())
except CardError as error:
    print(error.code)
"""


def test_a_process_with_a_hung_connection_still_ends(card_stack: CardStack, private_pcscd: PrivatePcscd) -> None:
    card_stack.lay()
    card_stack.slot.hang_at(1)
    program = [sys.executable, "-c", textwrap.dedent(_PROGRAM), card_stack.name]
    ended = subprocess.run(program, env=private_pcscd.env, capture_output=True, text=True, timeout=20, check=True)
    assert ended.stdout.strip() == CardErrorCode.HANGS
