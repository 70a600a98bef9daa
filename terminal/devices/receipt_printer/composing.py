"""A slip as bytes for the printer, through python-escpos: blocks that each stand alone and end where a line ends.

python-escpos is given a sink in place of its own ``Serial``: that one opens the port itself, has no bound for a write and turns a
lost port into an assertion; and its ``text`` sends kanji as GB18030 (``magicencode.py``), so text goes in as bytes of our own.
Formats, the QR code and the cut are its work.

A block begins with the printer's initial state and its Japanese settings, so that a printer that lost its power between two
blocks does not print the second in another code system.
"""

from dataclasses import dataclass
from typing import Final

from terminal.devices.receipt_printer.api import COLUMNS, SlipDocument, SlipLine
from terminal.devices.receipt_printer.escpos_library import QR_ECLEVEL_M, Escpos
from terminal.devices.receipt_printer.text import encode, printable, spread, wrap

BLOCK_BYTES: Final = 1024
"""A block is no longer: a quarter of the receive buffer (4 KB), so that status questions and the next block always get in."""
BEGIN: Final = b"\x1b@" + b"\x1cC\x01" + b"\x1bR\x08" + b"\x1bt\x01"
"""ESC @; FS C 1, Shift_JIS; ESC R 8, Japan; ESC t 1, katakana."""
REPRINT: Final = "再発行 REPRINT"
VOID: Final = "無効 VOID"
END: Final = "― 以上 ―"
_PROFILE: Final = "default"
_LARGE_CODE_BYTES: Final = 200


@dataclass(frozen=True, slots=True)
class Composed:
    """The blocks to send, in order, and how many characters the printer's set lacks."""

    blocks: tuple[bytes, ...]
    replaced: int


def compose(document: SlipDocument) -> Composed:
    """The whole slip and its cut."""
    sheet = _Sheet()
    if document.banner:
        sheet.line(SlipLine(document.banner, emphasised=True, centred=True))
    sheet.heading(document.title)
    if document.reprint:
        sheet.line(SlipLine(REPRINT, emphasised=True, centred=True))
    for line in document.lines:
        sheet.line(line)
    sheet.line(SlipLine(END, centred=True))
    if document.code is not None:
        sheet.code(document.code.decode("utf-8"))
    return sheet.cut()


def compose_void() -> Composed:
    """What closes a slip that broke off: 無効 VOID under it, and the cut."""
    sheet = _Sheet()
    sheet.line(SlipLine(VOID, emphasised=True, centred=True))
    return sheet.cut()


class _Sink(Escpos):  # type: ignore[misc]
    """python-escpos into a list of bytes."""

    def __init__(self) -> None:
        super().__init__(profile=_PROFILE)
        self.sent = b""

    def _raw(self, msg: bytes) -> None:
        self.sent += msg

    def take(self) -> bytes:
        """What was written since the last call."""
        sent, self.sent = self.sent, b""
        return sent


class _Sheet:
    """Collects pieces (a line, a code, a cut) into blocks."""

    def __init__(self) -> None:
        self._printer = _Sink()
        self._blocks = [BEGIN]
        self._replaced = 0

    def heading(self, title: str) -> None:
        self._rows(wrap(self._printable(title), COLUMNS // 2), "center", width=2, height=2)

    def line(self, line: SlipLine) -> None:
        left, right = self._printable(line.left), self._printable(line.right)
        rows = wrap(left, COLUMNS) if line.centred else spread(left, right, COLUMNS)
        self._rows(rows, "center" if line.centred else "left", width=1, height=2 if line.emphasised else 1)

    def code(self, payload: str) -> None:
        self._printer.set(align="center")
        self._printer.print_and_feed(1)  # the symbol's quiet zone, which the printer leaves to the host
        self._printer.qr(
            payload, ec=QR_ECLEVEL_M, size=4 if len(payload.encode()) > _LARGE_CODE_BYTES else 6, native=True
        )
        self._end_piece()

    def cut(self) -> Composed:
        self._printer.cut(mode="PART")
        self._end_piece()
        return Composed(tuple(self._blocks), self._replaced)

    def _printable(self, text: str) -> str:
        kept, replaced = printable(text)
        self._replaced += replaced
        return kept

    def _rows(self, rows: tuple[str, ...], align: str, *, width: int, height: int) -> None:
        for row in rows:
            self._printer.set(align=align, bold=height > 1, custom_size=True, width=width, height=height)
            self._printer._raw(encode(row) + b"\n")
            self._end_piece()

    def _end_piece(self) -> None:
        piece = self._printer.take()
        if len(self._blocks[-1]) + len(piece) > BLOCK_BYTES:
            self._blocks.append(BEGIN)
        self._blocks[-1] += piece
