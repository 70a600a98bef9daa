"""Hunts the gates' mutants: caught when a wrong case passes (P1, P5, P9), a finding is none any more (P6), or right ones fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TypeAlias

from simulator.explore.broken import MACHINE, SERVICE
from simulator.explore.gates.branches import watched
from simulator.explore.gates.bundle_cases import bundle_cases, server_cases, subject_cases
from simulator.explore.gates.checks import (
    Check,
    GateMutant,
    branch_mutants,
    check_mutants,
    checks_in,
    decision_mutants,
)
from simulator.explore.gates.delivery_cases import Delivery, deliveries, judge_delivery
from simulator.explore.gates.envelope_cases import Envelope, envelope_cases, judge_envelope
from simulator.explore.gates.judging import Case, Due, Judged, judge
from simulator.explore.gates.reading_cases import reading_cases
from simulator.explore.gates.restriction_cases import restriction_cases
from simulator.explore.gates.right_cases import right_cases
from simulator.explore.gates.sheet_cases import sheet_cases
from simulator.explore.gates.single_cases import single_cases
from simulator.explore.gates.spelling_cases import spelling_cases
from terminal.verification.verdict import GateResult, Severity

AnyCase: TypeAlias = Case | Delivery | Envelope
Line: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class GateHunted:
    """What became of a mutant: the promise that broke and by which case, or empty; ``differs`` if any case came out otherwise.

    Where no promise broke ``promise`` may be ``SERVICE`` (a case is judged more harshly than is due) or ``MACHINE`` (the gate
    fell over: in a store the customer's process would have).
    """

    name: str
    promise: str
    case: str
    differs: bool


class BatteryError(RuntimeError):
    """The battery does not fit the gates: a case comes out otherwise than is due."""


@dataclass(frozen=True, slots=True, repr=False)
class Tried:
    """A case, what the terminal's own gates make of it, and the lines of their source that were run for it."""

    case: AnyCase
    judged: Judged
    lines: frozenset[Line]


@dataclass(frozen=True, slots=True, repr=False)
class Battery:
    """Every case, tried."""

    tried: tuple[Tried, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check that takes part in any case."""
        return checks_in(result for each in self.tried for result in each.judged.results)

    @property
    def wrong(self) -> int:
        """How many of the cases are wrong ones."""
        return sum(each.case.due is not Due.PASS for each in self.tried)


def cases() -> Iterator[AnyCase]:
    """The whole battery, right cases first."""
    return chain(
        right_cases(),
        envelope_cases(),
        server_cases(),
        bundle_cases(),
        subject_cases(),
        spelling_cases(),
        sheet_cases(),
        single_cases(),
        reading_cases(),
        restriction_cases(),
        deliveries(),
    )


@cache
def battery() -> Battery:
    """Judge every case by the terminal's own gates; raise ``BatteryError`` where one comes out otherwise than is due."""
    tried = tuple(map(_try, cases()))
    wrong = [
        f"{each.case.name}: due {each.case.due}, came {each.judged.outcome}"
        for each in tried
        if each.judged.outcome is not each.case.due
    ]
    if wrong:
        raise BatteryError("\n".join(wrong))
    return Battery(tried)


def _try(case: AnyCase) -> Tried:
    lines: set[Line] = set()
    with watched(lines):
        judged = outcome_of(case)
    return Tried(case, judged, frozenset(lines))


def outcome_of(case: AnyCase) -> Judged:
    """What the gates, as they are now, make of ``case``."""
    match case:
        case Delivery():
            return judge_delivery(case)
        case Envelope():
            return judge_envelope(case)
        case Case():
            return judge(case)


def gate_mutants() -> tuple[GateMutant, ...]:
    """Every check of the battery's gates taken away, every decision made lax, every condition of their source never met."""
    return (*check_mutants(battery().checks), *decision_mutants(), *branch_mutants())


def hunt_gate(mutant: GateMutant) -> GateHunted:
    """Judge the cases by the mutant's gates until one breaks a promise; what only turns the right away counts in the end."""
    harsher: GateHunted | None = None
    for tried in battery().tried:
        if not _may_differ(mutant, tried):
            continue
        promise = _broken_by(mutant, tried.case)
        if promise not in ("", SERVICE, MACHINE):
            return GateHunted(mutant.name, promise, tried.case.name, True)
        if promise and harsher is None:
            harsher = GateHunted(mutant.name, promise, tried.case.name, True)
    return harsher or GateHunted(mutant.name, "", "", False)


def _may_differ(mutant: GateMutant, tried: Tried) -> bool:
    """Whether a case can come out otherwise: the check had anything to say against it, the branch was taken for it."""
    if mutant.lines is not None:
        return not mutant.lines.isdisjoint(tried.lines)
    return mutant.check is None or any(_speaks(mutant.check, result) for result in tried.judged.results)


def _speaks(check: Check, result: GateResult) -> bool:
    return any(check.hears(result.gate, one) and one.severity is not Severity.PASSES for one in result.findings)


def _broken_by(mutant: GateMutant, case: AnyCase) -> str:
    try:
        with mutant.make():
            outcome = outcome_of(case).outcome
    except Exception:
        # Whatever it raises: the customer's process would end of it, and no sheet comes out.
        return MACHINE
    if outcome is case.due:
        return ""
    if outcome is Due.PASS:
        return case.promise
    return "P6" if case.due is Due.STOP else SERVICE
