"""``honnin sim incident``: one accident as a story, all of them as a table, and an exit code that says whether it holds."""

from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from honnin.cli import app
from simulator.incidents import registry
from simulator.incidents.assessing import assess
from simulator.incidents.registry import INCIDENTS
from simulator.incidents.telling import story
from tests.terminal_kit import shared_home

FEW = ("takamatsu", "niigata", "iwaki-at-once")


def sim_incident(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sim", "incident", *arguments, "--home", str(shared_home().root)])


@cache
def told(name: str) -> tuple[list[str], list[str]]:
    """What is told of the run without the guard, and of that with it."""
    lines = [line.text for line in story(assess(INCIDENTS[name], shared_home()))]
    middle = lines.index("With every guard in place")
    return lines[:middle], lines[middle:]


def place_of(words: str, lines: list[str]) -> int:
    places = [number for number, line in enumerate(lines) if words in line]
    assert places, f"nobody tells {words!r} in\n" + "\n".join(lines)
    return places[0]


def in_order(lines: list[str], *words: str) -> None:
    places = [place_of(each, lines) for each in words]
    assert places == sorted(places), dict(zip(words, places, strict=True))


def test_without_the_guard_the_story_tells_who_ends_up_with_whose_paper() -> None:
    in_order(
        told("yokohama")[0],
        "横浜市",
        "Threatened: P1 subject",
        "taken out: gate B",
        "head (見本\u3000太郎) comes",
        "request 3 has waited too long for its print",
        "released for request 3, and nothing else is ended",
        "request 3, of head, is handed the file of request 4, which is about yoshida: WRONG",
        "head pays 200 yen",
        "head takes a residence certificate about yoshida",
        "In the end head holds a residence certificate about yoshida.",
        "The checker of P1 subject says false",
    )


def test_with_it_the_story_tells_what_the_terminal_saw_and_what_the_customer_was_told() -> None:
    lines = told("yokohama")[1]
    in_order(
        lines,
        "which is about yoshida: WRONG",
        "gate B says different: GATE_OTHER_NAME; nothing is printed",
        "the finding is sealed for the municipality",
        "head is told: 「氏名が一致しません",
        "it stops, and takes nobody until a person of the staff has released it",
        "the staff released a finding",
        "it is ready again",
        "In the end nobody holds any paper.",
        "Money: none had been taken yet",
        "P1, P2, P3, P4, P5, P6, P7, P8, P9 are all true",
        "Afterwards outsider",
        "Column “reproduced” as it must be: yes",
        "Column “refused” as it must be: yes. gate B: GATE_OTHER_NAME",
    )
    assert not any("holds a residence certificate" in line for line in lines)


def test_steps_are_numbered_from_one_in_the_order_of_time() -> None:
    steps = [line for line in told("adachi")[1] if line[:3].strip().isdecimal() and line[3] == "."]
    assert [int(line[:3]) for line in steps] == list(range(1, len(steps) + 1))
    times = [line.split()[1] for line in steps]
    assert times == sorted(times)
    assert sum("synchronisation runs" in line for line in steps) < 6
    assert any("(59 times by" in line for line in steps)


def test_money_that_had_been_taken_is_told_to_come_back() -> None:
    assert "Money: adult paid 200 yen, 200 yen came back." in told("ushiku")[1]


def test_a_session_that_was_left_open_is_told_to_end_by_itself() -> None:
    without, with_it = told("iwaki")
    assert "In the end takahashi holds a seal certificate about adult." in without
    in_order(
        with_it, "walked away", "the session ends", "操作がなかったため終了しました", "takahashi (髙橋\u3000見本) comes"
    )


def test_a_change_in_the_register_is_told() -> None:
    place_of("register: the entry of head (見本\u3000太郎) changes: seal cancelled", told("kumamoto")[0])


def test_the_command_tells_a_story_and_ends_well_when_both_columns_hold() -> None:
    result = sim_incident("TAKAMATSU")
    assert result.exit_code == 0, result.output
    in_order(result.output.splitlines(), "高松市", "Without the guard", "With every guard in place")


def test_the_command_ends_badly_when_the_terminals_lack_the_guard() -> None:
    result = sim_incident("takamatsu", "--without", "subject")
    assert result.exit_code == 1
    place_of("Column “refused” as it must be: NO", result.output.splitlines())


def test_a_known_limit_is_told_as_one() -> None:
    result = sim_incident("iwaki-at-once")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    in_order(
        lines, "With every guard in place: a known limit", "In the end takahashi holds", "known limit, not refused"
    )
    assert not any("Without the guard" in line for line in lines)


@pytest.mark.parametrize(("more", "exit_code"), [((), 0), (("--without", "subject"), 1)])
def test_the_table_fails_as_soon_as_one_cell_does(
    monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], exit_code: int
) -> None:
    monkeypatch.setattr(registry, "INCIDENTS", {name: INCIDENTS[name] for name in FEW})
    result = sim_incident("--all", *more)
    assert result.exit_code == exit_code, result.output
    held = "2 of 2" if exit_code == 0 else "1 of 2"
    assert f"{held} accidents reproduced and refused; 1 of 1 known limits" in result.output
    assert all(name in result.output for name in FEW)
    assert ("NO: not refused as it must be" in result.output) is bool(exit_code)


def test_the_list_names_every_accident() -> None:
    result = sim_incident("--list")
    assert result.exit_code == 0
    assert all(name in result.output for name in INCIDENTS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("yokohamma",), ("did you mean", "yokohama", "--list")),
        ((), ("the name of one accident", "--all")),
        (("yokohama", "--all"), ("the name of one accident", "--all")),
        (("--all", "--without", "moat"), ("expected of bundle", "moat")),
    ],
)
def test_what_is_asked_for_wrongly_is_answered_with_what_is_expected(
    arguments: tuple[str, ...], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = sim_incident(*arguments)
    assert result.exit_code == 2
    assert all(word in result.output for word in words), result.output
