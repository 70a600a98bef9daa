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
from terminal.devices.signal_tower.api import Signal, SignalTower
from terminal.devices.signal_tower.driver import PatliteTower

_LEFT_ALONE_S = 60.0


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
        signal_tower=_signal_tower(config, clock),
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


def _signal_tower(config: Config, clock: Clock) -> SignalTower | None:
    section = config.signal_tower
    if section is None:
        return None
    return PatliteTower(PortLine(LineSettings(section.port, section.baud)), clock, time.sleep)


class SupervisorsTower:
    """The signal tower for whoever shows notices while nobody is served: the port is let go of after each signal.

    A tower that fails is left alone for a minute: a dark lamp must not hold up the supervisor.
    """

    def __init__(self, config: Config, clock: Clock) -> None:
        section = config.signal_tower
        self._line = PortLine(LineSettings(section.port, section.baud)) if section is not None else None
        self._clock = clock
        self._quiet_until_s = float("-inf")

    def signal(self, signal: Signal) -> None:
        """Show it, if there is a tower that answers."""
        if self._line is None or self._clock.now_s() < self._quiet_until_s:
            return
        if PatliteTower(self._line, self._clock, time.sleep).signal(signal) is not None:
            self._quiet_until_s = self._clock.now_s() + _LEFT_ALONE_S
        self._line.close()


def open_receipt_printer(config: Config, clock: Clock) -> ReceiptPrinter | None:
    """The configured receipt printer, if there is one."""
    section = config.receipt_printer
    if section is None:
        return None
    left_over = config.terminal.state_dir / "receipt.left-over"
    return SerialReceiptPrinter(
        PortLine(LineSettings(section.port, section.baud)), clock, time.sleep, left_over=left_over
    )
