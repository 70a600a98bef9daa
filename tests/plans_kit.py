"""Any plan that a scenario file can hold, for properties."""

from dataclasses import fields
from datetime import date, datetime, time
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from simulator import plan as p
from simulator.arming import FAULTS
from simulator.centre.faults import CentreFault
from simulator.centre.issuing.defects import Defect
from simulator.centre.issuing.setup import ServerSetup, SyncPlan
from simulator.devices.card_reader.profiles import PROFILES
from simulator.devices.fault_plan import After, Next, Ratio, UntilCleared, Window
from simulator.people import visitor as v
from simulator.people.residents import BY_KEY
from simulator.unguarded import GUARDS
from terminal.centre.messages import BundleMode
from terminal.clock import JST
from terminal.presenting import texts

SECONDS = st.floats(0, 1e7) | st.integers(0, 10_000)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
RESIDENTS = st.sampled_from(sorted(BY_KEY))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(JST))  # noqa: DTZ001 - given JST
st.register_type_strategy(date, st.dates(date(1900, 1, 1)))
_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "screen": st.sampled_from([str(screen) for screen in texts.SCREENS]),
    "resident": RESIDENTS,
    "linked_to": RESIDENTS,
    "since": st.none() | MOMENTS,
    "address": TEXT,
    "name": TEXT,
    "times": st.integers(0, 5),
    "showing": st.integers(1, 5),
}


def any_of(kind: type[Any], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any value of a dataclass, its fields by their names or else by their types."""
    hints = get_type_hints(kind)
    chosen = {each.name: given.get(each.name, _BY_NAME.get(each.name)) for each in fields(kind)}
    return st.builds(kind, **{name: _of(hints[name]) if found is None else found for name, found in chosen.items()})


def _of(hint: Any) -> st.SearchStrategy[Any]:
    if hint is float:
        return SECONDS
    if hint is str:
        return TEXT
    return st.tuples(RESIDENTS) if hint == tuple[str, ...] else st.from_type(hint)


WHENS = (
    st.just(Next())
    | st.builds(After, st.integers(0, 99))
    | st.builds(Ratio, st.floats(0, 1), st.integers(0, 99))
    | st.builds(Window, SECONDS, SECONDS)
    | st.just(UntilCleared())
)
HABITS = st.one_of([any_of(kind) for kind in v.HABITS])
WISHES = any_of(v.Wish, members=st.lists(RESIDENTS, max_size=2).map(tuple), copies=st.integers(1, 5))
VISITORS = any_of(
    v.Visitor,
    wish=WISHES,
    card=st.just("") | st.sampled_from(sorted(PROFILES)),
    pays_yen=st.lists(st.sampled_from([10, 100, 500, 1000]), max_size=3).map(tuple),
    habits=st.lists(HABITS, max_size=3).map(tuple),
)
_SYNCS = st.none() | st.builds(SyncPlan, st.none() | st.just(time(2, 0)), st.none() | st.floats(0.1, 1e4))
_DEFECTS = st.lists(
    st.one_of([any_of(kind) for kind in get_args(Defect)]), max_size=2, unique_by=lambda defect: type(defect).__name__
).map(tuple)
SERVERS = st.builds(
    ServerSetup, servers=st.integers(1, 3), render_s=SECONDS, sync=_SYNCS, company=st.none(), defects=_DEFECTS
)


def _is_possible(change: object) -> bool:
    """Nobody cancels a seal that was never registered: a file that says so is refused."""
    return not isinstance(change, p.CancelsSeal) or BY_KEY[change.resident].seal_number is not None


def _has_seal(resident: str) -> bool:
    """The paper of a foreign job is a seal certificate."""
    return BY_KEY[resident].seal_number is not None


@st.composite
def plans(draw: st.DrawFn) -> p.Plan:
    """Any plan."""
    names = draw(st.lists(TEXT.filter(bool), min_size=1, max_size=3, unique=True))
    at = st.sampled_from(names)
    device = st.sampled_from([(device, str(fault)) for device, faults in FAULTS.items() for fault in faults])
    faults = [
        p.DeviceFault(draw(SECONDS), *draw(device), draw(WHENS), draw(at))  # type: ignore[arg-type]
        for _ in range(draw(st.integers(0, 2)))
    ]
    cash = st.sampled_from([(), ("coins",), ("notes",), ("coins", "notes")])
    codes = st.sampled_from(["99101", "99102"])
    listed = {
        "arrivals": st.builds(p.Arrival, SECONDS, VISITORS, at),
        "centre_faults": st.builds(
            p.CentreMisbehaves, SECONDS, st.one_of([any_of(kind) for kind in get_args(CentreFault)]), st.booleans()
        ),
        "foreign_jobs": st.builds(p.ForeignJob, SECONDS, RESIDENTS.filter(_has_seal), at),
        "changes": st.one_of([any_of(kind, at_s=SECONDS) for kind in p.CHANGES]).filter(_is_possible),
        "without": st.sampled_from(sorted(GUARDS)),
    }
    return p.Plan(
        name=draw(TEXT),
        seed=draw(st.integers(0, 2**63)),
        start=draw(MOMENTS),
        terminals=tuple(p.TerminalPlan(name, draw(cash), draw(st.booleans())) for name in names),
        servers=draw(st.dictionaries(codes, SERVERS, max_size=1)),
        modes=draw(st.dictionaries(codes, st.sampled_from(BundleMode), max_size=2)),
        faults=tuple(faults),
        staff=draw(st.builds(p.StaffPlan, st.none() | SECONDS, st.none() | SECONDS)),
        heal_at_s=draw(SECONDS),
        bound_s=draw(SECONDS),
        **{key: tuple(draw(st.lists(each, max_size=2))) for key, each in listed.items()},
    )
