"""One unit is run: a day of a district's shops on one virtual time, with the terminal's own code; its history comes out.

The result is a function of the unit and the seed. Registers hold the households of those who come and nobody else; journals and
books lie in a folder that is given, in memory where there is room, and are read and verified before they go.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from printer_templates.records import CertificateKind, Item
from simulator import arming
from simulator import seen as s
from simulator.centre.assembly import AssembledCentre
from simulator.centre.facts import CardState, Fee, Municipality, Person, Registration
from simulator.centre.ids import SeededIds
from simulator.centre.issuing.setup import ServerSetup
from simulator.centre.model import make_model
from simulator.centre.registers import PLAIN_MEMORY, Registers
from simulator.centre.seed import person_of
from simulator.checkers.paper import read_sheets
from simulator.checkers.people import KnownPeople
from simulator.devices.card_reader.model import Card
from simulator.fleet import visitors
from simulator.fleet.cards import CardMaker
from simulator.fleet.country import Unit
from simulator.fleet.ground import MUNICIPALITY_CODES, TERMINAL_IDS, Ground
from simulator.fleet.population import Household, household
from simulator.history import At
from simulator.plan import START, Plan, StaffPlan, TerminalPlan
from simulator.run import Stage, played, shops_of, tell_resident, tell_server
from simulator.seen_terminal import SeenTerminal
from simulator.terminal_inline import InlineConfig
from simulator.trusting import Trust
from simulator.world import World, derived_seed
from terminal.centre.messages import BundleMode

_CASH_SHARE: Final = 0.15
"""Shops whose terminal takes coins and notes, polled on their lines; the others' take the exact fee, like electronic money."""
_DOCUMENT_EVERY: Final = 4
"""Each so many-th municipality sends documents that it has drawn itself, the others send records."""
_BOUND_S: Final = 900.0
_ROOMY: Final = Path("/dev/shm")  # noqa: S108 - memory, and a private folder in it
_CONDITIONS: Final = (
    ("revoked", 0.002),
    ("suspended", 0.002),
    ("expired", 0.003),
    ("moving_out", 0.003),
    ("protective_measures", 0.001),
    ("character_pending", 0.001),
    ("no seal", 0.02),
    ("new card", 0.002),
)
"""What is the matter with a visitor in the registers, and how often; guesses, like all rates of a fleet."""


class FleetTerminal(SeenTerminal):
    """A shop's terminal on the ground's keys, with the cards of the unit's people."""

    maker: CardMaker
    ground_keys: Ground

    def card(self, profile: str) -> Card:
        """The card of the resident ``profile``."""
        return self.maker.card(profile)

    def _trust(self) -> Trust:
        return self.ground_keys.trusts[self.config.terminal_id]


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who and what a unit consists of."""

    municipality: Municipality
    households: tuple[Household, ...]
    crowd: visitors.Crowd
    plan: Plan


def live(unit: Unit, seed: int, ground: Ground, folder: Path | None = None) -> list[At]:
    """Run ``unit`` and return its history; a terminal's crash ends it with a line that says so."""
    with ExitStack() as stack:
        if folder is None:
            place = _ROOMY if _ROOMY.is_dir() else None
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="honnin-fleet-", dir=place)))
        stage, cast = stack.enter_context(_staged(unit, seed, ground, folder))
        for mended in cast.crowd.mended:
            stage.world.scheduler.at(stage.began_s + mended.at_s, partial(_mend, stage, mended))
        return played(stage)


def _mend(stage: Stage, mended: visitors.Mended) -> None:
    terminal = stage.terminals[mended.terminal]
    arming.heal(terminal)
    terminal.take_money()
    stage.world.history.see(s.FaultHealed(mended.terminal))


def _cast(unit: Unit, seed: int) -> _Cast:
    random = Random(derived_seed(seed, "unit", unit.name))  # noqa: S311 - repeatable on purpose
    start = (START + timedelta(days=unit.day - 1)).replace(hour=visitors.DAY_STARTS_MIN // 60)
    municipality = municipality_of(unit)
    households = tuple(
        household(
            number,
            derived_seed(seed, "household", unit.name, number),
            municipality.code,
            municipality.name,
            start.date(),
        )
        for number in range(1, unit.customers + 1)
    )
    shops = TERMINAL_IDS[: unit.district.shops]
    crowd = visitors.crowd(random, households, shops, _fee_yen(unit))
    visited = {arrival.terminal: None for arrival in crowd.arrivals}
    terminals = tuple(
        TerminalPlan(name, ("coins", "notes") if random.random() < _CASH_SHARE else ())
        for name in shops
        if name in visited
    )
    plan = Plan(
        unit.name,
        derived_seed(seed, "world", unit.name),
        start,
        terminals,
        servers={municipality.code: _server(unit)},
        arrivals=crowd.arrivals,
        faults=crowd.faults,
        staff=StaffPlan(),
        heal_at_s=(visitors.DAY_ENDS_MIN - visitors.DAY_STARTS_MIN) * 60.0,
        bound_s=_BOUND_S,
    )
    return _Cast(municipality, households, crowd, plan)


def _server(unit: Unit) -> ServerSetup:
    """A district's part of the municipality's server: two requests at once, a second or two each."""
    return ServerSetup(
        workers=2 if unit.district.municipality.population < 300_000 else 4, read_s=0.3, render_s=0.9, per_person_s=0.2
    )


@contextmanager
def _staged(unit: Unit, seed: int, ground: Ground, folder: Path) -> Iterator[tuple[Stage, _Cast]]:
    cast = _cast(unit, seed)
    plan = cast.plan
    world, people = World(plan.start, plan.seed), KnownPeople()
    residents = {member.key: member for each in cast.households for member in each.members}
    maker = CardMaker(ground, residents, cast.municipality.code)
    centre = _centre(cast, ground, world, maker)
    world.history.see(s.RunStarted(seed, plan.name, tuple(each.terminal for each in plan.terminals)))
    world.history.see(s.PhaseBegan("safety"))
    for resident in residents.values():
        tell_resident(world, people, centre.registers.person(resident.key), resident.municipality_code)
    terminals: dict[str, SeenTerminal] = {}
    with ExitStack() as stack:
        stack.callback(centre.close)
        for each in plan.terminals:
            place = folder / each.terminal
            place.mkdir()
            config = InlineConfig(each.terminal, cash=each.cash)
            terminal = FleetTerminal(
                ground.home, place, world, centre, config, names=people.called, read=partial(read_sheets, people=people)
            )
            terminal.maker, terminal.ground_keys = maker, ground
            terminals[each.terminal] = stack.enter_context(terminal)
        shops = shops_of(plan, world, terminals)
        began_s = world.clock.now_s()
        yield Stage(plan, world, centre, terminals, shops, people, began_s, tuple(residents.values())), cast


def _centre(cast: _Cast, ground: Ground, world: World, maker: CardMaker) -> AssembledCentre:
    registers = Registers(PLAIN_MEMORY, world.clock)
    registers.put_municipality(cast.municipality)
    random = Random(derived_seed(cast.plan.seed, "conditions"))  # noqa: S311 - repeatable on purpose
    visiting = {arrival.visitor.resident for arrival in cast.crowd.arrivals}
    position, today = 0, world.clock.wall().date()
    for each in cast.households:
        for member in each.members:
            position += 1
            _register(registers, maker, member.key in visiting, person_of(member, position), random, today)
    ids = SeededIds(derived_seed(cast.plan.seed, "centre"))
    model = make_model(
        registers,
        ground.centre,
        [ground.cards.authentication.certificate],
        world.clock,
        ids,
        None,
        cast.plan.servers,
        partial(tell_server, world),
    )
    return AssembledCentre(model, ground.centre, registers)


def _register(
    registers: Registers, maker: CardMaker, visiting: bool, person: Person, random: Random, today: date
) -> None:
    """A member of a household, and what is the matter with those who come."""
    condition = next((name for name, share in _CONDITIONS if random.random() < share), "") if visiting else ""
    if condition == "moving_out":
        person = replace(person, moving_out=True)
    elif condition == "protective_measures":
        person = replace(person, protective_measures=True)
    elif condition == "character_pending":
        person = replace(person, character_pending=True)
    elif condition == "no seal":
        person = replace(person, seal=None)
    registers.put_person(person, maker.municipality_code)
    if visiting:
        state = CardState(condition) if condition in tuple(CardState) else CardState.VALID
        registers.register_card(
            maker.identity(person.key), Registration(person.key, state, today if condition == "new card" else None)
        )


def _fee_yen(unit: Unit) -> int:
    return 200 + 100 * (unit.district.municipality.number % 2)


def municipality_of(unit: Unit) -> Municipality:
    """The unit's municipality with its rules: one of sixteen codes, a name and a size of its own."""
    number = unit.district.municipality.number
    return Municipality(
        code=MUNICIPALITY_CODES[number % len(MUNICIPALITY_CODES)],
        name=f"見本県架空第{number}市",
        mayor="架空市長　見本　次郎",
        participating=True,
        mode=BundleMode.DOCUMENT if number % _DOCUMENT_EVERY == 0 else BundleMode.RECORD,
        opens_min=visitors.OPENS_MIN,
        closes_min=visitors.CLOSES_MIN,
        closed_at_new_year=True,
        name_limit_chars=100,
        address_limit_chars=100,
        copies_max=5,
        fees=tuple(Fee(kind, date(2020, 4, 1), _fee_yen(unit)) for kind in CertificateKind),
        items={
            CertificateKind.RESIDENCE_CERTIFICATE: frozenset(Item),
            CertificateKind.RESIDENCE_RECORD_STATEMENT: frozenset(Item),
            CertificateKind.SEAL_CERTIFICATE: frozenset(),
        },
        maintenance=(),
    )
