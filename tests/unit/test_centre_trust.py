"""The trust directory: what the home exports is what a terminal reads, and a mistake anywhere refuses the whole file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from terminal.centre.client import TlsFiles
from terminal.centre.errors import CentreErrorCode, TrustError
from terminal.centre.sheet_keys import load_sheet_keys
from terminal.centre.trust import MunicipalityKeys
from tests.centre_world import NOW, make_world

_WORLD = make_world()
_TRUST = _WORLD.home.trust
_PKI = _WORLD.assembled.pki


def refused(content: bytes) -> TrustError:
    with pytest.raises(TrustError) as caught:
        MunicipalityKeys.parse(content)
    assert caught.value.code == CentreErrorCode.TRUST_MALFORMED
    return caught.value


def exported() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_TRUST / "municipalities.json").read_bytes())
    return content


def test_the_exported_keys_are_read_by_their_use() -> None:
    keys = MunicipalityKeys.load(_TRUST / "municipalities.json")
    secrets = _PKI.municipal["99101"]
    signing = keys.signing(str(secrets.signing.kid))
    assert signing is not None
    assert signing.municipality_code == "99101"
    assert signing.key.thumbprint() == secrets.signing.thumbprint()
    assert keys.encryption("99101", NOW).key.thumbprint() == secrets.encryption.thumbprint()
    assert keys.signing(str(secrets.encryption.kid)) is None


def test_nothing_private_is_exported() -> None:
    for path in _TRUST.iterdir():
        content = path.read_text()
        assert "PRIVATE" not in content
        if path.suffix == ".json":
            assert all("d" not in key for key in json.loads(content)["keys"])


def test_a_missing_file_is_told_from_a_wrong_one(tmp_path: Path) -> None:
    with pytest.raises(TrustError) as caught:
        MunicipalityKeys.load(tmp_path / "nowhere.json")
    assert caught.value.code == CentreErrorCode.TRUST_UNREADABLE


def _first(change: Callable[[dict[str, Any]], object]) -> bytes:
    content = exported()
    change(content["keys"][0])
    return json.dumps(content).encode()


SPOILT: dict[str, Callable[[dict[str, Any]], object]] = {
    "an unknown member": lambda key: key.update(note="x"),
    "a private key": lambda key: key.update(d="x" * 43),
    "another curve": lambda key: key.update(crv="P-384"),
    "a point off the curve": lambda key: key.update(y=key["x"]),
    "a use that its algorithm has not": lambda key: key.update(use="sig" if key["use"] == "enc" else "enc"),
    "no validity": lambda key: key.pop("valid_until"),
    "a validity that ends before it begins": lambda key: key.update(valid_until=key["valid_from"]),
    "a time without a zone": lambda key: key.update(valid_from="2026-04-01T00:00:00"),
    "no municipality": lambda key: key.pop("municipality_code"),
    "a kid with a line in it": lambda key: key.update(kid="a\nb"),
}


@pytest.mark.parametrize("change", SPOILT.values(), ids=list(SPOILT))
def test_one_wrong_key_refuses_the_file(change: Callable[[dict[str, Any]], object]) -> None:
    assert "keys.0" in str(refused(_first(change)))


@pytest.mark.parametrize("content", [b"", b"{}", b'{"keys": []}', b"[]", b"\xff", b"[" * 10_000, b" " * 4_000_001])
def test_what_is_no_key_set_is_malformed(content: bytes) -> None:
    refused(content)


def test_a_kid_stands_once() -> None:
    content = exported()
    content["keys"].append(content["keys"][0])
    assert "more often" in str(refused(json.dumps(content).encode()))


def test_sheets_are_genuine_by_the_key_of_their_terminal_or_municipality() -> None:
    signer = _PKI.terminal_sheet_key("SPECIMEN-0001")
    keys = load_sheet_keys(_TRUST / "sheet-keys.json")
    verifier = keys[signer.key_id]
    assert verifier.owner == "SPECIMEN terminal SPECIMEN-0001"
    assert verifier.is_genuine(b"page", signer.sign(b"page"))
    assert not verifier.is_genuine(b"other page", signer.sign(b"page"))
    assert not keys["municipality-99101"].is_genuine(b"page", signer.sign(b"page"))


@pytest.mark.parametrize("content", [b"", b'{"keys": []}', b'{"keys": [{"kty": "OKP"}]}', b"[" * 10_000])
def test_wrong_sheet_keys_are_malformed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sheet-keys.json"
    path.write_bytes(content)
    with pytest.raises(TrustError) as caught:
        load_sheet_keys(path)
    assert caught.value.code == CentreErrorCode.TRUST_MALFORMED


def test_every_sheet_has_a_scramble_key_of_its_own_that_comes_again() -> None:
    first, second = _PKI.scramble_key("99101-AAAAAA-AAAAAA"), _PKI.scramble_key("99101-AAAAAA-AAAAAB")
    assert first != second
    assert first == _PKI.scramble_key("99101-AAAAAA-AAAAAA")
    assert len(first) == 32


def test_tls_files_that_do_not_fit_together_are_named(tmp_path: Path) -> None:
    right, other = _PKI.terminal_tls("SPECIMEN-0001"), _PKI.terminal_tls("SPECIMEN-0002")
    assert right.context().check_hostname
    for files in (
        TlsFiles(right.ca, right.certificate, other.key),
        TlsFiles(tmp_path / "none.pem", right.certificate, right.key),
        TlsFiles(right.key, right.certificate, right.key),
    ):
        with pytest.raises(TrustError) as caught:
            files.context()
        assert caught.value.code == CentreErrorCode.TLS_FILES_BAD


@pytest.mark.parametrize("terminal_id", ["", "../evil", "a/b", "x" * 65, ".hidden"])
def test_a_terminal_id_is_no_path(terminal_id: str) -> None:
    with pytest.raises(ValueError, match="terminal id"):
        _PKI.terminal_tls(terminal_id)
