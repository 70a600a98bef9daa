"""The model behind its real bus: IPP over HTTP, on uvicorn. Source: RFC 8010 section 4; ``/ipp/print``: PWG 5100.14."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Annotated, Self

import uvicorn
from fastapi import Body, FastAPI, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.devices.fault_plan import FaultPlan
from simulator.devices.printer.control import Command, Panel, look, obey
from simulator.devices.printer.faults import FaultKind
from simulator.devices.printer.model import PrinterModel
from simulator.devices.printer.operations import answer
from simulator.devices.printer.power import PowerCut
from simulator.devices.printer.traits import SPECIMEN_INFO, Traits
from simulator.devices.printer.tray import SpoolTray, Tray
from terminal.clock import Clock, SystemClock

MAX_REQUEST_BYTES = 64 << 20
_IPP = "application/ipp"
_PATH = "/ipp/print"
_TICK_S = 0.2
_START_S = 10.0


def make_app(
    model: PrinterModel,
    uri: str,
    power_cut: PowerCut,
    heard: Callable[[Command], None] = lambda command: None,
) -> FastAPI:
    """Return the printer's HTTP face: IPP at ``/ipp/print``, ``POST /control`` and ``GET /state`` for QA."""
    app = FastAPI(title=SPECIMEN_INFO, docs_url=None, redoc_url=None, lifespan=_ticking(model))

    @app.post(_PATH)
    async def ipp(request: Request) -> Response:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _IPP:
            raise HTTPException(415, f"expected {_IPP}")
        body = await _bounded_body(request)
        up_time_s = model.up_time_s
        if model.plan.strikes(FaultKind.NO_ANSWER, up_time_s):
            await _until_gone(request)
        if model.plan.strikes(FaultKind.GARBAGE_ANSWER, up_time_s):
            return Response(b"\x02\x00SPECIMEN garbage", media_type=_IPP)
        answered = await run_in_threadpool(answer, model, uri, body)
        if not model.powered:
            power_cut.drop_connections()
        return Response(answered, media_type=_IPP)

    @app.post("/control")
    def control(command: Annotated[Command, Body()]) -> Panel:
        try:
            obey(model, command)
        except ValueError as error:
            raise HTTPException(422, str(error)) from error
        heard(command)
        return look(model)

    @app.get("/state")
    def state() -> Panel:
        return look(model)

    @app.get("/")
    def home() -> Response:
        return Response(
            f"{SPECIMEN_INFO}\n{look(model).model_dump_json(indent=2)}\n", media_type="text/plain; charset=utf-8"
        )

    return app


def _ticking(model: PrinterModel) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async def tick() -> None:
            # Sheets come out though nobody asks; the model itself only looks at its clock.
            while True:
                await run_in_threadpool(model.state)
                await asyncio.sleep(_TICK_S)

        ticker = asyncio.create_task(tick())
        yield
        ticker.cancel()
        with suppress(asyncio.CancelledError):
            await ticker

    return lifespan


async def _bounded_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            raise HTTPException(413, f"expected at most {MAX_REQUEST_BYTES} bytes")
    return bytes(body)


async def _until_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class PrinterServer:
    """The emulated printer on a loopback port, served from a thread: a context manager with ``uri``, ``url`` and ``model``.

    ``port`` 0 takes a free one; ``tray`` is where sheets land in place of the folder ``spool``; ``heard`` is told of each command
    at ``/control`` that was carried out. ``power_cut`` can cut the power after so many bytes on the wire. Raises ``OSError`` when
    the port is taken.
    """

    def __init__(
        self,
        spool: Path,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        clock: Clock | None = None,
        traits: Traits | None = None,
        plan: FaultPlan[FaultKind] | None = None,
        tray: Tray | None = None,
        heard: Callable[[Command], None] = lambda command: None,
    ) -> None:
        self.model = PrinterModel(clock or SystemClock(), tray or SpoolTray(spool), traits, plan)
        self.power_cut = PowerCut(self.model)
        self._socket = socket.create_server((host, port))
        bound_port = self._socket.getsockname()[1]
        self.url = f"http://{host}:{bound_port}"
        self.uri = f"ipp://{host}:{bound_port}{_PATH}"
        config = uvicorn.Config(
            make_app(self.model, self.uri, self.power_cut, heard),
            http=self.power_cut.protocol(H11Protocol),
            log_config=None,
            access_log=False,
            lifespan="on",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, name="simulated-printer", daemon=True
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve; returns when the printer answers."""
        self._thread.start()
        deadline_s = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline_s:
                raise RuntimeError("expected the simulated printer to start, it did not")
            time.sleep(0.005)

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._server.should_exit = True
        self._thread.join(_START_S)
        self._socket.close()

    def wait(self) -> None:
        """Stay until the server ends."""
        self._thread.join()
