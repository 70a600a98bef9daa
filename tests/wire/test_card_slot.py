"""Cards laid on a real PC/SC stack and taken from it: what pcscd's clients see. jpki-card.md sections 5.2 and 5.3.

PC/SC is called directly here, without the terminal's driver, so that slot and driver are proved apart.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from smartcard import scard

from simulator.devices.card_reader.command import run_card
from simulator.devices.card_reader.pcscd import PrivatePcscd
from simulator.devices.card_reader.vpcd_frames import SlotError, SlotErrorCode
from simulator.devices.card_reader.wire import NOTICED_ABSENCE_S, CardSlot, Delays
from tests.emulated_card_kit import fresh_card, shared_home
from tests.system import require
from tests.wire.conftest import wait_for_card

pytestmark = pytest.mark.system

SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
SELECT_PIN = bytes.fromhex("00A4020C020018")
SELECT_CERTIFICATE = bytes.fromhex("00A4020C02000A")
READ_256 = bytes.fromhex("00B0000000")
TRIES = bytes.fromhex("00200080")
WRONG = bytes.fromhex("002000800439393939")
RIGHT = bytes.fromhex("002000800431323334")
SIGN = bytes.fromhex("802A0097010000")


class Client:
    """A PC/SC client with one exclusive connection."""

    def __init__(self, reader: str) -> None:
        status, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        assert status == scard.SCARD_S_SUCCESS
        both = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        status, self._handle, self._protocol = scard.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_EXCLUSIVE, both
        )
        assert status == scard.SCARD_S_SUCCESS, hex(status & 0xFFFFFFFF)

    def transmit(self, apdu: bytes) -> tuple[int, bytes]:
        """PC/SC's status and the answer."""
        status, answer = scard.SCardTransmit(self._handle, self._protocol, list(apdu))
        return status & 0xFFFFFFFF, bytes(answer)

    def ok(self, *apdus: bytes) -> bytes:
        """Send ``apdus``, all of which PC/SC must deliver; the last answer."""
        answer = b""
        for apdu in apdus:
            status, answer = self.transmit(apdu)
            assert status == scard.SCARD_S_SUCCESS
        return answer

    def reconnect(self, initialization: int) -> None:
        both = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        status, self._protocol = scard.SCardReconnect(self._handle, scard.SCARD_SHARE_EXCLUSIVE, both, initialization)
        assert status == scard.SCARD_S_SUCCESS

    def close(self) -> None:
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)
        scard.SCardReleaseContext(self._context)


@pytest.fixture
def client(pcscd: PrivatePcscd, slot: CardSlot) -> Iterator[Client]:
    """Connected to an adult's card on the first slot."""
    slot.insert(fresh_card(), absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)
    connected = Client(pcscd.reader_names[0])
    yield connected
    connected.close()


def lost(client: Client) -> bool:
    """Whether the next command meets a card that has left."""
    status, answer = client.transmit(SELECT_JPKI)
    return status != scard.SCARD_S_SUCCESS or not answer


@pytest.mark.parametrize("nth", [1, 2, 4])
def test_a_card_leaves_just_before_the_nth_command(client: Client, slot: CardSlot, nth: int) -> None:
    slot.remove_at(nth)
    for _ in range(nth - 1):
        assert client.ok(SELECT_JPKI) == b"\x90\x00"
    assert lost(client)
    assert slot.card is None


@pytest.mark.parametrize(("executed", "left"), [(False, 0xC3), (True, 0xC2)])
def test_a_card_leaves_while_a_pin_is_in_flight(
    pcscd: PrivatePcscd, client: Client, slot: CardSlot, executed: bool, left: int
) -> None:
    card = slot.card
    assert card is not None
    client.ok(SELECT_JPKI, SELECT_PIN)
    slot.remove_at(1, in_flight=True, executed=executed)
    status, answer = client.transmit(WRONG)
    assert (status, answer) != (scard.SCARD_S_SUCCESS, b"\x63\xc2"), "the outcome stays unknown to the client"
    assert slot.wait_until_gone(5)
    wait_for_card(pcscd, present=False)
    client.close()
    slot.insert(card, absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)
    again = Client(pcscd.reader_names[0])
    assert again.ok(SELECT_JPKI, SELECT_PIN, TRIES)[1] == left
    again.close()


def test_an_answer_that_breaks_off_arrives_cut(client: Client, slot: CardSlot) -> None:
    client.ok(SELECT_JPKI, SELECT_CERTIFICATE)
    slot.cut_answer_at(1)
    assert len(client.ok(READ_256)) == 129
    assert lost(client)


def test_a_hanging_card_holds_its_client_until_it_answers(client: Client, slot: CardSlot) -> None:
    client.ok(SELECT_JPKI)
    slot.hang_at(1)
    answers: list[tuple[int, bytes]] = []
    waiting = threading.Thread(target=lambda: answers.append(client.transmit(SELECT_PIN)))
    waiting.start()
    assert slot.wait_until_hanging(5)
    assert not answers
    slot.resume()
    waiting.join(5)
    assert answers == [(scard.SCARD_S_SUCCESS, b"\x90\x00")]


def test_a_hanging_card_can_be_taken_off(client: Client, slot: CardSlot) -> None:
    slot.hang_at(1)
    answers: list[tuple[int, bytes]] = []
    waiting = threading.Thread(target=lambda: answers.append(client.transmit(SELECT_JPKI)))
    waiting.start()
    assert slot.wait_until_hanging(5)
    slot.remove()
    waiting.join(5)
    assert len(answers) == 1
    assert answers[0][1] != b"\x90\x00"


def test_a_swapped_card_kills_the_old_connection(pcscd: PrivatePcscd, client: Client, slot: CardSlot) -> None:
    slot.swap(fresh_card("head"))
    assert slot.wait_until_seen(5)
    assert lost(client)
    client.close()
    wait_for_card(pcscd, present=True)
    again = Client(pcscd.reader_names[0])
    assert again.ok(SELECT_JPKI) == b"\x90\x00"
    again.close()


def test_pin_status_ends_with_the_power_not_with_a_reset(client: Client) -> None:
    client.ok(SELECT_JPKI, SELECT_PIN, RIGHT)
    client.reconnect(scard.SCARD_RESET_CARD)
    assert client.ok(SELECT_JPKI, SIGN)[-2:] == b"\x90\x00"
    client.reconnect(scard.SCARD_UNPOWER_CARD)
    assert client.ok(SELECT_JPKI, SIGN)[-2:] == b"\x69\x82"


@pytest.mark.parametrize("apdu", ["00", "FF", "0000", "00A404", "55" * 300, "00B0000000" + "00" * 20])
def test_nonsense_gets_a_status_word_and_the_reader_lives_on(client: Client, apdu: str) -> None:
    raw = bytes.fromhex(apdu)
    if len(raw) > 1 or raw[0] > 4:
        assert len(client.ok(raw)) >= 2
    assert client.ok(SELECT_JPKI) == b"\x90\x00"


def test_the_two_slots_do_not_mix(pcscd: PrivatePcscd, slot: CardSlot) -> None:
    with pcscd.slot(1) as other:
        slot.insert(fresh_card("adult"), absence_s=NOTICED_ABSENCE_S)
        other.insert(fresh_card("android"))
        wait_for_card(pcscd, present=True, slot=0)
        wait_for_card(pcscd, present=True, slot=1)
        plastic, telephone = (Client(name) for name in pcscd.reader_names)
        assert plastic.ok(SELECT_JPKI, SELECT_CERTIFICATE, READ_256)[-2:] == b"\x90\x00"
        assert telephone.ok(SELECT_JPKI, SELECT_CERTIFICATE, READ_256)[-2:] == b"\x69\x82"
        other.remove()
        assert plastic.ok(SELECT_JPKI) == b"\x90\x00"
        plastic.close()
        telephone.close()
    wait_for_card(pcscd, present=False, slot=1)


def test_a_card_stays_where_it_lies_when_pcscd_restarts(pcscd: PrivatePcscd, slot: CardSlot) -> None:
    slot.insert(fresh_card(), absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)
    pcscd.restart()
    wait_for_card(pcscd, present=True)
    client = Client(pcscd.reader_names[0])
    assert client.ok(SELECT_JPKI) == b"\x90\x00"
    client.close()


def test_pcscd_can_be_restarted_although_a_card_hangs(pcscd: PrivatePcscd, client: Client, slot: CardSlot) -> None:
    slot.hang_at(1)
    waiting = threading.Thread(target=lambda: client.transmit(SELECT_JPKI))
    waiting.start()
    assert slot.wait_until_hanging(5)
    pcscd.restart()
    waiting.join(5)
    assert not waiting.is_alive()
    slot.swap(fresh_card())
    wait_for_card(pcscd, present=True)


def test_two_daemons_live_side_by_side(pcscd: PrivatePcscd, slot: CardSlot) -> None:
    slot.insert(fresh_card(), absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)
    with PrivatePcscd("Another Specimen Reader") as other:
        listing = subprocess.run(
            ["opensc-tool", "--list-readers"],
            env=os.environ | other.env,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        ).stdout
    assert "Another Specimen Reader 00 00" in listing
    assert pcscd.reader_names[0] not in listing
    assert "Yes" not in listing
    wait_for_card(pcscd, present=True)


def test_one_process_can_use_one_daemon_after_the_other(pcscd: PrivatePcscd) -> None:
    del pcscd  # only so that a machine without pcscd skips here too
    script = """
from smartcard import scard
from simulator.devices.card_reader.pcscd import PrivatePcscd
for name in ("First", "Second"):
    with PrivatePcscd(name) as daemon:
        daemon.activate()
        status, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        print(scard.SCardListReaders(context, [])[1][0])
        scard.SCardReleaseContext(context)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.splitlines() == ["First 00 00", "Second 00 00"]


def test_the_daemon_dies_with_the_process_that_started_it() -> None:
    script = """
import os, signal
from simulator.devices.card_reader.pcscd import PrivatePcscd
daemon = PrivatePcscd()
daemon.start()
print(daemon.pid, daemon.socket_path.parents[2], flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    pid, directory = run.stdout.split()
    deadline_s = time.monotonic() + 5
    while Path(f"/proc/{pid}/exe").exists() and time.monotonic() < deadline_s:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}/exe").exists()
    shutil.rmtree(directory)


def test_no_vpcd_is_a_clear_error() -> None:
    with pytest.raises(SlotError) as caught:
        CardSlot("127.0.0.1", 1).insert(fresh_card())
    assert caught.value.code == SlotErrorCode.NO_VPCD
    assert "127.0.0.1:1" in caught.value.failure.text


def test_a_slow_card_is_simply_slow(client: Client, slot: CardSlot) -> None:
    slot.delays = Delays(other_s=0.3)
    started_s = time.monotonic()
    assert client.ok(SELECT_JPKI) == b"\x90\x00"
    assert time.monotonic() - started_s >= 0.3


def test_vpcd_is_out_of_reach_of_the_machines_network(pcscd: PrivatePcscd, slot: CardSlot) -> None:
    with pytest.raises(SlotError):
        CardSlot("127.0.0.1", pcscd.port(0)).insert(fresh_card())
    slot.insert(fresh_card(), absence_s=NOTICED_ABSENCE_S)
    wait_for_card(pcscd, present=True)


def test_the_command_lays_a_card_down_says_specimen_and_lifts_it_off_at_ctrl_c() -> None:
    require("pcscd", "unshare", "setpriv", "opensc-tool")
    # A suite that a shell started in the background ignores SIGINT, and its children inherit that.
    script = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from pathlib import Path\n"
    script += "from simulator.devices.card_reader.command import run_card\n"
    script += "sys.exit(run_card('head', '127.0.0.1', int(sys.argv[1]), Path(sys.argv[2])))"
    with PrivatePcscd("Exposed Specimen Reader", exposed=True) as daemon:
        program = [sys.executable, "-c", script, str(daemon.port(0)), str(shared_home().root)]
        with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as running:
            ask = ["opensc-tool", "--wait", "--reader", "0", "--name"]
            name = subprocess.run(
                ask, env=os.environ | daemon.env, capture_output=True, text=True, timeout=30, check=True
            )
            running.send_signal(signal.SIGINT)
            said, _ = running.communicate(timeout=30)
    assert name.stdout.strip() == "jpki"
    assert running.returncode == 0
    assert "SPECIMEN" in said
    assert "profile   head" in said
    assert said.strip().endswith("the card was lifted off")


def test_the_command_refuses_an_unknown_profile_with_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_card("nobody", "127.0.0.1", 1, tmp_path) == 2
    said = capsys.readouterr().err
    assert "nobody" in said
    assert "text-pin-differs" in said


def test_the_command_says_when_nobody_listens(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_card("adult", "127.0.0.1", 1, shared_home().root) == 1
    assert "SIMCARD_NO_VPCD" in capsys.readouterr().err
