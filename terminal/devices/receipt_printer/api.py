"""The receipt printer's port: print one slip and say whether it was *printed* (promise P5), not whether bytes were taken.

A slip is 48 half-width columns wide; a full-width character takes two. Longer lines go on in the next one, whole.

A slip that broke off is never a second valid slip: its code is printed last, what is left of it is marked 無効 VOID and cut off
by ``clear``, and ``SlipFailed.begun`` tells the caller that the next print of the same paper must be a ``reprint``, which says
再発行 REPRINT under its title.
"""

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final, Protocol, TypeAlias

from terminal.devices.api import Resettable

COLUMNS: Final = 48
"""Half-width columns of a line: 576 dots of font A, 12 dots each, at 203 dpi on paper of 80 mm."""
CODE_BYTES_MAX: Final = 512
"""Longest payload of a slip's 2D code: still a QR symbol that fits on the paper with four dots a module."""
LINES_MAX: Final = 200
TEXT_MAX: Final = 500
"""Characters in each text of a slip."""


@unique
class ReceiptCode(StrEnum):
    """Why a slip was not printed, or which level of the printer is up."""

    SILENT = "RECEIPT_SILENT"
    """The printer does not answer: switched off, or nothing at the other end."""
    LINE_GONE = "RECEIPT_LINE_GONE"
    """No such port, unplugged, held by another program, or it takes no bytes."""
    PAPER_OUT = "RECEIPT_PAPER_OUT"
    PAPER_LOW = "RECEIPT_PAPER_LOW"
    """A warning: the roll's near-end sensor; there is paper still."""
    COVER_OPEN = "RECEIPT_COVER_OPEN"
    CUTTER = "RECEIPT_CUTTER"
    """The cutter is stuck; a person clears it, then the printer can be told to go on."""
    HARDWARE = "RECEIPT_HARDWARE"
    """An error that only switching off may heal."""
    OVERHEATED = "RECEIPT_OVERHEATED"
    """The head is too hot: it heals by itself."""
    OFFLINE = "RECEIPT_OFFLINE"
    """The printer says that it is off line and names no cause."""
    BAD_ANSWER = "RECEIPT_BAD_ANSWER"
    """What came is no answer to what was asked."""
    NOT_CONFIRMED = "RECEIPT_NOT_CONFIRMED"
    """The slip was sent and no word came that it is printed (the word was lost, or the printer lost its power): it may be, so the
    next one is a reprint."""
    LEFT_OVER = "RECEIPT_LEFT_OVER"
    """A slip that broke off may hang in the printer, or lie in its buffer."""
    NOT_PRINTABLE = "RECEIPT_NOT_PRINTABLE"
    """The slip is larger than the port takes; nothing was sent."""


@unique
class SlipKind(StrEnum):
    """What a slip is to its holder."""

    RECEIPT = "receipt"
    REFUND = "refund"
    CLAIM = "claim"
    """A ticket for money that could not be given back; it has a number and a code, and is honoured once."""


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One line: ``left`` at the left edge and ``right`` at the right one, or ``left`` alone in the middle if ``centred``.

    ``emphasised`` is bold and twice as high. Control characters and a centred line with two ends raise ``ValueError``.
    """

    left: str = ""
    right: str = ""
    emphasised: bool = False
    centred: bool = False

    def __post_init__(self) -> None:
        if self.centred and self.right:
            raise ValueError("a centred line has no right end")
        _demand_printable(self.left, self.right)


@dataclass(frozen=True, slots=True)
class SlipDocument:
    """What is on a slip, top to bottom: ``banner``, ``title``, ``lines``, 以上 (the end), ``code``.

    ``banner`` is 見本 SPECIMEN in a simulated terminal, else empty. ``code`` is the payload of a QR code, UTF-8, or None.
    ``reprint`` marks the slip 再発行 REPRINT. An empty code and control characters raise ``ValueError``: a printer obeys
    real-time commands even inside the payload of a code.
    """

    kind: SlipKind
    title: str
    lines: tuple[SlipLine, ...]
    code: bytes | None = None
    banner: str = ""
    reprint: bool = False

    def __post_init__(self) -> None:
        _demand_printable(self.title, self.banner)
        if self.code is not None:
            if not self.code:
                raise ValueError("expected a payload in the code, came none")
            _demand_printable(self.code.decode("utf-8"))


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The printer reported that everything up to the cut is on the paper.

    ``replaced`` counts characters that its set lacks: each stands as 〓 (geta, the printers' mark for a missing type).
    """

    replaced: int = 0


@dataclass(frozen=True, slots=True)
class SlipFailed:
    """No word that the slip is printed. ``begun``: some or all of it may be on paper, so the next one is a ``reprint``."""

    code: ReceiptCode
    text: str
    begun: bool = False


SlipOutcome: TypeAlias = SlipPrinted | SlipFailed


class ReceiptPrinter(Resettable, Protocol):
    """Prints one slip at a time and cuts it off."""

    def print_slip(self, document: SlipDocument) -> SlipOutcome:
        """Print, cut, and wait for the printer's own word that it is done; blocking, bounded, never raises."""
        ...


def _demand_printable(*texts: str) -> None:
    for text in texts:
        if not text.replace("\u3000", " ").isprintable():
            raise ValueError("expected printable characters only on a slip, came a control character")
