"""Questions to the printer and what came back, each within its bound; the only place that reads the line."""

from collections.abc import Callable
from typing import Final

from terminal.clock import Clock
from terminal.devices.receipt_printer.api import ReceiptCode
from terminal.devices.receipt_printer.codec import (
    CLEAR_BUFFERS,
    NO_UNASKED_STATUS,
    PROCESS_NUMBERS,
    Answer,
    AnswerDecoder,
    BuffersCleared,
    PrinterStatus,
    ProcessDone,
    StatusByte,
    StatusKind,
    process_id,
    process_request,
    status_request,
)
from terminal.devices.serial_line import SerialLine
from terminal.errors import HonninError

ANSWER_S: Final = 0.5
_SETTLE_S: Final = 0.02
_TRIES: Final = 3
_READS_MAX: Final = 64
_SLICE_S: Final = 0.25


class ReceiptError(HonninError):
    """The printer could not be asked (``RECEIPT_…``)."""


class Exchange:
    """The talk with one printer; every call may raise ``LineError`` or ``ReceiptError`` and is bounded in time and in bytes."""

    def __init__(self, line: SerialLine, clock: Clock) -> None:
        self._line = line
        self._clock = clock
        self._decoder = AnswerDecoder()
        # A late answer to an earlier driver's question must not be an answer to ours: the count begins somewhere in time.
        self._number = int(clock.wall().timestamp() * 10) % PROCESS_NUMBERS
        self._done: set[bytes] = set()

    def status(self) -> PrinterStatus:
        """Ask DLE EOT 1 to 4."""
        return PrinterStatus(*(self._status_byte(kind) for kind in StatusKind))

    def clear_buffers(self) -> None:
        """Empty the printer's buffers; return only when it said so."""
        self._in_step(CLEAR_BUFFERS, lambda answers: answers.count(BuffersCleared()) == 1)

    def echo(self) -> None:
        """Have a fresh process ID sent back: the printer is on line, has nothing left to process, and answers *this* question."""

        def question() -> bytes:
            return NO_UNASKED_STATUS + process_request(self._fresh())

        self._in_step(question, lambda answers: any(self._is_latest(answer) for answer in answers))

    def send_block(self, block: bytes) -> bytes:
        """Send ``block`` and ask for word when it is printed; returns the process ID to wait for."""
        identity = self._fresh()
        self._line.write(block + process_request(identity))
        return identity

    def heard(self, identity: bytes, within_s: float) -> bool:
        """Whether the word for ``identity`` has come, waiting for it up to ``within_s``."""
        if identity not in self._done:
            self._collect(within_s, lambda answers: ProcessDone(identity) in answers)
        return self.has_heard(identity)

    def has_heard(self, identity: bytes) -> bool:
        """Whether the word for ``identity`` has come, without reading on."""
        return identity in self._done

    def _fresh(self) -> bytes:
        self._number += 1
        self._done.clear()
        return process_id(self._number)

    def _is_latest(self, answer: Answer) -> bool:
        return answer == ProcessDone(process_id(self._number))

    def _status_byte(self, kind: StatusKind) -> int:
        answers = self._in_step(
            status_request(kind),
            lambda answers: sum(isinstance(answer, StatusByte) for answer in answers) == 1,
        )
        return next(answer.value for answer in answers if isinstance(answer, StatusByte))

    def _in_step(
        self, question: bytes | Callable[[], bytes], answered: Callable[[tuple[Answer, ...]], bool]
    ) -> tuple[Answer, ...]:
        """Ask until exactly what was asked for comes, alone; words about processes may come in between."""
        came: tuple[Answer, ...] = ()
        for _ in range(_TRIES):
            self._collect(0.0, lambda _: False)
            self._decoder.reset()
            self._line.write(question if isinstance(question, bytes) else question())
            answers = self._collect(ANSWER_S, lambda found: not all(isinstance(a, ProcessDone) for a in found))
            answers += self._collect(_SETTLE_S, lambda _: False) if answers else ()
            if answered(answers) and _nothing_else(answers):
                return answers
            came += answers
        if not came:
            raise ReceiptError(
                ReceiptCode.SILENT,
                f"expected an answer of the receipt printer within {ANSWER_S:g} s, none came; switch it on",
            )
        raise ReceiptError(
            ReceiptCode.BAD_ANSWER,
            f"expected the one answer to a question, {len(came)} others came in {_TRIES} tries; check cable and speed",
        )

    def _collect(self, within_s: float, enough: Callable[[tuple[Answer, ...]], bool]) -> tuple[Answer, ...]:
        found: tuple[Answer, ...] = ()
        deadline_s = self._clock.now_s() + within_s
        for _ in range(_READS_MAX):
            left_s = deadline_s - self._clock.now_s()
            data = self._line.read(min(max(left_s, 0.0), _SLICE_S))
            found += self._decoder.feed(data)
            self._done.update(answer.process_id for answer in found if isinstance(answer, ProcessDone))
            if enough(found) or (not data and left_s <= _SLICE_S):
                break
        return found


def _nothing_else(answers: tuple[Answer, ...]) -> bool:
    return sum(not isinstance(answer, ProcessDone) for answer in answers) <= 1
