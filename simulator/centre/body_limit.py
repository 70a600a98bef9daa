"""A bound on what a client may send, before anything is parsed."""

from collections.abc import Mapping

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from terminal.centre.errors import WIRE_STATUS, CentreErrorCode
from terminal.centre.messages import Problem


class BodyLimit:
    """ASGI middleware: bodies longer than ``default_bytes`` (or the path's own limit) are answered 413 and dropped."""

    def __init__(self, app: ASGIApp, default_bytes: int, by_path: Mapping[str, int]) -> None:
        self._app = app
        self._default_bytes = default_bytes
        self._by_path = by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to its limit, then let the application have it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._by_path.get(scope["path"], self._default_bytes)
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > limit:
                await _too_large(limit)(scope, receive, send)
                return
        await self._app(scope, _replay(bytes(body), receive), send)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


def _too_large(limit: int) -> JSONResponse:
    code = CentreErrorCode.BODY_TOO_LARGE
    problem = Problem(
        status=WIRE_STATUS[code], code=code.value, title=f"expected a body of at most {limit} bytes, more came"
    )
    return JSONResponse(
        problem.model_dump(),
        status_code=problem.status,
        media_type="application/problem+json",
        headers={"connection": "close"},
    )
