"""Reading a configuration: TOML, then types, then what must fit together; every problem is told, not only the first."""

import hashlib
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, assert_never

from pydantic import ValidationError

from terminal.config.errors import ConfigCode, ConfigError, ConfigProblem
from terminal.config.explain import explain
from terminal.config.lines import line_of
from terminal.config.sections import (
    CardReaderSection,
    CentreSection,
    ConfigFile,
    PaymentSection,
    PrinterSection,
    ScreenSection,
    SimulationSection,
    TerminalSection,
    TrustSection,
)
from terminal.config.serial_sections import (
    CoinsSection,
    NotesSection,
    PinPadSection,
    ReceiptPrinterSection,
    SignalTowerSection,
)
from terminal.files import open_named
from terminal.fsm.config import DEFAULT_LIMITS, Limit, MachineConfig
from terminal.fsm.states import State

_BYTES_MAX: Final = 1_000_000
SERIAL_DEVICES: Final = ("coins", "notes", "pin_pad", "signal_tower", "receipt_printer")
"""The sections of devices on serial lines; a port that is not there (yet) is a fault level, not a wrong file."""
_STATES: Final = {state.name.lower(): state for state in DEFAULT_LIMITS}


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that holds: every path absolute and there, every value in its bounds, no simulated device in disguise.

    ``digest`` is the SHA-256 (hex) of the file, for the journal.
    """

    path: Path
    digest: str
    terminal: TerminalSection
    card_reader: CardReaderSection
    printer: PrinterSection
    payment: PaymentSection
    coins: CoinsSection | None
    notes: NotesSection | None
    pin_pad: PinPadSection | None
    signal_tower: SignalTowerSection | None
    receipt_printer: ReceiptPrinterSection | None
    screen: ScreenSection
    centre: CentreSection
    trust: TrustSection
    simulation: SimulationSection | None
    machine: MachineConfig = field(repr=False)


def load_config(path: Path) -> Config:
    """Read and check the file at ``path``; raises ``ConfigError`` with all its problems (``CONFIG_…``)."""
    content = _read(path)
    try:
        text = content.decode("utf-8")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        detail = str(error) if isinstance(error, tomllib.TOMLDecodeError) else type(error).__name__
        raise _refusal(path, ConfigCode.NOT_TOML, f"expected TOML in UTF-8: {detail}; correct the file") from None
    problems, file = _validate(raw, path, text)
    if file is not None:
        machine, further = _machine(file, text)
        problems += (*further, *_together(file, text), *_files(file, text))
        if machine is not None and not problems:
            return _config(path, content, file, machine)
    raise ConfigError(path.name, tuple(sorted(problems, key=lambda problem: problem.line)))


def _read(path: Path) -> bytes:
    try:
        with open_named(path) as file:
            content = file.read(_BYTES_MAX + 1)
    except OSError as error:
        text = f"expected a TOML file, reading failed ({error.strerror}); name it with --config"
        raise _refusal(path, ConfigCode.UNREADABLE, text) from None
    if len(content) > _BYTES_MAX:
        raise _refusal(path, ConfigCode.NOT_TOML, f"expected at most {_BYTES_MAX} bytes of TOML, came more")
    return content


def _refusal(path: Path, code: ConfigCode, text: str) -> ConfigError:
    return ConfigError(path.name, (ConfigProblem(code, "file", 0, text),))


def _validate(raw: dict[str, Any], path: Path, text: str) -> tuple[tuple[ConfigProblem, ...], ConfigFile | None]:
    try:
        return (), ConfigFile.model_validate(raw, context={"folder": path.resolve().parent})
    except ValidationError as error:
        return tuple(explain(found, text) for found in error.errors(include_url=False)), None


def _config(path: Path, content: bytes, file: ConfigFile, machine: MachineConfig) -> Config:
    return Config(
        path=path.resolve(),
        digest=hashlib.sha256(content).hexdigest(),
        terminal=file.terminal,
        card_reader=file.card_reader,
        printer=file.printer,
        payment=file.payment,
        coins=file.coins,
        notes=file.notes,
        pin_pad=file.pin_pad,
        signal_tower=file.signal_tower,
        receipt_printer=file.receipt_printer,
        screen=file.screen,
        centre=file.centre,
        trust=file.trust,
        simulation=file.simulation,
        machine=machine,
    )


def _machine(file: ConfigFile, text: str) -> tuple[MachineConfig | None, tuple[ConfigProblem, ...]]:
    """The machine's configuration; each limit is tried alone first, so that all that are wrong are named."""
    limits: dict[State, Limit] = {}
    problems: list[ConfigProblem] = []
    for name, section in file.timeouts.items():
        key = ("timeouts", name)
        state = _STATES.get(name)
        if state is None:
            allowed = f"expected a state with a time-out ({', '.join(_STATES)}), came {name!r:.60}; remove it"
            problems.append(_problem(ConfigCode.UNKNOWN_KEY, key, text, allowed))
            continue
        try:
            limits[state] = Limit(section.end_after_s, section.warn_after_s)
            MachineConfig(limits={state: limits[state]})
        except ValueError as error:
            problems.append(_problem(ConfigCode.INVALID, key, text, str(error)))
    if problems:
        return None, tuple(problems)
    machine = MachineConfig(
        evidence=file.terminal.evidence,
        limits=limits,
        delivery_devices=_delivery_devices(file),
        fee_elsewhere=file.payment.driver == "elsewhere",
    )
    return machine, ()


def _delivery_devices(file: ConfigFile) -> frozenset[str]:
    """What must be free of blocking faults before a fee is asked for; notes that fail leave coins, where there are some."""
    match file.payment.driver:
        case "none" | "elsewhere":
            return frozenset({"printer"})
        case "simulated":
            return frozenset({"printer", "payment"})
        case "cash":
            return frozenset({"printer", "payment", "coins" if file.coins is not None else "notes"})
        case _:
            assert_never(file.payment.driver)


def _together(file: ConfigFile, text: str) -> Iterator[ConfigProblem]:
    """What one key demands of another, and promise P9: simulated devices only where the switch says so."""
    if file.card_reader.driver == "pcsc" and file.card_reader.name is None:
        yield _problem(
            ConfigCode.MISSING_KEY, ("card_reader", "name"), text, 'driver "pcsc" needs the reader\'s exact name'
        )
    yield from _money_together(file, text)
    drivers = {
        ("card_reader", "driver"): file.card_reader.driver,
        ("payment", "driver"): file.payment.driver,
    }
    simulated = [key for key, driver in drivers.items() if driver == "simulated"]
    if not file.terminal.simulated:
        for key in simulated:
            words = 'expected a real device, came "simulated"; only a terminal with simulated = true may have one (all or none)'
            yield _problem(ConfigCode.SIMULATED_DEVICE, key, text, words)
        if file.simulation is not None:
            words = "expected no such section on a terminal that is not simulated; remove it"
            yield _problem(ConfigCode.SIMULATED_DEVICE, ("simulation",), text, words)
    elif file.card_reader.driver == "simulated" and file.simulation is None:
        words = 'the card reader\'s driver "simulated" needs [simulation] home'
        yield _problem(ConfigCode.MISSING_KEY, ("simulation", "home"), text, words)


def _money_together(file: ConfigFile, text: str) -> Iterator[ConfigProblem]:
    """Cash needs a device that takes it; a device that takes it needs the driver; each has a line of its own."""
    cash = file.payment.driver == "cash"
    if cash and file.coins is None and file.notes is None:
        words = 'driver "cash" needs a coin mechanism or a note validator; add [coins] or [notes]'
        yield _problem(ConfigCode.MISSING_KEY, ("coins",), text, words)
    for name in ("coins", "notes"):
        if not cash and getattr(file, name) is not None:
            words = f'expected no [{name}] beside [payment] driver "{file.payment.driver}"; set driver = "cash" or remove it'
            yield _problem(ConfigCode.INVALID, (name,), text, words)
    if file.coins is not None:
        addresses = [file.coins.address, *(hopper.address for hopper in file.coins.hoppers)]
        if len(set(addresses)) < len(addresses):
            words = (
                f"expected each address on the bus once, came {', '.join(map(str, addresses))}; correct the addresses"
            )
            yield _problem(ConfigCode.INVALID, ("coins", "hoppers"), text, words)
    seen: dict[Path, str] = {}
    for name in SERIAL_DEVICES:
        section = getattr(file, name)
        if section is None:
            continue
        if section.port in seen:
            words = f"expected a port of its own, [{seen[section.port]}] has it too; each device is on its own line"
            yield _problem(ConfigCode.INVALID, (name, "port"), text, words)
        seen.setdefault(section.port, name)


def _files(file: ConfigFile, text: str) -> Iterator[ConfigProblem]:
    """Every file that is named is there, and private keys are private."""
    named: list[tuple[tuple[str, ...], Path, bool]] = [
        (("centre", "ca"), file.centre.ca, False),
        (("centre", "certificate"), file.centre.certificate, False),
        (("centre", "key"), file.centre.key, True),
        *((("trust", "card_cas"), path, False) for path in file.trust.card_cas),
        (("trust", "municipalities"), file.trust.municipalities, False),
        (("trust", "sheet_keys"), file.trust.sheet_keys, False),
        (("trust", "sheet_key"), file.trust.sheet_key, True),
    ]
    if file.pin_pad is not None:
        named.append((("pin_pad", "key"), file.pin_pad.key, False))
    for key, path, private in named:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            words = f"expected a file at {path}, {error.strerror}; install it or correct the path"
            yield _problem(ConfigCode.FILE_MISSING, key, text, words)
            continue
        if not stat.S_ISREG(mode):
            yield _problem(ConfigCode.FILE_MISSING, key, text, f"expected a file at {path}, found another thing")
        elif private and mode & 0o077:
            words = f"expected a private key for its owner only, {path} has mode {stat.S_IMODE(mode):04o}; chmod 600 it"
            yield _problem(ConfigCode.KEY_EXPOSED, key, text, words)


def _problem(code: ConfigCode, key: tuple[str, ...], text: str, words: str) -> ConfigProblem:
    return ConfigProblem(code, ".".join(key), line_of(text, key), words)
