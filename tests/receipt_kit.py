"""What the receipt printer's tests share: specimen slips, and the real driver on the model at each depth."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from simulator.devices.fault_plan import FaultPlan, Next, PlannedFault, When
from simulator.devices.line_faults import LineFaults
from simulator.devices.receipt_printer.emulator import emulation_of
from simulator.devices.receipt_printer.faults import ReceiptFault
from simulator.devices.receipt_printer.model import ReceiptPrinterModel
from simulator.devices.receipt_printer.wire import ReceiptPrinterWire
from simulator.devices.serial_command import serving
from simulator.devices.serial_device import LoopLine, SerialDevice
from terminal.clock import ManualClock, SystemClock
from terminal.devices.receipt_printer.api import ReceiptCode, SlipDocument, SlipKind, SlipLine
from terminal.devices.receipt_printer.driver import SerialReceiptPrinter
from terminal.devices.receipt_printer.timing import ReceiptTiming
from terminal.devices.serial_line import LineSettings, PortLine
from tests.serial_kit import at_depth, heals, levels_of

BANNER = "見本 SPECIMEN"
CLAIM_CODE = b"SPECIMEN:CLAIM:C-2026-000042:200"
_BAUD = 38_400
_QUICK = ReceiptTiming(answer_s=0.12, poll_s=0.1, block_s=3.0)
"""On a pty; a real line has the usual timing."""


def receipt(*, reprint: bool = False) -> SlipDocument:
    """A receipt of 300 yen."""
    lines = (
        SlipLine("取引番号", "R-000123"),
        SlipLine("住民票の写し 1通", "¥300"),
        SlipLine("合計", "¥300", emphasised=True),
        SlipLine("ありがとうございました", centred=True),
    )
    return SlipDocument(SlipKind.RECEIPT, "領収書", lines, None, BANNER, reprint)


def refund() -> SlipDocument:
    """A refund slip."""
    lines = (SlipLine("返金額", "¥300", emphasised=True), SlipLine("理由", "印刷できませんでした"))
    return SlipDocument(SlipKind.REFUND, "返金票", lines, None, BANNER)


def claim(*, reprint: bool = False) -> SlipDocument:
    """A claim ticket with a number and a code."""
    lines = (SlipLine("番号", "C-2026-000042", emphasised=True), SlipLine("未返金額", "¥200", emphasised=True))
    return SlipDocument(SlipKind.CLAIM, "お預り証（引換券）", lines, CLAIM_CODE, BANNER, reprint)


def long_slip(lines: int = 100) -> SlipDocument:
    """A slip of several blocks."""
    return SlipDocument(
        SlipKind.RECEIPT, "領収書", tuple(SlipLine(f"項目 {number}", "¥10") for number in range(lines)), None, BANNER
    )


@dataclass
class Shop:
    """The driver, what it talks to, and hands to put things right."""

    printer: SerialReceiptPrinter
    model: ReceiptPrinterModel
    faults: LineFaults
    unplug: Callable[[], None]
    plug: Callable[[], None]
    pause: Callable[[float], None]
    again: Callable[[], SerialReceiptPrinter]
    """Another driver on the same line, as the next customer's process or the reset's has it."""
    clock: ManualClock | SystemClock = field(default_factory=SystemClock)

    def plan(self, kind: ReceiptFault, when: When | None = None) -> None:
        """Arm a fault of the printer."""
        self.model.plan.add(PlannedFault(kind, when or Next()))

    def levels(self) -> list[str]:
        """Codes of the fault levels that are up now."""
        return levels_of(self.printer)

    def heals(self, within_s: float = 5.0) -> bool:
        """Whether every level is down within a bound."""
        return heals(self.levels, self.pause, self.clock, within_s)


class HarmedTicks:
    """What the device sends by itself goes wrong, too: on ``LoopLine`` and ``PtyWire`` only answers do."""

    def __init__(self, device: SerialDevice, faults: LineFaults, clock: ManualClock) -> None:
        self._device = device
        self._faults = faults
        self._clock = clock

    def receive(self, data: bytes) -> bytes:
        """As the device."""
        return self._device.receive(data)

    def tick(self) -> bytes:
        """What the device sends, harmed."""
        sent = self._device.tick()
        return self._faults.mangle(sent, self._clock.now_s()) if sent else b""

    def power_cycle(self) -> None:
        """As the device."""
        self._device.power_cycle()


def model_shop(folder: Path, *, pictures: bool = False, harmed_ticks: bool = False, blocks: bool = False) -> Shop:
    """The driver over ``LoopLine`` in virtual time."""
    clock = ManualClock(datetime(2026, 4, 1, tzinfo=UTC))
    model = ReceiptPrinterModel(clock, FaultPlan(), folder if pictures else None)
    faults = LineFaults()
    device: SerialDevice = ReceiptPrinterWire(model)
    if harmed_ticks:
        device = HarmedTicks(device, faults, clock)
    line = LoopLine(device, clock, clock.advance, faults)

    def driver() -> SerialReceiptPrinter:
        return SerialReceiptPrinter(line, clock, clock.advance, left_over=folder / "left-over", blocks_service=blocks)

    return Shop(driver(), model, faults, line.unplug, line.plug, clock.advance, driver, clock)


@contextmanager
def wire_shop(folder: Path) -> Iterator[Shop]:
    """The driver on a port that is the emulator's pty."""
    clock = SystemClock()
    model = ReceiptPrinterModel(clock, FaultPlan(), folder, lines_per_s=400)
    link = folder / "receipt"
    with serving(emulation_of(model, folder), link) as running:
        line = PortLine(LineSettings(link, _BAUD))

        def driver() -> SerialReceiptPrinter:
            return SerialReceiptPrinter(line, clock, time.sleep, left_over=folder / "left-over", timing=_QUICK)

        yield Shop(driver(), model, running.wire.faults, running.wire.unplug, running.wire.plug, time.sleep, driver)
        line.close()


def shop_at(depth: str, folder: Path) -> AbstractContextManager[Shop]:
    """A shop at ``depth``: model or wire."""
    return at_depth(depth, lambda: model_shop(folder, pictures=True), lambda: wire_shop(folder))


def real_printer() -> SerialReceiptPrinter | None:
    """The printer on the port that ``HONNIN_REAL_RECEIPT`` names, if any."""
    port = os.environ.get("HONNIN_REAL_RECEIPT")
    if not port:
        return None
    return SerialReceiptPrinter(PortLine(LineSettings(Path(port), _BAUD)), SystemClock(), time.sleep)


STOPPED_BY = {
    ReceiptFault.PAPER_OUT: ReceiptCode.PAPER_OUT,
    ReceiptFault.COVER_OPENED: ReceiptCode.COVER_OPEN,
    ReceiptFault.OVERHEATED: ReceiptCode.OVERHEATED,
    ReceiptFault.HARDWARE_ERROR: ReceiptCode.HARDWARE,
    ReceiptFault.WENT_OFFLINE: ReceiptCode.OFFLINE,
}
"""What stops the printer at a line, and the level that it raises."""
