"""What the explorer is worth: a machine without one guard, deed or fence breaks a promise, and is caught by it."""

import os

import pytest

from simulator.explore.apart import ApartError, apart
from simulator.explore.broken import MACHINE, PROMISES
from simulator.explore.hunting import Hunted, hunt
from simulator.explore.mutation import Mutant, deed_mutants, entry_mutants, fence_mutants, guard_mutants
from tests.explore_kit import graphs

CAUGHT_BY = {
    "PinAccepted [serial_is_enough] in Authenticating -> OpeningSession: without serial_is_enough": "P1",
    "TimedOut in Presenting -> Ending: without sheets_left_behind": "P2",
    "CardRead in ReadingCard -> AwaitingPin: without learn_card": "P3",
    "BackPressed [nothing_inserted] in Paying -> CancellingPayment: without nothing_inserted": "P4",
    "CardRead [one_try_left] in ReadingCard -> ConfirmingLastTry: without one_try_left": "P5",
    "GatesDiffered in Apologising, Ending -> stays: without stop_for_finding": "P6",
    "CancelPressed in Requesting -> CancellingRequest: without cancel_issuance": "P7",
    "entering Ending: the end is not journalled": "P8",
    "entering Resetting: the session is kept": MACHINE,
    "fence of generations": "P2",
    "fence of timers": "P2",
}


def every_mutant() -> dict[str, Mutant]:
    made = (*guard_mutants(), *deed_mutants(), *fence_mutants(), *entry_mutants())
    return {mutant.name: mutant for mutant in made}


def test_a_machine_without_one_guard_is_caught_by_the_promise_that_it_threatens() -> None:
    known, sound, names = every_mutant(), graphs(), list(CAUGHT_BY)

    def hunted(name: str) -> Hunted:
        return hunt(known[name], sound, 1)

    found = {names[place]: one.by for place, one in apart(hunted, names, 2)}
    assert found == CAUGHT_BY
    assert set(PROMISES) <= set(found.values())


def test_every_mutant_has_a_name_of_its_own() -> None:
    made = (*guard_mutants(), *deed_mutants(), *fence_mutants(), *entry_mutants())
    assert len(every_mutant()) == len(made)


def test_a_process_that_dies_is_told_and_not_taken_for_a_result() -> None:
    def dies(_item: int) -> int:
        os._exit(3)

    with pytest.raises(ApartError, match="code 3"):
        list(apart(dies, [0], 1))
