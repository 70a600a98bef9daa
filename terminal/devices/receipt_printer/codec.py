"""ESC/POS as far as a slip needs it: questions, real-time commands, and the answers taken apart as they come in.

Sources: Epson, "TM-T88III/T90/L90 … ESC/POS programming guide" ver. 10 (DLE EOT, DLE ENQ, DLE DC4 fn=8, GS ( H fn=48 with the
format of its answer) and the specifications of TM-T81 and TM-L90 (the same commands). A printer of ours has GS ( H and DLE DC4
fn=8; TM-T88III and older have not.

An answer to DLE EOT is one byte with four fixed bits and no check; ``PrinterStatus`` therefore crosses what the four answers say,
and what must not be mistaken, a process ID, has a check of its own here.
"""

from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final, TypeAlias, assert_never

from terminal.devices.receipt_printer.api import ReceiptCode

CLEAR_BUFFERS: Final = bytes([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8])
"""DLE DC4 fn=8, real time: receive and print buffer are emptied, a recoverable error is left; answered by ``BuffersCleared``."""
RECOVER: Final = bytes([0x10, 0x05, 2])
"""DLE ENQ 2, real time: leave a recoverable error whose cause was removed, with empty buffers."""
NO_UNASKED_STATUS: Final = b"\x1da\x00"
"""GS a 0: no automatic status back."""
_BLOCK: Final = 0x37
_PROCESS: Final = 0x22
_CLEARED: Final = 0x25
_PROCESS_BYTES: Final = 7
_CLEARED_BYTES: Final = 3
_FLOW: Final = (0x11, 0x13)
_ALPHABET: Final = 89
"""Characters 21h to 79h; a prime, so that two check characters find any one that changed."""
PROCESS_NUMBERS: Final = _ALPHABET**2


@unique
class StatusKind(IntEnum):
    """The n of DLE EOT n."""

    PRINTER = 1
    OFFLINE_CAUSE = 2
    ERROR_CAUSE = 3
    PAPER = 4


@dataclass(frozen=True, slots=True)
class StatusByte:
    """Answer to DLE EOT: bits 0 and 7 are clear, 1 and 4 are set."""

    value: int


@dataclass(frozen=True, slots=True)
class ProcessDone:
    """All that was sent before the request with this ID is processed; printing that was in it is on the paper."""

    process_id: bytes


@dataclass(frozen=True, slots=True)
class BuffersCleared:
    """Answer to ``CLEAR_BUFFERS``."""


@dataclass(frozen=True, slots=True)
class Stray:
    """Bytes that are no answer."""

    data: bytes


Answer: TypeAlias = StatusByte | ProcessDone | BuffersCleared | Stray


def status_request(kind: StatusKind) -> bytes:
    """DLE EOT n, answered at once even when the printer is busy, off line or its buffer is full."""
    return bytes([0x10, 0x04, kind])


def process_id(number: int) -> bytes:
    """Four characters for ``number`` (modulo ``PROCESS_NUMBERS``): any two IDs differ in three characters or more."""
    high, low = divmod(number % PROCESS_NUMBERS, _ALPHABET)
    return bytes(0x21 + value % _ALPHABET for value in (high, low, high + low, high + 2 * low))


def process_request(identity: bytes) -> bytes:
    """GS ( H fn=48: send ``identity`` (4 characters 20h to 7Eh) back when all before it is processed."""
    if len(identity) != 4 or not all(0x20 <= byte <= 0x7E for byte in identity):
        raise ValueError("expected a process ID of four characters from 20h to 7Eh")
    return b"\x1d(H\x06\x00\x30\x30" + identity


def encode_answer(answer: Answer) -> bytes:
    """What a printer sends for ``answer``."""
    match answer:
        case StatusByte(value):
            return bytes([value])
        case ProcessDone(identity):
            return bytes([_BLOCK, _PROCESS]) + identity + b"\x00"
        case BuffersCleared():
            return bytes([_BLOCK, _CLEARED, 0])
        case Stray(data):
            return data
        case never:
            assert_never(never)


class AnswerDecoder:
    """Takes answers apart as their bytes come in; holds at most seven bytes."""

    def __init__(self) -> None:
        self._block = b""

    def feed(self, data: bytes) -> tuple[Answer, ...]:
        """The answers that ``data`` completes; XON and XOFF are no answers."""
        found: list[Answer] = []
        for byte in data:
            if byte not in _FLOW:
                self._take(byte, found)
        return tuple(found)

    def reset(self) -> bytes:
        """Forget the half of an answer that came in, and return it."""
        half, self._block = self._block, b""
        return half

    def _take(self, byte: int, found: list[Answer]) -> None:
        if self._block and not _goes_on(self._block, byte):
            found.append(Stray(self.reset()))
        if not self._block and byte != _BLOCK:
            found.append(StatusByte(byte) if is_status(byte) else Stray(bytes([byte])))
            return
        self._block += bytes([byte])
        if len(self._block) >= _CLEARED_BYTES and byte == 0:
            block = self.reset()
            found.append(BuffersCleared() if block[1] == _CLEARED else ProcessDone(block[2:6]))


def is_status(byte: int) -> bool:
    """Whether the four fixed bits of an answer to DLE EOT are right."""
    return byte & 0x93 == 0x12


def _goes_on(block: bytes, byte: int) -> bool:
    if len(block) == 1:
        return byte in (_PROCESS, _CLEARED)
    if block[1] == _CLEARED or len(block) == _PROCESS_BYTES - 1:
        return byte == 0
    return 0x20 <= byte <= 0x7E


@dataclass(frozen=True, slots=True)
class PrinterStatus:
    """The four answers to DLE EOT 1 to 4, of which none says "ready" alone: a bit that fell leaves the fault in another one."""

    printer: int
    offline_cause: int
    error_cause: int
    paper: int

    @property
    def levels(self) -> tuple[ReceiptCode, ...]:
        """What is up, the cause that a person removes first in front; ``PAPER_LOW`` alone still prints."""
        cover_open = self.offline_cause & 0x04
        causes = {
            ReceiptCode.COVER_OPEN: cover_open,
            ReceiptCode.PAPER_OUT: self.offline_cause & 0x20 or self.paper & 0x60,
            ReceiptCode.CUTTER: self.error_cause & 0x08,
            ReceiptCode.HARDWARE: self.error_cause & 0x24,
            # A cover opened while printing is an error of this kind, too: the cover is the one to name.
            ReceiptCode.OVERHEATED: self.error_cause & 0x40 and not cover_open,
        }
        found = [code for code, up in causes.items() if up]
        if not found and (self.printer & 0x08 or self.offline_cause & 0x48):
            found.append(ReceiptCode.OFFLINE)
        if self.paper & 0x0C and ReceiptCode.PAPER_OUT not in found:
            found.append(ReceiptCode.PAPER_LOW)
        return tuple(found)
