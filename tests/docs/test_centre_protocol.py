"""The protocol's documents are current: the OpenAPI file is what the code generates, and the page names what the code knows."""

import json
import re
from pathlib import Path

import pytest

from simulator.centre.openapi import document, main
from terminal.centre.errors import WIRE_STATUS
from terminal.centre.messages import RefusalCode
from terminal.centre.sealing import BUNDLE_TYPE, FINDING_TYPE
from terminal.centre.transcript import DOMAIN

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "protocols" / "centre.md").read_text(encoding="utf-8")


def test_the_openapi_document_is_current() -> None:
    written = (ROOT / "docs" / "centre-openapi.json").read_text(encoding="utf-8")
    assert written == document(), "run `make docs`"


def test_the_command_writes_what_the_test_compares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write", str(tmp_path / "made" / "openapi.json")]) == 0
    assert (tmp_path / "made" / "openapi.json").read_text(encoding="utf-8") == document()
    assert main([]) == 0
    assert capsys.readouterr().out == document()


def test_every_reference_in_the_openapi_document_leads_somewhere() -> None:
    parsed = json.loads(document())
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', document()))
    assert references <= set(parsed["components"]["schemas"])
    assert "Problem" in references


def test_the_page_names_every_path_code_and_status() -> None:
    for path in json.loads(document())["paths"]:
        assert f"`POST {path}`" in PAGE
    for code, status in WIRE_STATUS.items():
        assert re.search(rf"\| `{code.value}` \| {status} \|", PAGE), code
    for refusal in RefusalCode:
        assert f"`{refusal.value}`" in PAGE


def test_the_page_gives_the_tags_that_the_code_uses() -> None:
    for tag in (DOMAIN.decode(), BUNDLE_TYPE, FINDING_TYPE):
        assert f"`{tag}`" in PAGE
