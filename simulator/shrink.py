"""Makes a failing plan as short as it can be: parts are taken out, then what is left is made usual, while it still fails.

First by halves, quarters … of each list (delta debugging, Zeller 2002), in the end one by one until no single part can go. Guards
that were taken out (``without``) are never put back: they are the question, not a part of the answer.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from simulator.devices.fault_plan import Next
from simulator.people.visitor import Visitor
from simulator.plan import Plan, StaffPlan

Fails = Callable[[Plan], bool]
LISTS: Final = ("arrivals", "faults", "centre_faults", "foreign_jobs", "changes")
RUNS_MAX: Final = 400
"""A limit on everything: a plan that still is not shortest then is given as it is."""


class NothingToShrinkError(ValueError):
    """The plan does not fail, so no shorter one can be looked for."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The shortest plan found, after how many runs; ``shortest`` False when the limit was met first."""

    plan: Plan
    runs: int
    shortest: bool


def shrink(plan: Plan, fails: Fails, runs_max: int = RUNS_MAX) -> Shrunk:
    """The shortest plan for which ``fails`` is still true; raise ``NothingToShrinkError`` when it is not for ``plan``."""
    search = _Search(plan, fails, runs_max)
    if not search.try_out(plan):
        raise NothingToShrinkError(f"expected a plan that fails, {plan.name!r} does not; give the promise it breaks")
    try:
        search.to_the_end()
    except _LimitMetError:
        return Shrunk(search.plan, search.runs, shortest=False)
    return Shrunk(search.plan, search.runs, shortest=True)


def without_each_part(plan: Plan) -> Iterator[Plan]:
    """``plan`` without each single part of it in turn: what a shortest plan must not fail for any more."""
    for name in LISTS:
        listed = getattr(plan, name)
        for place in range(len(listed)):
            yield _with(plan, name, (*listed[:place], *listed[place + 1 :]))
    yield from _without_habits(plan)
    yield from _without_servers(plan)
    used = [*(each.terminal for each in plan.arrivals), *(each.terminal for each in plan.faults)]
    used += [each.terminal for each in plan.foreign_jobs]
    for each in plan.terminals if len(plan.terminals) > 1 else ():
        if each.terminal not in used:
            yield replace(plan, terminals=tuple(kept for kept in plan.terminals if kept is not each))


class _LimitMetError(Exception):
    pass


class _Search:
    def __init__(self, plan: Plan, fails: Fails, runs_max: int) -> None:
        self.plan = plan
        self.runs = 0
        self._fails = fails
        self._max = runs_max
        self._tried: dict[str, bool] = {}

    def try_out(self, plan: Plan) -> bool:
        """Keep ``plan`` if it fails."""
        key = repr(_told(plan))
        if key not in self._tried:
            if self.runs >= self._max:
                raise _LimitMetError
            self.runs += 1
            self._tried[key] = self._fails(plan)
        if self._tried[key]:
            self.plan = plan
        return self._tried[key]

    def to_the_end(self) -> None:
        before: Plan | None = None
        while before != self.plan:
            before = self.plan
            for name in LISTS:
                self._by_parts(name)
            while any(self.try_out(shorter) for shorter in without_each_part(self.plan)):
                pass
            while any(simpler != self.plan and self.try_out(simpler) for simpler in _simpler(self.plan)):
                pass

    def _by_parts(self, name: str) -> None:
        """Halves, quarters … of one list, down to pairs; single ones come later."""
        size = len(getattr(self.plan, name)) // 2
        while size > 1:
            place = 0
            while place < len(listed := getattr(self.plan, name)):
                if not self.try_out(_with(self.plan, name, (*listed[:place], *listed[place + size :]))):
                    place += size
            size //= 2


def _told(plan: Plan) -> list[Any]:
    """Everything of a plan: a visitor's own ``repr`` leaves most of it out."""
    visitors = [[getattr(each.visitor, name) for name in Visitor.__slots__] for each in plan.arrivals]
    return [plan, visitors]


def _with(plan: Plan, name: str, value: object) -> Plan:
    changed: dict[str, Any] = {name: value}
    return replace(plan, **changed)


def _without_habits(plan: Plan) -> Iterator[Plan]:
    for place, arrival in enumerate(plan.arrivals):
        habits = arrival.visitor.habits
        for number in range(len(habits)):
            fewer = (*habits[:number], *habits[number + 1 :])
            yield _at(plan, place, replace(arrival.visitor, habits=fewer))


def _without_servers(plan: Plan) -> Iterator[Plan]:
    for code, setup in plan.servers.items():
        others = {key: each for key, each in plan.servers.items() if key != code}
        yield replace(plan, servers=MappingProxyType(others))
        for defect in setup.defects:
            fewer = replace(setup, defects=tuple(each for each in setup.defects if each is not defect))
            yield replace(plan, servers=MappingProxyType({**plan.servers, code: fewer}))
    for code in plan.modes:
        modes = {key: each for key, each in plan.modes.items() if key != code}
        yield replace(plan, modes=MappingProxyType(modes))


def _at(plan: Plan, place: int, visitor: Visitor) -> Plan:
    arrivals = list(plan.arrivals)
    arrivals[place] = replace(arrivals[place], visitor=visitor)
    return replace(plan, arrivals=tuple(arrivals))


def _simpler(plan: Plan) -> Iterator[Plan]:
    """Values made usual: nothing is taken out, so a reader has less to wonder about."""
    usual = Plan()
    for name in ("seed", "start", "heal_at_s", "bound_s"):
        yield _with(plan, name, getattr(usual, name))
    yield replace(plan, staff=StaffPlan())
    yield replace(plan, terminals=tuple(replace(each, serial_alone=False) for each in plan.terminals))
    yield replace(plan, terminals=tuple(replace(each, cash=()) for each in plan.terminals))
    for place, arrival in enumerate(plan.arrivals):
        blank = Visitor(arrival.visitor.resident)
        for field in ("wish", "card", "pin", "text_pin", "reads_s", "pays_yen", "patience_s"):
            changed: dict[str, Any] = {field: getattr(blank, field)}
            yield _at(plan, place, replace(arrival.visitor, **changed))
    yield from _simpler_faults(plan)
    yield from _rounder(plan)


def _simpler_faults(plan: Plan) -> Iterator[Plan]:
    for place, fault in enumerate(plan.faults):
        faults = (*plan.faults[:place], replace(fault, when=Next()), *plan.faults[place + 1 :])
        yield replace(plan, faults=faults)
    for place, each in enumerate(plan.centre_faults):
        once = (*plan.centre_faults[:place], replace(each, lasting=False), *plan.centre_faults[place + 1 :])
        yield replace(plan, centre_faults=once)


def _rounder(plan: Plan) -> Iterator[Plan]:
    """Times at nought, or else whole seconds."""
    for name in LISTS:
        listed = getattr(plan, name)
        for place, each in enumerate(listed):
            for at_s in (0.0, float(round(each.at_s))):
                if at_s < each.at_s or at_s != each.at_s:
                    yield _with(plan, name, (*listed[:place], replace(each, at_s=at_s), *listed[place + 1 :]))
