"""The emulated receipt printer, put together: on a pty for ``honnin sim receipt``, or in process with the real driver."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import Field

from simulator.devices.emulation import SPECIMEN, Action, Arguments, Emulation
from simulator.devices.fault_plan import FaultPlan
from simulator.devices.line_faults import LineFaults
from simulator.devices.receipt_printer.faults import WORDS, ReceiptFault
from simulator.devices.receipt_printer.model import ROLL_LINES, ReceiptPrinterModel
from simulator.devices.receipt_printer.wire import ReceiptPrinterWire
from simulator.devices.serial_device import LoopLine
from terminal.clock import Clock
from terminal.devices.receipt_printer.driver import SerialReceiptPrinter

NAME = "receipt printer"


class Roll(Arguments):
    """How much paper is put in."""

    lines: int = Field(default=ROLL_LINES, ge=0, le=100_000)


def build(clock: Clock, seed: int = 0, *, out: Path | None = None) -> Emulation:
    """An emulation whose slips come out into the folder ``out``, made if it is not there; nothing in it is random (``seed``)."""
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    return emulation_of(ReceiptPrinterModel(clock, FaultPlan(), out), out)


def emulation_of(model: ReceiptPrinterModel, out: Path | None = None) -> Emulation:
    """The emulation around a model that somebody else looks at, too."""

    def load(roll: Roll) -> None:
        model.paper_lines = float(roll.lines)

    def set_cover(is_open: bool) -> None:
        model.cover_open = is_open

    def free_cutter() -> None:
        model.cutter_jammed = False

    actions = {
        "load-paper": Action("put in a roll", load, Roll),
        "open-cover": Action("open the cover", lambda _: set_cover(True)),
        "close-cover": Action("close the cover", lambda _: set_cover(False)),
        "tear-off": Action("tear off what hangs out", lambda _: model.tear_off()),
        "free-cutter": Action(
            "remove what jams the cutter; the host has to recover the error", lambda _: free_cutter()
        ),
    }
    folder = (f"slips    {out}",) if out is not None else ()
    return Emulation(
        NAME,
        ReceiptPrinterWire(model),
        model.plan,
        WORDS,
        actions,
        lambda: panel_of(model),
        model.heal,
        lines=(f"{SPECIMEN} stands along both edges of the paper", *folder),
    )


def panel_of(model: ReceiptPrinterModel) -> Mapping[str, object]:
    """What a look at the printer tells."""
    last = model.slips[-1] if model.slips else None
    return {
        "paper_lines": round(model.paper_lines),
        "cover": "open" if model.cover_open else "closed",
        "cutter": "error" if model.cutter_error else "jammed" if model.cutter_jammed else "free",
        "printing": "stopped" if model.stopped else "ready",
        "overrun_bytes": model.overrun_bytes,
        "slips": len(model.slips),
        "hanging": list(model.hanging_lines),
        "last_slip": list(last.lines) if last else [],
        "last_codes": [code.decode("utf-8", "replace") for code in last.codes] if last else [],
        "last_whole": last.whole if last else None,
    }


def loop_receipt_printer(
    clock: Clock,
    wait: Callable[[float], None],
    folder: Path | None = None,
    *,
    plan: FaultPlan[ReceiptFault] | None = None,
    faults: LineFaults | None = None,
    left_over: Path | None = None,
    blocks_service: bool = False,
) -> tuple[SerialReceiptPrinter, ReceiptPrinterModel, LoopLine]:
    """The real driver in process with the model: (driver, model, line); pictures of slips only with a ``folder``."""
    model = ReceiptPrinterModel(clock, plan, folder)
    line = LoopLine(ReceiptPrinterWire(model), clock, wait, faults)
    driver = SerialReceiptPrinter(line, clock, wait, left_over=left_over, blocks_service=blocks_service)
    return driver, model, line
