"""The centre on a real port: whole purchases over mutual TLS, and what it says to those who are no terminal."""

import json
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from simulator.centre.command import run_centre
from simulator.centre.faults import Delay, TimesOut
from simulator.centre.http import BODY_BYTES_MAX
from simulator.centre.pki import load_or_create
from simulator.centre.request_book import RequestState
from simulator.centre.server import CentreServer
from simulator.home import Home
from terminal.centre.api import CentreFailed, CentreTimedOut, Refused, ReportTaken
from terminal.centre.client import CentreClient, CentreTimeouts, TlsFiles
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import (
    CancellationReply,
    DeliveryOutcome,
    DeliveryReport,
    FindingReport,
    IssuanceReply,
    Problem,
    RefusalCode,
)
from terminal.centre.sealing import open_bundle, seal_finding
from terminal.centre.session_key import SessionKey
from terminal.centre.trust import MunicipalityKeys
from terminal.clock import ManualClock, SystemClock
from tests.centre_world import (
    HOUSEHOLD,
    NOW,
    SELF_SEAL,
    TERMINAL,
    card_of,
    customer,
    fresh_request_id,
    session_request,
    shared_home,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CentreServer]:
    database = f"sqlite:///{tmp_path / 'registers.sqlite'}"
    with CentreServer(shared_home(), database=database, clock=ManualClock(NOW)) as running:
        yield running


def client_of(
    server: CentreServer, terminal_id: str = TERMINAL, tls: TlsFiles | None = None, issue_s: float = 10.0
) -> CentreClient:
    files = server.terminal_tls(terminal_id) if tls is None else tls
    return CentreClient(server.url, terminal_id, files, CentreTimeouts(issue_s=issue_s), SystemClock())


@pytest.fixture
def client(server: CentreServer) -> Iterator[CentreClient]:
    with client_of(server) as connected:
        yield connected


@pytest.fixture(scope="module")
def anybody() -> Iterator[httpx.Client]:
    """A plain HTTP client with a terminal's certificate, for requests that no terminal would make."""
    with (
        CentreServer(shared_home(), database="sqlite://", clock=ManualClock(NOW)) as standing,
        httpx.Client(base_url=standing.url, verify=standing.terminal_tls(TERMINAL).context(), timeout=10) as plain,
    ):
        yield plain


def told(response: httpx.Response) -> str:
    """The code of a problem, which every answer but success must be."""
    assert response.headers["content-type"] == "application/problem+json"
    problem = Problem.model_validate_json(response.content)
    assert problem.status == response.status_code
    return problem.code


def test_a_purchase_from_challenge_to_delivery(server: CentreServer, client: CentreClient) -> None:
    buyer = customer(client, shared_home(), "adult")
    request_id = fresh_request_id()
    opened = buyer.buy(HOUSEHOLD, request_id)
    assert opened.bundle.request_id == request_id
    report = DeliveryReport(request_id=request_id, outcome=DeliveryOutcome.DELIVERED, impressions_completed=2)
    assert client.report_delivery(report) == ReportTaken()
    known = server.centre.model.requests.find(request_id)
    assert known is not None
    assert known.state is RequestState.REPORTED


def test_a_document_of_a_municipality_comes_whole_over_the_wire(client: CentreClient) -> None:
    bundle = customer(client, shared_home(), "outsider").buy(HOUSEHOLD).bundle
    assert bytes(bundle.copies[0].document_pdf or b"").rstrip().endswith(b"%%EOF")


def test_a_refusal_crosses_the_wire(client: CentreClient) -> None:
    request = session_request(client, card_of(shared_home(), "child"), SessionKey())
    assert client.open_session(request) == Refused(RefusalCode.UNDER_15)


def test_a_failure_crosses_the_wire(client: CentreClient) -> None:
    request = session_request(client, card_of(shared_home(), "adult"), SessionKey())
    outcome = client.open_session(request.model_copy(update={"signature": bytes(256)}))
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.SIGNATURE_WRONG


def test_a_replayed_challenge_is_unknown(client: CentreClient) -> None:
    request = session_request(client, card_of(shared_home(), "adult"), SessionKey())
    client.open_session(request)
    outcome = client.open_session(request)
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.CHALLENGE_UNKNOWN


def test_a_finding_is_sealed_to_the_municipality(server: CentreServer, client: CentreClient) -> None:
    key = customer(client, shared_home(), "adult").trust.encryption("99101", NOW)
    large = bytes(3_000_000)
    finding = FindingReport(finding_id="f" * 32, municipality_code="99101", sealed=seal_finding(large, key))
    assert client.report_finding(finding) == ReportTaken()
    assert server.centre.model.requests.findings("99101") == (finding.sealed,)


def test_an_answer_that_never_comes_is_cancelled_as_a_whole(server: CentreServer) -> None:
    with client_of(server, issue_s=0.5) as hasty:
        buyer = customer(hasty, shared_home(), "adult")
        request_id = fresh_request_id()
        server.faults.next(TimesOut())
        assert hasty.issue(request_id, buyer.session.session_id, SELF_SEAL) == CentreTimedOut(0.5)
        assert isinstance(hasty.cancel(request_id), CancellationReply)
        again = hasty.issue(request_id, buyer.session.session_id, SELF_SEAL)
    assert isinstance(again, CentreFailed)
    assert again.code is CentreErrorCode.REQUEST_CANCELLED


def test_a_slow_municipality_finds_its_request_cancelled(server: CentreServer) -> None:
    with client_of(server, issue_s=0.3) as hasty:
        buyer = customer(hasty, shared_home(), "adult")
        request_id = fresh_request_id()
        server.faults.next(Delay(0.8))
        assert hasty.issue(request_id, buyer.session.session_id, SELF_SEAL) == CentreTimedOut(0.3)
        assert isinstance(hasty.cancel(request_id), CancellationReply)
    # Closing the server lets the slow request come to its end.
    server.close()
    known = server.centre.model.requests.find(request_id)
    assert known is not None
    assert known.state is RequestState.CANCELLED
    assert known.bundle is None


def test_many_terminals_at_once_each_get_their_own(server: CentreServer) -> None:
    names = ["adult", "head", "yoshida", "takahashi", "watanabe-1", "watanabe-2", "twin-1", "twin-2"]

    def buy(name: str) -> tuple[str, str]:
        terminal_id = f"SPECIMEN-{name}"
        with client_of(server, terminal_id) as own:
            key = SessionKey()
            request = session_request(own, card_of(shared_home(), name), key, terminal_id)
            session = own.open_session(request)
            assert not isinstance(session, Refused | CentreFailed | CentreTimedOut), session
            applicant = next(member.name for member in session.members if member.is_applicant)
            reply = own.issue(fresh_request_id(), session.session_id, SELF_SEAL)
            assert isinstance(reply, IssuanceReply), reply
            trust = MunicipalityKeys.load(shared_home().trust / "municipalities.json")
            return applicant, open_bundle(reply.bundle, key, trust, now=NOW).bundle.record.applicant.name

    with ThreadPoolExecutor(len(names)) as pool:
        results = list(pool.map(buy, names))
    assert all(applicant == stated for applicant, stated in results)
    assert len(set(results)) == len(names)


def test_one_request_asked_by_several_threads_is_made_once(server: CentreServer, client: CentreClient) -> None:
    buyer = customer(client, shared_home(), "adult")
    request_id = fresh_request_id()

    def ask(_: int) -> object:
        with client_of(server) as own:
            return own.issue(request_id, buyer.session.session_id, SELF_SEAL)

    with ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(ask, range(6)))
    assert all(reply == replies[0] for reply in replies)
    assert isinstance(replies[0], IssuanceReply)


# Who is no terminal


def test_without_a_client_certificate_nobody_is_heard(server: CentreServer) -> None:
    context = ssl.create_default_context(cafile=str(server.terminal_tls(TERMINAL).ca))
    with httpx.Client(base_url=server.url, verify=context) as plain, pytest.raises(httpx.TransportError):
        plain.post("/v1/challenges", json={"terminal_id": TERMINAL})


def test_a_client_certificate_of_another_authority_is_not_let_in(
    server: CentreServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Same names throughout, other keys.
    other = load_or_create(Home(tmp_path_factory.mktemp("other")), ("99101",)).terminal_tls(TERMINAL)
    mixed = TlsFiles(server.terminal_tls(TERMINAL).ca, other.certificate, other.key)
    with client_of(server, tls=mixed) as stranger:
        outcome = stranger.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code in {CentreErrorCode.TLS_REFUSED, CentreErrorCode.ANSWER_BROKEN}


def test_a_terminal_cannot_speak_for_another(server: CentreServer) -> None:
    with client_of(server, "SPECIMEN-0002", tls=server.terminal_tls(TERMINAL)) as pretender:
        outcome = pretender.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.TERMINAL_MISMATCH


def test_the_servers_own_certificate_makes_no_terminal(server: CentreServer) -> None:
    files = server.centre.pki.server_tls()
    with client_of(server, "Honnin simulated centre", tls=files) as pretender:
        outcome = pretender.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code in {CentreErrorCode.TLS_REFUSED, CentreErrorCode.ANSWER_BROKEN}


def test_plain_http_is_not_spoken(server: CentreServer) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"POST /v1/challenges HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        connection.settimeout(5)
        try:
            answer = connection.recv(100)
        except ConnectionError:
            answer = b""
    assert not answer.startswith(b"HTTP")


# What is no request

PATHS = ["/v1/challenges", "/v1/sessions", "/v1/issuances", "/v1/deliveries", "/v1/findings"]
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe",
    "null": b"null",
    "a list": b"[]",
    "another object": b'{"x": 1}',
    "deep": b"[" * 60_000,
    "a number without end": b'{"terminal_id": ' + b"9" * 60_000 + b"}",
    "half a character": b'{"terminal_id": "\\ud800"}',
    "not a number": b'{"terminal_id": NaN}',
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_a_body_of_another_form_is_malformed(anybody: httpx.Client, path: str, body: bytes) -> None:
    response = anybody.post(path, content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert told(response) == CentreErrorCode.MALFORMED


def test_what_came_is_not_repeated(anybody: httpx.Client) -> None:
    response = anybody.post("/v1/challenges", json={"terminal_id": "T", "見本\u3000太郎": "1234"})
    assert told(response) == CentreErrorCode.MALFORMED
    assert "見本" not in response.text
    assert "1234" not in response.text


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(anybody: httpx.Client, content_type: str) -> None:
    body = json.dumps({"terminal_id": TERMINAL}).encode()
    response = anybody.post("/v1/challenges", content=body, headers={"content-type": content_type})
    assert told(response) == CentreErrorCode.MALFORMED


@pytest.mark.parametrize("path", PATHS[:4])
def test_an_oversized_body_is_dropped(anybody: httpx.Client, path: str) -> None:
    response = anybody.post(path, content=b" " * (BODY_BYTES_MAX + 1), headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert told(response) == CentreErrorCode.BODY_TOO_LARGE


def test_an_oversized_body_in_chunks_is_dropped_too(anybody: httpx.Client) -> None:
    chunks = (b" " * 10_000 for _ in range(20))
    response = anybody.post("/v1/challenges", content=chunks, headers={"content-type": "application/json"})
    assert told(response) == CentreErrorCode.BODY_TOO_LARGE


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", CentreErrorCode.NOT_FOUND),
        ("GET", "/docs", CentreErrorCode.NOT_FOUND),
        ("GET", "/openapi.json", CentreErrorCode.NOT_FOUND),
        ("GET", "/v1/challenges", CentreErrorCode.METHOD_NOT_ALLOWED),
        ("DELETE", "/v1/issuances", CentreErrorCode.METHOD_NOT_ALLOWED),
        ("POST", "/v1/issuances/short/cancel", CentreErrorCode.MALFORMED),
        ("POST", "/v1/issuances/" + "G" * 32 + "/cancel", CentreErrorCode.MALFORMED),
    ],
)
def test_what_there_is_not(anybody: httpx.Client, method: str, path: str, code: CentreErrorCode) -> None:
    assert told(anybody.request(method, path)) == code


def test_junk_on_an_open_connection_does_no_harm(server: CentreServer, client: CentreClient) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    context = server.terminal_tls(TERMINAL).context()
    for junk in (
        b"\x00" * 100,
        b"GET /\r\n\r\n",
        b"POST /v1/challenges HTTP/1.1\r\ncontent-length: -5\r\n\r\n",
    ):
        with (
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
            context.wrap_socket(connection, server_hostname="127.0.0.1") as secured,
        ):
            secured.sendall(junk)
            assert secured.recv(100).startswith(b"HTTP/1.1 400")
    assert customer(client, shared_home(), "adult").session.offers


# The command


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run_centre(taken.getsockname()[1], "sqlite://", shared_home().root) == 1
    assert "choose another port" in capsys.readouterr().err


def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert run_centre(0, f"postgresql://someone:secret@127.0.0.1:{port}/nowhere", shared_home().root) == 1
    error = capsys.readouterr().err
    assert "expected to reach" in error
    assert "secret" not in error


def test_the_command_says_where_it_is_and_ends_when_interrupted(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from simulator.centre.command import run_centre; "
    code += "sys.exit(run_centre(0, None, Path(sys.argv[1])))"
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("protocol"):
                break
        url = next(line.split()[1] for line in lines if line.startswith("url"))
        files = load_or_create(Home(tmp_path), ("99101", "99102", "99103")).terminal_tls("SPECIMEN-0001")
        with CentreClient(url, "SPECIMEN-0001", files, CentreTimeouts(), SystemClock()) as client:
            assert not isinstance(client.challenge(), CentreFailed | CentreTimedOut)
        assert "SPECIMEN" in lines[0]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
