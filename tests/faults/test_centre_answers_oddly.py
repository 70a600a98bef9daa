"""What comes back from a centre that is broken, slow, or somebody else: each its own code, none an exception, none for ever."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from simulator.centre.pki import load_or_create
from simulator.home import Home
from terminal.centre.api import CentreFailed, CentreTimedOut, Refused
from terminal.centre.client import CentreClient, CentreTimeouts, TlsFiles
from terminal.centre.errors import CentreErrorCode
from terminal.centre.messages import RefusalCode
from terminal.clock import SystemClock
from tests.centre_world import SELF_SEAL, TERMINAL, fresh_request_id, make_world
from tests.odd_server import OddServer, Script, http, says

_PKI = make_world().assembled.pki
SHORT = CentreTimeouts(connect_s=10.0, short_s=0.4, issue_s=10.0)
REQUEST_ID = "0123456789abcdef0123456789abcdef"


@contextmanager
def client_of(
    script: Script, tls: TlsFiles | None = None, timeouts: CentreTimeouts | None = None
) -> Iterator[CentreClient]:
    """A client of a server that plays ``script``."""
    with (
        OddServer(_PKI.server_tls(), script) as server,
        CentreClient(
            server.url,
            TERMINAL,
            _PKI.terminal_tls(TERMINAL) if tls is None else tls,
            CentreTimeouts() if timeouts is None else timeouts,
            SystemClock(),
        ) as client,
    ):
        yield client


def problem(code: str, status: int = 403, inside: int | None = None) -> bytes:
    body = {"type": "about:blank", "title": "", "status": inside or status, "code": code, "detail": "見本\u3000太郎"}
    return http(status, json.dumps(body).encode(), "application/problem+json")


_GZIPPED = http(201, gzip.compress(b"{}"), extra="content-encoding: gzip\r\n")

ODD_ANSWERS: dict[str, tuple[bytes, CentreErrorCode]] = {
    "nothing at all": (b"", CentreErrorCode.ANSWER_BROKEN),
    "no HTTP": (b"\x00\x01garbage\r\n\r\n", CentreErrorCode.ANSWER_BROKEN),
    "half a head": (b"HTTP/1.1 201 Crea", CentreErrorCode.ANSWER_BROKEN),
    "half a body": (http(201, b"{}" * 10)[:-5], CentreErrorCode.ANSWER_BROKEN),
    "a wrong chunk": (
        b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        CentreErrorCode.ANSWER_BROKEN,
    ),
    "a redirection": (http(302, b"", extra="location: https://example.invalid/\r\n"), CentreErrorCode.REDIRECTED),
    "no JSON": (http(201, b"<html>"), CentreErrorCode.ANSWER_MALFORMED),
    "other JSON": (http(201, b'{"challenge": "x"}'), CentreErrorCode.ANSWER_MALFORMED),
    "no UTF-8": (http(201, b'{"\xff": 1}'), CentreErrorCode.ANSWER_MALFORMED),
    "deep JSON": (http(201, b"[" * 100_000), CentreErrorCode.ANSWER_MALFORMED),
    "compressed": (_GZIPPED, CentreErrorCode.ANSWER_MALFORMED),
    "no content": (http(204, b""), CentreErrorCode.ANSWER_MALFORMED),
    "a page of an error": (http(502, b"<html>Bad Gateway"), CentreErrorCode.ANSWER_MALFORMED),
    "too much": (http(201, b" " * 300_000), CentreErrorCode.ANSWER_TOO_LARGE),
    "an unknown code": (problem("CENTRE_MADE_UP"), CentreErrorCode.ANSWER_MALFORMED),
    "a code that only terminals use": (problem("CENTRE_UNREACHABLE"), CentreErrorCode.ANSWER_MALFORMED),
    "a problem of another status": (problem("CENTRE_BUSY", 503, 400), CentreErrorCode.ANSWER_MALFORMED),
    "a refusal where none fits": (problem(RefusalCode.UNDER_15), CentreErrorCode.ANSWER_MALFORMED),
    "a proper problem": (problem("CENTRE_BUSY", 503), CentreErrorCode.BUSY),
}


@pytest.mark.parametrize(("answer", "code"), ODD_ANSWERS.values(), ids=list(ODD_ANSWERS))
def test_an_odd_answer_has_its_code_and_its_text_repeats_nothing_of_it(answer: bytes, code: CentreErrorCode) -> None:
    with client_of(says(answer)) as client:
        outcome = client.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is code
    assert "見本" not in outcome.text
    assert outcome.text.startswith("expected ")


def test_a_refusal_is_a_refusal() -> None:
    with client_of(says(problem(RefusalCode.OUTSIDE_HOURS))) as client:
        outcome = client.issue(fresh_request_id(), "s" * 32, SELF_SEAL)
    assert outcome == Refused(RefusalCode.OUTSIDE_HOURS)


def test_the_answer_to_another_request_is_foreign() -> None:
    body = json.dumps({"request_id": "f" * 32, "bundle": "x"}).encode()
    with client_of(says(http(200, body))) as client:
        issued = client.issue(REQUEST_ID, "s" * 32, SELF_SEAL)
    assert isinstance(issued, CentreFailed)
    assert issued.code is CentreErrorCode.ANSWER_FOREIGN
    with client_of(says(http(200, json.dumps({"request_id": "f" * 32, "cancelled": True}).encode()))) as client:
        cancelled = client.cancel(REQUEST_ID)
    assert isinstance(cancelled, CentreFailed)
    assert cancelled.code is CentreErrorCode.ANSWER_FOREIGN


def never(_connection: socket.socket, stopping: threading.Event) -> None:
    stopping.wait(5)


def dripping_head(connection: socket.socket, stopping: threading.Event) -> None:
    """A byte now and then, each well within any limit on a single read."""
    connection.sendall(b"HTTP/1.1 201 X\r\n")
    while not stopping.wait(0.05):
        connection.sendall(b"x")


def dripping_body(connection: socket.socket, stopping: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 201 X\r\ncontent-length: 100000\r\n\r\n")
    while not stopping.wait(0.05):
        connection.sendall(b" ")


@pytest.mark.parametrize("script", [never, dripping_head, dripping_body])
def test_an_answer_that_does_not_end_in_time_is_a_time_out(script: Script) -> None:
    with client_of(script, timeouts=SHORT) as client:
        before_s = SystemClock().now_s()
        outcome = client.challenge()
        assert SystemClock().now_s() - before_s < 2.0
    assert outcome == CentreTimedOut(0.4)


def test_a_server_that_takes_the_connection_and_says_no_word_of_tls_is_a_time_out() -> None:
    with (
        OddServer(None, never) as server,
        CentreClient(server.url, TERMINAL, _PKI.terminal_tls(TERMINAL), SHORT, SystemClock()) as client,
    ):
        assert client.challenge() == CentreTimedOut(0.4)


def test_a_server_that_speaks_plain_text_is_no_centre() -> None:
    with (
        OddServer(None, says(http(201, b"{}"))) as server,
        CentreClient(server.url, TERMINAL, _PKI.terminal_tls(TERMINAL), SHORT, SystemClock()) as client,
    ):
        outcome = client.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.TLS_REFUSED


def test_nobody_at_the_address_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with CentreClient(
        f"https://127.0.0.1:{port}", TERMINAL, _PKI.terminal_tls(TERMINAL), SHORT, SystemClock()
    ) as client:
        outcome = client.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.UNREACHABLE


def test_a_server_of_another_authority_is_not_believed(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = load_or_create(Home(tmp_path_factory.mktemp("other")), ("99101",))
    own = _PKI.terminal_tls(TERMINAL)
    with client_of(says(http(201, b"{}")), tls=TlsFiles(other.server_tls().ca, own.certificate, own.key)) as client:
        outcome = client.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.TLS_UNTRUSTED


def test_a_terminals_certificate_makes_no_server() -> None:
    with (
        OddServer(_PKI.terminal_tls(TERMINAL), says(http(201, b"{}"))) as server,
        CentreClient(server.url, TERMINAL, _PKI.terminal_tls(TERMINAL), SHORT, SystemClock()) as client,
    ):
        outcome = client.challenge()
    assert isinstance(outcome, CentreFailed)
    assert outcome.code is CentreErrorCode.TLS_UNTRUSTED


def test_the_centre_is_reached_by_https_only() -> None:
    with pytest.raises(ValueError, match="https only"):
        CentreClient("http://127.0.0.1:1", TERMINAL, _PKI.terminal_tls(TERMINAL), SHORT, SystemClock())
