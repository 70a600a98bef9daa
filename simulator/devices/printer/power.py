"""Power lost on the wire: connections drop without a word, at a chosen byte if wished."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.devices.printer.model import PrinterModel

_REQUESTS = (b"POST ", b"GET ")
_CONTROL = (b"POST /control ", b"GET /state ", b"GET / ")


class PowerCut:
    """Cuts the printer's power after so many bytes of IPP traffic to it, and keeps its port dead while it has none."""

    def __init__(self, model: PrinterModel) -> None:
        self._model = model
        self._bytes_left: int | None = None
        self._live: set[asyncio.Transport] = set()

    def after(self, received_bytes: int) -> None:
        """Cut the power when ``received_bytes`` more have come in."""
        self._bytes_left = received_bytes

    def protocol(self, base: type[H11Protocol]) -> type[H11Protocol]:
        """Return ``base`` with a plug that can be pulled; the control endpoint is QA's and stays reachable."""
        cut = self

        class PluggedProtocol(base):  # type: ignore[misc, valid-type]
            control = False

            def data_received(self, data: bytes) -> None:
                if data.startswith(_REQUESTS):
                    self.control = data.startswith(_CONTROL)
                if not self.control:
                    cut.plug(self.transport)
                    if cut.dead_after(len(data)):
                        cut.drop_connections()
                        return
                super().data_received(data)

            def connection_lost(self, exc: Exception | None) -> None:
                cut.unplug(self.transport)
                super().connection_lost(exc)

        return PluggedProtocol

    def plug(self, transport: asyncio.Transport) -> None:
        """Count ``transport`` as one that dies with the power; on the event loop's thread."""
        self._live.add(transport)

    def unplug(self, transport: asyncio.Transport) -> None:
        """``transport`` has ended."""
        self._live.discard(transport)

    def drop_connections(self) -> None:
        """Drop every connection but the control endpoint's; on the event loop's thread."""
        for transport in list(self._live):
            transport.abort()

    def dead_after(self, received_bytes: int) -> bool:
        """Count the bytes and say whether the printer is dead now."""
        if self._bytes_left is not None:
            self._bytes_left -= received_bytes
            if self._bytes_left <= 0:
                self._bytes_left = None
                with self._model.panel() as engine:
                    engine.powered = False
        return not self._model.powered
