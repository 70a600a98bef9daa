"""Every guard of the table has its mutant, and the command that hunts them says so when nobody notices one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from honnin.cli import app
from simulator.explore import hunting, mutants, search
from simulator.explore.equivalents import EQUIVALENT
from simulator.explore.mutants import UnknownMutantError, called, hunt_machine, machine_mutants
from simulator.explore.mutation import Mutant, changed_table, guard_mutants
from simulator.explore.scenario import ScenarioError, read, replay
from simulator.explore.settings import CASH, SUPERVISOR
from terminal.fsm.engine import rules_of
from terminal.fsm.rows import Row
from terminal.fsm.table import PARTS, table

UNPAID = "BackPressed [nothing_inserted] in Paying -> CancellingPayment: without nothing_inserted"
ANOTHER_CARD = "CardInserted in Paying -> CancellingPayment: without end_as_card_swapped"
BY_SUPERVISOR = "GatesDiffered"


def _guards() -> set[tuple[object, object, object]]:
    """(state, event, guard) of every row, read from the parts that the table is written in."""
    return {(part.state, part.event, guard) for part in PARTS if isinstance(part, Row) for guard in part.when}


def test_every_guard_of_every_row_has_its_mutant() -> None:
    covered = set()
    for mutant in guard_mutants():
        assert mutant.pairs is not None
        for state, event in mutant.pairs:
            guards = {guard for row in table().cells[state, event].rows for guard in row.when}
            covered |= {(state, event, guard) for guard in guards if mutant.name.endswith(f"without {guard.__name__}")}
    assert len(_guards()) > 100
    assert _guards() <= covered


def test_a_mutant_lacks_its_guard_in_every_state_that_it_was_written_for_and_nothing_else() -> None:
    for mutant in guard_mutants()[::6]:
        with mutant.make() as made:
            assert made.rules is not None
            changed = {
                (row.state, row.event): (row, other)
                for row, other in zip(table().rows, made.rules.table.rows, strict=True)
                if row != other
            }
        assert changed.keys() == mutant.pairs
        for row, other in changed.values():
            assert len(other.when) == len(row.when) - 1
            assert (other.then, other.do) == (row.then, row.do)


def test_every_mutant_has_a_name_of_its_own_and_every_equivalent_one_exists_and_says_why() -> None:
    names = [mutant.name for mutant in machine_mutants()]
    assert len(set(names)) == len(names)
    assert {name for name in EQUIVALENT if not name.startswith("gate ")} <= set(names)
    assert all(EQUIVALENT.values())


def test_a_session_that_another_card_does_not_end_is_caught_and_its_way_is_replayed_from_a_file(tmp_path: Path) -> None:
    (mutant,) = called(ANOTHER_CARD, machine_mutants())
    assert isinstance(mutant, Mutant)
    hunted = hunting.hunt_whole(mutant, (CASH,), 1)
    assert hunted.by == "P2"
    assert hunted.caught is not None
    hunted.caught.write(tmp_path / "broken.json")
    scenario = read(tmp_path / "broken.json")
    assert scenario.lines()[-1].strip().endswith("CardInserted() -> broken   [card strays]")
    rows = [row for row in table().rows if row.event.__name__ == "CardInserted" and row.state == "Paying"]
    careless = rules_of(changed_table(rows, lambda row: Row(row.state, row.event, row.when, row.then, row.do[1:])))
    for machine in (replay(scenario, careless), replay(scenario)):
        assert machine.state == "CancellingPayment"
        assert machine.session is not None
    assert replay(scenario, careless).session.end is None  # type: ignore[union-attr]
    assert replay(scenario).session.end == "card_swapped"  # type: ignore[union-attr]
    scenario.value["steps"][0]["state"] = "Idle"
    with pytest.raises(ScenarioError):
        replay(scenario)


def test_a_name_that_no_mutant_has_is_told_with_names_like_it() -> None:
    with pytest.raises(UnknownMutantError) as caught:
        called(UNPAID.replace("nothing_inserted", "nothing_insertd"), machine_mutants())
    assert UNPAID in caught.value.nearest


# --- the command


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Only the supervisor's world, which is explored in no time."""
    monkeypatch.setattr(mutants, "SETTINGS", (SUPERVISOR,))
    monkeypatch.setattr(hunting, "CASHLESS", SUPERVISOR)
    yield monkeypatch


def command(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["sim", "mutants", "--kind", "guard", "--kind", "fence", "--jobs", "1", *arguments])
    return done.exit_code, done.output


def test_the_command_names_its_mutants() -> None:
    code, output = command("--list")
    assert code == 0
    assert UNPAID in output.splitlines()
    assert len(output.splitlines()) == len(machine_mutants(("guard", "fence")))


def test_the_command_shows_the_way_step_by_step_and_is_content(small: pytest.MonkeyPatch) -> None:
    code, output = command("--only", "fence of generations")
    assert code == 0
    assert "1. BootCompleted() -> Resetting" in output
    assert "P2: reset" in output
    assert "1 mutant: 1 caught, 0 equivalent, 0 survive." in output


def test_a_blind_checker_lets_a_mutant_survive_and_the_command_fails(small: pytest.MonkeyPatch) -> None:
    small.setattr(search, "watch_step", lambda _step, _setting: None)
    small.setattr(search, "watch_state", lambda _at, _world: None)
    code, output = command("--only", "FindingReleased [finding_open]")
    assert code == 1
    assert "nobody caught it" in output
    assert "SURVIVES: FindingReleased [finding_open]" in output


def test_a_mutant_that_is_called_equivalent_and_is_caught_makes_the_command_fail(small: pytest.MonkeyPatch) -> None:
    small.setattr(mutants, "EQUIVALENT", {"fence of generations": "said in haste"})
    code, output = command("--only", "fence of generations")
    assert code == 1
    assert "CALLED EQUIVALENT, AND CAUGHT: fence of generations" in output


def test_the_command_knows_when_there_is_no_such_mutant() -> None:
    code, output = command("--only", "fence of generation without number")
    assert code == 2
    assert "did you mean" in output
    assert "fence of generations" in output


def test_more_than_a_few_are_hunted_from_the_sound_graphs_and_what_became_of_each_is_told(
    small: pytest.MonkeyPatch,
) -> None:
    chosen = [one for one in machine_mutants(("guard",)) if "serviceable" in one.name or "finding" in one.name]
    assert len(chosen) > mutants.FEW
    outcomes = hunt_machine(chosen, 2, quiet=True)
    assert [one.name for one in outcomes] == [one.name for one in chosen]
    assert {one.by for one in outcomes if one.by} <= {"P2", "P5", "P6", "P7"}
    assert sum(bool(one.by) for one in outcomes) > mutants.FEW // 2
