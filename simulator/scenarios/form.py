"""The form of a scenario file: what can be said in it, key by key. The published schema is made of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from simulator.centre.faults import CentreFault
from simulator.centre.issuing.defects import Defect
from simulator.centre.issuing.setup import Company, ServerSetup, SyncPlan
from simulator.centre.seed import MUNICIPALITY_CODES
from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.fault_plan import After, Next, Ratio, UntilCleared, Window
from simulator.people.residents import BY_KEY
from simulator.people.visitor import HABITS, Wish
from simulator.plan import CHANGES, DEVICES, START, StaffPlan
from simulator.scenarios.shapes import Strict, one_of_names, shape_of, snake, union_of
from simulator.unguarded import GUARDS
from terminal.centre.messages import BundleMode
from terminal.clock import JST
from terminal.presenting import texts

Seconds = Annotated[float, Field(ge=0)]
Resident: Any = one_of_names("a resident", lambda: list(BY_KEY))
CardProfile: Any = one_of_names("a card", lambda: list(PROFILES))
ScreenName: Any = one_of_names("a screen", lambda: [str(screen) for screen in texts.SCREENS])
Municipality: Any = one_of_names("a municipality", lambda: list(MUNICIPALITY_CODES))
Guard: Any = one_of_names("a guard", lambda: list(GUARDS))
Promise: Any = one_of_names("a promise", lambda: [f"P{number}" for number in range(1, 10)])
DeviceName: Any = one_of_names("a device", lambda: list(DEVICES))
Verdict = Literal["true", "false", "unknown"]

_TYPES: Final = {
    "screen": ScreenName,
    "resident": Resident,
    "after_s": Seconds,
    "times": Annotated[int, Field(ge=0)],
    "showing": Annotated[int, Field(ge=1)],
}
_WHO: Final = {"resident": "who"}


def _kinds(union: Any, types: Mapping[str, Any] | None = None) -> dict[str, type[Strict]]:
    return {kind.__name__: shape_of(kind, types_of=types) for kind in get_args(union)}


HABIT: Any = union_of("Habit", {snake(kind.__name__): shape_of(kind, types_of=_TYPES) for kind in HABITS})
CHANGE: Final = {snake(kind.__name__): kind for kind in CHANGES}
CHANGE_SHAPES: Final = {
    name: shape_of(kind, types_of=_TYPES, renamed=_WHO, without=("at_s",)) for name, kind in CHANGE.items()
}
CHANGE_SHAPE: Any = union_of("Change", CHANGE_SHAPES)
CENTRE_FAULT: Any = union_of("CentreFault", _kinds(CentreFault))
DEFECT: Any = union_of("Defect", _kinds(Defect, {"resident": Resident, "linked_to": Resident}))
WHENS: Final = {"next": Next, "after": After, "ratio": Ratio, "window": Window, "until_cleared": UntilCleared}
WHEN: Any = union_of("When", {name: shape_of(kind, defaults={"seed": 0}) for name, kind in WHENS.items()})
SYNC: Any = shape_of(SyncPlan)
COMPANY: Any = shape_of(Company, types_of={"residents": tuple[Resident, ...]})
SERVER: Any = shape_of(
    ServerSetup, types_of={"sync": SYNC | None, "company": COMPANY | None, "defects": tuple[DEFECT, ...]}
)
STAFF: Any = shape_of(StaffPlan)
WISH: Any = shape_of(Wish, types_of={"members": tuple[Resident, ...]})


def _in_japan(value: datetime) -> datetime:
    return value.astimezone(JST)


def _wish(value: Any) -> Any:
    return {"kind": value} if isinstance(value, str) else value


def _terminal(value: Any) -> Any:
    return {"terminal": value} if isinstance(value, str) else value


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class TerminalForm(Strict):
    """A terminal: what its customers pay with, and what evidence of the person it demands."""

    terminal: str
    cash: tuple[Literal["coins", "notes"], ...] = ()
    evidence: Literal["serial+basic-four", "serial"] = "serial+basic-four"


class PersonForm(Strict):
    """Somebody who comes to a terminal."""

    at: Seconds = 0.0
    who: Resident
    terminal: str = ""
    wants: Annotated[WISH, BeforeValidator(_wish)] = WISH()
    card: CardProfile | None = None
    pin: str = "1234"
    text_pin: str = ""
    reads_s: Seconds = 1.0
    pays: tuple[Annotated[int, Field(gt=0)], ...] = ()
    habits: tuple[HABIT, ...] = ()
    patience_s: Seconds = 600.0


class FaultForm(Strict):
    """Something that goes wrong at a device; ``when``: next, after, ratio, window or until_cleared."""

    at: Seconds = 0.0
    device: DeviceName
    fault: str
    when: WHEN = WHEN(next={})
    terminal: str = ""


class ServerFaultForm(Strict):
    """Something wrong that the issuing servers do to the next bundle, or to each."""

    at: Seconds = 0.0
    fault: CENTRE_FAULT
    lasting: bool = False


class ForeignJobForm(Strict):
    """Something else prints a resident's seal certificate on the terminal's printer."""

    at: Seconds = 0.0
    resident: Resident
    terminal: str = ""


class ChangeForm(Strict):
    """A change in a register: exactly one of moves, marries, cancels_seal, announces_moving_out, dies."""

    at: Seconds = 0.0
    change: CHANGE_SHAPE


class HandForm(Strict):
    """Whose papers a person took, by their number in the run; 0 is the staff."""

    person: Annotated[int, Field(ge=0)]
    papers_of: tuple[Resident, ...]


class ExpectForm(Strict):
    """What must come of it: verdicts, papers in hands (all of them, when any is said), codes that were shown."""

    promises: dict[Promise, Verdict] = Field(default_factory=dict)
    hands: tuple[HandForm, ...] | None = None
    codes: tuple[str, ...] = ()


class ScenarioForm(Strict):
    """A scenario of the simulated world. Times are seconds from its start."""

    scenario: str = "plan"
    seed: int = 0
    start: Annotated[AwareDatetime, AfterValidator(_in_japan)] = START
    terminals: tuple[Annotated[TerminalForm, BeforeValidator(_terminal)], ...] = (TerminalForm(terminal="SPECIMEN-1"),)
    people: tuple[PersonForm, ...] = ()
    faults: tuple[FaultForm, ...] = ()
    server_faults: tuple[ServerFaultForm, ...] = ()
    foreign_jobs: tuple[ForeignJobForm, ...] = ()
    changes: tuple[ChangeForm, ...] = ()
    servers: dict[Municipality, SERVER] = Field(default_factory=dict)
    modes: dict[Municipality, BundleMode] = Field(default_factory=dict)
    staff: STAFF = STAFF()
    heal_at: Seconds = 3600.0
    bound: Seconds = 900.0
    without: Annotated[tuple[Guard, ...], BeforeValidator(_listed)] = ()
    expect: ExpectForm = ExpectForm()
