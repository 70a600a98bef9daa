"""A whole emulated world around one terminal: card, printer and centre on their real wires where the machine allows.

Used by the demo and by the tests that run the service as a store does.
"""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from honnin.demo.hardware import DEVICES, Hardware, HeardOfDevice, nobody_hears_of
from simulator.centre.pki import load_or_create as load_centre_pki
from simulator.centre.seed import MUNICIPALITY_CODES
from simulator.centre.server import CentreServer
from simulator.devices.card_reader.model import Card
from simulator.devices.card_reader.pcscd import PcscdError, PrivatePcscd
from simulator.devices.card_reader.personalisation import load_throwaway_card
from simulator.devices.card_reader.wire import CardSlot
from simulator.devices.printer.control import Command
from simulator.devices.printer.traits import Traits
from simulator.devices.printer.tray import Tray
from simulator.devices.printer.wire import PrinterServer
from simulator.home import Home
from simulator.people.typist import Typist
from simulator.pki import load_or_create as load_card_pki
from terminal.integrity import record_hashes

TERMINAL_ID = "DEMO-0001"
CONFIG_FILE = "terminal.toml"
_FALLBACK_PORT = 35973
_IN_PROCESS = '[payment]\ndriver = "simulated"\n'


@dataclass(frozen=True, slots=True)
class Fitting:
    """What a terminal of this world is and has.

    ``serial`` names its devices on serial lines; without ``coins`` and ``notes`` its fee is paid in process. ``seed`` is of what
    line faults do, ``evidence`` as in the configuration; ``card_port`` is where a terminal without pcscd waits for cards.
    """

    terminal_id: str = TERMINAL_ID
    serial: tuple[str, ...] = DEVICES
    evidence: str = ""
    seed: int = 0
    side_s: float = 0.05
    card_port: int = _FALLBACK_PORT

    @property
    def cash(self) -> bool:
        """Whether people put coins or notes in."""
        return bool({"coins", "notes"} & set(self.serial))


@dataclass(frozen=True, slots=True)
class Watching:
    """Who looks on: ``tray`` takes the sheets in place of a folder, ``device`` and ``printer`` hear each order given to them."""

    tray: Tray | None = None
    device: HeardOfDevice = nobody_hears_of
    printer: Callable[[Command], None] = lambda command: None


@dataclass(frozen=True, slots=True)
class Wires:
    """Which wire each device is on, in words for the narration."""

    card_reader: str
    printer: str = "IPP over HTTP on the loopback"
    centre: str = "HTTPS with mutual TLS on the loopback"
    coins: str = "ccTalk on a pty: acceptor and four hoppers"
    notes: str = "JCM ID-003 on a pty"
    pin_pad: str = "its own sealed protocol on a pty"
    signal_tower: str = "PATLITE on a pty"
    receipt_printer: str = "ESC/POS on a pty"
    screen: str = "console on a pty"


class World:
    """Everything outside the terminal; a context manager. ``state_dir`` is the terminal's, ``tray`` is where sheets land.

    ``serial`` False: the terminal has none of the devices on serial lines, and its fee is paid in process; ``fitting`` says more
    than these three. ``centre`` is one that several worlds share, running already, and ``centre_url`` where this terminal reaches
    it when that is not its own address.
    """

    def __init__(
        self,
        directory: Path,
        home: Home,
        *,
        side_s: float = 0.05,
        simulated_card_port: int = _FALLBACK_PORT,
        serial: bool = True,
        fitting: Fitting | None = None,
        watching: Watching | None = None,
        centre: CentreServer | None = None,
        centre_url: str = "",
    ) -> None:
        usual = Fitting(side_s=side_s, card_port=simulated_card_port, serial=DEVICES if serial else ())
        self.fitting = fitting or usual
        self._watching = watching or Watching()
        self._shared_centre = centre
        self._centre_url = centre_url
        self.serial = "pin_pad" in self.fitting.serial
        self.extra_config = ""
        """Further sections of the configuration; to be set before the world is entered."""
        self.directory = directory
        self.home = home
        self.state_dir = directory / "state"
        self.tray = directory / "tray"
        self._stack = ExitStack()
        self._pcscd: PrivatePcscd | None = None

    def __enter__(self) -> Self:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.state_dir.mkdir(mode=0o700, exist_ok=True)
        self.tray.mkdir(exist_ok=True)
        load_card_pki(self.home)
        pki = load_centre_pki(self.home, MUNICIPALITY_CODES)
        fitting, watching = self.fitting, self._watching
        self._tls = pki.terminal_tls(fitting.terminal_id)
        pki.terminal_sheet_key(fitting.terminal_id)
        self._sheet_key = pki.directory / "sheet-keys" / f"terminal-{fitting.terminal_id}.pem"
        printer = PrinterServer(
            self.tray, traits=Traits(side_s=fitting.side_s), tray=watching.tray, heard=watching.printer
        )
        self.printer = self._stack.enter_context(printer)
        self.centre = self._shared_centre or self._stack.enter_context(CentreServer(self.home))
        hardware = Hardware(
            self.directory / "dev", self.home, fitted=fitting.serial, seed=fitting.seed, heard=watching.device
        )
        self.hardware = self._stack.enter_context(hardware)
        self.slot, self.wires = self._lay_out_slot()
        self._stack.enter_context(self.slot)
        self.config_path = self._write_config()
        record_hashes(self.state_dir)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def card(self, profile: str) -> Card:
        """A fresh card of ``profile``, all its tries left."""
        return load_throwaway_card(self.home, profile)

    def tap(self, profile: str) -> None:
        """Lay a new card of ``profile`` on the reader."""
        self.slot.insert(self.card(profile))

    def lift(self) -> None:
        """Take the card off."""
        self.slot.remove()

    def terminal(self, heard: Callable[[bytes], object] = lambda part: None) -> Typist:
        """Start ``honnin terminal run`` on a pty, as a store does on a console; ``heard`` as in ``Typist``."""
        command: list[str | Path] = [sys.executable, "-m", "honnin", "terminal", "run", "--config", self.config_path]
        return Typist(command, self.directory / "terminal.log", self.environment, heard)

    def type_pin(self, terminal: Typist, digits: str) -> None:
        """Type a PIN where this terminal asks for it: on its PIN pad, or on the console."""
        if self.serial:
            self.hardware.type_pin(digits)
        else:
            terminal.press(f"{digits}\n")

    def pay(self, terminal: Typist, *coins_yen: int, timeout_s: float = 60.0) -> None:
        """Put ``coins_yen`` in when the screen asks for the fee."""
        if self.fitting.cash:
            terminal.wait_for("pay", timeout_s=timeout_s)
            for coin_yen in coins_yen:
                self.hardware.insert_coin(coin_yen)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to reach this world's devices."""
        own = self._pcscd.env if self._pcscd is not None else {}
        return {**own, "HONNIN_HOME": str(self.home.root.resolve())}

    @property
    def pcscd(self) -> PrivatePcscd | None:
        """The private pcscd that the terminal's reader is on; None: cards come over TCP without one."""
        return self._pcscd

    def _lay_out_slot(self) -> tuple[CardSlot, Wires]:
        try:
            self._pcscd = self._stack.enter_context(PrivatePcscd())
        except PcscdError as error:
            words = f"TCP without pcscd, in place of vpcd ({error.code})"
            return CardSlot("127.0.0.1", self.fitting.card_port), Wires(words)
        return self._pcscd.slot(), Wires("PC/SC: pcscd with vpcd")

    def _write_config(self) -> Path:
        reader = (
            f'driver = "pcsc"\nname = "{self._pcscd.reader_names[0]}"'
            if self._pcscd is not None
            else 'driver = "simulated"'
        )
        trust = self.home.trust.resolve()
        evidence = f'evidence = "{self.fitting.evidence}"\n' if self.fitting.evidence else ""
        text = f"""# A simulated terminal (見本 / SPECIMEN), written by the demo.
[terminal]
id = "{self.fitting.terminal_id}"
state_dir = "{self.state_dir.resolve()}"
simulated = true
{evidence}
[card_reader]
{reader}

[printer]
driver = "ipp"
uri = "{self.printer.uri}"
poll_s = 0.05
bound_s = 60.0

{"" if self.fitting.cash else _IN_PROCESS}
{self.hardware.sections()}
[centre]
url = "{self._centre_url or self.centre.url}"
ca = "{self._tls.ca.resolve()}"
certificate = "{self._tls.certificate.resolve()}"
key = "{self._tls.key.resolve()}"

[trust]
card_cas = ["{trust / "auth-ca.pem"}"]
municipalities = "{trust / "municipalities.json"}"
sheet_keys = "{trust / "sheet-keys.json"}"
sheet_key = "{self._sheet_key.resolve()}"

[simulation]
home = "{self.home.root.resolve()}"
card_port = {self.fitting.card_port}

{self.extra_config}
"""
        path = self.directory / CONFIG_FILE
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path
