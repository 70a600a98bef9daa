"""The certificate centre over HTTPS with mutual TLS. Blocking: the caller runs it on a supervised thread.

No call is repeated here: whether to ask again is the machine's decision, and a request id makes it harmless. Nothing of a
body is ever logged.
"""

import ssl
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import httpcore
import httpx
from pydantic import BaseModel, ValidationError

from terminal.centre.api import (
    CancelOutcome,
    CentreFailed,
    CentreTimedOut,
    ChallengeOutcome,
    IssuanceOutcome,
    Refused,
    ReportOutcome,
    ReportTaken,
    SessionOutcome,
)
from terminal.centre.errors import WIRE_STATUS, CentreErrorCode, TrustError
from terminal.centre.messages import (
    CancellationReply,
    Challenge,
    ChallengeRequest,
    Choice,
    DeliveryReport,
    FindingReport,
    IssuanceReply,
    IssuanceRequest,
    Problem,
    RefusalCode,
    RequestId,
    SessionOpened,
    SessionRequest,
)
from terminal.centre.transport import Deadline, DeadlineTransport
from terminal.clock import Clock

_ANSWER_BYTES_MAX: Final = 262_144
_BUNDLE_ANSWER_BYTES_MAX: Final = 16_100_000
_REFUSALS: Final = {code.value: code for code in RefusalCode}
_FAILURES: Final = {code.value: code for code in WIRE_STATUS}

_Answer = TypeVar("_Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files: the CA that vouches for the centre, this terminal's certificate and its private key."""

    ca: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """A TLS 1.2+ context that trusts this CA only; raise ``TrustError`` (``CENTRE_TLS_FILES_BAD``)."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_verify_locations(cafile=self.ca)
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise TrustError(
                CentreErrorCode.TLS_FILES_BAD,
                f"expected PEM files {self.ca.name}, {self.certificate.name}, {self.key.name} that fit together, "
                f"loading failed ({type(error).__name__}); check the [centre] section of the configuration",
            ) from error
        return context


@dataclass(frozen=True, slots=True)
class CentreTimeouts:
    """How long each exchange may take as a whole, in seconds."""

    connect_s: float = 5.0
    short_s: float = 10.0
    issue_s: float = 30.0


class CentreClient:
    """One terminal's connection to the centre. Implements ``Centre`` and ``CentreReports``; calls may overlap on threads."""

    def __init__(
        self,
        base_url: str,
        terminal_id: str,
        tls: TlsFiles,
        timeouts: CentreTimeouts,
        clock: Clock,
    ) -> None:
        """Connects at the first call; raise ``ValueError`` unless ``base_url`` is https, ``TrustError`` for bad files."""
        if not base_url.startswith("https://"):
            raise ValueError(f"the centre is reached by https only, not by {base_url!r}")
        self._terminal_id = terminal_id
        self._timeouts = timeouts
        self._deadline = Deadline(clock)
        self._http = httpx.Client(
            base_url=base_url,
            transport=DeadlineTransport(tls.context(), self._deadline),
            timeout=httpx.Timeout(timeouts.issue_s, connect=timeouts.connect_s),
            follow_redirects=False,
            trust_env=False,
            headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "honnin-terminal"},
        )

    def challenge(self) -> ChallengeOutcome:
        """See ``Centre.challenge``."""
        outcome = self._exchange("/v1/challenges", ChallengeRequest(terminal_id=self._terminal_id), Challenge)
        return _not_a_refusal(outcome)

    def open_session(self, request: SessionRequest) -> SessionOutcome:
        """See ``Centre.open_session``."""
        return self._exchange("/v1/sessions", request, SessionOpened)

    def issue(self, request_id: RequestId, session_id: str, choice: Choice) -> IssuanceOutcome:
        """See ``Centre.issue``."""
        request = IssuanceRequest(request_id=request_id, session_id=session_id, choice=choice)
        outcome = self._exchange(
            "/v1/issuances", request, IssuanceReply, limit_s=self._timeouts.issue_s, bytes_max=_BUNDLE_ANSWER_BYTES_MAX
        )
        return _of_request(outcome, request_id) if isinstance(outcome, IssuanceReply) else outcome

    def cancel(self, request_id: RequestId) -> CancelOutcome:
        """See ``Centre.cancel``."""
        outcome = self._exchange(f"/v1/issuances/{request_id}/cancel", None, CancellationReply)
        return _of_request(outcome, request_id) if isinstance(outcome, CancellationReply) else _not_a_refusal(outcome)

    def report_delivery(self, report: DeliveryReport) -> ReportOutcome:
        """See ``CentreReports.report_delivery``."""
        return self._report("/v1/deliveries", report)

    def report_finding(self, report: FindingReport) -> ReportOutcome:
        """See ``CentreReports.report_finding``."""
        return self._report("/v1/findings", report)

    def close(self) -> None:
        """Close the connections; never raises for the other side's sake."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _report(self, path: str, body: BaseModel) -> ReportOutcome:
        answer = self._post(path, body, self._timeouts.short_s, _ANSWER_BYTES_MAX)
        if not isinstance(answer, _HttpAnswer):
            return answer
        return ReportTaken() if answer.status == 204 else _not_a_refusal(_problem(answer))

    def _exchange(
        self,
        path: str,
        body: BaseModel | None,
        expected: type[_Answer],
        *,
        limit_s: float | None = None,
        bytes_max: int = _ANSWER_BYTES_MAX,
    ) -> _Answer | Refused | CentreFailed | CentreTimedOut:
        answer = self._post(path, body, self._timeouts.short_s if limit_s is None else limit_s, bytes_max)
        if not isinstance(answer, _HttpAnswer):
            return answer
        if answer.status not in (200, 201):
            return _problem(answer)
        try:
            return expected.model_validate_json(answer.body)
        except ValidationError:
            return _failed(CentreErrorCode.ANSWER_MALFORMED, f"a {expected.__name__}", "a body of another form")

    def _post(
        self, path: str, body: BaseModel | None, limit_s: float, bytes_max: int
    ) -> "_HttpAnswer | CentreFailed | CentreTimedOut":
        content = b"" if body is None else body.model_dump_json().encode()
        request = self._http.build_request("POST", path, content=content, headers={"content-type": "application/json"})
        try:
            with self._deadline.within(limit_s):
                return self._receive(request, bytes_max)
        except (httpcore.TimeoutException, httpx.TimeoutException):
            return CentreTimedOut(limit_s)
        except (httpcore.ConnectError, httpcore.ReadError, httpcore.WriteError) as error:
            return _broken_off(error)
        except (httpcore.ProtocolError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            return _failed(CentreErrorCode.ANSWER_BROKEN, "a whole HTTP answer", type(error).__name__)

    def _receive(self, request: httpx.Request, bytes_max: int) -> "_HttpAnswer | CentreFailed":
        response = self._http.send(request, stream=True)
        try:
            body = bytearray()
            for part in response.iter_raw():
                body += part
                if len(body) > bytes_max:
                    return _failed(CentreErrorCode.ANSWER_TOO_LARGE, f"at most {bytes_max} bytes", "more")
            return _HttpAnswer(response.status_code, bytes(body))
        finally:
            response.close()


@dataclass(frozen=True, slots=True, repr=False)
class _HttpAnswer:
    status: int
    body: bytes


def _problem(answer: _HttpAnswer) -> Refused | CentreFailed:
    """What an answer other than success means; only ``RefusalCode`` and ``CentreErrorCode`` are ever taken over."""
    if 300 <= answer.status < 400:
        return _failed(CentreErrorCode.REDIRECTED, "an answer", f"a redirection ({answer.status})")
    try:
        problem = Problem.model_validate_json(answer.body)
    except ValidationError:
        return _failed(CentreErrorCode.ANSWER_MALFORMED, "problem details", f"status {answer.status} with another body")
    if problem.status != answer.status:
        return _failed(
            CentreErrorCode.ANSWER_MALFORMED, f"a problem of status {answer.status}", "another status inside"
        )
    refusal = _REFUSALS.get(problem.code)
    if refusal is not None:
        return Refused(refusal)
    failure = _FAILURES.get(problem.code)
    if failure is not None:
        # The centre's own words stay out: a text may be journalled, and a broken server may put anything into it.
        return CentreFailed(
            failure, f"expected an answer from the centre, it refused the request with status {answer.status}"
        )
    return _failed(CentreErrorCode.ANSWER_MALFORMED, "a code of the protocol", "an unknown one")


_Named = TypeVar("_Named", IssuanceReply, CancellationReply)
_Other = TypeVar("_Other")


def _of_request(reply: _Named, request_id: RequestId) -> _Named | CentreFailed:
    if reply.request_id == request_id:
        return reply
    return _failed(CentreErrorCode.ANSWER_FOREIGN, "the answer to this request", "the answer to another one")


def _not_a_refusal(outcome: _Other | Refused) -> _Other | CentreFailed:
    if isinstance(outcome, Refused):
        return _failed(CentreErrorCode.ANSWER_MALFORMED, "an answer that fits the call", f"refusal {outcome.code}")
    return outcome


def _broken_off(error: Exception) -> CentreFailed:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _failed(
            CentreErrorCode.TLS_UNTRUSTED, "the centre's certificate", f"another one ({cause.verify_message})"
        )
    if isinstance(cause, ssl.SSLError):
        return _failed(CentreErrorCode.TLS_REFUSED, "a TLS connection", f"a refusal ({cause.reason})")
    if isinstance(error, httpcore.ConnectError):
        return _failed(CentreErrorCode.UNREACHABLE, "a connection to the centre", "none")
    return _failed(CentreErrorCode.ANSWER_BROKEN, "a whole HTTP answer", "the end of the connection")


def _failed(code: CentreErrorCode, expected: str, came: str) -> CentreFailed:
    return CentreFailed(
        code, f"expected {expected} from the centre, {came} came; cancel the request and see the network"
    )
