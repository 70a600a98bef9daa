"""Another program holds the card; and no other program gets it while we hold it."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulator.devices.card_reader.pcscd import PrivatePcscd
from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import CardError, CardErrorCode
from tests.card_stack import CardStack, read, wait_until

pytestmark = pytest.mark.system
pytest_plugins = ("tests.card_fixtures",)

# A stranger: another process, pyscard's own connection class, nothing of ours.
_STRANGER = """
import sys
from smartcard.System import readers
from smartcard.scard import SCARD_SHARE_EXCLUSIVE, SCARD_SHARE_SHARED
reader = next(reader for reader in readers() if str(reader) == sys.argv[1])
connection = reader.createConnection()
try:
    connection.connect(mode=SCARD_SHARE_EXCLUSIVE if sys.argv[2] == "exclusive" else SCARD_SHARE_SHARED)
    print("held", flush=True)
    sys.stdin.read()
    connection.disconnect()
except Exception as error:
    print(f"{getattr(error, 'hresult', 0) & 0xFFFFFFFF:08X}", flush=True)
"""


@contextmanager
def _stranger(pcscd: PrivatePcscd, reader: str, mode: str) -> Iterator[str]:
    """A process that connects; what it says is yielded, and it lets go when the block ends."""
    program = [sys.executable, "-c", textwrap.dedent(_STRANGER), reader, mode]
    with subprocess.Popen(program, env=pcscd.env, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.communicate(timeout=10)


@pytest.mark.parametrize("mode", ["exclusive", "shared"])
def test_a_card_that_another_program_holds_is_a_sharing_violation_until_it_lets_go(
    card_stack: CardStack, private_pcscd: PrivatePcscd, mode: str
) -> None:
    card_stack.lay()
    with _stranger(private_pcscd, card_stack.name, mode) as said:
        assert said == "held"
        with pytest.raises(CardError) as error:
            card_stack.reader.open()
        assert error.value.code == CardErrorCode.SHARING_VIOLATION
    assert read(card_stack.reader.open()).tries_left == 3


def test_a_reader_that_another_program_holds_is_busy_not_ready(
    card_stack: CardStack, private_pcscd: PrivatePcscd
) -> None:
    card_stack.lay()
    with _stranger(private_pcscd, card_stack.name, "exclusive") as said:
        assert said == "held"
        readiness = card_stack.reader.readiness()
        assert readiness.status is DeviceStatus.DEVICE_BUSY
        assert readiness.faults[0].code == CardErrorCode.SHARING_VIOLATION
        assert not readiness.ready
    wait_until(lambda: card_stack.reader.readiness().ready, "the reader is ready again")


@pytest.mark.parametrize("mode", ["exclusive", "shared"])
def test_no_other_program_gets_at_a_card_that_we_hold(
    card_stack: CardStack, private_pcscd: PrivatePcscd, mode: str
) -> None:
    card_stack.lay()
    connection = card_stack.reader.open()
    with _stranger(private_pcscd, card_stack.name, mode) as said:
        assert said == "8010000B"
    assert read(connection).tries_left == 3
