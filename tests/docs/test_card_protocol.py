"""docs/protocols/card.md keeps up with the driver."""

import re
from pathlib import Path

from terminal.devices.card_reader import jpki, text
from terminal.devices.card_reader.api import CardErrorCode

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocols" / "card.md").read_text("utf-8")


def test_every_code_is_mapped_to_xfs4iot_and_no_other() -> None:
    mapped = re.findall(r"^\| (CARD_[A-Z_]+) \| [a-zA-Z]+ \| [a-zA-Z]* ?\|$", PAGE, re.MULTILINE)
    assert sorted(mapped) == sorted(CardErrorCode)


def test_every_file_of_the_driver_has_its_layer() -> None:
    files = {path.name for path in (ROOT / "terminal" / "devices" / "card_reader").glob("*.py")} - {"__init__.py"}
    assert files == set(re.findall(r"`([a-z_]+\.py)`", PAGE.partition("## What is sent")[0]))


def test_the_applications_are_named_by_their_aids() -> None:
    assert jpki.AID.hex().upper() in PAGE
    assert text.AID.hex().upper() in PAGE


def test_only_one_file_imports_pyscard() -> None:
    sources = (ROOT / "terminal").rglob("*.py")
    importing = {
        path.name for path in sources if re.search(r"^\s*(from|import) smartcard", path.read_text("utf-8"), re.M)
    }
    assert importing == {"scard.py"}
