"""``honnin ledger``: verify, show, claims; beside a writer, and with what is no ledger."""

import os
from pathlib import Path

import pytest

from honnin import cli
from terminal.money.movements import DispenserSeen
from terminal.money.verify import verify_ledger
from tests.journal_kit import BORIS, write_day
from tests.ledger_kit import HOPPER, a_day_of_money, alter, open_ledger, write_money


def honnin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str | Path
) -> tuple[int, str]:
    """Exit code and all that was printed."""
    monkeypatch.setattr("sys.argv", ["honnin", "ledger", *map(str, arguments)])
    monkeypatch.setenv("COLUMNS", "120")
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out + printed.err


def test_the_command_verifies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, journal = write_money(tmp_path), write_day(tmp_path)
    assert honnin(capsys, monkeypatch, "verify", path)[0] == 0
    assert honnin(capsys, monkeypatch, "verify", path, "--journal", journal)[0] == 0
    alter(path, "DELETE FROM movement WHERE sequence = 9")
    code, text = honnin(capsys, monkeypatch, "verify", path)
    assert code == 1
    assert "LEDGER_ROW_MISSING" in text


def test_the_command_shows_the_money_beside_a_writer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_ledger(tmp_path) as ledger:
        for movement in a_day_of_money()[:20]:
            ledger.record(movement)
        path = tmp_path / "ledger.sqlite"
        code, text = honnin(capsys, monkeypatch, "show", path)
        assert code == 0
        for said in ("T-0001", "1600", "0000-0001", "500", "2: count the cash", f"paid by {HOPPER}", "508"):
            assert said in text
        ledger.record(DispenserSeen(source=HOPPER, total=777))
        assert "777" in honnin(capsys, monkeypatch, "show", path)[1]
        code, text = honnin(capsys, monkeypatch, "claims", path)
        assert code == 0
        assert "LEDGER_SESSION_ENDED" in text
        assert "printed" in text
        assert BORIS not in text
    assert verify_ledger(path).ok


def test_the_command_says_that_no_claim_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert honnin(capsys, monkeypatch, "claims", write_money(tmp_path)) == (0, "no claim is open\n")


@pytest.mark.parametrize("command", ["show", "claims"])
@pytest.mark.parametrize("odd", ["missing", "folder", "garbage", "empty", "/dev/zero", "/dev/null", "pipe"])
def test_the_command_refuses_what_is_no_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str, odd: str
) -> None:

    (tmp_path / "folder").mkdir()
    (tmp_path / "garbage").write_bytes(bytes(range(256)) * 100)
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    code, text = honnin(capsys, monkeypatch, command, odd)
    assert code == 2
    assert "expected a ledger" in text
    assert honnin(capsys, monkeypatch, "verify", odd)[0] == 1


def test_the_command_does_not_show_a_last_row_that_was_altered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_money(tmp_path)
    alter(path, "UPDATE movement SET wall = '2026' WHERE sequence = 23")
    code, text = honnin(capsys, monkeypatch, "show", path)
    assert code == 2
    assert "LEDGER_CORRUPT" in text
