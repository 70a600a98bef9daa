"""The battery of wrong bundles, sheets and jobs: the gates judge each rightly, and a check that is taken away is missed by one."""

import re
from pathlib import Path

import pytest

from simulator.explore.equivalents import EQUIVALENT
from simulator.explore.gates.checks import checks_in, plain
from simulator.explore.gates.hunting import battery, gate_mutants, hunt_gate
from simulator.explore.gates.judging import Due
from simulator.explore.mutants import machine_mutants
from terminal.verification.verdict import Gate

PAGE = Path(__file__).parents[2] / "docs" / "mutants.md"
SAMPLE = {
    "gate A: without 'request'": "P1",
    "gate A: without 'register state'": "P1",
    "gate B: without 'card at all: birth date'": "P1",
    "gate B: without 'person: my_number'": "P1",
    "gate C: without 'copy page front: official seal'": "P1",
    "gate C: without 'copy page back: scramble image of name'": "P1",
    "gate D: without 'impressions'": "P5",
    "gate A to D: different counts as unusable": "P6",
}


def test_the_gates_judge_every_case_as_is_due() -> None:
    whole = battery()
    assert len(whole.cases) > whole.wrong > 200
    assert {case.due for case, _ in whole.cases} == set(Due)


def test_every_case_has_a_name_of_its_own() -> None:
    names = [case.name for case, _ in battery().cases]
    assert sorted(names) == sorted(set(names))


def test_the_checks_are_those_that_the_gates_make() -> None:
    """Every field that is compared anywhere has its mutant: a new check is in the battery by being made."""
    compared = {
        (result.gate, plain(finding.field))
        for _, judged in battery().cases
        for result in judged.results
        for finding in result.findings
    }
    single = {(check.gate, field) for check in battery().checks if len(check.fields) == 1 for field in check.fields}
    assert single == compared
    assert {gate for gate, _ in compared} == set(Gate)


def test_places_on_the_job_are_left_out_of_a_checks_name() -> None:
    assert plain("copy 1 page 12 front: person 3 name") == "copy page front: person name"
    assert plain("copy 2 page 1 front: 2D code's place") == "copy page front: 2D code's place"
    assert checks_in(())[:0] == ()


@pytest.mark.parametrize("name", SAMPLE)
def test_a_check_that_is_taken_away_is_missed(name: str) -> None:
    (mutant,) = (mutant for mutant in gate_mutants() if mutant.name == name)
    assert hunt_gate(mutant).promise == SAMPLE[name]


def test_what_is_called_equivalent_exists() -> None:
    names = {mutant.name for mutant in gate_mutants()}
    assert {name for name in EQUIVALENT if name.startswith("gate ")} <= names


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
    assert (
        f"{len(expected)} mutants: {len(expected) - len(EQUIVALENT)} caught, {len(EQUIVALENT)} equivalent, 0 survive."
        in text
    )
    assert f"{len(battery().cases)} cases, {battery().wrong} of them wrong" in text
