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
from terminal.devices.receipt_printer.timing import ReceiptTiming
from terminal.devices.serial_line import SerialLine
from terminal.errors import HonninError

_TRIES: Final = 3
_READS_MAX: Final = 64
_SLICE_S: Final = 0.25


class ReceiptError(HonninError):
    """The printer could not be asked (``RECEIPT_…``)."""


class Exchange:
    """The talk with one printer; every call may raise ``LineError`` or ``ReceiptError`` and is bounded in time and in bytes."""

    def __init__(self, line: SerialLine, clock: Clock, timing: ReceiptTiming) -> None:
        self._timing = timing
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
        self._ask(CLEAR_BUFFERS, lambda others: others == (BuffersCleared(),))

    def echo(self) -> None:
        """Have a fresh process ID sent back: the printer is on line, has nothing left to process, and answers *this* question.

        Answers to DLE EOT look alike; a line that gives each one late, to the question after it, shows only here.
        """
        for _ in range(_TRIES):
            identity = self._fresh()
            others = self._exchange(NO_UNASKED_STATUS + process_request(identity), _said(identity))
            if self.has_heard(identity) and not others:
                return
            if any(isinstance(answer, StatusByte | BuffersCleared) for answer in others):
                raise _bad_answer(len(others))
        raise _bad_answer(len(others)) if others else _silent()

    def send_block(self, block: bytes) -> bytes:
        """Send ``block`` and ask for word when it is printed; returns the process ID to wait for."""
        identity = self._fresh()
        self._line.write(block + process_request(identity))
        return identity

    def heard(self, identity: bytes, within_s: float) -> bool:
        """Whether the word for ``identity`` has come, waiting for it up to ``within_s``."""
        if identity not in self._done:
            self._collect(within_s, _said(identity))
        return self.has_heard(identity)

    def has_heard(self, identity: bytes) -> bool:
        """Whether the word for ``identity`` has come, without reading on."""
        return identity in self._done

    def _fresh(self) -> bytes:
        self._number += 1
        self._done.clear()
        return process_id(self._number)

    def _status_byte(self, kind: StatusKind) -> int:
        match self._ask(status_request(kind), lambda others: [type(answer) for answer in others] == [StatusByte])[0]:
            case StatusByte(value):
                return value
            case other:
                raise TypeError(f"expected a StatusByte, came {other}")

    def _ask(self, question: bytes, answered: Callable[[tuple[Answer, ...]], bool]) -> tuple[Answer, ...]:
        """Ask until exactly what was asked for comes, alone; words about processes may come in between."""
        came = 0
        for _ in range(_TRIES):
            others = self._exchange(
                question, lambda found: not all(isinstance(answer, ProcessDone) for answer in found)
            )
            if answered(others):
                return others
            came += len(others)
        raise _bad_answer(came) if came else _silent()

    def _exchange(self, question: bytes, enough: Callable[[tuple[Answer, ...]], bool]) -> tuple[Answer, ...]:
        """What comes to ``question``, but for words about processes."""
        self._collect(0.0, lambda _: False)
        self._decoder.reset()
        self._line.write(question)
        answers = self._collect(self._timing.answer_s, enough)
        if answers:
            answers += self._collect(self._timing.settle_s, lambda _: False)
        return tuple(answer for answer in answers if not isinstance(answer, ProcessDone))

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


def _said(identity: bytes) -> Callable[[tuple[Answer, ...]], bool]:
    word = ProcessDone(identity)
    return lambda found: word in found


def _silent() -> ReceiptError:
    text = f"expected an answer of the receipt printer, none came in {_TRIES} tries; switch it on"
    return ReceiptError(ReceiptCode.SILENT, text)


def _bad_answer(came: int) -> ReceiptError:
    text = f"expected the one answer to a question, came {came} others; check the receipt printer's cable and speed"
    return ReceiptError(ReceiptCode.BAD_ANSWER, text)
