"""A broken promise as a file: the shortest sequence of events, which any program can read and ``replay`` runs again.

JSON: ``setting``, ``promise``, ``broken``, ``faults`` and ``steps``. A step has the ``event`` with its fields, the ``fault`` that
was spent (if any) and the ``state`` it leads to. Generations are relative: 0 is alive, -1 is over; so are the timers' serials. A
step without an event is something that happened and that nobody told the machine.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from simulator.explore.graph import Finding, Leg
from simulator.explore.settings import setting
from simulator.explore.telling import DEAD
from terminal.fsm import events as ev
from terminal.fsm.engine import Rules
from terminal.fsm.events import EVENT_TYPES, FENCED_EVENTS
from terminal.fsm.machine import Machine
from terminal.fsm.states import State
from terminal.fsm.values import TimerId

FORMAT: Final = "honnin exploration 1"
UNTOLD: Final = "nobody told the machine"
BROKEN: Final = "broken"
_KINDS: Final = {kind.__name__: kind for kind in EVENT_TYPES}


class ScenarioError(ValueError):
    """A scenario that does not fit: the text says where, and what was expected."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A finding as plain data."""

    value: dict[str, Any]

    @property
    def title(self) -> str:
        """In one line."""
        faults = ", ".join(self.value["faults"]) or "no fault"
        return f"{self.value['promise']} in {self.value['setting']}: {self.value['broken']} ({faults})"

    def lines(self) -> list[str]:
        """Step by step, for people."""
        return [_line(number, step) for number, step in enumerate(self.value["steps"], 1)]

    def write(self, path: Path) -> None:
        """Write the file."""
        path.write_text(json.dumps(self.value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def scenario_of(finding: Finding) -> Scenario:
    """The scenario of a finding."""
    return Scenario(
        {
            "format": FORMAT,
            "setting": finding.setting.name,
            "promise": finding.broken.promise,
            "broken": finding.broken.what,
            "faults": [str(fault) for fault in finding.faults],
            "steps": [_step(leg) for leg in finding.legs],
        }
    )


def read(path: Path) -> Scenario:
    """The scenario in a file; raise ``ScenarioError``."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ScenarioError(f"{path.name}: expected JSON ({error})") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ScenarioError(f"{path.name}: expected a scenario of the format {FORMAT!r}")
    return Scenario(value)


def replay(scenario: Scenario, rules: Rules | None = None, machine_type: type[Machine] = Machine) -> Machine:
    """Tell a machine everything again; it is returned as the scenario leaves it.

    Raises ``ScenarioError`` when the machine goes another way: it has been mended, or is another one.
    """
    where = setting(scenario.value["setting"])
    machine = machine_type(where.config, where.start, rules)
    for number, step in enumerate(scenario.value["steps"], 1):
        if step["event"] != UNTOLD:
            machine.handle(_event(step["event"], machine))
        if step["state"] not in (machine.state, BROKEN):
            raise ScenarioError(f"step {number}: expected {step['state']}, the machine is in {machine.state}")
    return machine


def _step(leg: Leg) -> dict[str, Any]:
    step: dict[str, Any] = {"event": UNTOLD if leg.told is None else _told(leg.told.event)}
    if leg.fault is not None:
        step["fault"] = str(leg.fault)
    step["state"] = BROKEN if leg.world is None else leg.at.state.value
    return step


def _told(event: ev.Event) -> dict[str, Any]:
    kind = type(event).__name__
    fields: dict[str, Any] = _adapter(kind).dump_python(event, mode="json")
    return {"kind": kind, **fields}


def _event(told: dict[str, Any], machine: Machine) -> ev.Event:
    kind = _KINDS.get(told["kind"])
    if kind is None:
        raise ScenarioError(f"there is no event {told['kind']!r}")
    fields = {name: value for name, value in told.items() if name != "kind"}
    if kind in FENCED_EVENTS:
        fields["generation"] += machine.generation
    if "timer" in fields:
        fields["timer"] = _timer(fields["timer"], machine)
    event: ev.Event = _adapter(told["kind"]).validate_python(fields)
    return event


def _timer(told: dict[str, Any], machine: Machine) -> TimerId:
    timer = machine.memory.timer
    if told["serial"] != DEAD and timer is not None:
        return timer
    return TimerId(State(told["name"]), DEAD)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


def _line(number: int, step: dict[str, Any]) -> str:
    event = step["event"]
    words = event if isinstance(event, str) else _words(event)
    fault = f"   [{step['fault']}]" if "fault" in step else ""
    return f"{number:3}. {words} -> {step['state']}{fault}"


def _words(event: dict[str, Any]) -> str:
    fields = {
        name: value for name, value in event.items() if name not in ("kind", "offers") and value not in (None, 0, "")
    }
    if "timer" in fields:
        fields["timer"] = fields["timer"]["name"]
    inside = ", ".join(f"{name}={value}" for name, value in fields.items())
    return f"{event['kind']}({inside})"
