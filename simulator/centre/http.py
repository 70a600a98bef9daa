"""The centre's HTTP face (FastAPI): every answer that is no success is problem details with a code of the protocol.

The terminal's id is the CN of its TLS certificate; ``server.py`` hands it over in the request's state.
"""

import asyncio
import threading
from typing import Annotated, Any, TypeVar

from fastapi import FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from simulator.centre.body_limit import BodyLimit
from simulator.centre.issuances import Begun, Underway
from simulator.centre.model import NEVER_S, CentreModel
from terminal.centre.api import CentreFailed, CentreTimedOut, IssuanceOutcome, Refused, ReportTaken
from terminal.centre.errors import REFUSAL_STATUS, WIRE_STATUS, CentreErrorCode
from terminal.centre.messages import (
    CancellationReply,
    Challenge,
    ChallengeRequest,
    DeliveryReport,
    FindingReport,
    IssuanceReply,
    IssuanceRequest,
    Problem,
    SessionOpened,
    SessionRequest,
)

PROBLEM_TYPE = "application/problem+json"
BODY_BYTES_MAX = 65_536
FINDING_BODY_BYTES_MAX = 16_100_000
FINDINGS_PATH = "/v1/findings"
PROTOCOL_VERSION = "1"

_POLL_S = 0.05
_PROBLEM_CONTENT = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "Refused or wrong: `code` says why", "model": Problem, "content": _PROBLEM_CONTENT},
    "5XX": {"description": "The centre failed", "model": Problem, "content": _PROBLEM_CONTENT},
}
_DESCRIPTION = (
    "SPECIMEN. Between a certificate terminal and the certificate centre, over HTTPS with mutual TLS: the CN of the client "
    "certificate is the terminal's id. docs/protocols/centre.md has the sequence, the bytes that the card signs and the "
    "envelope of a bundle. Binary values are base64url with padding (RFC 4648 section 5)."
)
_CODES_OF_STATUS = {
    404: CentreErrorCode.NOT_FOUND,
    405: CentreErrorCode.METHOD_NOT_ALLOWED,
    503: CentreErrorCode.BUSY,
}

_Reply = TypeVar("_Reply", Challenge, SessionOpened, IssuanceReply, CancellationReply)


class ProblemError(Exception):
    """An outcome that becomes problem details."""

    def __init__(self, status: int, code: str, title: str = "") -> None:
        self.problem = Problem(status=status, code=code, title=title)
        super().__init__(code)


def make_app(model: CentreModel, stopping: threading.Event) -> FastAPI:
    """The application over ``model``; ``stopping`` ends waits for answers that a fault delays."""
    app = FastAPI(
        title="Honnin certificate centre (SPECIMEN)",
        version=PROTOCOL_VERSION,
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=_PROBLEMS,
    )
    _add_session_routes(app, model)
    _add_issuance_routes(app, model, stopping)
    _add_report_routes(app, model)
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_bug)
    app.add_middleware(BodyLimit, default_bytes=BODY_BYTES_MAX, by_path={FINDINGS_PATH: FINDING_BODY_BYTES_MAX})
    return app


def _add_session_routes(app: FastAPI, model: CentreModel) -> None:
    @app.post("/v1/challenges", status_code=201, response_model=Challenge, operation_id="challenge")
    def challenge(body: ChallengeRequest, request: Request) -> Response:
        """A fresh single-use challenge, good for three minutes."""
        terminal_id = _terminal_of(request)
        if body.terminal_id != terminal_id:
            raise _raised(CentreErrorCode.TERMINAL_MISMATCH, "terminal_id must be the CN of the client certificate")
        return _created(model.challenge(terminal_id))

    @app.post("/v1/sessions", status_code=201, response_model=SessionOpened, operation_id="openSession")
    def open_session(body: SessionRequest, request: Request) -> Response:
        """Present the card's signature over the transcript; learn what its holder may have."""
        return _created(model.open_session(_terminal_of(request), body))


def _add_issuance_routes(app: FastAPI, model: CentreModel, stopping: threading.Event) -> None:
    @app.post("/v1/issuances", response_model=IssuanceReply, operation_id="issue")
    async def issue(body: IssuanceRequest, request: Request) -> Response:
        """One bundle. The same request again gives the same bundle, another choice under the same id a conflict."""
        terminal_id = _terminal_of(request)
        await _hold_back(model.delay_of_next_issuance_s(), request, stopping)
        return _ok(await _ended(model, await run_in_threadpool(model.issue, terminal_id, body), stopping))

    @app.post("/v1/issuances/{request_id}/cancel", response_model=CancellationReply, operation_id="cancel")
    def cancel(request_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], request: Request) -> Response:
        """Kill a request for good, heard of or not. There is no body."""
        return _ok(model.cancel(_terminal_of(request), request_id))


def _add_report_routes(app: FastAPI, model: CentreModel) -> None:
    @app.post("/v1/deliveries", status_code=204, response_class=Response, operation_id="reportDelivery")
    def report_delivery(body: DeliveryReport, request: Request) -> Response:
        """How a request ended at the terminal; the centre forgets the bundle."""
        return _taken(model.report_delivery(_terminal_of(request), body))

    @app.post(FINDINGS_PATH, status_code=204, response_class=Response, operation_id="reportFinding")
    def report_finding(body: FindingReport, request: Request) -> Response:
        """A sealed wrong-person finding for the municipality."""
        return _taken(model.report_finding(_terminal_of(request), body))


async def _hold_back(delay_s: float, request: Request, stopping: threading.Event) -> None:
    """A slow server goes on after its client has left; one that never answers waits until it is left or stopped."""
    left_s = delay_s
    while left_s > 0 and not stopping.is_set():
        await asyncio.sleep(min(_POLL_S, left_s))
        left_s -= _POLL_S
        if delay_s == NEVER_S and await request.is_disconnected():
            break
    if delay_s == NEVER_S:
        raise _raised(CentreErrorCode.BUSY, "the answer never came")


async def _ended(model: CentreModel, begun: Begun, stopping: threading.Event) -> IssuanceOutcome:
    """A request that a server has under way is seen to its end, whether its client is still there or not."""
    while isinstance(begun, Underway):
        if stopping.is_set():
            raise _raised(CentreErrorCode.BUSY, "the centre is closing")
        await asyncio.sleep(min(_POLL_S, await run_in_threadpool(model.look_again_in_s, begun)))
        begun = await run_in_threadpool(model.look, begun)
    return begun


def _terminal_of(request: Request) -> str:
    terminal_id = getattr(request.state, "terminal_id", None)
    if not isinstance(terminal_id, str) or not terminal_id:
        raise _raised(CentreErrorCode.TERMINAL_UNKNOWN, "a client certificate with the terminal's id as CN is needed")
    return terminal_id


def _created(outcome: _Reply | Refused | CentreFailed | CentreTimedOut) -> Response:
    return Response(_success(outcome).model_dump_json(), status_code=201, media_type="application/json")


def _ok(outcome: _Reply | Refused | CentreFailed | CentreTimedOut) -> Response:
    return Response(_success(outcome).model_dump_json(), media_type="application/json")


def _taken(outcome: ReportTaken | CentreFailed | CentreTimedOut) -> Response:
    match outcome:
        case ReportTaken():
            return Response(status_code=204)
        case CentreFailed() | CentreTimedOut():
            raise _problem_of(outcome)


def _success(outcome: _Reply | Refused | CentreFailed | CentreTimedOut) -> _Reply:
    if isinstance(outcome, Refused | CentreFailed | CentreTimedOut):
        raise _problem_of(outcome)
    return outcome


def _problem_of(outcome: Refused | CentreFailed | CentreTimedOut) -> ProblemError:
    match outcome:
        case Refused(code):
            return ProblemError(REFUSAL_STATUS, code.value, "the person may not have this")
        case CentreFailed(failure, text):
            return _raised(failure, text)
        case CentreTimedOut():
            return _raised(CentreErrorCode.BUSY, "the municipality did not answer in time")


def _raised(code: CentreErrorCode, title: str) -> ProblemError:
    return ProblemError(WIRE_STATUS[code], code.value, title)


def _answer(problem: Problem) -> JSONResponse:
    return JSONResponse(problem.model_dump(), status_code=problem.status, media_type=PROBLEM_TYPE)


def _on_problem(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return _answer(error.problem)


def _on_malformed(_request: Request, _error: Exception) -> Response:
    # What came is not repeated: it may hold anything.
    return _answer(
        _raised(CentreErrorCode.MALFORMED, "the body or path has not the form of docs/centre-openapi.json").problem
    )


def _on_http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = _CODES_OF_STATUS.get(status, CentreErrorCode.MALFORMED if status < 500 else CentreErrorCode.INTERNAL)
    return _answer(_raised(code, "see docs/centre-openapi.json for what there is").problem)


def _on_bug(_request: Request, _error: Exception) -> Response:
    return _answer(_raised(CentreErrorCode.INTERNAL, "the centre failed; its log says where").problem)
