"""The devices on serial lines that a configuration has, opened: each is None where its section is missing."""

import time
from dataclasses import dataclass

from terminal.clock import Clock
from terminal.config import Config
from terminal.devices.api import Resettable
from terminal.devices.coins.api import CoinMechanism
from terminal.devices.coins.bus import BusProfile
from terminal.devices.coins.driver import CcTalkCoins, CoinsProfile, HopperSetting
from terminal.devices.coins.frames import Checksum
from terminal.devices.notes.api import NoteValidator
from terminal.devices.notes.driver import Id003Notes
from terminal.devices.pin_pad.api import PinPad
from terminal.devices.pin_pad.driver import SerialPinPad
from terminal.devices.pin_pad.identity import load_identity_key
from terminal.devices.receipt_printer.api import ReceiptPrinter
from terminal.devices.receipt_printer.driver import SerialReceiptPrinter
from terminal.devices.serial_line import LineSettings, PortLine
from terminal.devices.signal_tower.api import SignalTower
from terminal.devices.signal_tower.driver import PatliteTower


@dataclass(frozen=True, slots=True)
class SerialDevices:
    """What is fitted."""

    coins: CoinMechanism | None = None
    notes: NoteValidator | None = None
    pin_pad: PinPad | None = None
    signal_tower: SignalTower | None = None
    receipt_printer: ReceiptPrinter | None = None

    def named(self) -> dict[str, Resettable]:
        """The fitted ones by their names, in the order in which a reset clears them."""
        fitted: dict[str, Resettable | None] = {
            "coins": self.coins,
            "notes": self.notes,
            "pin_pad": self.pin_pad,
            "signal_tower": self.signal_tower,
            "receipt_printer": self.receipt_printer,
        }
        return {name: device for name, device in fitted.items() if device is not None}

    def watched(self) -> tuple[tuple[str, Resettable], ...]:
        """What an idle terminal polls; coins and notes on the thread that takes money."""
        return tuple(
            ("payment" if name in ("coins", "notes") else name, device) for name, device in self.named().items()
        )


def open_serial_devices(config: Config, clock: Clock) -> SerialDevices:
    """Every fitted one; a port is opened when it is first used."""
    return SerialDevices(
        coins=_coins(config, clock),
        notes=_notes(config, clock),
        pin_pad=_pin_pad(config, clock),
        signal_tower=open_signal_tower(config, clock),
        receipt_printer=open_receipt_printer(config, clock),
    )


def _coins(config: Config, clock: Clock) -> CoinMechanism | None:
    section = config.coins
    if section is None:
        return None
    profile = CoinsProfile(
        address=section.address,
        coin_first=section.event_order == "coin-first",
        hoppers=tuple(HopperSetting(hopper.address, hopper.coin_yen) for hopper in section.hoppers),
        bus=BusProfile(checksum=Checksum(section.checksum), echo=section.echo),
    )
    return CcTalkCoins(PortLine(LineSettings(section.port, section.baud)), clock, time.sleep, profile)


def _notes(config: Config, clock: Clock) -> NoteValidator | None:
    section = config.notes
    if section is None:
        return None
    line = PortLine(LineSettings(section.port, section.baud, parity="E"))
    return Id003Notes(line, clock, time.sleep, frozenset(section.accept_yen), blocks_service=config.coins is None)


def _pin_pad(config: Config, clock: Clock) -> PinPad | None:
    section = config.pin_pad
    if section is None:
        return None
    line = PortLine(LineSettings(section.port, section.baud))
    return SerialPinPad(line, clock, time.sleep, load_identity_key(section.key))


def open_signal_tower(config: Config, clock: Clock) -> SignalTower | None:
    """The configured signal tower, if there is one."""
    section = config.signal_tower
    if section is None:
        return None
    return PatliteTower(PortLine(LineSettings(section.port, section.baud)), clock, time.sleep)


def open_receipt_printer(config: Config, clock: Clock) -> ReceiptPrinter | None:
    """The configured receipt printer, if there is one."""
    section = config.receipt_printer
    if section is None:
        return None
    return SerialReceiptPrinter(PortLine(LineSettings(section.port, section.baud)), clock, time.sleep)
