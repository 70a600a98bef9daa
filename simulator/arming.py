"""Makes a plan's faults happen to a terminal's devices, and puts everything right again: one name a fault, for every device."""

from collections.abc import Callable, Mapping
from typing import Final

from simulator.devices.coins.faults import CoinsFault
from simulator.devices.fault_plan import PlannedFault
from simulator.devices.line_faults import LineFault
from simulator.devices.notes.faults import NotesFault
from simulator.devices.payment.model import PaymentFault
from simulator.devices.printer.faults import FaultKind
from simulator.devices.receipt_printer.faults import ReceiptFault
from simulator.plan import DeviceFault
from simulator.seen_terminal import SeenTerminal

READER_FAULTS: Final = ("reader-lost", "card-hangs", "card-torn", "held-elsewhere")
LINE_FAULTS: Final = ("cut", "slow")
FAULTS: Final[Mapping[str, tuple[str, ...]]] = {
    "card_reader": READER_FAULTS,
    "printer": tuple(FaultKind),
    "payment": tuple(PaymentFault),
    "coins": (*CoinsFault, *LineFault),
    "notes": (*NotesFault, *LineFault),
    "receipt_printer": (*ReceiptFault, *LineFault),
    "line": LINE_FAULTS,
}
"""Every fault that a plan can name, by device."""
_SLOW_S: Final = 4.0


class UnknownFaultError(ValueError):
    """A fault that the device does not have; the text lists those that it has."""


def demand_known(fault: DeviceFault) -> None:
    """Raise ``UnknownFaultError`` for what ``arm`` could not do."""
    known = FAULTS[fault.device]
    if fault.fault not in known:
        raise UnknownFaultError(f"expected a fault of {fault.device} ({', '.join(known)}), came {fault.fault!r}")


def arm(terminal: SeenTerminal, fault: DeviceFault) -> None:
    """Arm one fault; a device that this terminal does not have has no faults, and nothing happens."""
    demand_known(fault)
    match fault.device:
        case "card_reader":
            _harm_reader(terminal, fault.fault)
        case "printer":
            terminal.printer.plan.add(PlannedFault(FaultKind(fault.fault), fault.when))
        case "payment":
            terminal.payment.set_fault(PaymentFault(fault.fault))
        case "line":
            terminal.line.cut = fault.fault == "cut"
            terminal.line.delay_s = _SLOW_S if fault.fault == "slow" else terminal.line.delay_s
        case _:
            _harm_serial(terminal, fault)


def heal(terminal: SeenTerminal) -> None:
    """Everything that could be armed is put right; what people left is still there."""
    terminal.printer.heal()
    terminal.payment.set_fault(None)
    terminal.reader.resume()
    terminal.reader.hold_elsewhere(held=False)
    if terminal.reader.lost:
        terminal.reader.find()
    terminal.line.cut, terminal.line.delay_s = False, 0.05
    if terminal.cash is not None:
        taken = len(terminal.cash.notes.taken_yen)
        terminal.cash.heal()
        # Whoever puts the validator right takes the note that sticks out: money that came out, and is seen to.
        terminal.observer.money_out(sum(terminal.cash.notes.taken_yen[taken:]))


def _harm_reader(terminal: SeenTerminal, fault: str) -> None:
    deeds: dict[str, Callable[[], None]] = {
        "reader-lost": terminal.reader.lose,
        "card-hangs": lambda: terminal.reader.hang_at(1),
        "card-torn": lambda: terminal.reader.cut_answer_at(1),
        "held-elsewhere": lambda: terminal.reader.hold_elsewhere(held=True),
    }
    deeds[fault]()


def _harm_serial(terminal: SeenTerminal, fault: DeviceFault) -> None:
    world = terminal.cash
    if world is None:
        return
    place = ("coins", "notes", "receipt_printer").index(fault.device)
    if fault.fault in tuple(LineFault):
        world.cables[place].faults.add(PlannedFault(LineFault(fault.fault), fault.when))
        return
    if fault.device == "coins":
        world.coins.plan.add(PlannedFault(CoinsFault(fault.fault), fault.when))
    elif fault.device == "notes":
        world.notes.plan.add(PlannedFault(NotesFault(fault.fault), fault.when))
    else:
        world.receipts.plan.add(PlannedFault(ReceiptFault(fault.fault), fault.when))
