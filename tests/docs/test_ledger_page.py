"""A stranger's verifier, written from docs/ledger.md alone, agrees with ours."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from terminal.money.errors import LedgerCode
from terminal.money.movements import MOVEMENTS
from terminal.money.report import LedgerBreachCode
from terminal.money.verify import verify_ledger
from tests.ledger_kit import alter, write_money

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
SUMS = ("inserted_yen", "kept_yen", "change_yen", "refunded_yen", "owed_yen", "overpaid_yen")


def len32(text: str) -> bytes:
    return len(text.encode()).to_bytes(4, "big") + text.encode()


def says_what_can_be(body: str, columns: list[int]) -> bool:
    """The promises about one row's state."""
    after = json.loads(body)["after"]
    totals, account = after["totals"], after["account"]
    inserted, kept, change, refunded, owed, overpaid = columns
    claimed = sum(claim["amount_yen"] for claim in after["claims"])
    unclaimed = account["sums"]["owed_yen"] - account["claimed_yen"] if account else 0
    return (
        body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"))
        and [totals[name] for name in SUMS] == columns
        and inserted + overpaid == kept + change + refunded + owed
        and min(columns) >= 0
        and owed == claimed + unclaimed
    )


def strangers_verdict(path: Path) -> bool:
    """Only what the page says; nothing of Honnin's."""
    with closing(sqlite3.connect(path)) as connection:
        ((_, terminal_id, created),) = connection.execute("SELECT * FROM ledger").fetchall()
        rows = connection.execute(
            "SELECT sequence, wall, kind, body, previous, hash, inserted_yen, kept_yen, change_yen, refunded_yen, owed_yen, "
            "overpaid_yen FROM movement ORDER BY sequence"
        ).fetchall()
    start = b"honnin/journal/genesis/1\0" + len32(terminal_id) + len32("ledger") + len32(created)
    last = hashlib.sha256(start).digest()
    for number, (sequence, wall, kind, body, previous, stored, *columns) in enumerate(rows, start=1):
        content = previous + sequence.to_bytes(8, "big") + len32(wall) + len32(kind) + len32(body)
        made = hashlib.sha256(b"honnin/journal/entry/1\0" + content).digest()
        if (sequence, previous, stored) != (number, last, made) or not says_what_can_be(body, columns):
            return False
        last = stored
    return True


def test_a_stranger_agrees_with_our_verifier(tmp_path: Path) -> None:
    path = write_money(tmp_path)
    assert strangers_verdict(path)
    assert verify_ledger(path).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE movement SET wall = replace(wall, '09:00', '09:01') WHERE sequence = 7",
        "UPDATE movement SET inserted_yen = 700, owed_yen = 700 WHERE sequence = 8",
        "DELETE FROM movement WHERE sequence = 7",
    ],
)
def test_a_stranger_finds_what_our_verifier_finds(tmp_path: Path, statement: str) -> None:
    path = write_money(tmp_path)
    alter(path, statement)
    assert not strangers_verdict(path)
    assert not verify_ledger(path).ok


@pytest.mark.parametrize("word", [*LedgerBreachCode, *LedgerCode, *MOVEMENTS])
def test_the_page_names_what_there_is(word: str) -> None:
    assert f"`{word}`" in PAGE
