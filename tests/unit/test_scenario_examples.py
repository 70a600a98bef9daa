"""Every shipped scenario ends as it says; ``honnin sim run`` tells it and its exit code."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from simulator.checkers.registry import check_all
from simulator.history import read
from simulator.run import run
from simulator.scenarios import load_scenario
from simulator.scenarios.expecting import compare, exit_code
from simulator.scenarios.schema import EXAMPLES, examples
from tests.terminal_kit import shared_home


@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_it_ends_as_it_says(path: Path) -> None:
    scenario = load_scenario(path)
    lines = run(scenario.plan, shared_home())
    verdicts = check_all(lines)
    unexpected = compare(scenario.expect, lines, verdicts)
    assert unexpected == []
    assert exit_code(scenario.expect, unexpected, verdicts) == 0


def _run(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["sim", "run", *map(str, arguments), "--home", str(shared_home().root)])
    return done.exit_code, done.output


def test_the_command_tells_the_story_and_writes_the_history(tmp_path: Path) -> None:
    code, told = _run("two-buyers", "--history", tmp_path / "h.jsonl", "--seed", "9")
    assert (code, "person 1 (adult) steps up" in told, "P1 subject      true" in told) == (0, True, True)
    assert len(read(tmp_path / "h.jsonl")) > 80


def test_a_broken_promise_that_none_expects_is_exit_code_1_and_a_wrong_expectation_3(tmp_path: Path) -> None:
    planted = (EXAMPLES / "planted-bug.yaml").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(planted.split("expect:")[0], encoding="utf-8")
    code, told = _run(tmp_path / "a.yaml")
    assert (code, "it is about father, the card laid down was that of adult" in told) == (1, True)
    (tmp_path / "b.yaml").write_text("people: [{who: adult}]\nexpect: {codes: [NO_SUCH_CODE]}", encoding="utf-8")
    code, told = _run(tmp_path / "b.yaml")
    assert (code, "NO_SUCH_CODE: expected on a screen" in told) == (3, True)


def test_a_wrong_file_is_refused_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("people: [{who: nobody}]", encoding="utf-8")
    assert _run(tmp_path / "a.yaml")[0] == 2
