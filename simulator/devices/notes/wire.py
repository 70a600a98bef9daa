"""The note validator on its line: ID-003 frames in, frames out. A frame that is not sound is not answered."""

from typing import Final

from simulator.devices.notes.model import MOTOR_FAILURE, NOTES_YEN, NoteValidatorModel
from simulator.devices.notes.phases import Power
from terminal.devices.notes.codec import Frame, FrameDecoder, encode
from terminal.devices.notes.commands import ACKNOWLEDGED, FIRST_NOTE, INVALID, Command, Status

VERSION: Final = b"SPECIMEN(JPN)-ID003"
BOOT_VERSION: Final = b"SPEC"
_HALF_FRAME_S: Final = 0.1
_TENS: Final = 3
_REQUESTS: Final = {
    Command.REQUEST_SECURITY: Command.SET_SECURITY,
    Command.REQUEST_MODE: Command.SET_MODE,
    Command.REQUEST_DIRECTION: Command.SET_DIRECTION,
}
_DEFAULTS: Final = {Command.SET_SECURITY: bytes(2), Command.SET_MODE: bytes(1), Command.SET_DIRECTION: bytes(1)}
_SETTINGS: Final = (*_DEFAULTS, Command.SET_ENABLED, Command.SET_INHIBIT, Command.SET_OPTIONS)


class NoteValidatorWire:
    """Implements ``SerialDevice`` for ``model``."""

    def __init__(self, model: NoteValidatorModel) -> None:
        self._model = model
        self._decoder = FrameDecoder()
        self._kept = dict(_DEFAULTS)

    def receive(self, data: bytes) -> bytes:
        """See ``SerialDevice.receive``."""
        self._model.work()
        answers = (self._answer(frame) for frame in self._decoder.feed(data) if isinstance(frame, Frame))
        return b"".join(encode(answer) for answer in answers if answer is not None)

    def tick(self) -> bytes:
        """See ``SerialDevice.tick``: it speaks only when it is asked."""
        self._model.work()
        return b""

    def power_cycle(self) -> None:
        """See ``SerialDevice.power_cycle``."""
        self._decoder.reset()
        self._kept = dict(_DEFAULTS)
        self._model.power_cycle()

    def _answer(self, frame: Frame) -> Frame | None:
        match frame.command:
            case Command.STATUS:
                return self._status()
            case Command.ACK:
                self._model.acknowledge_vend()
                return None
            case Command.RESET:
                self._model.reset()
                return Frame(ACKNOWLEDGED)
            case Command.STACK_1 | Command.STACK_2:
                return _taken(self._model.stack())
            case Command.RETURN:
                return _taken(self._model.give_back())
            case Command.HOLD:
                return _taken(self._model.hold())
            case Command.WAIT:
                return Frame(ACKNOWLEDGED)
            case setting if setting in _SETTINGS:
                return self._set(frame)
            case _:
                return self._tell(frame.command)

    def _status(self) -> Frame:
        status = self._model.poll()
        match status:
            case Status.ESCROW:
                return Frame(status, bytes([FIRST_NOTE + NOTES_YEN.index(self._model.path_yen or 0)]))
            case Status.REJECTING:
                return Frame(status, bytes([self._model.reason]))
            case Status.FAILURE:
                return Frame(status, bytes([MOTOR_FAILURE]))
            case _:
                return Frame(status)

    def _set(self, frame: Frame) -> Frame:
        if self._model.power is Power.LOST or not frame.data:
            return Frame(INVALID)
        match frame.command:
            case Command.SET_INHIBIT:
                self._model.set_inhibit(frame.data[0] != 0)
            case Command.SET_ENABLED:
                self._model.disabled_bits = frame.data[0]
            case Command.SET_OPTIONS:
                self._model.options = frame.data[:2]
            case other:
                self._kept[Command(other)] = frame.data
        return frame

    def _tell(self, request: int) -> Frame:
        match request:
            case Command.REQUEST_INHIBIT:
                return Frame(request, bytes([self._model.inhibited]))
            case Command.REQUEST_ENABLED:
                return Frame(request, bytes([self._model.disabled_bits, 0]))
            case Command.REQUEST_OPTIONS:
                return Frame(request, self._model.options)
            case Command.REQUEST_VERSION:
                return Frame(request, VERSION)
            case Command.REQUEST_BOOT_VERSION:
                return Frame(request, BOOT_VERSION)
            case Command.REQUEST_CURRENCIES:
                return Frame(request, _currencies())
            case asked if asked in _REQUESTS:
                return Frame(request, self._kept[_REQUESTS[Command(asked)]])
            case _:
                return Frame(INVALID)


def _taken(taken: bool) -> Frame:
    return Frame(ACKNOWLEDGED if taken else INVALID)


def _currencies() -> bytes:
    return b"".join(
        bytes([FIRST_NOTE + number, 0, note_yen // 10**_TENS, _TENS]) for number, note_yen in enumerate(NOTES_YEN)
    )
