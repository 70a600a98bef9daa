"""Reads scenario files: YAML to a plan, with errors that say where, what was expected, what came and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from simulator import plan as p
from simulator.arming import FAULTS
from simulator.centre import faults as centre_faults
from simulator.centre.issuing import defects
from simulator.centre.issuing.setup import Company, ServerSetup, SyncPlan
from simulator.people import visitor as v
from simulator.people.residents import BY_KEY
from simulator.scenarios import nodes
from simulator.scenarios.errors import ScenarioError, choose
from simulator.scenarios.form import CHANGE, WHENS, ExpectForm, FaultForm, ForeignJobForm, PersonForm, ScenarioForm
from simulator.scenarios.shapes import OneOf, snake, values_of

_HABITS: Final = {snake(kind.__name__): kind for kind in v.HABITS}
_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A file: its plan, and what must come of it (``expecting.compare``)."""

    plan: p.Plan
    expect: ExpectForm = field(default_factory=ExpectForm)


def load(path: Path) -> p.Plan:
    """The plan in a file; raise ``ScenarioError``."""
    return load_scenario(path).plan


def load_scenario(path: Path) -> Scenario:
    """The plan in a file and what is expected of it; raise ``ScenarioError``."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ScenarioError(
            path.name, 0, f"expected a scenario file: {told}; `honnin sim run --list` shows the examples"
        ) from None
    return parse(text, path.name)


def parse(text: str, name: str = "scenario") -> Scenario:
    """The scenario in ``text``; ``name`` is what errors call it. Raise ``ScenarioError``."""
    root = nodes.compose(text, name)
    value = nodes.value_of(root, name)
    try:
        form = ScenarioForm.model_validate(value)
    except ValidationError as error:
        raise _first(error, root, name) from None
    for path, problem in _unfit(form):
        raise ScenarioError(name, nodes.line_at(root, path), f"{_place(path)}: {problem}")
    try:
        plan = _plan(form)
    except _UnfitServerError as error:
        raise ScenarioError(name, nodes.line_at(root, error.path), f"{_place(error.path)}: {error}") from None
    return Scenario(plan, form.expect)


def _first(error: ValidationError, root: yaml.Node, name: str) -> ScenarioError:
    """The first problem in our words."""
    problem = error.errors(include_url=False)[0]
    path = problem["loc"]
    context = problem.get("ctx", {})
    if problem["type"] == "scenario":
        text, path = str(context["text"]), (*path, context["key"]) if context["key"] else path
    elif problem["type"] == "missing":
        text, path = f"expected {path[-1]!r}, it is missing; add it", path[:-1]
    elif problem["type"] in ("enum", "literal_error"):
        known = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        text = choose("one", known, problem["input"])
    else:
        came = problem["input"]
        shown = "a list" if isinstance(came, list) else ("keys and values" if isinstance(came, Mapping) else repr(came))
        text = f"expected {problem['msg'].removeprefix('Input should be ')}; came {shown[:80]}; mend it"
    return ScenarioError(name, nodes.line_at(root, path), f"{_place(path)}: {text}" if path else text)


def _place(path: _Path) -> str:
    """``people 2, habits 1, screen``: lists count from 1."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words)


def _unfit(form: ScenarioForm) -> Iterator[tuple[_Path, str]]:
    """What no single place can know."""
    terminals = [each.terminal for each in form.terminals]
    if not terminals:
        yield ("terminals",), "expected at least one terminal; leave the key out for one that is usual"
    for number, name in enumerate(terminals):
        if name in terminals[:number]:
            yield ("terminals", number), f"expected terminals of different names; came {name!r} twice"
    lists: dict[str, Sequence[PersonForm | FaultForm | ForeignJobForm]] = {
        "people": form.people,
        "faults": form.faults,
        "foreign_jobs": form.foreign_jobs,
    }
    for key, listed in lists.items():
        for number, each in enumerate(listed):
            if each.terminal and each.terminal not in terminals:
                yield (key, number, "terminal"), choose("a terminal", terminals, each.terminal)
    for number, fault in enumerate(form.faults):
        known = [str(each) for each in FAULTS[fault.device]]
        if fault.fault not in known:
            yield ("faults", number, "fault"), choose(f"a fault of {fault.device}, one", known, fault.fault)
    yield from _unfit_seals(form)


def _unfit_seals(form: ScenarioForm) -> Iterator[tuple[_Path, str]]:
    """A seal that was never registered can neither be cancelled nor certified."""
    needed: list[tuple[_Path, str]] = [
        (("foreign_jobs", number, "resident"), job.resident) for number, job in enumerate(form.foreign_jobs)
    ]
    for number, each in enumerate(form.changes):
        change = _change(each.at, each.change)
        if isinstance(change, p.CancelsSeal):
            needed.append((("changes", number, "change"), change.resident))
    for place, resident in needed:
        if BY_KEY[resident].seal_number is None:
            yield place, f"expected a resident whose seal is registered; came {resident}, who has none"


def _plan(form: ScenarioForm) -> p.Plan:
    first = form.terminals[0].terminal
    return p.Plan(
        name=form.scenario,
        seed=form.seed,
        start=form.start,
        terminals=tuple(p.TerminalPlan(each.terminal, each.cash, each.evidence == "serial") for each in form.terminals),
        servers=MappingProxyType({code: _server(code, setup) for code, setup in form.servers.items()}),
        modes=MappingProxyType(dict(form.modes)),
        arrivals=tuple(p.Arrival(each.at, _visitor(each), each.terminal or first) for each in form.people),
        faults=tuple(
            p.DeviceFault(each.at, each.device, each.fault, _made(WHENS, each.when), each.terminal or first)
            for each in form.faults
        ),
        centre_faults=tuple(
            p.CentreMisbehaves(each.at, _made(vars(centre_faults), each.fault), each.lasting)
            for each in form.server_faults
        ),
        foreign_jobs=tuple(p.ForeignJob(each.at, each.resident, each.terminal or first) for each in form.foreign_jobs),
        changes=tuple(_change(each.at, each.change) for each in form.changes),
        staff=p.StaffPlan(**values_of(form.staff)),
        heal_at_s=form.heal_at,
        bound_s=form.bound,
        without=form.without,
    )


def _visitor(form: PersonForm) -> v.Visitor:
    return v.Visitor(
        resident=form.who,
        wish=v.Wish(**values_of(form.wants)),
        card=form.card or "",
        pin=form.pin,
        text_pin=form.text_pin,
        reads_s=form.reads_s,
        pays_yen=form.pays,
        habits=tuple(_made(_HABITS, each) for each in form.habits),
        patience_s=form.patience_s,
    )


def _change(at_s: float, change: OneOf) -> p.Change:
    name, inside = change.chosen
    values = {"resident" if key == "who" else key: value for key, value in values_of(inside).items()}
    made: p.Change = CHANGE[name](at_s=at_s, **values)
    return made


class _UnfitServerError(ValueError):
    def __init__(self, path: _Path, text: str) -> None:
        self.path = path
        super().__init__(text)


def _server(code: str, setup: BaseModel) -> ServerSetup:
    values = values_of(setup)
    try:
        for key, kind in (("sync", SyncPlan), ("company", Company)):
            if values[key] is not None:
                values[key] = kind(**values_of(values[key]))
        values["defects"] = tuple(_made(vars(defects), each) for each in values["defects"])
        return ServerSetup(**values)
    except ValueError as error:
        raise _UnfitServerError(("servers", code), str(error)) from None


def _made(kinds: Mapping[str, Any], chosen: OneOf) -> Any:
    name, inside = chosen.chosen
    return kinds[name](**values_of(inside))
