"""The emulated signal tower on its line: PATLITE's commands S, G, C and M; the codec names the source."""

from typing import Final

from simulator.devices.signal_tower.model import SignalTowerFault, SignalTowerModel
from terminal.clock import Clock
from terminal.devices.signal_tower.codec import ACK, ANY_TOWER, COMMAND_DATA_BYTES_MAX, NAK, Lamps

GAP_S: Final = 5.0
"""Between two bytes of a command (section 3.2.2.1, Timeout)."""
_HEADER: Final = ord("@")
_END: Final = ord("!")
_BODY_BYTES_MAX: Final = len(ANY_TOWER) + 1 + COMMAND_DATA_BYTES_MAX
INFORMATION: Final = b"\0\0" + ANY_TOWER + b"\0\0"
"""M's answer: version 0.0, which no real tower has; there is no room for the word SPECIMEN."""


class SignalTowerWire:
    """Implements ``SerialDevice`` for ``model``; holds at most one command."""

    def __init__(self, model: SignalTowerModel, clock: Clock) -> None:
        self._model = model
        self._clock = clock
        self._body: bytes | None = None
        self._heard_s = clock.now_s()

    def receive(self, data: bytes) -> bytes:
        """See ``SerialDevice.receive``."""
        sent = self.tick()
        self._heard_s = self._clock.now_s()
        return sent + b"".join(self._take(byte) for byte in data)

    def tick(self) -> bytes:
        """See ``SerialDevice.tick``: a command that stops half-way is refused."""
        if self._body is None or self._clock.now_s() - self._heard_s <= GAP_S:
            return b""
        self._body = None
        return bytes((NAK,))

    def power_cycle(self) -> None:
        """See ``SerialDevice.power_cycle``."""
        self._body = None
        self._model.power_cycle()

    def _take(self, byte: int) -> bytes:
        if self._body is None:
            self._body = b"" if byte == _HEADER else None
            return b""
        if byte == _END:
            body, self._body = self._body, None
            return self._obey(body)
        self._body += bytes((byte,))
        if len(self._body) > _BODY_BYTES_MAX:
            self._body = None
            return bytes((NAK,))
        return b""

    def _obey(self, body: bytes) -> bytes:
        if self._model.strikes(SignalTowerFault.SILENT):
            return b""
        if not body.startswith(ANY_TOWER) or self._model.strikes(SignalTowerFault.REFUSES):
            return bytes((NAK,))
        command, data = body[len(ANY_TOWER) :][:1], body[len(ANY_TOWER) + 1 :]
        match command, data:
            case b"G", b"":
                return self._model.lamps.data()
            case b"C", b"":
                self._model.show(Lamps())
            case b"M", b"":
                return INFORMATION
            case b"S", _ if (lamps := _lamps(data)) is not None:
                self._model.show(lamps)
            case _:
                return bytes((NAK,))
        return bytes((ACK,))


def _lamps(data: bytes) -> Lamps | None:
    try:
        return Lamps.parse(data)
    except ValueError:
        return None
