"""Questions to the PIN pad and what came back, each within its bound; the only place that reads the line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from terminal.clock import Clock
from terminal.devices.pin_pad.api import PinPadCode
from terminal.devices.pin_pad.frames import Frame, FrameDecoder, FrameType, Noise, encode
from terminal.devices.pin_pad.messages import Refusal
from terminal.devices.pin_pad.timing import PinPadTiming
from terminal.devices.serial_line import SerialLine
from terminal.errors import HonninError

_BYTES_MAX: Final = 8192
"""Read for one try; a pad that babbles on is not listened to any longer."""

T = TypeVar("T")

ACTIONS: Final = {
    PinPadCode.SILENT: "check the PIN pad's power and cable",
    PinPadCode.LINE_GONE: "check the PIN pad's cable",
    PinPadCode.BAD_ANSWER: "check the PIN pad's cable and the speed of its port",
    PinPadCode.NOT_TRUSTED: "do not use this PIN pad; call service: it is not the one that this terminal knows",
    PinPadCode.FORGED: "do not use this PIN pad; call service: somebody may be on its line",
    PinPadCode.STUCK_KEY: "free the key of the PIN pad that stays pressed",
    PinPadCode.SESSION_LOST: "try again; check the PIN pad's power if it comes back",
    PinPadCode.NOT_CLEARED: "switch the PIN pad off and on",
}


class PinPadError(HonninError):
    """The pad could not be asked, or its answer cannot be taken (``PIN_PAD_…``)."""


def failure(code: PinPadCode, expected: str, came: str) -> PinPadError:
    """The error with its three parts."""
    return PinPadError(code, f"expected {expected}, came {came}; {ACTIONS[code]}")


class Question(Generic[T]):
    """``frame`` is made anew for each try; ``judge`` gets each frame of the ``answer`` type and returns None for a stale one.

    ``stale`` is the code when nothing but stale ones came. ``judge`` may raise ``PinPadError``: the end, without another try.
    """

    __slots__ = ("answer", "frame", "judge", "stale")

    def __init__(
        self,
        frame: Callable[[], Frame],
        answer: FrameType,
        judge: Callable[[Frame], T | None],
        stale: PinPadCode = PinPadCode.BAD_ANSWER,
    ) -> None:
        self.frame = frame
        self.answer = answer
        self.judge = judge
        self.stale = stale


@dataclass(frozen=True, slots=True)
class _Heard(Generic[T]):
    taken: T | None
    anything: bool = True
    stale: bool = False


class Exchange:
    """The talk with one pad; every call may raise ``LineError`` or ``PinPadError`` and is bounded in time and in bytes."""

    def __init__(self, line: SerialLine, clock: Clock, timing: PinPadTiming) -> None:
        self._line = line
        self._clock = clock
        self._timing = timing
        self._decoder = FrameDecoder()

    def ask(self, question: Question[T]) -> T:
        """The answer that ``question`` takes."""
        self._line.discard()
        seen = stale = False
        for _ in range(self._timing.tries):
            self._decoder.reset()
            self._line.write(encode(question.frame()))
            heard = self._listen(question)
            if heard.taken is not None:
                return heard.taken
            seen, stale = seen or heard.anything, stale or heard.stale
        if stale:
            raise failure(question.stale, f"an answer to this {question.answer.name}", "others")
        if seen:
            raise failure(PinPadCode.BAD_ANSWER, f"a {question.answer.name}", "something else")
        raise failure(PinPadCode.SILENT, f"a {question.answer.name}", "nothing")

    def _listen(self, question: Question[T]) -> "_Heard[T]":
        deadline_s = self._clock.now_s() + self._timing.answer_s
        heard_bytes = 0
        stale = False
        while heard_bytes < _BYTES_MAX and (left_s := deadline_s - self._clock.now_s()) > 0:
            data = self._line.read(left_s)
            heard_bytes += len(data)
            for found in self._decoder.feed(data):
                if isinstance(found, Noise):
                    continue
                if found.kind is FrameType.REFUSED:
                    raise _refused(found.payload[0])
                if found.kind is question.answer:
                    taken = question.judge(found)
                    if taken is not None:
                        return _Heard(taken)
                    stale = True
        return _Heard(None, heard_bytes > 0, stale)


def _refused(reason: int) -> PinPadError:
    match reason:
        case Refusal.NO_SESSION:
            return failure(PinPadCode.SESSION_LOST, "a pad that holds the session", "its word that it has none")
        case Refusal.BAD_SEAL:
            return failure(PinPadCode.FORGED, "a pad that takes our seal", "its word that the seal is broken")
        case Refusal.VERSION:
            return failure(PinPadCode.BAD_ANSWER, "a pad of version 1 of the protocol", "another version")
        case _:
            return failure(PinPadCode.BAD_ANSWER, "a reason for the refusal", f"number {reason}")
