"""Asks the configured printer and centre what they are, for ``config.disguise``: bounded, and no answer is None."""

import socket
import ssl
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

from terminal.centre.client import TlsFiles
from terminal.clock import Clock
from terminal.config import Config
from terminal.config.disguise import Observed, names_of
from terminal.devices.printer.ipp import Group, GroupTag, Message, Tag, attribute
from terminal.devices.printer.ipp_names import Operation
from terminal.devices.printer.transport import IppTransport
from terminal.errors import HonninError

_NAMING: Final = ("printer-name", "printer-info", "printer-location", "printer-make-and-model")
_ANSWER_S: Final = 3.0


def observe(config: Config, clock: Clock) -> Observed:
    """What printer and centre say of themselves now; None for one that does not answer within a few seconds."""
    return Observed(printer=printer_names(config.printer.uri, clock), centre=centre_names(config))


def printer_names(uri: str, clock: Clock) -> tuple[str, ...] | None:
    """Name, info, location, make and model, as Get-Printer-Attributes has them (RFC 8011 section 4.2.5)."""
    request = Group(
        GroupTag.OPERATION,
        (
            attribute("attributes-charset", Tag.CHARSET, "utf-8"),
            attribute("attributes-natural-language", Tag.NATURAL_LANGUAGE, "en"),
            attribute("printer-uri", Tag.URI, uri),
            attribute("requested-attributes", Tag.KEYWORD, *_NAMING),
        ),
    )
    transport = IppTransport(uri, clock, exchange_s=_ANSWER_S)
    try:
        answer = transport.exchange(Message(Operation.GET_PRINTER_ATTRIBUTES, 1, (request,)))
        return tuple(answer.group(GroupTag.PRINTER).string(name) or "" for name in _NAMING)
    except HonninError:
        return None
    finally:
        transport.close()


def centre_names(config: Config) -> tuple[str, ...] | None:
    """Subject and issuer of the certificate the centre presents, under the configured trust only."""
    section = config.centre
    address = urlsplit(section.url)
    host = address.hostname or ""
    try:
        context = TlsFiles(section.ca, section.certificate, section.key).context()
        with (
            socket.create_connection((host, address.port or 443), timeout=_ANSWER_S) as plain,
            context.wrap_socket(plain, server_hostname=host) as connection,
        ):
            der = connection.getpeercert(binary_form=True)
    except (OSError, ssl.SSLError, HonninError):
        return None
    return names_of(x509.load_der_x509_certificate(der)) if der is not None else None
