"""Gate C and ``sheet verify`` over any bytes: a typed answer, never a crash, never a pass."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from simulator.people.residents import resident
from terminal.verification.page_text import PlacedCharacter
from terminal.verification.reading import open_pdf
from terminal.verification.restrictions import forbidden_content
from terminal.verification.sheet_file import verify_sheet
from terminal.verification.sheets import join_documents
from terminal.verification.verdict import Passed
from tests.gates_world import Served, seal_record, serve
from tests.sheets_kit import TERMINAL_SIGNER, drawn, gate_c, in_document_mode

_SERVED: Served = serve("head", seal_record(resident("head")))
_JOB = drawn(_SERVED.bundle)
_FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_TOKENS = [
    b"/JS",
    b"endobj",
    b"stream\n",
    b"xref",
    b"%%EOF",
    b"<<",
    b">>",
    b"/Type /Page",
    b"trailer",
    b"\xff" * 9,
    b"9" * 30,
]


@st.composite
def spoilt_jobs(draw: st.DrawFn) -> bytes:
    """A real job, cut, overwritten or with foreign tokens in it."""
    data = bytearray(_JOB)
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        match draw(st.sampled_from(["cut", "overwrite", "insert", "drop"])):
            case "cut":
                del data[max(place, 9) :]
            case "overwrite":
                data[place : place + 8] = draw(st.binary(max_size=8))
            case "insert":
                data[place:place] = draw(st.sampled_from(_TOKENS))
            case _:
                del data[place : place + draw(st.integers(1, 2000))]
    return bytes(data)


@_FEW
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda data: b"%PDF-1.7\n" + data)))
def test_any_bytes_are_refused_with_a_typed_result(data: bytes) -> None:
    assert not isinstance(gate_c(data, _SERVED), Passed)
    sent = in_document_mode(_SERVED, [data])
    job, count = join_documents([data])
    assert not isinstance(gate_c(job, sent), Passed)
    assert count >= 0
    assert forbidden_content(data) is not None


@_FEW
@given(spoilt_jobs())
def test_a_damaged_job_has_a_typed_result_and_passes_only_while_every_word_stands(data: bytes) -> None:
    result = gate_c(data, _SERVED)
    if isinstance(result, Passed):
        assert _words(data) == _words(_JOB)
    joined, count = join_documents([data, _JOB])
    assert (count == 0) == (joined == b"")


def _words(pdf: bytes) -> list[tuple[PlacedCharacter, ...]]:
    """Every character of every side with its place, as read here once more."""
    sides = []
    with open_pdf(pdf) as document:
        for index in range(len(document)):
            with document.page(index) as page:
                sides.append(page.characters)
    return sides


@pytest.fixture(scope="module")
def trust() -> Path:
    directory = Path(tempfile.mkdtemp())
    public = OKPKey.import_key(TERMINAL_SIGNER.key.public_key()).as_dict(private=False)
    key = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": public["x"],
        "kid": TERMINAL_SIGNER.key_id,
        "use": "sig",
        "alg": "EdDSA",
    }
    (directory / "sheet-keys.json").write_text(json.dumps({"keys": [{**key, "owner": "SPECIMEN"}]}))
    (directory / "scramble-master.key").write_bytes(b"m" * 32)
    return directory


@_FEW
@given(
    st.one_of(
        st.binary(max_size=200), st.binary(max_size=200).map(lambda data: b"\x89PNG\r\n\x1a\n" + data), spoilt_jobs()
    )
)
def test_any_file_gets_a_report_and_none_of_them_is_called_genuine_without_a_code(trust: Path, data: bytes) -> None:
    path = trust / "file"
    path.write_bytes(data)
    report = verify_sheet([path], trust)
    assert report.render_text().splitlines()[-1].startswith("verdict: ")
    if report.genuine:
        assert all(page.code is not None for page in report.pages)
