"""Promise P9 beyond the file: no emulated thing on a real wire behind a real terminal, and no real thing behind a simulated one.

A reader of vpcd, a printer that calls itself SPECIMEN and a throw-away authority are simulated, whatever driver talks to them.
The simulator marks everything it makes; this looks for those marks, and for the marks of other people's emulators. Whoever
takes the marks off on purpose is not stopped here: what stops them is that no real centre believes a throw-away card.
"""

import ipaddress
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from terminal.config.errors import ConfigCode
from terminal.config.load import SERIAL_DEVICES, Config
from terminal.errors import Failure

_OURS: Final = ("specimen", "見本", "模擬")
_OTHERS: Final = (
    "virtualpcd",
    "vpcd",
    "vpicc",
    "virtualsmartcard",
    "ippeveprinter",
    "cups-pdf",
    "cupspdf",
    "emulat",
    "simulat",
)


@dataclass(frozen=True, slots=True)
class Observed:
    """What the things behind the configuration say of themselves; None where nothing was heard (yet).

    ``printer``: its IPP name, info, location, make and model. ``centre``: subject and issuer of the certificate it presented.
    ``readers``: the PC/SC names the driver found and uses. Ask again whenever a device comes back: it may be another one.
    """

    readers: tuple[str, ...] | None = None
    printer: tuple[str, ...] | None = None
    centre: tuple[str, ...] | None = None


def is_marked(*texts: str) -> bool:
    """True when one of ``texts`` carries the mark of a simulation; width, case, blanks and invisible characters aside."""
    return any(_has(text, (*_OURS, *_OTHERS)) for text in texts)


def _has(text: str, marks: tuple[str, ...]) -> bool:
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(c for c in folded if not c.isspace() and c not in "_" and unicodedata.category(c) != "Cf")
    return any(mark in plain for mark in marks)


def check_no_disguise(config: Config, observed: Observed | None = None) -> tuple[Failure, ...]:
    """Everything that is not what the configuration says it is: ``CONFIG_SIMULATED_DEVICE`` or ``CONFIG_REAL_DEVICE``.

    The configured trust (card authorities, centre authority, own certificate, municipalities' and sheets' keys) is read and
    judged always, ``observed`` as far as something was heard. An empty answer is no mark: a simulated terminal refuses it.
    """
    return tuple(_findings(config, observed or Observed()))


def _findings(config: Config, observed: Observed) -> Iterator[Failure]:
    simulated = config.terminal.simulated
    for name, texts in _trust(config):
        yield from _judge(simulated, name, texts)
    for name, heard in (("printer", observed.printer), ("centre", observed.centre)):
        if heard is not None:
            yield from _judge(simulated, name, heard)
    for reader in observed.readers or ():
        yield from _judge(simulated, "card reader", (reader,))
    if config.card_reader.driver == "pcsc" and config.card_reader.name is not None:
        yield from _judge(simulated, "card reader", (config.card_reader.name,))
    for device in SERIAL_DEVICES:
        section = getattr(config, device)
        if section is not None and section.port.exists():
            yield from _judge(simulated, device.replace("_", " "), (_kind_of_port(section.port),))
    if not simulated and _is_loopback(config.centre.url):
        text = "expected a certificate centre on the network, its address is this very machine; correct [centre] url"
        yield Failure(ConfigCode.SIMULATED_DEVICE, text)


def _trust(config: Config) -> Iterator[tuple[str, tuple[str, ...]]]:
    for path in config.trust.card_cas:
        yield from ((f"card authority in {path.name}", names) for names in _authorities(path))
    for path in (config.centre.ca, config.centre.certificate):
        yield from ((f"certificate in {path.name}", names) for names in _authorities(path))
    for path in (config.trust.municipalities, config.trust.sheet_keys):
        yield path.name, (_text(path),)


def _authorities(path: Path) -> list[tuple[str, ...]]:
    """Subject and issuer of each certificate of a PEM file; a file that is none has no names, and its own error elsewhere."""
    try:
        certificates = x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return []
    return [names_of(found) for found in certificates]


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Subject and issuer, each as one text."""
    return _words(certificate.subject), _words(certificate.issuer)


def _words(name: x509.Name) -> str:
    return " / ".join(str(attribute.value) for attribute in name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _is_loopback(url: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or address.is_unspecified or (mapped is not None and mapped.is_loopback)


def _kind_of_port(port: Path) -> str:
    """A pty is no serial port: whatever is behind it is a program (pts(4))."""
    real = port.resolve()
    return "emulated, on a pty" if real.parent == Path("/dev/pts") else real.name


def _judge(simulated: bool, name: str, texts: tuple[str, ...]) -> Iterator[Failure]:
    marked = is_marked(*texts)
    if marked and not simulated:
        text = f"expected a real {name}, it is marked as simulated; connect the real one, or set simulated = true for a test"
        yield Failure(ConfigCode.SIMULATED_DEVICE, text)
    if simulated and not marked:
        text = (
            f"expected a simulated {name}, it is not marked SPECIMEN; a simulated terminal never touches real devices"
        )
        yield Failure(ConfigCode.REAL_DEVICE, text)
