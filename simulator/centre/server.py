"""The simulated centre on a port: HTTPS with mutual TLS on a thread of its own, for demonstrations, tests and strangers."""

import asyncio
import ssl
import threading
from collections.abc import Mapping
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.centre.assembly import AssembledCentre, assemble
from simulator.centre.faults import FaultPlan
from simulator.centre.http import make_app
from simulator.centre.ids import Ids
from simulator.centre.issuing.events import Listener, nobody_listens
from simulator.centre.issuing.setup import ServerSetup
from simulator.home import Home
from terminal.centre.client import TlsFiles
from terminal.clock import Clock

_START_LIMIT_S = 20.0
_STOP_LIMIT_S = 10.0


class _MutualTlsProtocol(H11Protocol):
    """uvicorn's protocol, which also tells the application whose certificate the client showed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "terminal_id": _common_name(transport.get_extra_info("peercert"))}


class CentreServer:
    """A centre that serves until it is closed. A context manager; ``url`` is known after ``start``.

    :param port: 0 takes any free port
    :param database: SQLAlchemy URL of the registers; None is the home's SQLite file
    :param setups: how the issuing servers of single municipalities are built, by code; the others are healthy and take no time
    :param listener: told what the servers do, on whichever thread
    """

    def __init__(
        self,
        home: Home,
        port: int = 0,
        database: str | None = None,
        clock: Clock | None = None,
        faults: FaultPlan | None = None,
        host: str = "127.0.0.1",
        ids: Ids | None = None,
        setups: Mapping[str, ServerSetup] | None = None,
        listener: Listener = nobody_listens,
    ) -> None:
        self.centre: AssembledCentre = assemble(home, database, clock, faults, ids, setups, listener)
        self._stopping = threading.Event()
        self._config = uvicorn.Config(
            make_app(self.centre.model, self._stopping),
            host=host,
            port=port,
            http=_MutualTlsProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            ssl_context_factory=lambda _config, _default: server_context(self.centre.pki.server_tls()),
        )
        self._server = uvicorn.Server(self._config)
        self._thread = threading.Thread(target=self._serve, name="centre-server", daemon=True)
        self._failure: BaseException | None = None

    @property
    def faults(self) -> FaultPlan:
        """What the municipal servers will do wrong."""
        return self.centre.model.faults

    @property
    def url(self) -> str:
        """Where it listens, ``https://host:port``."""
        sockets = [socket for server in self._server.servers for socket in server.sockets]
        if not sockets:
            raise RuntimeError("the centre listens nowhere; start it first")
        host, port = sockets[0].getsockname()[:2]
        return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"

    def terminal_tls(self, terminal_id: str) -> TlsFiles:
        """The files with which a terminal of that id may connect."""
        return self.centre.pki.terminal_tls(terminal_id)

    def start(self) -> None:
        """Listen; raise ``OSError`` when the port cannot be had."""
        self._thread.start()
        waited = threading.Event()
        for _ in range(int(_START_LIMIT_S / 0.02)):
            if self._server.started or not self._thread.is_alive():
                break
            waited.wait(0.02)
        if not self._server.started:
            self.close()
            raise OSError(f"the centre cannot listen on {self._config.host}:{self._config.port}; choose another port")

    def wait(self) -> None:
        """Until the server ends."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def close(self) -> None:
        """Answer what is under way, then stop listening and let go of the registers."""
        self._stopping.set()
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(_STOP_LIMIT_S)
        self.centre.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _serve(self) -> None:
        try:
            self._server.run()
        except SystemExit as error:
            # uvicorn ends its process when a port is taken; here it only ends the thread, and start() tells.
            self._failure = error


def server_context(files: TlsFiles) -> ssl.SSLContext:
    """TLS 1.2+ that lets in only clients with a certificate of the centre's own authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(files.certificate, files.key)
    context.load_verify_locations(cafile=files.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _common_name(certificate: dict[str, Any] | None) -> str | None:
    names = [value for part in (certificate or {}).get("subject", ()) for key, value in part if key == "commonName"]
    return names[0] if len(names) == 1 else None
