"""Whatever comes, the centre's parsers answer with a code: bundles, trust files, HTTP bodies; and transcripts never collide."""

import json
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.centre.server import CentreServer
from terminal.centre.errors import BundleError, TrustError
from terminal.centre.messages import CancellationReply, IssuanceReply, Problem
from terminal.centre.sealing import open_bundle
from terminal.centre.transcript import transcript
from terminal.centre.trust import MunicipalityKeys
from terminal.clock import ManualClock
from tests.centre_world import (
    NOW,
    SELF_SEAL,
    TERMINAL,
    card_of,
    fresh_request_id,
    make_world,
    session_request,
    shared_home,
)

_WORLD = make_world()
_CUSTOMER = _WORLD.customer("adult")
_TRUST_FILE = (_WORLD.home.trust / "municipalities.json").read_bytes()


def _a_bundle() -> str:
    reply = _WORLD.centre.issue(fresh_request_id(), _CUSTOMER.session.session_id, SELF_SEAL)
    assert isinstance(reply, IssuanceReply)
    return reply.bundle


_BUNDLE = _a_bundle()
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(
    at=st.integers(0, len(_BUNDLE) - 1),
    cut=st.integers(0, 3),
    put=st.text(alphabet=_BASE64URL + ".=+/ \x00é", max_size=4),
)
def test_a_bundle_changed_anywhere_is_refused_with_a_code(at: int, cut: int, put: str) -> None:
    changed = _BUNDLE[:at] + put + _BUNDLE[at + cut :]
    try:
        opened = open_bundle(changed, _CUSTOMER.key, _CUSTOMER.trust, now=NOW)
    except BundleError as error:
        assert error.code.startswith("CENTRE_BUNDLE_")
        return
    # Only an unchanged bundle opens.
    assert changed == _BUNDLE
    assert opened.bundle.choice == SELF_SEAL


@given(st.text(max_size=300) | st.lists(st.text(alphabet=_BASE64URL, max_size=40), max_size=7).map(".".join))
def test_any_text_is_no_bundle(junk: str) -> None:
    with pytest.raises(BundleError):
        open_bundle(junk, _CUSTOMER.key, _CUSTOMER.trust, now=NOW)


_JSON: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_any_file_is_trusted_only_as_a_whole_key_set(content: bytes) -> None:
    with pytest.raises(TrustError):
        MunicipalityKeys.parse(content)


@given(at=st.integers(0, len(_TRUST_FILE) - 1), byte=st.integers(0, 255))
def test_a_trust_file_changed_anywhere_is_read_or_refused(at: int, byte: int) -> None:
    try:
        MunicipalityKeys.parse(_TRUST_FILE[:at] + bytes([byte]) + _TRUST_FILE[at + 1 :])
    except TrustError as error:
        assert error.code == "CENTRE_TRUST_MALFORMED"


_FIELDS = st.tuples(
    st.text(min_size=1, max_size=8),
    st.binary(min_size=1, max_size=8),
    st.binary(min_size=1, max_size=8),
    st.binary(min_size=32, max_size=32),
)


@given(first=_FIELDS, second=_FIELDS, borrowed=st.integers(0, 3))
def test_two_transcripts_are_equal_only_when_all_their_fields_are(
    first: tuple[str, bytes, bytes, bytes], second: tuple[str, bytes, bytes, bytes], borrowed: int
) -> None:
    # Shared fields make near collisions likely: what moves from one field to its neighbour must show.
    second = (*first[:borrowed], *second[borrowed:])  # type: ignore[assignment]
    assert (_transcript(first) == _transcript(second)) == (first == second)


@given(text=st.text(min_size=2, max_size=10), at=st.integers(1, 9), challenge=st.binary(min_size=1, max_size=6))
def test_moving_a_character_over_the_border_of_two_fields_changes_the_transcript(
    text: str, at: int, challenge: bytes
) -> None:
    left, right = text[:at], text[at:]
    if not left or not right:
        return
    whole = _transcript((text, challenge, b"k", bytes(32)))
    moved = _transcript((left, right.encode("utf-8", "surrogatepass") + challenge, b"k", bytes(32)))
    assert whole != moved


def _transcript(fields: tuple[str, bytes, bytes, bytes]) -> bytes:
    terminal_id, challenge, key, digest = fields
    return transcript(
        terminal_id=terminal_id, challenge=challenge, session_public_key_der=key, certificate_sha256=digest
    )


# Over HTTP


@pytest.fixture(scope="module")
def anybody() -> Iterator[httpx.Client]:
    with (
        CentreServer(shared_home(), database="sqlite://", clock=ManualClock(NOW)) as server,
        httpx.Client(base_url=server.url, verify=server.terminal_tls(TERMINAL).context(), timeout=10) as client,
    ):
        yield client


def is_a_proper_answer(response: httpx.Response) -> bool:
    if response.status_code < 300:
        return True
    problem = Problem.model_validate_json(response.content)
    return 400 <= response.status_code < 500 and problem.status == response.status_code


_PATHS = st.sampled_from(["/v1/challenges", "/v1/sessions", "/v1/issuances", "/v1/deliveries", "/v1/findings"])
_MEMBERS = st.sampled_from(
    [
        "terminal_id",
        "challenge_id",
        "certificate_der",
        "session_key",
        "signature",
        "request_id",
        "session_id",
        "choice",
        "outcome",
        "finding_id",
        "sealed",
    ]
)


@settings(max_examples=150, deadline=None)
@given(path=_PATHS, body=st.binary(max_size=300) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_answered_with_a_problem_and_never_a_crash(anybody: httpx.Client, path: str, body: bytes) -> None:
    assert is_a_proper_answer(anybody.post(path, content=body, headers={"content-type": "application/json"}))


@settings(max_examples=150, deadline=None)
@given(path=_PATHS, members=st.dictionaries(_MEMBERS, _JSON, max_size=6))
def test_the_right_members_with_any_values_never_crash_it(
    anybody: httpx.Client, path: str, members: dict[str, object]
) -> None:
    assert is_a_proper_answer(anybody.post(path, content=json.dumps(members).encode(), headers=_JSON_TYPE))


_JSON_TYPE = {"content-type": "application/json"}
_SESSION_REQUEST = session_request(_WORLD.centre, card_of(_WORLD.home, "adult"), _CUSTOMER.key).model_dump(mode="json")


@settings(max_examples=150, deadline=None)
@given(member=st.sampled_from(sorted(_SESSION_REQUEST)), value=_JSON | st.binary(max_size=60).map(bytes.hex))
def test_a_session_request_with_one_member_replaced_never_crashes_it(
    anybody: httpx.Client, member: str, value: object
) -> None:
    body = json.dumps({**_SESSION_REQUEST, member: value}).encode()
    response = anybody.post("/v1/sessions", content=body, headers=_JSON_TYPE)
    assert is_a_proper_answer(response)
    assert response.status_code >= 400


@settings(max_examples=60, deadline=None)
@given(der=st.binary(max_size=400), at=st.integers(0, 2000), signature=st.binary(max_size=300))
def test_any_certificate_and_signature_end_in_a_code(der: bytes, at: int, signature: bytes) -> None:
    request = session_request(_WORLD.centre, card_of(_WORLD.home, "adult"), _CUSTOMER.key)
    spoilt = request.certificate_der[:at] + der + request.certificate_der[at + len(der) :]
    outcome = _WORLD.centre.open_session(request.model_copy(update={"certificate_der": spoilt, "signature": signature}))
    assert not isinstance(outcome, CancellationReply)
    assert type(outcome).__name__ in {"CentreFailed", "Refused"}


@settings(max_examples=60, deadline=None)
@given(path=st.text(alphabet="/v1abc%.?#\u898b", max_size=20), method=st.sampled_from(["GET", "POST", "PUT", "PATCH"]))
def test_any_path_is_answered(anybody: httpx.Client, path: str, method: str) -> None:
    response = anybody.request(method, f"/{path.lstrip('/')}")
    assert is_a_proper_answer(response)
