"""docs/xfs4iot.md has every code and status of our devices, once each, in words that XFS4IoT has."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from terminal.devices.api import DeviceStatus
from terminal.devices.card_reader.api import CardErrorCode
from terminal.devices.coins.api import CoinsCode
from terminal.devices.notes.api import NotesCode
from terminal.devices.payment.api import PaymentCode
from terminal.devices.pin_pad.api import PinPadCode
from terminal.devices.printer.api import PrinterCode
from terminal.devices.receipt_printer.api import ReceiptCode
from terminal.devices.signal_tower.api import SignalTowerCode

ROOT = Path(__file__).resolve().parents[2]
COMPLETION_CODES = {
    "success", "commandErrorCode", "canceled", "deviceNotReady", "hardwareError", "internalError", "invalidCommand",
    "timeOut", "unsupportedCommand", "invalidData", "userError", "unsupportedData", "fraudAttempt", "sequenceError",
}  # fmt: skip
"""XFS4IoT's common completion codes (reference models.md section 3), but for those of requests and tokens."""


def _page() -> str:
    return (ROOT / "docs" / "xfs4iot.md").read_text(encoding="utf-8")


def _rows(page: str) -> dict[str, tuple[str, str]]:
    found = re.findall(r"^\| ([A-Z]+_[A-Z_]+) \| (\w+) \| ?([^|]*)\|$", page, re.MULTILINE)
    assert len({code for code, _, _ in found}) == len(found), "a code stands twice"
    return {code: (completion, error.strip()) for code, completion, error in found}


def test_every_code_of_the_devices_has_its_row_and_no_other() -> None:
    codes: tuple[type[StrEnum], ...] = (
        CardErrorCode,
        PrinterCode,
        PaymentCode,
        PinPadCode,
        SignalTowerCode,
        ReceiptCode,
        CoinsCode,
        NotesCode,
    )
    assert set(_rows(_page())) == {member.value for catalogue in codes for member in catalogue}


@pytest.mark.parametrize("status", DeviceStatus)
def test_every_status_has_its_row(status: DeviceStatus) -> None:
    assert f"| `{status.value}` | {status.value} |" in _page()


def test_completions_are_those_of_the_standard_and_an_error_code_stands_with_its_own() -> None:
    for code, (completion, error) in _rows(_page()).items():
        assert completion in COMPLETION_CODES, code
        assert (completion == "commandErrorCode") == (error != "" and not error.startswith("(")), code


def test_the_card_page_says_the_same() -> None:
    card_page = _rows((ROOT / "docs" / "protocols" / "card.md").read_text(encoding="utf-8"))
    assert card_page == {code: row for code, row in _rows(_page()).items() if code.startswith("CARD_")}
