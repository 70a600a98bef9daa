"""The battery of wrong bundles, sheets and jobs: the gates judge each rightly, and whatever is taken away from them is missed."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from simulator.explore.equivalents import EQUIVALENT
from simulator.explore.gates import hunting
from simulator.explore.gates.branches import MODULES, branches, is_a_gates, without
from simulator.explore.gates.changing import functions, tree_of
from simulator.explore.gates.checks import checks_in, plain
from simulator.explore.gates.deciding import decisions, parts_of, turned
from simulator.explore.gates.hunting import battery, gate_mutants, hunt_gate
from simulator.explore.gates.judging import Due
from simulator.explore.gates.right_cases import right_cases
from simulator.explore.mutants import machine_mutants
from terminal.verification import back, bundle, delivery, front, page_codes, people, reading, sheets, subject
from terminal.verification.verdict import Gate

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"
SAMPLE = {
    "gate A: without 'request'": "P1",
    "gate A: without 'register state'": "P1",
    "gate A: any signature opens a bundle": "P1",
    "gate A: sealing._verify without 'if not signer.is_valid_at(now)'": "P1",
    "gate B: without 'card: birth date at all'": "P1",
    "gate B: without 'person: my_number'": "P6",
    "gate B: names.compare_names without 'if brackets is Reason.OTHER_NAME'": "P6",
    "gate C: without 'copy page front: official seal'": "P1",
    "gate C: without 'copy page back: scramble image of name'": "P1",
    "gate C: without 'copy page front: specimen'": "P9",
    "gate C: the key /JavaScript is not forbidden": "P1",
    "gate C: reading.ReadPage.is_a4_upright: without 'at_origin'": "P1",
    "gate C: reading.open_pdf without 'if len(pdf) > PDF_BYTES_MAX'": "P1",
    "gate D: without 'impressions'": "P5",
    "gate A to D: different counts as unusable": "P6",
}
_MAKERS = {
    "same",
    "different",
    "undecided",
    "unusable",
    "_belongs",
    "_usable",
    "_expect",
    "_name_finding",
    "_address_finding",
}
_WITH_FIELDS = (bundle, subject, people, sheets, front, back, page_codes, delivery)


def test_the_gates_judge_every_case_as_is_due() -> None:
    whole = battery()
    assert len(whole.tried) > whole.wrong > 300
    assert {each.case.due for each in whole.tried} == set(Due)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [each.case.name for each in battery().tried]
    assert sorted(names) == sorted(set(names))


def test_the_checks_are_those_that_the_gates_make() -> None:
    """Every field that is compared anywhere has its mutant: a new check is in the battery by being made."""
    results = [result for each in battery().tried for result in each.judged.results]
    compared = {(result.gate, plain(finding.field)) for result in results for finding in result.findings}
    single = {field for check in checks_in(results) if len(check.fields) == 1 for field in check.fields}
    assert single == compared
    assert {gate for gate, _ in compared} == set(Gate)


def test_every_field_that_is_written_in_the_gates_source_is_met_by_the_battery() -> None:
    """A check whose field no case ever meets would have no mutant."""
    met = {finding.field for each in battery().tried for result in each.judged.results for finding in result.findings}
    for module in _WITH_FIELDS:
        for field in _written(module):
            assert any(re.search(f"(^|: ){field}$", each) for each in met), f"{module.__name__}: no case meets {field}"


def _written(module: ModuleType) -> Iterator[str]:
    """The fields of the findings that ``module`` makes, as patterns."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MAKERS):
            continue
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield re.escape(argument.value)
            if isinstance(argument, ast.JoinedStr):
                parts = argument.values
                yield "".join(re.escape(str(each.value)) if isinstance(each, ast.Constant) else ".+" for each in parts)


def test_every_condition_of_the_gates_source_has_its_mutant() -> None:
    found = {(branch.module, branch.function, branch.line) for branch in branches()}
    for module in MODULES:
        for name, function in functions(tree_of(module)):
            if is_a_gates(name):
                for node in ast.walk(function):
                    if isinstance(node, ast.If):
                        assert (module.__name__, name, node.body[0].lineno) in found


def test_whatever_else_decides_is_taken_apart() -> None:
    """Each part of what is joined, each way of a choice, each answer of a comparison, each thing that is left out.

    What an ``if`` joins by ``or`` has its mutants among the conditions.
    """
    source = """
def upright(page: Page | None, strict: bool) -> bool:
    dark = (page.ink > 1) & page.inside & ~page.rim
    wide = page.width if strict else 0
    sides = [side for side in page.sides if side.seen]
    if page.turned or page.torn:
        return False
    return page.height == 3 and bool(page.width < 2) and any(side > 1 for side in sides)
"""
    [function] = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    assert sorted(parts_of(function)) == sorted(
        [
            "without 'page.ink > 1'", "without 'page.inside'", "without '~page.rim'",
            "'strict' always", "'strict' never",
            "without 'side.seen'",
            "without 'page.height == 3'", "without 'bool(page.width < 2)'", "without 'any((side > 1 for side in sides))'",
            "'page.width < 2' always", "'page.width < 2' never",
            "'side > 1' always", "'side > 1' never",
        ]
    )  # fmt: skip


def test_a_methods_part_is_away_for_every_page_and_back_afterwards() -> None:
    (rotation,) = (each for each in decisions() if "get_rotation" in each.words)
    before = vars(reading.ReadPage)["is_a4_upright"]
    with turned(rotation)():
        assert vars(reading.ReadPage)["is_a4_upright"] is not before
    assert vars(reading.ReadPage)["is_a4_upright"] is before


def test_a_condition_that_is_taken_away_is_away_wherever_the_function_is_used_and_back_afterwards() -> None:
    (forged,) = (each for each in branches() if each.function == "check_code" and "_is_genuine" in each.condition)
    before, users = page_codes.check_code, (front, back, page_codes)
    with without(forged)():
        [meanwhile] = {vars(module)["check_code"] for module in users}
    [afterwards] = {vars(module)["check_code"] for module in users}
    assert meanwhile is not before
    assert afterwards is before


def test_places_on_the_job_are_left_out_of_a_checks_name() -> None:
    assert plain("copy 1 page 12 front: person 3 name") == "copy page front: person name"
    assert plain("copy 2 page 1 front: 2D code's place") == "copy page front: 2D code's place"


@pytest.mark.parametrize("name", SAMPLE)
def test_what_is_taken_away_is_missed(name: str) -> None:
    (mutant,) = (mutant for mutant in gate_mutants() if mutant.name == name)
    assert hunt_gate(mutant).promise == SAMPLE[name]


def test_every_mutant_has_a_name_of_its_own_and_what_is_called_equivalent_exists() -> None:
    names = [mutant.name for mutant in gate_mutants()]
    assert len(set(names)) == len(names)
    assert {name for name in EQUIVALENT if name.startswith("gate ")} <= set(names)


def test_a_battery_without_the_one_wrong_case_lets_a_mutant_survive_and_the_command_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = "gate A: the whole gate is left out"
    arguments = ["sim", "mutants", "--kind", "gate", "--jobs", "1", "--only", name]
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, "1 caught" in done.output) == (0, True)
    monkeypatch.setattr(hunting, "cases", right_cases)
    battery.cache_clear()
    try:
        done = CliRunner().invoke(app, arguments)
    finally:
        battery.cache_clear()
    assert done.exit_code == 1
    assert f"SURVIVES: {name}" in done.output


def test_the_page_names_every_mutant_once_and_none_survives() -> None:
    """What ``honnin sim mutants --write docs/mutants.md`` would write, as far as it can be known without hunting."""
    text = PAGE.read_text(encoding="utf-8")
    rows = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in text.splitlines() if line.startswith("| ")]
    named = [row[0].replace("\\|", "|") for row in rows]
    expected = [mutant.name for mutant in machine_mutants()] + [mutant.name for mutant in gate_mutants()]
    assert sorted(name for name in named if name in set(expected)) == sorted(expected)
    assert "**nobody**" not in text
    reasons = {row[0].replace("\\|", "|"): row[1] for row in rows if row[0].replace("\\|", "|") in EQUIVALENT}
    assert reasons == dict(EQUIVALENT)
    caught = len(expected) - len(EQUIVALENT)
    assert f"{len(expected)} mutants: {caught} caught, {len(EQUIVALENT)} equivalent, 0 survive." in text
    assert f"{len(battery().tried)} cases, {battery().wrong} of them wrong" in text
