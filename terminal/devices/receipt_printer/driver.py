"""The receipt printer on a serial line: ESC/POS with the printer's own word for "printed" (promise P5).

A slip goes out in blocks. After each one the printer is asked for a process ID (GS ( H fn=48), which it sends when all before it
is on the paper; until that word has come nothing further is sent but status questions, which it answers even when it is busy.
So nothing depends on flow control, and what stops the paper is seen while it stops it.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from terminal.clock import Clock
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.receipt_printer.api import (
    CODE_BYTES_MAX,
    LINES_MAX,
    TEXT_MAX,
    ReceiptCode,
    SlipDocument,
    SlipFailed,
    SlipOutcome,
    SlipPrinted,
)
from terminal.devices.receipt_printer.codec import RECOVER
from terminal.devices.receipt_printer.composing import Composed, compose, compose_void
from terminal.devices.receipt_printer.exchange import Exchange, ReceiptError
from terminal.devices.receipt_printer.left_over import LeftOverMark
from terminal.devices.receipt_printer.timing import ReceiptTiming
from terminal.devices.serial_line import LineError, SerialLine

DEVICE: Final = "receipt_printer"

ACTIONS: Final = {
    ReceiptCode.SILENT: "switch the receipt printer on and check its cable",
    ReceiptCode.LINE_GONE: "check the receipt printer's cable and power",
    ReceiptCode.PAPER_OUT: "put a new roll into the receipt printer and close its cover",
    ReceiptCode.PAPER_LOW: "have a new roll ready for the receipt printer",
    ReceiptCode.COVER_OPEN: "close the receipt printer's cover",
    ReceiptCode.CUTTER: "open the receipt printer's cover, free the cutter, close it again",
    ReceiptCode.HARDWARE: "switch the receipt printer off and on; call service if it does not help",
    ReceiptCode.OVERHEATED: "wait until the receipt printer's head has cooled down",
    ReceiptCode.OFFLINE: "press FEED on the receipt printer, or switch it off and on",
    ReceiptCode.BAD_ANSWER: "check the receipt printer's cable and the speed it is set to",
    ReceiptCode.NOT_CONFIRMED: "look whether the slip came out whole",
    ReceiptCode.LEFT_OVER: "tear a broken slip off the receipt printer and make it ready; it then closes the slip by itself",
    ReceiptCode.NOT_PRINTABLE: "report the slip to the maker of the terminal",
}


class SerialReceiptPrinter:
    """Implements ``ReceiptPrinter`` on ``line``.

    ``left_over`` is the file of the mark that a slip broke off (``left_over.py``): give one wherever the process that clears is
    not the one that printed. Faults do not block service unless ``blocks_service``: a claim can stand on record without paper.
    """

    def __init__(
        self,
        line: SerialLine,
        clock: Clock,
        wait: Callable[[float], None],
        *,
        left_over: Path | None = None,
        blocks_service: bool = False,
        timing: ReceiptTiming = ReceiptTiming(),  # noqa: B008 - a frozen value
    ) -> None:
        self._line = line
        self._clock = clock
        self._wait = wait
        self._exchange = Exchange(line, clock, timing)
        self._mark = LeftOverMark(left_over)
        self._blocks_service = blocks_service
        self._timing = timing

    def print_slip(self, document: SlipDocument) -> SlipOutcome:
        """See ``ReceiptPrinter.print_slip``; bounded by the timing: ``block_s`` a block, and the questions around it."""
        if (size := _size_text(document)) is not None:
            return SlipFailed(ReceiptCode.NOT_PRINTABLE, size)
        try:
            self._make_ready()
        except (LineError, ReceiptError) as error:
            return SlipFailed(_code(error), error.failure.text)
        composed = compose(document)
        try:
            self._print(composed)
        except (LineError, ReceiptError) as error:
            return SlipFailed(_code(error), error.failure.text, begun=True)
        return SlipPrinted(composed.replaced)

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``: asks status and, when nothing stops the printer, a process ID: is it in step?"""
        levels, text = self._levels()
        faults = tuple(self._fault(code) for code in levels)
        blocked = any(fault.blocks_service for fault in faults)
        return Readiness(DEVICE, _status(levels) if blocked else DeviceStatus.ONLINE, text, faults)

    def clear(self) -> None:
        """See ``Resettable.clear``: empties the buffers, leaves a recoverable error, marks and cuts off a slip that broke off."""
        with suppress(LineError, ReceiptError):
            self._exchange.clear_buffers()
            if ReceiptCode.CUTTER in self._exchange.status().levels:
                self._line.write(RECOVER)
                self._wait(self._timing.poll_s)
            self._make_ready()

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``: no slip hangs half printed, and the printer's buffers are empty.

        A printer that does not answer is proved by a lasting mark alone: it is down only when every slip that was begun was
        confirmed, so nothing can be left in it.
        """
        if self._mark.up:
            code = ReceiptCode.LEFT_OVER
            return ProofLine(DEVICE, False, "a slip that broke off may hang in the printer", code, ACTIONS[code])
        try:
            if _stops(self._exchange.status().levels):
                self._exchange.clear_buffers()
            else:
                self._exchange.echo()
        except (LineError, ReceiptError) as error:
            code = _code(error)
            if self._mark.lasting:
                return ProofLine(
                    DEVICE, True, f"every slip that was begun was confirmed; the printer does not answer ({code})"
                )
            return ProofLine(DEVICE, False, error.failure.text, code, ACTIONS[code])
        return ProofLine(DEVICE, True, "buffers empty, nothing half printed")

    def _make_ready(self) -> None:
        """Nothing stops the printer, its buffers are empty, it answers in step, and nothing of an earlier slip hangs in it."""
        if (stops := _stops(self._exchange.status().levels)) is not None:
            raise ReceiptError(stops, f"expected a receipt printer that can print, came {stops}; {ACTIONS[stops]}")
        self._exchange.clear_buffers()
        self._exchange.echo()
        if self._mark.up:
            self._print(compose_void())

    def _print(self, composed: Composed) -> None:
        self._mark.put_up()
        for block in composed.blocks:
            identity = self._exchange.send_block(block)
            self._await_word(identity)
        self._mark.take_down()

    def _await_word(self, identity: bytes) -> None:
        try:
            self._watch_for_word(identity)
        except (LineError, ReceiptError):
            # What is left in the buffer would come out when the paper is back: a second valid slip.
            with suppress(LineError, ReceiptError):
                self._exchange.clear_buffers()
            if not self._exchange.has_heard(identity):
                raise

    def _watch_for_word(self, identity: bytes) -> None:
        deadline_s = self._clock.now_s() + self._timing.block_s
        while not self._exchange.heard(identity, self._timing.poll_s):
            code = _stops(self._exchange.status().levels)
            if code is None and self._clock.now_s() >= deadline_s:
                code = ReceiptCode.NOT_CONFIRMED
            if code is not None:
                raise ReceiptError(
                    code, f"expected the printer's word that the slip is printed, came {code}; {ACTIONS[code]}"
                )

    def _levels(self) -> tuple[tuple[ReceiptCode, ...], str]:
        left = (ReceiptCode.LEFT_OVER,) if self._mark.up else ()
        try:
            levels = self._exchange.status().levels
            if _stops(levels) is None:
                self._exchange.echo()
        except (LineError, ReceiptError) as error:
            return (_code(error), *left), error.failure.text
        levels += left
        return levels, "; ".join(ACTIONS[code] for code in levels) or "the receipt printer can print"

    def _fault(self, code: ReceiptCode) -> Fault:
        blocks = self._blocks_service and code is not ReceiptCode.PAPER_LOW
        return Fault(DEVICE, code, ACTIONS[code], blocks_service=blocks or code is ReceiptCode.LEFT_OVER)


def _stops(levels: tuple[ReceiptCode, ...]) -> ReceiptCode | None:
    return next((code for code in levels if code is not ReceiptCode.PAPER_LOW), None)


def _status(levels: tuple[ReceiptCode, ...]) -> DeviceStatus:
    match _stops(levels):
        case ReceiptCode.SILENT | ReceiptCode.LINE_GONE | ReceiptCode.OFFLINE:
            return DeviceStatus.OFFLINE
        case ReceiptCode.CUTTER | ReceiptCode.HARDWARE | ReceiptCode.OVERHEATED | ReceiptCode.BAD_ANSWER:
            return DeviceStatus.HARDWARE_ERROR
        case _:
            return DeviceStatus.USER_ERROR


def _code(error: LineError | ReceiptError) -> ReceiptCode:
    return ReceiptCode(error.code) if isinstance(error, ReceiptError) else ReceiptCode.LINE_GONE


def _size_text(document: SlipDocument) -> str | None:
    texts = (document.title, document.banner, *(text for line in document.lines for text in (line.left, line.right)))
    longest = max(map(len, texts))
    code_bytes = len(document.code or b"")
    if len(document.lines) <= LINES_MAX and longest <= TEXT_MAX and code_bytes <= CODE_BYTES_MAX:
        return None
    return (
        f"expected at most {LINES_MAX} lines, {TEXT_MAX} characters in a text and {CODE_BYTES_MAX} bytes in the code, "
        f"came {len(document.lines)}, {longest} and {code_bytes}; shorten the slip"
    )
