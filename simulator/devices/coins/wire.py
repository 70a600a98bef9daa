"""The coin mechanism on its bus: several addresses on one line, each answering for itself (ccTalk specification part 2)."""

from typing import Final

from simulator.devices.coins.acceptor import DENOMINATIONS_YEN, AcceptorModel
from simulator.devices.coins.faults import CoinsFault
from simulator.devices.coins.hopper import HopperModel
from simulator.devices.coins.model import ACCEPTOR, CoinsModel
from terminal.clock import Clock
from terminal.devices.coins.acceptor import CATEGORY as ACCEPTOR_CATEGORY
from terminal.devices.coins.frames import Checksum, Frame, FrameDecoder, encode
from terminal.devices.coins.headers import HOST, Header
from terminal.devices.coins.hopper import CATEGORY as HOPPER_CATEGORY

MAKER: Final = b"SPECIMEN"
PRODUCT: Final = b"SPECIMEN 1"
REVISION: Final = b"SPECIMEN-1"
_KEY_BYTES: Final = 3
_GAP_S: Final = 0.05
"""Bytes further apart than this belong to two messages (generic specification part 1, section 11.1)."""


class CoinsWire:
    """Implements ``SerialDevice`` for ``model``."""

    def __init__(
        self, model: CoinsModel, clock: Clock, checksum: Checksum = Checksum.SIMPLE, *, coin_first: bool = True
    ) -> None:
        self._model = model
        self._clock = clock
        self._checksum = checksum
        self._coin_first = coin_first
        self._decoder = FrameDecoder(checksum)
        self._heard_s = float("-inf")
        self._born_s = clock.now_s()

    def receive(self, data: bytes) -> bytes:
        """See ``SerialDevice.receive``."""
        self._model.work()
        if self._clock.now_s() - self._heard_s > _GAP_S:
            self._decoder.flush()
        self._heard_s = self._clock.now_s()
        return b"".join(self._answer(frame) for frame in self._decoder.feed(data) if isinstance(frame, Frame))

    def tick(self) -> bytes:
        """See ``SerialDevice.tick``: nobody speaks unasked."""
        self._model.work()
        return b""

    def power_cycle(self) -> None:
        """See ``SerialDevice.power_cycle``."""
        self._decoder.flush()
        self._model.power_cycle()

    def _answer(self, asked: Frame) -> bytes:
        if asked.destination == ACCEPTOR:
            data = self._of_acceptor(asked, self._model.acceptor)
        elif asked.destination in self._model.hoppers:
            data = self._of_hopper(asked, self._model.hoppers[asked.destination])
        else:
            return b""
        header = Header.REPLY if data is not None else Header.NAK
        return encode(Frame(asked.source or HOST, asked.destination, header, data or b""), self._checksum)

    def _of_acceptor(self, asked: Frame, acceptor: AcceptorModel) -> bytes | None:
        match asked.header:
            case Header.READ_BUFFERED_CREDIT:
                return acceptor.poll(coin_first=self._coin_first)
            case Header.MODIFY_INHIBITS if len(asked.data) == 2:
                acceptor.mask = int.from_bytes(asked.data, "little")
                return b""
            case Header.MODIFY_MASTER_INHIBIT if len(asked.data) == 1:
                acceptor.master = bool(asked.data[0] & 1)
                return b""
            case Header.REQUEST_INHIBITS:
                return acceptor.mask.to_bytes(2, "little")
            case Header.REQUEST_MASTER_INHIBIT:
                return bytes([acceptor.master])
            case Header.REQUEST_COIN_ID if len(asked.data) == 1:
                return _coin_id(asked.data[0])
            case Header.REQUEST_CATEGORY:
                wrong = acceptor.plan.strikes(CoinsFault.WRONG_DEVICE, self._clock.now_s() - self._born_s)
                return b"Bill Validator" if wrong else ACCEPTOR_CATEGORY
            case _:
                return self._of_counters(asked, acceptor)

    def _of_counters(self, asked: Frame, acceptor: AcceptorModel) -> bytes | None:
        match asked.header:
            case Header.REQUEST_ACCEPT_COUNTER:
                return acceptor.accepted_total.to_bytes(3, "little")
            case Header.REQUEST_INSERTION_COUNTER:
                return acceptor.insertions.to_bytes(3, "little")
            case Header.SELF_CHECK:
                return bytes([acceptor.fault_code()])
            case Header.RESET_DEVICE:
                acceptor.power_cycle()
                return b""
            case _:
                return _of_anyone(asked)

    def _of_hopper(self, asked: Frame, hopper: HopperModel) -> bytes | None:
        match asked.header:
            case Header.DISPENSE_HOPPER_COINS if len(asked.data) in (_KEY_BYTES + 1, 9):
                key, coins = asked.data[:-1], asked.data[-1]
                if key not in (_serial(asked.destination), bytes(8)) or not hopper.dispense(coins):
                    return None
                return bytes([hopper.events])
            case Header.REQUEST_HOPPER_STATUS:
                return hopper.status()
            case Header.REQUEST_DISPENSE_COUNT:
                hopper.work()
                return hopper.dispensed_total.to_bytes(3, "little")
            case Header.ENABLE_HOPPER if len(asked.data) == 1:
                hopper.enable(asked.data[0])
                return b""
            case Header.TEST_HOPPER:
                return bytes([hopper.test()])
            case Header.EMERGENCY_STOP:
                return bytes([hopper.emergency_stop()])
            case _:
                return self._of_hopper_itself(asked, hopper)

    def _of_hopper_itself(self, asked: Frame, hopper: HopperModel) -> bytes | None:
        match asked.header:
            case Header.REQUEST_PAYOUT_LEVELS:
                return bytes([hopper.levels()])
            case Header.REQUEST_CATEGORY:
                return HOPPER_CATEGORY
            case Header.RESET_DEVICE:
                hopper.reset()
                return b""
            case _:
                return _of_anyone(asked)


def _of_anyone(asked: Frame) -> bytes | None:
    match asked.header:
        case Header.SIMPLE_POLL:
            return b""
        case Header.REQUEST_MANUFACTURER:
            return MAKER
        case Header.REQUEST_PRODUCT_CODE:
            return PRODUCT
        case Header.REQUEST_SOFTWARE_REVISION:
            return REVISION
        case Header.REQUEST_SERIAL_NUMBER:
            return _serial(asked.destination)
        case _:
            return None


def _coin_id(position: int) -> bytes:
    if 1 <= position <= len(DENOMINATIONS_YEN):
        return f"JP{DENOMINATIONS_YEN[position - 1]:03d}A".encode()
    return b"......"


def _serial(address: int) -> bytes:
    return bytes([address, 0x5E, 0x5E])


def readdressed(answer: bytes, checksum: Checksum = Checksum.SIMPLE) -> bytes:
    """The same answer, sound, for another host (``LineFault.WRONG_ADDRESS``)."""
    decoded = FrameDecoder(checksum).feed(answer)
    return b"".join(
        encode(Frame(frame.destination + 6, frame.source, frame.header, frame.data), checksum)
        for frame in decoded
        if isinstance(frame, Frame)
    )
