"""Where a configuration becomes open devices: the one place that knows real drivers and simulated devices alike."""

import time
from collections.abc import Mapping
from typing import assert_never

from honnin.serial_devices import SerialDevices, open_serial_devices
from terminal.centre.client import CentreClient, CentreTimeouts, TlsFiles
from terminal.clock import Clock
from terminal.config import Config
from terminal.devices.api import Resettable
from terminal.devices.card_reader.api import CardReader
from terminal.devices.card_reader.pcsc import PcscReader
from terminal.devices.payment.api import Payment
from terminal.devices.payment.none import NoPayment
from terminal.devices.printer.driver import IppPrinter
from terminal.devices.screen.console import ConsoleScreen
from terminal.fittings import Fittings
from terminal.identity import PART, Identity
from terminal.money.collecting import CashDevices
from terminal.money.register import CashRegister
from terminal.money.slips import MoneySlips
from terminal.money.till import Till

TILL_FILE = "till.json"


def open_card_reader(config: Config, clock: Clock) -> CardReader:
    """The configured reader: PC/SC, or (simulated, no pcscd) the emulated card straight over TCP."""
    section = config.card_reader
    if section.driver == "simulated":
        from simulator.devices.card_reader.direct import DirectReader

        if config.simulation is None:
            raise ValueError("load_config lets no simulated driver pass without [simulation]")
        return DirectReader(config.simulation.card_port, section.watchdog_s)
    return PcscReader(section.name or "", section.watchdog_s, clock)


def open_payment(config: Config, serial: SerialDevices, till: Till, clock: Clock) -> Payment:
    """The configured way to pay: cash on the fitted devices, a simulated device in process, or none here."""
    match config.payment.driver:
        case "none" | "elsewhere":
            return NoPayment()
        case "cash":
            return CashRegister(CashDevices(serial.coins, serial.notes), till, clock, time.sleep)
        case "simulated":
            from simulator.devices.payment.model import SimulatedPayment

            return SimulatedPayment(config.terminal.state_dir / TILL_FILE)
        case _:
            assert_never(config.payment.driver)


def open_printer(config: Config, clock: Clock) -> IppPrinter:
    """The configured IPP printer, for printing."""
    return IppPrinter(config.printer.uri, config.printer.poll_s, config.printer.bound_s, clock)


def open_printer_for_reset(config: Config, clock: Clock) -> IppPrinter:
    """The same printer with short bounds: a dead one must not hold up the reset of the others."""
    section = config.printer
    return IppPrinter(section.uri, section.poll_s, section.bound_s, clock, exchange_s=3.0, settle_s=3.0)


def open_centre(config: Config, clock: Clock) -> CentreClient:
    """The client of the configured centre, with mutual TLS."""
    section = config.centre
    tls = TlsFiles(section.ca, section.certificate, section.key)
    timeouts = CentreTimeouts(short_s=section.timeout_s, issue_s=section.issue_timeout_s)
    return CentreClient(section.url, config.terminal.id, tls, timeouts, clock)


def fitted_devices(config: Config, clock: Clock, till: Till) -> dict[str, Resettable]:
    """Every fitted device, opened anew in the calling process; the payment last, for it settles what coins and notes tell."""
    serial = open_serial_devices(config, clock)
    devices: dict[str, Resettable] = {
        "card_reader": open_card_reader(config, clock),
        "printer": open_printer_for_reset(config, clock),
        "screen": ConsoleScreen(),
        **serial.named(),
    }
    if config.payment.driver in ("cash", "simulated"):
        devices["payment"] = open_payment(config, serial, till, clock)
    return devices


def resettables(config: Config, clock: Clock, till: Till) -> Mapping[str, Resettable]:
    """What a reset clears and has proved: every fitted device, and that each is what the configuration says (P9)."""
    return {**fitted_devices(config, clock, till), PART: Identity(config, clock)}


def fittings(config: Config, clock: Clock, till: Till) -> Fittings:
    """What a customer's process opens after its fork."""
    serial = open_serial_devices(config, clock)
    payment = open_payment(config, serial, till, clock)
    slips = None
    if serial.receipt_printer is not None:
        slips = MoneySlips(serial.receipt_printer, till, config.terminal.id, clock, simulated=config.terminal.simulated)
    return Fittings(
        card_reader=open_card_reader(config, clock),
        printer=open_printer(config, clock),
        payment=payment,
        screen=ConsoleScreen(),
        centre=open_centre(config, clock),
        slips=slips,
        pin_pad=serial.pin_pad,
        signal_tower=serial.signal_tower,
        watched=(*serial.watched(), *((("payment", payment),) if config.payment.driver == "cash" else ())),
    )
