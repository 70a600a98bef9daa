"""Questions to the validator and their answers, each within its bound; the only place that reads the line.

ID-003 numbers nothing: a late answer to an earlier STATUS looks like a fresh one. So whenever an answer failed to come, or came
wrong, host and validator are *out of step*, and nothing is believed until a question of another kind was answered in kind. The
kinds take turns, so that answers which all come one question late never fit.
"""

from typing import Final

from terminal.clock import Clock
from terminal.devices.notes.api import NotesCode
from terminal.devices.notes.codec import Frame, FrameDecoder, Garbled, encode
from terminal.devices.notes.commands import ACKNOWLEDGED, INVALID, Command
from terminal.devices.notes.timing import Id003Timing
from terminal.devices.serial_line import LineError, SerialLine
from terminal.errors import HonninError

_STEPS: Final = (Command.REQUEST_INHIBIT, Command.REQUEST_ENABLED, Command.REQUEST_SECURITY)
_STEP_TRIES: Final = 4
_TRIES: Final = 3
_READS_MAX: Final = 64


class Id003Error(HonninError):
    """The validator could not be asked, or did not do what it was asked for (``NOTES_…``)."""


class Exchange:
    """The talk with one validator; calls raise ``LineError`` or ``Id003Error`` and are bounded in time and in bytes."""

    def __init__(self, line: SerialLine, clock: Clock, timing: Id003Timing) -> None:
        self._line = line
        self._clock = clock
        self._timing = timing
        self._decoder = FrameDecoder()
        self._in_step = False
        self._turn = 0

    @property
    def in_step(self) -> bool:
        """Whether the last answer was the one to the last question."""
        return self._in_step

    def ask(self, question: Frame, answers: frozenset[int]) -> Frame:
        """Ask, again if need be, until one of ``answers`` comes, alone; only for what may be asked twice."""
        heard = False
        for _ in range(_TRIES):
            self._get_in_step()
            answer = self._once(question)
            if isinstance(answer, Frame) and answer.command in answers:
                return answer
            heard = heard or answer is not None
            self._in_step = False
        raise _bad_answer(question.command) if heard else _silent()

    def order(self, command: Command) -> bool | None:
        """Give ``command`` once: taken, not taken, or None when nobody knows."""
        self._get_in_step()
        match self._once(Frame(command)):
            case Frame(command=answered) if answered in (ACKNOWLEDGED, INVALID):
                return answered == ACKNOWLEDGED
            case _:
                self._in_step = False
                return None

    def tell(self, command: Command) -> None:
        """Send ``command``, to which no answer comes."""
        self._get_in_step()
        self._send(Frame(command))

    def _get_in_step(self) -> None:
        if self._in_step:
            return
        heard = False
        for _ in range(_STEP_TRIES):
            question = _STEPS[self._turn % len(_STEPS)]
            self._turn += 1
            answer = self._once(Frame(question))
            if isinstance(answer, Frame) and answer.command == question:
                self._in_step = True
                return
            heard = heard or answer is not None
        raise _bad_answer(question) if heard else _silent()

    def _once(self, question: Frame) -> Frame | Garbled | None:
        """The one answer; ``Garbled`` for anything but exactly one sound frame; None for silence."""
        self._send(question)
        found: list[Frame | Garbled] = []
        deadline_s = self._clock.now_s() + self._timing.answer_s
        for _ in range(_READS_MAX):
            left_s = deadline_s - self._clock.now_s()
            found += self._read(max(left_s, 0.0))
            if found or left_s <= 0:
                break
        half = self._decoder.reset()
        if not found and not half:
            return None
        return found[0] if len(found) == 1 and not half else Garbled(half[0] if half else 0)

    def _send(self, frame: Frame) -> None:
        try:
            self._line.discard()
            self._decoder.reset()
            self._line.write(encode(frame))
        except LineError:
            self._in_step = False
            raise

    def _read(self, within_s: float) -> tuple[Frame | Garbled, ...]:
        try:
            return self._decoder.feed(self._line.read(within_s))
        except LineError:
            self._in_step = False
            raise


def _silent() -> Id003Error:
    return Id003Error(
        NotesCode.SILENT, "expected an answer of the note validator, none came; switch it on and check its cable"
    )


def _bad_answer(question: int) -> Id003Error:
    text = f"expected the one answer to {question:02X}, came something else; check the note validator's cable and speed"
    return Id003Error(NotesCode.BAD_ANSWER, text)
