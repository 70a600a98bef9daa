"""The real printer: IPP straight to the device, so that its own state is seen and not a queue's (OpenPrinting/cups#1298)."""

import time
from collections.abc import Callable
from ssl import SSLContext

import httpx

from terminal.clock import Clock
from terminal.devices.printer.ipp_link import IppLink
from terminal.devices.printer.printing import LinkedPrinter
from terminal.devices.printer.timing import Timing
from terminal.devices.printer.transport import IppTransport


class IppPrinter(LinkedPrinter):
    """A two-sided A4 PDF printer at an ``ipp://`` or ``ipps://`` URI; implements ``terminal.devices.printer.api.Printer``.

    ``exchange_s`` bounds one question, ``send_s`` the answer to the document; ``verify`` is the trust for ``ipps``. A wrong URI
    or timing is a ``ValueError`` at once. Source: RFC 8010, RFC 8011; docs/protocols/ipp.md.
    """

    def __init__(
        self,
        uri: str,
        poll_s: float,
        bound_s: float,
        clock: Clock,
        *,
        http: httpx.BaseTransport | None = None,
        wait: Callable[[float], None] = time.sleep,
        exchange_s: float = 5.0,
        send_s: float = 30.0,
        unreachable_s: float = 15.0,
        settle_s: float = 10.0,
        verify: SSLContext | bool = True,
        history_may_stay: bool = False,
    ) -> None:
        timing = Timing(poll_s, bound_s, unreachable_s, settle_s)
        transport = IppTransport(uri, clock, exchange_s=exchange_s, http=http, verify=verify)
        link = IppLink(transport, send_s=send_s)
        super().__init__(link, timing, clock, wait, history_may_stay=history_may_stay)
