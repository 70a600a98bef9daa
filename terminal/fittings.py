"""What a customer is served with: the open devices, the centre, and the terminal's settings."""

from dataclasses import dataclass

from terminal.commands.centre import WholeCentre
from terminal.commands.findings import FindingSealer
from terminal.commands.sheets import Gates
from terminal.commands.slips import SlipPrinter
from terminal.devices.api import Resettable
from terminal.devices.card_reader.api import CardReader
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.payment.api import Payment
from terminal.devices.pin_pad.api import PinPad
from terminal.devices.printer.api import Printer
from terminal.devices.screen.api import Screen
from terminal.devices.signal_tower.api import SignalTower


@dataclass(frozen=True, slots=True)
class Fittings:
    """The open devices and the centre, in the process that uses them; without ``slips`` no slip is printed."""

    card_reader: CardReader
    printer: Printer
    payment: Payment
    screen: Screen
    centre: WholeCentre
    slips: SlipPrinter | None = None
    pin_pad: PinPad | None = None
    signal_tower: SignalTower | None = None
    watched: tuple[tuple[str, Resettable], ...] = ()
    """Devices to be polled while nobody is served, each with the name of its line's thread."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What one customer's process is configured with; nothing here belongs to a person."""

    terminal_id: str
    card_trust: TrustedCas
    gates: Gates
    sealer: FindingSealer
    simulated: bool
    municipality_limit: str | None = None
    """Code of the only municipality whose residents this terminal serves (a town's own terminal), or None."""
    check_every_s: float = 10.0
    poll_every_s: float = 1.0
    """Between two polls of the devices on serial lines, while nobody is served."""
    takes: tuple[str, ...] = ("exact",)
    """How the fee is paid, in the words of ``terminal.presenting.texts.TAKES``: coins, notes, exact, elsewhere."""
