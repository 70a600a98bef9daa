"""``honnin sim check`` and each checker as a program of its own."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from honnin import cli
from simulator.checkers import subject
from simulator.checkers.lines import numbered, read_lines
from simulator.checkers.registry import CHECKERS
from simulator.checkers.running import main
from simulator.history import At, HistoryError, write
from simulator.seen import SheetsCame
from tests.checkers_kit import changed, good_day, page, without


def foreign() -> list[At]:
    return changed(good_day(), SheetsCame, 0, lambda came: replace(came, pages=(page("yoshida"),)))


def file_of(folder: Path, history: Sequence[At]) -> Path:
    write(history, folder / "history.jsonl")
    return folder / "history.jsonl"


def check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str | Path
) -> tuple[int, str]:
    """Exit code and all that was printed."""
    monkeypatch.setattr("sys.argv", ["honnin", "sim", "check", *map(str, arguments)])
    monkeypatch.setenv("COLUMNS", "160")
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out + printed.err


def test_a_good_day_exits_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = check(capsys, monkeypatch, file_of(tmp_path, good_day()))
    assert code == 0
    assert all(f"{promise} {checker.name}" in text for promise, checker in CHECKERS.items())


def test_a_broken_promise_exits_1_and_says_who_when_and_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = check(capsys, monkeypatch, file_of(tmp_path, foreign()))
    assert code == 1
    assert "SPECIMEN-0001, person 1: delivery 1, page 1 of 1" in text


def test_an_unknown_exits_3_and_is_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = check(capsys, monkeypatch, file_of(tmp_path, good_day()[:-1]))
    assert code == 3
    assert "the history has no end" in text


def test_one_promise_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    history = file_of(tmp_path, foreign())
    assert check(capsys, monkeypatch, history, "--promise", "P9")[0] == 0
    assert check(capsys, monkeypatch, history, "--promise", "p1", "--promise", "P9")[0] == 1
    code, text = check(capsys, monkeypatch, history, "--promise", "P10")
    assert code == 2
    assert "expected P1, P2" in text


def test_verdicts_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, text = check(capsys, monkeypatch, file_of(tmp_path, foreign()), "--json")
    found = json.loads(text)
    assert code == 1
    assert (found["P1"]["truth"], found["P9"]["truth"]) == ("false", "true")
    assert found["P1"]["breaches"][0]["terminal"] == "SPECIMEN-0001"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"at_s": 1.0, "kind": "Nonsense"}\n', "history.jsonl, line 1: expected a line of a history"),
        (b"\xff\xfe\n", "expected text in UTF-8"),
        (b'{"at_s": 1.0, "kind": "CardLifted", "terminal": "T"}\n', "line 1"),
    ],
)
def test_what_is_no_history_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    (tmp_path / "history.jsonl").write_bytes(content)
    code, text = check(capsys, monkeypatch, tmp_path / "history.jsonl")
    assert code == 2
    assert said in text
    assert check(capsys, monkeypatch, tmp_path / "absent.jsonl")[0] == 2


def test_a_file_gives_the_lines_that_were_written(tmp_path: Path) -> None:
    path = file_of(tmp_path, good_day())
    assert list(read_lines(path)) == list(numbered(good_day()))
    path.write_text(path.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    with pytest.raises(HistoryError, match=f"line {len(good_day()) + 1}"):
        list(read_lines(path))


@pytest.mark.parametrize(("history", "code"), [(good_day(), 0), (foreign(), 1), (without(good_day(), SheetsCame), 3)])
def test_a_checker_is_a_program_of_its_own(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    history: list[At],
    code: int,
) -> None:
    monkeypatch.setattr("sys.argv", ["subject", str(file_of(tmp_path, history))])
    with pytest.raises(SystemExit) as ended:
        main(subject.CHECKER)
    assert ended.value.code == code
    assert capsys.readouterr().out.startswith("P1 subject: ")


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "simulator.checkers.disguise"]
    done = subprocess.run([*command, str(file_of(tmp_path, good_day()))], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "P9 disguise: true (15 examined)\n")
    done = subprocess.run([*command, str(tmp_path / "absent")], capture_output=True, text=True, check=False)
    assert done.returncode == 2
