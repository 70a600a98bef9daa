"""Hunts the gates' mutants: a mutant is caught when a wrong case passes (P1, P5, P9), or a finding is no finding any more (P6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TypeAlias

from simulator.explore.gates.bundle_cases import bundle_cases, server_cases, subject_cases
from simulator.explore.gates.checks import Check, GateMutant, check_mutants, checks_in, decision_mutants
from simulator.explore.gates.delivery_cases import Delivery, deliveries, judge_delivery
from simulator.explore.gates.judging import Case, Due, Judged, judge
from simulator.explore.gates.right_cases import right_cases
from simulator.explore.gates.sheet_cases import sheet_cases
from simulator.explore.gates.single_cases import single_cases
from terminal.verification.verdict import GateResult, Severity

AnyCase: TypeAlias = Case | Delivery


@dataclass(frozen=True, slots=True)
class GateHunted:
    """What became of a mutant: the promise that broke and by which case, or empty; ``differs`` if any case came out otherwise."""

    name: str
    promise: str
    case: str
    differs: bool


class BatteryError(RuntimeError):
    """The battery does not fit the gates: a case comes out otherwise than is due."""


@dataclass(frozen=True, slots=True, repr=False)
class Battery:
    """Every case with what the terminal's own gates make of it."""

    cases: tuple[tuple[AnyCase, Judged], ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check that takes part in any case."""
        return checks_in(result for _, judged in self.cases for result in judged.results)

    @property
    def wrong(self) -> int:
        """How many of the cases are wrong ones."""
        return sum(case.due is not Due.PASS for case, _ in self.cases)


def cases() -> Iterator[AnyCase]:
    """The whole battery, right cases first."""
    return chain(right_cases(), server_cases(), bundle_cases(), subject_cases(), sheet_cases(), single_cases(), deliveries())


@cache
def battery() -> Battery:
    """Judge every case by the terminal's own gates; raise ``BatteryError`` where one comes out otherwise than is due."""
    judged = tuple((case, outcome_of(case)) for case in cases())
    wrong = [f"{case.name}: due {case.due}, came {came.outcome}" for case, came in judged if came.outcome is not case.due]
    if wrong:
        raise BatteryError("\n".join(wrong))
    return Battery(judged)


def outcome_of(case: AnyCase) -> Judged:
    """What the gates, as they are now, make of ``case``."""
    return judge_delivery(case) if isinstance(case, Delivery) else judge(case)


def gate_mutants() -> tuple[GateMutant, ...]:
    """Every check of the battery's gates taken away, and every decision made lax."""
    return (*check_mutants(battery().checks), *decision_mutants())


def hunt_gate(mutant: GateMutant) -> GateHunted:
    """Judge the cases by the mutant's gates until one breaks a promise."""
    differs = False
    for case, right in battery().cases:
        if mutant.check is not None and not _may_differ(mutant.check, right.results):
            continue
        with mutant.make():
            came = outcome_of(case)
        differs = differs or came.outcome is not right.outcome
        promise = _broken(case, came.outcome)
        if promise:
            return GateHunted(mutant.name, promise, case.name, True)
    return GateHunted(mutant.name, "", "", differs)


def _may_differ(check: Check, results: tuple[GateResult, ...]) -> bool:
    """Whether the check had anything to say against a case: without it nothing else can come out otherwise."""
    return any(
        result.gate is check.gate and any(check.hears(one) and one.severity is not Severity.PASSES for one in result.findings)
        for result in results
    )


def _broken(case: AnyCase, outcome: Due) -> str:
    if outcome is case.due or case.due is Due.PASS:
        return ""
    if outcome is Due.PASS:
        return case.promise
    return "P6" if case.due is Due.STOP else ""
