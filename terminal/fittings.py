"""What a customer is served with: the open devices, the centre, and the terminal's settings."""

from dataclasses import dataclass

from terminal.commands.centre import WholeCentre
from terminal.commands.findings import FindingSealer
from terminal.commands.sheets import Gates
from terminal.devices.card_reader.api import CardReader
from terminal.devices.card_reader.certificate import TrustedCas
from terminal.devices.payment.api import Payment
from terminal.devices.printer.api import Printer
from terminal.devices.screen.api import Screen


@dataclass(frozen=True, slots=True)
class Fittings:
    """The open devices and the centre, in the process that uses them."""

    card_reader: CardReader
    printer: Printer
    payment: Payment
    screen: Screen
    centre: WholeCentre


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
