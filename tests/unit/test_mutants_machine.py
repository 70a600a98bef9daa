"""A promise that nobody watches is no promise: for each there is a terminal without one guard that the explorer catches by it."""

from pathlib import Path

import pytest

from simulator.explore.apart import ApartError, apart
from simulator.explore.broken import MACHINE, PROMISES
from simulator.explore.equivalents import EQUIVALENT
from simulator.explore.hunting import Hunted, hunt
from simulator.explore.mutants import machine_mutants
from simulator.explore.mutation import changed_table, guard_mutants
from simulator.explore.scenario import ScenarioError, read, replay
from terminal.fsm.engine import rules_of
from terminal.fsm.table import table
from tests.explore_kit import graphs

CAUGHT_BY: dict[str, str] = {
    "PinAccepted [serial_is_enough] in Authenticating -> OpeningSession: without serial_is_enough": "P1",
    "TimedOut in Presenting -> Ending: without sheets_left_behind": "P2",
    "CardRead [one_try_left] in ReadingCard -> ConfirmingLastTry: without one_try_left": "P5",
    "PinRefused in Authenticating -> AwaitingPin: without pin_refused": "P3",
    "BackPressed [nothing_inserted] in Paying -> CancellingPayment: without nothing_inserted": "P4",
    "PrintCompleted [every_impression_out] in StartingPrint, Printing, CancellingPrint -> Presenting: without every_impression_out": "P5",
    "ResetProved [finding_open] in Resetting -> StoppedForFinding: without accept_proof": "P2",
    "CancelPressed in Requesting -> CancellingRequest: without cancel_issuance": "P7",
    "entering Ending: the end is not journalled": "P8",
    "entering Resetting: the session is kept": MACHINE,
    "entering Resetting: the generation lives on": "P2",
    "fence of generations": "P2",
    "fence of timers": "P2",
}


def hunted(names: list[str]) -> dict[str, Hunted]:
    known, sound = {mutant.name: mutant for mutant in machine_mutants()}, graphs()
    found = apart(lambda name: hunt(known[name], sound, 0), names, 2)
    return {names[place]: one for place, one in found}


def test_mutants_are_caught_by_the_promise_that_they_threaten() -> None:
    found = hunted(list(CAUGHT_BY))
    assert {name: one.by for name, one in found.items()} == CAUGHT_BY
    assert set(PROMISES) - set(CAUGHT_BY.values()) == {"P6"}, "a finding takes a fault: docs/mutants.md has those"


def test_a_mutant_that_changes_nothing_is_not_called_caught() -> None:
    (name,) = (name for name in EQUIVALENT if name.startswith("CancelPressed [going_back]"))
    (one,) = hunted([name]).values()
    assert one.caught is None
    assert not one.differs


def test_every_mutant_that_is_called_equivalent_exists_and_says_why() -> None:
    names = {mutant.name for mutant in machine_mutants()}
    assert {name for name in EQUIVALENT if not name.startswith("gate ")} <= names
    assert all(EQUIVALENT.values())


def test_every_guard_of_every_row_has_its_mutant_and_every_mutant_its_own_name() -> None:
    mutants = machine_mutants()
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    guards = {(pair, guard) for row in table().rows for guard in row.when for pair in [(row.state, row.event)]}
    covered = {
        (pair, guard)
        for mutant in guard_mutants()
        if mutant.pairs is not None
        for pair in mutant.pairs
        for row in table().cells[pair].rows
        for guard in row.when
        if mutant.name.endswith(f"without {guard.__name__}")
    }
    assert guards <= covered


def test_what_a_mutant_breaks_is_replayed_from_its_file_and_the_sound_machine_goes_another_way(tmp_path: Path) -> None:
    name = "BackPressed [nothing_inserted] in Paying -> CancellingPayment: without nothing_inserted"
    (one,) = hunted([name]).values()
    assert one.caught is not None
    one.caught.write(tmp_path / "broken.json")
    scenario = read(tmp_path / "broken.json")
    assert scenario.lines()[-1].endswith("BackPressed() -> broken")
    rows = [row for row in table().rows if any(guard.__name__ == "nothing_inserted" for guard in row.when)]
    unguarded = rules_of(changed_table(rows, lambda row: type(row)(row.state, row.event, (), row.then, row.do)))
    assert replay(scenario, unguarded).state == "CancellingPayment"
    assert replay(scenario).state == "Paying"
    scenario.value["steps"][0]["state"] = "Idle"
    with pytest.raises(ScenarioError):
        replay(scenario)


def test_a_process_that_dies_is_told_and_not_taken_for_a_result() -> None:
    with pytest.raises(ApartError, match="code 3"):
        list(apart(_dies, [0], 1))


def _dies(_item: int) -> int:
    import os

    os._exit(3)
