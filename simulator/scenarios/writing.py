"""Writes a plan as a scenario file: what is usual is left out, and reading it gives the same plan again."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final

import yaml

from simulator import plan as p
from simulator.people.visitor import Visitor, Wish
from simulator.scenarios.form import WHENS, ExpectForm
from simulator.scenarios.shapes import NEVER, snake

_WHEN_NAMES: Final = {kind: name for name, kind in WHENS.items()}
_INLINE_MAX: Final = 110
_USUAL_WISH: Final = Wish()


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    def ignore_aliases(self, _data: Any) -> bool:
        """Nothing is written as an alias: a scenario says everything where it stands."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand under their key, indented."""
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Text that PyYAML would not give back as it was (line separators, blanks at an end) is quoted, and so is ``never``."""
    odd = text == NEVER or text != text.strip() or not text.isprintable()
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if odd else None)


class _Never:
    """Written as ``never``."""


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Never, lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:str", NEVER))


def dump(plan: p.Plan, *, expect: ExpectForm | None = None, story: str = "") -> str:
    """The file's text; ``story`` becomes the comment at its head."""
    head = "".join(f"# {line}".rstrip() + "\n" for line in story.splitlines())
    whole = _document(plan)
    if expect is not None:
        wanted = expect.model_dump(mode="json", exclude_defaults=True)
        if wanted:
            whole["expect"] = wanted
    return head + "".join(_section(key, value) for key, value in whole.items())


def _section(key: str, value: Any) -> str:
    """One key; what is listed has a line each where it fits."""
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        lines = "".join(_item(each) for each in value)
        return f"{key}:\n{lines}"
    return _yaml({key: value}, flow=None if isinstance(value, (dict, list)) else False)


def _item(value: dict[str, Any]) -> str:
    inline = _yaml(value, flow=True).strip()
    if len(inline) <= _INLINE_MAX and "\n" not in inline:
        return f"  - {inline}\n"
    block = _yaml(value).splitlines()
    return "".join(f"{'  - ' if not number else '    '}{line}".rstrip() + "\n" for number, line in enumerate(block))


def _yaml(value: Any, *, flow: bool | None = None) -> str:
    """``flow`` None: the innermost things on one line."""
    text: str = yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=float("inf"),
        default_flow_style=flow,
    )
    return text


def _document(plan: p.Plan) -> dict[str, Any]:
    usual = p.Plan()
    first = plan.terminals[0].terminal
    written: dict[str, Any] = {
        "scenario": plan.name,
        "seed": plan.seed,
        "start": plan.start.isoformat() if plan.start != usual.start else None,
        "terminals": [_terminal(each) for each in plan.terminals] if plan.terminals != usual.terminals else None,
        "servers": {code: _fields(setup) for code, setup in plan.servers.items()},
        "modes": {code: mode.value for code, mode in plan.modes.items()},
        "people": [_person(each, first) for each in plan.arrivals],
        "faults": [_fault(each, first) for each in plan.faults],
        "server_faults": [_server_fault(each) for each in plan.centre_faults],
        "foreign_jobs": [_foreign_job(each, first) for each in plan.foreign_jobs],
        "changes": [_change(each) for each in plan.changes],
        "staff": _fields(plan.staff),
        "heal_at": _plain(plan.heal_at_s),
        "bound": _plain(plan.bound_s),
        "without": list(plan.without),
    }
    return {key: value for key, value in written.items() if value not in (None, [], {})}


def _terminal(each: p.TerminalPlan) -> dict[str, Any]:
    told: dict[str, Any] = {"terminal": each.terminal}
    if each.cash:
        told["cash"] = list(each.cash)
    if each.serial_alone:
        told["evidence"] = "serial"
    return told


def _person(arrival: p.Arrival, first: str) -> dict[str, Any]:
    visitor = arrival.visitor
    told: dict[str, Any] = {"at": _plain(arrival.at_s), "who": visitor.resident}
    if arrival.terminal != first:
        told["terminal"] = arrival.terminal
    if visitor.wish != _USUAL_WISH:
        wish = {"kind": visitor.wish.kind.value, **_fields(visitor.wish)}
        told["wants"] = wish["kind"] if len(wish) == 1 else wish
    names = {"pays_yen": "pays"}
    others = _fields(visitor, skip=("resident", "wish", "habits"))
    told |= {names.get(key, key): value for key, value in others.items()}
    if visitor.habits:
        told["habits"] = [_chosen(snake(type(habit).__name__), habit) for habit in visitor.habits]
    return told


def _foreign_job(job: p.ForeignJob, first: str) -> dict[str, Any]:
    told: dict[str, Any] = {"at": _plain(job.at_s), "resident": job.resident}
    return told if job.terminal == first else {**told, "terminal": job.terminal}


def _fault(fault: p.DeviceFault, first: str) -> dict[str, Any]:
    told: dict[str, Any] = {"at": _plain(fault.at_s), "device": fault.device, "fault": str(fault.fault)}
    if fault.when != p.DeviceFault(0, "line", "").when:
        told["when"] = _chosen(_WHEN_NAMES[type(fault.when)], fault.when)
    if fault.terminal != first:
        told["terminal"] = fault.terminal
    return told


def _server_fault(fault: p.CentreMisbehaves) -> dict[str, Any]:
    told: dict[str, Any] = {"at": _plain(fault.at_s), "fault": _chosen(type(fault.fault).__name__, fault.fault)}
    if fault.lasting:
        told["lasting"] = True
    return told


def _change(change: p.Change) -> dict[str, Any]:
    values = {"who" if key == "resident" else key: value for key, value in _fields(change, skip=("at_s",)).items()}
    inside: Any = values["who"] if list(values) == ["who"] else values
    return {"at": _plain(change.at_s), "change": {snake(type(change).__name__): inside}}


def _chosen(name: str, value: Any) -> Any:
    inside = _fields(value)
    if not inside:
        return name
    names = [each.name for each in fields(value)]
    (first, *_), only = inside, len(inside) == 1
    simple = only and first == names[0] and not isinstance(inside[first], (dict, list))
    return {name: inside[first] if simple else inside}


def _fields(value: Any, skip: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields that differ from what is usual."""
    told = {}
    for each in fields(value):
        usual = each.default_factory() if each.default_factory is not MISSING else each.default
        came = getattr(value, each.name)
        if each.name not in skip and came != usual:
            told[each.name] = _defects(came) if each.name == "defects" else _plain(came)
    return told


def _defects(defects: tuple[Any, ...]) -> list[Any]:
    return [_chosen(type(defect).__name__, defect) for defect in defects]


def _plain(value: Any) -> Any:
    """A value as YAML has it; whole seconds without a point."""
    if value is None:
        return _Never()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    return value


def visitor_in_words(visitor: Visitor) -> str:
    """Who comes and what for, in a line."""
    habits = ", ".join(snake(type(habit).__name__).replace("_", " ") for habit in visitor.habits)
    return f"{visitor.resident} wants a {visitor.wish.kind.value.replace('_', ' ')}" + (
        f" ({habits})" if habits else ""
    )
