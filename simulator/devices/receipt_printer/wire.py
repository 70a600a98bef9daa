"""The receipt printer on its line: real-time commands at once, everything else through the buffer."""

from typing import assert_never

from simulator.devices.receipt_printer.model import ReceiptPrinterModel
from simulator.devices.receipt_printer.realtime import Data, RealTime, RealTimeFilter
from terminal.devices.receipt_printer.codec import BuffersCleared, StatusByte, StatusKind, encode_answer


class ReceiptPrinterWire:
    """Implements ``SerialDevice`` for ``model``."""

    def __init__(self, model: ReceiptPrinterModel) -> None:
        self._model = model
        self._filter = RealTimeFilter()

    def receive(self, data: bytes) -> bytes:
        """See ``SerialDevice.receive``."""
        sent = self._model.work()
        for found in self._filter.feed(data):
            match found:
                case Data(plain):
                    self._model.accept(plain)
                case StatusKind() as kind:
                    sent += encode_answer(StatusByte(self._model.status(kind)))
                case RealTime() as asked:
                    sent += self._obey(asked)
                case never:
                    assert_never(never)
        return sent

    def tick(self) -> bytes:
        """See ``SerialDevice.tick``."""
        return self._model.work()

    def power_cycle(self) -> None:
        """See ``SerialDevice.power_cycle``."""
        self._filter.reset()
        self._model.power_cycle()

    def _obey(self, asked: RealTime) -> bytes:
        match asked:
            case RealTime.RECOVER:
                self._model.recover()
                return b""
            case RealTime.RECOVER_EMPTY:
                self._model.clear_buffers()
                return b""
            case RealTime.CLEAR_BUFFERS:
                self._model.clear_buffers()
                return encode_answer(BuffersCleared())
            case never:
                assert_never(never)
