"""The signal tower on a serial line: say which lamps, hear ACK, read them back.

ACK is one byte without a checksum, so every signal is read back: what a level of ``SIGNAL_TOWER_OTHER_LAMPS`` compares.
A burnt-out lamp the protocol cannot tell (it reports what it was told to show).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.serial_line import LineError, SerialLine
from terminal.devices.signal_tower.api import Signal, SignalTowerCode, SignalTowerFailed
from terminal.devices.signal_tower.codec import (
    Acknowledged,
    Answer,
    AnswerDecoder,
    Lamps,
    Light,
    Noise,
    Refused,
    Status,
    clear_command,
    show_command,
    status_command,
)
from terminal.errors import HonninError

DEVICE: Final = "signal_tower"
ANSWER_S: Final = 0.3
"""For a whole answer; seven bytes take 8 ms at 9,600 baud."""
SETTLE_S: Final = 0.03
"""After an answer, for a byte that should not be there."""
_TRIES: Final = 2
_BYTES_MAX: Final = 1024

PATTERNS: Final[Mapping[Signal, Lamps]] = MappingProxyType(
    {
        Signal.IDLE: Lamps(green=Light.ON),
        Signal.BUSY: Lamps(amber=Light.ON, green=Light.ON),
        Signal.ATTENTION: Lamps(amber=Light.FLASHING),
        Signal.FAULT: Lamps(red=Light.ON),
    }
)
"""What each signal looks like; the buzzer stays off. The customary colours of IEC 60204-1: red, amber abnormal, green normal."""

ACTIONS: Final = {
    SignalTowerCode.SILENT: "check the signal tower's power and cable; the terminal works without it",
    SignalTowerCode.LINE_GONE: "check the signal tower's cable; the terminal works without it",
    SignalTowerCode.BAD_ANSWER: "check the signal tower's cable and the speed of its port; the terminal works without it",
    SignalTowerCode.REFUSED: "switch the signal tower off and on; the terminal works without it",
    SignalTowerCode.OTHER_LAMPS: "switch the signal tower off and on; the terminal works without it",
}
_T = TypeVar("_T")


class _TowerError(HonninError):
    """The tower did not do, or did not say, what was asked (``SIGNAL_TOWER_…``)."""


class PatliteTower:
    """Implements ``SignalTower`` on ``line``; for one thread at a time. No fault of it blocks service."""

    def __init__(
        self, line: SerialLine, clock: Clock, wait: Callable[[float], None], *, answer_s: float = ANSWER_S
    ) -> None:
        self._line = line
        self._answer_s = answer_s
        self._clock = clock
        self._wait = wait
        self._decoder = AnswerDecoder()
        self._told: Lamps | None = None

    def signal(self, signal: Signal) -> SignalTowerFailed | None:
        """See ``SignalTower.signal``; two commands of at most 0.66 s each."""
        self._told = PATTERNS[signal]
        try:
            self._show(self._told)
        except (LineError, _TowerError) as error:
            return SignalTowerFailed(_code(error), error.failure.text)
        return None

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``: shows again what this driver last told the tower, which heals one that was switched off.

        A driver that has told nothing yet only asks, and changes nothing.
        """
        try:
            if self._told is None:
                self._status()
            else:
                self._show(self._told)
        except (LineError, _TowerError) as error:
            code = _code(error)
            fault = Fault(DEVICE, code, ACTIONS[code], blocks_service=False)
            return Readiness(DEVICE, DeviceStatus.ONLINE, error.failure.text, (fault,))
        return Readiness(DEVICE, DeviceStatus.ONLINE, "the signal tower answers")

    def clear(self) -> None:
        """See ``Resettable.clear``: everything off, then the idle pattern; what fails shows in ``prove``."""
        try:
            self._command(clear_command())
        except (LineError, _TowerError):
            return
        self.signal(Signal.IDLE)

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``: the tower itself reports the idle pattern.

        One that does not answer is proved all the same, and the line says so: a lamp holds nothing of a customer.
        """
        try:
            self._demand(PATTERNS[Signal.IDLE])
        except (LineError, _TowerError) as error:
            code = _code(error)
            return ProofLine(DEVICE, True, f"holds nothing of a customer; the idle lamps are not confirmed ({code})")
        return ProofLine(DEVICE, True, "shows the idle lamps, read back")

    def _show(self, lamps: Lamps) -> None:
        self._command(show_command(lamps))
        self._demand(lamps)

    def _command(self, command: bytes) -> None:
        self._ask(command, lambda answer: True if isinstance(answer, Acknowledged) else None)

    def _status(self) -> Lamps:
        return self._ask(status_command(), lambda answer: answer.lamps if isinstance(answer, Status) else None)

    def _demand(self, lamps: Lamps) -> None:
        if self._status() != lamps:
            raise _failure(SignalTowerCode.OTHER_LAMPS, "the lamps that it was told", "others")

    def _ask(self, command: bytes, take: Callable[[Answer], _T | None]) -> _T:
        """The one answer to ``command``. Noise is tried again; a sound answer to something else means out of step: a level."""
        heard = False
        self._line.discard()
        for _ in range(_TRIES):
            answers = self._exchange(command)
            if answers == (Refused(),):
                raise _failure(SignalTowerCode.REFUSED, "the command to be done", "NAK")
            if len(answers) == 1 and (taken := take(answers[0])) is not None:
                return taken
            if answers and not any(isinstance(answer, Noise) for answer in answers):
                raise _failure(SignalTowerCode.BAD_ANSWER, "one answer to the command", "one to another, or several")
            heard = heard or bool(answers)
            # The tower gives a broken command up by its own rules; ours must not run into it.
            self._wait(SETTLE_S)
        code = SignalTowerCode.BAD_ANSWER if heard else SignalTowerCode.SILENT
        raise _failure(code, "an answer to the command", "something else" if heard else "nothing")

    def _exchange(self, command: bytes) -> tuple[Answer, ...]:
        self._decoder.give_up()
        self._line.write(command)
        answers: list[Answer] = []
        until_s = self._clock.now_s() + self._answer_s
        settling = False
        heard_bytes = 0
        while heard_bytes < _BYTES_MAX and (left_s := until_s - self._clock.now_s()) > 0:
            data = self._line.read(left_s)
            heard_bytes += len(data)
            answers += self._decoder.feed(data)
            if answers and not settling:
                settling, until_s = True, min(until_s, self._clock.now_s() + SETTLE_S)
        return (*answers, *self._decoder.give_up())


def _failure(code: SignalTowerCode, expected: str, came: str) -> _TowerError:
    return _TowerError(code, f"expected {expected}, came {came}; {ACTIONS[code]}")


def _code(error: LineError | _TowerError) -> SignalTowerCode:
    return SignalTowerCode(error.code) if isinstance(error, _TowerError) else SignalTowerCode.LINE_GONE
