"""Scenario files say what is wrong with them, in a tester's words and with the line; the published schema is theirs."""

from pathlib import Path

import pytest

from simulator.plan import Plan, StaffPlan
from simulator.scenarios import ScenarioError, load, load_scenario, parse
from simulator.scenarios.schema import SCHEMA_FILE, examples, schema_text


def refusal(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        parse(text, "day.yaml")
    return str(caught.value)


def test_an_empty_file_is_refused_and_an_empty_day_is_the_usual_plan() -> None:
    assert "expected a scenario" in refusal("")
    assert parse("scenario: plan").plan == Plan()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("people:\n  - who: adult\n    habit: [x]", 3, "did you mean habits?"),
        ("people:\n  - who: adul", 2, "did you mean adult?"),
        ("people:\n  - at: 3", 2, "expected 'who', it is missing"),
        ("people:\n  - {who: adult, at: soon}", 2, "people 1, at: expected a valid number"),
        ("people:\n  - {who: adult, at: -1}", 2, "greater than or equal to 0"),
        ("people:\n  - who: adult\n    terminal: SPECIMEN-9", 3, "expected a terminal of SPECIMEN-1"),
        ("people:\n  - {who: adult, wants: passport}", 2, "expected one of residence_certificate"),
        ("people:\n  - who: adult\n    habits:\n      - walks_away: enter_pim", 4, "did you mean enter_pin?"),
        ("people:\n  - who: adult\n    habits:\n      - mistype: 2", 4, "did you mean mistypes?"),
        ("faults:\n  - device: coins\n    fault: paper-out", 3, "expected a fault of coins, one of jam"),
        ("faults:\n  - {device: toaster, fault: jam}", 2, "expected a device of card_reader"),
        ("faults:\n  - {device: coins, fault: jam, when: {after: 1, ratio: 0.5}}", 2, "expected one of next, after"),
        ("servers:\n  '99101':\n    workers: 0", 2, "expected workers of 1 or more"),
        ("servers:\n  '99999': {}", 2, "expected a municipality of 99101"),
        ("servers:\n  '99101': {defects: [FileNamedByTheMinute]}", 2, "did you mean FileNamedByTheSecond?"),
        ("without: moat", 1, "expected a guard of bundle"),
        ("expect: {promises: {P11: true}}", 1, "expected a promise of P1"),
        ("seed: 1\nseed: 2", 2, "expected 'seed' once"),
        ("terminals: [A, A]", 1, "came 'A' twice"),
        ("people: [{", 1, "expected YAML"),
        ("seed: !!python/object/apply:os.system [true]", 1, "expected plain data"),
        ("people: &a [*a]", 1, "expected no aliases"),
        (
            "people:\n  - {who: child}\nchanges:\n  - {at: 3, change: {cancels_seal: {who: child}}}",
            4,
            "expected a resident whose seal is registered; came child, who has none",
        ),
        ("foreign_jobs: [{resident: child}]", 1, "expected a resident whose seal is registered; came child"),
        ("foreign_jobs: [{resident: head, terminal: SPECIMEN-9}]", 1, "expected a terminal"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, words: str) -> None:
    told = refusal(text)
    assert told.startswith(f"day.yaml, line {line}: "), told
    assert words in told


def test_values_mean_what_their_field_is_for_and_not_what_yaml_makes_of_them() -> None:
    plan = parse("people: [{who: adult, pin: 0123}]\nstaff: {tidy_after_s: never}\nscenario: NO").plan
    assert (plan.arrivals[0].visitor.pin, plan.staff, plan.name) == ("0123", StaffPlan(None), "NO")


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="No such file"):
        load(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        load(tmp_path / "bytes.yaml")


def test_the_published_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_a_dozen_examples_are_shipped_and_each_tells_its_story() -> None:
    assert len(examples()) >= 12
    for path in examples():
        assert path.read_text(encoding="utf-8").startswith("# ")
        assert load_scenario(path).expect.promises, path.name
