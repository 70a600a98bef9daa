"""A swarm: from each seed the *probabilities themselves* are drawn, then a plan by them: every seed is another kind of day.

After TigerBeetle's VOPR: a run in which everything is rare finds little; one in which three things are common and the rest never
happens finds what only these three make. A finding is shrunk and written as a scenario file.
"""

from dataclasses import dataclass, fields, replace
from random import Random
from types import MappingProxyType
from typing import Final

from printer_templates.records import CertificateKind, Scope
from simulator import plan as p
from simulator.arming import FAULTS
from simulator.centre import faults as cf
from simulator.centre.issuing import defects as d
from simulator.centre.issuing.setup import ServerSetup, SyncPlan
from simulator.devices.fault_plan import After, Next, Ratio, UntilCleared, When
from simulator.devices.line_faults import LineFault
from simulator.people import visitor as v
from simulator.people.residents import BY_KEY
from simulator.world import derived_seed
from terminal.centre.messages import BundleMode

PEOPLE: Final = 8
_BUYERS: Final = tuple(key for key, each in BY_KEY.items() if each.municipality_code == "99101")
_SCREENS: Final = ("enter_pin", "checking_pin", "take_card", "choose_kind", "confirm", "pay", "printing", "take_sheets")
_SEAL: Final = CertificateKind.SEAL_CERTIFICATE
_RESIDENCE: Final = CertificateKind.RESIDENCE_CERTIFICATE
_SERVER_FAULTS: Final[tuple[cf.CentreFault, ...]] = (
    cf.HandsOverPreviousSheet(),
    cf.HandsOverPreviousSheet(applicant_too=True),
    cf.WrongPageOf(1),
    cf.DropsPage(1),
    cf.AddsForeignPage(),
    cf.ServesCancelledSeal("stale"),
    cf.RepeatsOldBundle(),
    cf.RepeatsOldBundle(resealed=True),
    cf.Backdates(7200.0),
    cf.OmitsOfficialSeal(),
    cf.SignsAsOther(),
    cf.SealsToOtherKey(),
    cf.Delay(90.0),
    cf.TimesOut(),
)
_DEFECTS: Final[tuple[d.Defect, ...]] = (
    d.FileNamedByTheSecond(),
    d.TimeoutReleasesOnlyTheOrderLock(),
    d.OutputAreaNotCleared(),
    d.SharedLinkObject(),
    d.ContinuationPagesShared(),
    d.SequencePerServer(),
)


@dataclass(frozen=True, slots=True)
class Options:
    """What a seed drew. ``…_p`` are probabilities: of a fault a device and minute, a habit a person, a change a person."""

    seed: int
    people: int
    terminals: int
    cash: bool
    documents: bool
    gap_s: float
    printer_p: float
    reader_p: float
    money_p: float
    line_p: float
    noise_ratio: float
    centre_line_p: float
    server_p: float
    defect_p: float
    habit_p: float
    change_p: float
    slow_s: float

    def __str__(self) -> str:
        told = (f"{each.name}={_number(getattr(self, each.name))}" for each in fields(self) if each.name != "seed")
        return f"seed {self.seed}: {' '.join(told)}"


def draw_options(seed: int, people: int = PEOPLE) -> Options:
    """The options of ``seed``; about half of the probabilities are nought, for a day in which something never happens."""
    random = Random(derived_seed(seed, "swarm", "options"))  # noqa: S311 - repeatable on purpose

    def chance(most: float) -> float:
        return round(random.random() * most, 3) if random.random() < 0.5 else 0.0

    return Options(
        seed=seed,
        people=random.randint(2, max(2, people)),
        terminals=random.randint(1, 3),
        cash=random.random() < 0.5,
        documents=random.random() < 0.25,
        gap_s=round(random.choice((0.5, 5.0, 60.0)) * (0.5 + random.random()), 2),
        printer_p=chance(0.5),
        reader_p=chance(0.3),
        money_p=chance(0.5),
        line_p=chance(0.3),
        noise_ratio=chance(0.1),
        centre_line_p=chance(0.2),
        server_p=chance(0.5),
        defect_p=chance(0.7),
        habit_p=chance(0.8),
        change_p=chance(0.3),
        slow_s=chance(3.0),
    )


def draw_plan(options: Options) -> p.Plan:
    """The plan of ``options``: a pure function of them."""
    random = Random(derived_seed(options.seed, "swarm", "plan"))  # noqa: S311 - repeatable on purpose
    terminals = tuple(
        p.TerminalPlan(f"SPECIMEN-{number}", ("coins", "notes") if options.cash else ())
        for number in range(1, options.terminals + 1)
    )
    arrivals = _arrivals(options, terminals, random)
    last_s = arrivals[-1].at_s
    return p.Plan(
        name=f"swarm seed {options.seed}",
        seed=options.seed,
        terminals=terminals,
        servers=_servers(options, random),
        modes=MappingProxyType({"99101": BundleMode.DOCUMENT} if options.documents else {}),
        arrivals=arrivals,
        faults=_device_faults(options, terminals, last_s, random),
        centre_faults=_server_faults(options, arrivals, random),
        changes=_changes(options, arrivals, random),
        heal_at_s=last_s + 1800.0,
        bound_s=900.0,
    )


def _arrivals(options: Options, terminals: tuple[p.TerminalPlan, ...], random: Random) -> tuple[p.Arrival, ...]:
    at_s, found = 0.0, []
    for _ in range(options.people):
        found.append(p.Arrival(at_s, _visitor(options, random), random.choice(terminals).terminal))
        at_s = round(at_s + random.expovariate(1 / options.gap_s), 2)
    return tuple(found)


def _visitor(options: Options, random: Random) -> v.Visitor:
    wish = random.choice((v.Wish(_SEAL), v.Wish(_RESIDENCE), v.Wish(_RESIDENCE, Scope.HOUSEHOLD), v.Wish(copies=2)))
    habits: list[v.Habit] = []
    while len(habits) < 3 and random.random() < options.habit_p:
        habits.append(_habit(random))
    pays = random.choice(((), (500,), (1000,), (100, 50, 50), (100,))) if options.cash and wish.copies == 1 else ()
    return v.Visitor(
        resident=random.choice(_BUYERS),
        wish=wish,
        reads_s=round(random.choice((0.0, 0.3, 1.0, 5.0)), 2),
        pays_yen=pays,
        habits=tuple(habits),
    )


def _habit(random: Random) -> v.Habit:
    screen = random.choice(_SCREENS)
    after_s = round(random.random() * 3, 2)
    return random.choice(
        (
            v.WalksAway(screen),
            v.LiftsCard(screen, after_s),
            v.LaysOtherCard(random.choice(("take_card", "choose_kind", "confirm")), random.choice(_BUYERS)),
            v.Cancels(screen, after_s),
            v.StepsBack(random.choice(("choose_copies", "confirm"))),
            v.Mistypes(random.randint(1, 3)),
            v.ForgetsCard(),
            v.ForgetsSheets(),
            v.TakesWhatLiesThere(),
            v.GoesOn(),
        )
    )


def _servers(options: Options, random: Random) -> MappingProxyType[str, ServerSetup]:
    chosen = tuple(each for each in _DEFECTS if random.random() < options.defect_p / 2)
    if not chosen and not options.slow_s:
        return MappingProxyType({})
    setup = ServerSetup(
        servers=random.randint(1, 2),
        read_s=round(options.slow_s * random.random(), 2),
        render_s=round(options.slow_s * random.random(), 2),
        print_s=round(options.slow_s * random.random(), 2),
        print_wait_limit_s=random.choice((5.0, 60.0)),
        sync=random.choice((None, SyncPlan(continual_every_s=60.0))),
        defects=chosen,
    )
    return MappingProxyType({"99101": setup})


def _when(options: Options, random: Random) -> When:
    return random.choice((Next(), Next(), After(random.randint(1, 3)), UntilCleared()))


def _device_faults(
    options: Options, terminals: tuple[p.TerminalPlan, ...], last_s: float, random: Random
) -> tuple[p.DeviceFault, ...]:
    cash: tuple[p.Device, ...] = ("coins", "notes", "receipt_printer") if options.cash else ("payment",)
    odds: list[tuple[p.Device, float]] = [("printer", options.printer_p), ("card_reader", options.reader_p)]
    odds += [("line", options.centre_line_p), *((device, options.money_p) for device in cash)]
    found = []
    for terminal in terminals:
        for device, probability in odds:
            for _ in range(2):
                if random.random() < probability:
                    at_s = round(random.random() * (last_s + 20.0), 2)
                    fault = str(random.choice([each for each in FAULTS[device] if not _of_line(each)]))
                    found.append(p.DeviceFault(at_s, device, fault, _when(options, random), terminal.terminal))
        if options.cash:
            found += _line_faults(options, terminal, cash, random)
    return tuple(sorted(found, key=lambda fault: fault.at_s))


def _line_faults(
    options: Options, terminal: p.TerminalPlan, devices: tuple[p.Device, ...], random: Random
) -> list[p.DeviceFault]:
    """Noise on each line, and worse now and then; no address fault, for only one of the lines has addresses."""
    found = []
    kinds = [each for each in LineFault if each is not LineFault.WRONG_ADDRESS]
    for device in devices:
        if options.noise_ratio:
            noise = Ratio(options.noise_ratio, random.randrange(1000))
            found.append(p.DeviceFault(0.0, device, str(LineFault.NOISE), noise, terminal.terminal))
        if random.random() < options.line_p:
            kind, at_s = str(random.choice(kinds)), round(random.random() * 60, 2)
            found.append(p.DeviceFault(at_s, device, kind, After(random.randint(0, 40)), terminal.terminal))
    return found


def _of_line(fault: str) -> bool:
    return fault in tuple(LineFault)


def _server_faults(options: Options, arrivals: tuple[p.Arrival, ...], random: Random) -> tuple[p.CentreMisbehaves, ...]:
    return tuple(
        p.CentreMisbehaves(each.at_s, random.choice(_SERVER_FAULTS))
        for each in arrivals
        if random.random() < options.server_p
    )


def _changes(options: Options, arrivals: tuple[p.Arrival, ...], random: Random) -> tuple[p.Change, ...]:
    found: list[p.Change] = []
    for each in arrivals:
        if random.random() < options.change_p:
            at_s, who = round(each.at_s + random.random() * 15, 2), each.visitor.resident
            possible: list[p.Change] = [
                p.AnnouncesMovingOut(at_s, who),
                p.Moves(at_s, who, "見本県架空市見本町二丁目9番9号"),
            ]
            if BY_KEY[who].seal_number is not None:
                possible.append(p.CancelsSeal(at_s, who))
            found.append(random.choice(possible))
    return tuple(found)


def planted(plan: p.Plan, without: tuple[str, ...]) -> p.Plan:
    """The same plan at terminals without these guards: to see that the swarm would notice."""
    return replace(plan, without=without)


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
