"""A receipt printer as a machine: paper, head, cover, cutter and buffers. Time is only looked at, never waited for."""

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from simulator.devices.fault_plan import FaultPlan
from simulator.devices.receipt_printer.faults import AT_LINE, ReceiptFault
from simulator.devices.receipt_printer.page import Act, Cut, Page, PaperQuestion, ProcessMark, Reply
from simulator.devices.receipt_printer.paper import LINE_DOTS, FeedRow, PictureRow, Row, TextRow, draw
from terminal.clock import Clock
from terminal.devices.receipt_printer.codec import ProcessDone, StatusKind, encode_answer

ROLL_LINES: Final = 2000
NEAR_END_LINES: Final = 60
BUFFER_BYTES: Final = 4096
LINES_PER_S: Final = 40.0
_CUT_LINES: Final = 12
"""A cut takes as long as so many lines."""
_COOLING_S: Final = 2.0
_FIXED_BITS: Final = 0x12


@dataclass(frozen=True, slots=True)
class Slip:
    """Paper that left the printer: ``whole`` when the cutter cut it, else it was torn off."""

    lines: tuple[str, ...]
    codes: tuple[bytes, ...]
    whole: bool
    picture: Path | None


class ReceiptPrinterModel:
    """Levels are public (the panel); ``out`` is the folder for the pictures, None for none."""

    def __init__(
        self,
        clock: Clock,
        plan: FaultPlan[ReceiptFault] | None = None,
        out: Path | None = None,
        lines_per_s: float = LINES_PER_S,
    ) -> None:
        self._line_s = 1 / lines_per_s
        self.plan: FaultPlan[ReceiptFault] = plan or FaultPlan()
        self.paper_lines = float(ROLL_LINES)
        self.cover_open = False
        self.cutter_jammed = False
        self.slips: list[Slip] = []
        self.overrun_bytes = 0
        self._clock = clock
        self._out = out
        self._born_s = clock.now_s()
        self._hanging: list[Row] = []
        self._switch_on()

    def _switch_on(self) -> None:
        """Everything that a loss of power takes away."""
        self.hardware_error = False
        self.forced_offline = False
        self.cutter_error = False
        self._hot_until_s = 0.0
        self._buffer = bytearray()
        self._acts: deque[Act] = deque()
        self._page = Page()
        self._free_s = self._clock.now_s()

    @property
    def overheated(self) -> bool:
        """The head cools down by itself."""
        return self._clock.now_s() < self._hot_until_s

    @property
    def stopped(self) -> bool:
        """Off line: nothing is printed or taken out of the buffer."""
        return (
            self.cover_open
            or self.paper_lines <= 0
            or self.cutter_error
            or self.hardware_error
            or self.forced_offline
            or self.overheated
        )

    @property
    def hanging_lines(self) -> tuple[str, ...]:
        """Text on the paper that is not cut off yet."""
        return tuple(row.text for row in self._hanging if isinstance(row, TextRow))

    @property
    def unprinted(self) -> int:
        """Bytes in the receive buffer and acts that are read out of it, not done yet."""
        return len(self._buffer) + len(self._acts)

    def accept(self, data: bytes) -> None:
        """Bytes for the receive buffer; what does not fit is lost, as without flow control."""
        if not self._buffer and not self._acts:
            self._free_s = max(self._free_s, self._clock.now_s())
        fits = BUFFER_BYTES - len(self._buffer)
        self._buffer += data[:fits]
        self.overrun_bytes += len(data[fits:])

    def work(self) -> bytes:
        """Print what the time that passed allows; what the printer sends meanwhile."""
        if not self._acts and not self._buffer:
            return b""
        sent = b""
        while (self._acts or self._buffer) and not self.stopped and self._free_s <= self._clock.now_s():
            if not self._acts:
                self._acts.extend(self._page.feed(self._buffer.pop(0)))
            elif (answer := self._do(self._acts[0])) is None:
                break
            else:
                sent += answer
                if self._acts:
                    self._acts.popleft()
        if self.stopped:
            self._free_s = max(self._free_s, self._clock.now_s())
        return sent

    def status(self, kind: StatusKind) -> int:
        """The answer to DLE EOT."""
        out = self.paper_lines <= 0
        error = self.cutter_error or self.hardware_error or self.overheated
        bits = {
            StatusKind.PRINTER: 0x08 * self.stopped,
            StatusKind.OFFLINE_CAUSE: 0x04 * self.cover_open | 0x20 * out | 0x40 * error,
            StatusKind.ERROR_CAUSE: 0x08 * self.cutter_error | 0x20 * self.hardware_error | 0x40 * self.overheated,
            StatusKind.PAPER: 0x0C * self.near_end | 0x60 * out,
        }
        return _FIXED_BITS | bits[kind]

    @property
    def near_end(self) -> bool:
        """The roll is nearly used up."""
        return self.paper_lines <= NEAR_END_LINES

    def recover(self) -> None:
        """DLE ENQ 1: leave a recoverable error if its cause is gone."""
        self.cutter_error = self.cutter_error and self.cutter_jammed

    def clear_buffers(self) -> None:
        """DLE DC4 fn=8: what is not printed never will be."""
        self.recover()
        self._buffer.clear()
        self._acts.clear()
        self._page.drop()

    def power_cycle(self) -> None:
        """Switch off and on; what is on the paper stays, and so do cover, roll and a jam."""
        self._switch_on()
        self.cutter_error = self.cutter_jammed

    def heal(self) -> None:
        """A clerk puts everything right: roll, cover, cutter, switch."""
        self.cover_open = self.cutter_jammed = self.forced_offline = self.hardware_error = False
        self.cutter_error = False
        self._hot_until_s = 0.0
        if self.paper_lines <= 0:
            self.paper_lines = float(ROLL_LINES)

    def tear_off(self) -> None:
        """Somebody tears off what hangs out."""
        if self._hanging:
            self._leave(whole=False)

    def _do(self, act: Act) -> bytes | None:
        """Carry ``act`` out and return what is sent; None when the printer stopped before it."""
        match act:
            case TextRow() | PictureRow() | FeedRow():
                return self._print(act)
            case Cut(feed_dots):
                return self._cut(feed_dots)
            case ProcessMark(identity):
                return self._respond(identity)
            case PaperQuestion():
                return bytes([0x03 * self.near_end | 0x0C * (self.paper_lines <= 0)])
            case Reply(data):
                return data
            case never:
                assert_never(never)

    def _print(self, row: Row) -> bytes | None:
        self._strike()
        if self.stopped or not self._acts:
            return None
        lines = row.dots / LINE_DOTS
        self.paper_lines = max(0.0, self.paper_lines - lines)
        self._free_s += lines * self._line_s
        self._hanging.append(row)
        return b""

    def _strike(self) -> None:
        struck = [kind for kind in AT_LINE if self.plan.strikes(kind, self._up_s())]
        for kind in struck:
            match kind:
                case ReceiptFault.PAPER_OUT:
                    self.paper_lines = 0.0
                case ReceiptFault.COVER_OPENED:
                    self.cover_open = True
                case ReceiptFault.OVERHEATED:
                    self._hot_until_s = self._clock.now_s() + _COOLING_S
                case ReceiptFault.HARDWARE_ERROR:
                    self.hardware_error = True
                case ReceiptFault.WENT_OFFLINE:
                    self.forced_offline = True
                case _:
                    self.power_cycle()

    def _cut(self, feed_dots: int) -> bytes | None:
        if self.plan.strikes(ReceiptFault.CUTTER_STUCK, self._up_s()):
            self.cutter_jammed = True
        if self.cutter_jammed:
            self.cutter_error = True
            return None
        self._free_s += _CUT_LINES * self._line_s
        if feed_dots:
            self._hanging.append(FeedRow(feed_dots))
        self._leave(whole=True)
        return b""

    def _respond(self, identity: bytes) -> bytes:
        if self.plan.strikes(ReceiptFault.NO_RESPONSE, self._up_s()):
            return b""
        if self.plan.strikes(ReceiptFault.WRONG_RESPONSE, self._up_s()):
            identity = identity[:3] + bytes([0x20 + (identity[3] - 0x1F) % 0x5F])
        return encode_answer(ProcessDone(identity))

    def _leave(self, *, whole: bool) -> None:
        rows, self._hanging = self._hanging, []
        lines = tuple(row.text for row in rows if isinstance(row, TextRow))
        codes = tuple(row.code for row in rows if isinstance(row, PictureRow) and row.code is not None)
        self.slips.append(Slip(lines, codes, whole, self._picture(rows, "slip" if whole else "torn")))

    def _picture(self, rows: list[Row], name: str) -> Path | None:
        if self._out is None:
            return None
        number = len(list(self._out.glob("*.png"))) + 1
        part, picture = self._out / f"{number:04d}.part", self._out / f"{number:04d}-{name}.png"
        draw(rows).save(part, "PNG")
        return part.replace(picture)

    def _up_s(self) -> float:
        return self._clock.now_s() - self._born_s
