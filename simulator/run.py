"""Runs a plan under virtual time: the same terminal code as in the store, many terminals on one scheduler, one centre for all.

Two phases: safety, in which anything may break, then everything is healed and the terminals must come back to idle and empty
within the plan's bound. What was seen from outside is the result; nothing here judges it.
"""

import itertools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, assert_never

from simulator import arming
from simulator import plan as p
from simulator import seen as s
from simulator.centre.assembly import AssembledCentre, assemble
from simulator.centre.facts import Person, SealState
from simulator.centre.ids import SeededIds
from simulator.centre.issuing.events import AnswerSpoilt, FileHandedOver, Happening, ServerEvent
from simulator.centre.issuing.telling import told
from simulator.centre.registers import PLAIN_MEMORY, Registers
from simulator.checkers.paper import read_sheets
from simulator.checkers.people import KnownPeople
from simulator.foreign_job import send_foreign_job
from simulator.history import At
from simulator.home import Home
from simulator.people.residents import RESIDENTS, Resident, resident
from simulator.personal_data import whose_data
from simulator.seen_terminal import SeenTerminal
from simulator.shop import Shop
from simulator.terminal_inline import InlineConfig
from simulator.unguarded import without
from simulator.visiting import Visited
from simulator.world import World, derived_seed
from terminal.fsm.config import Evidence
from terminal.journal import entries
from terminal.journal.entries import JournalEntry
from terminal.journal.verify import verify_journal

_RESTRICTIONS: Final = (
    ("moving_out", "moving out"),
    ("protective_measures", "protective measures"),
    ("character_pending", "character pending"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A run that is set up: its world, centre, terminals and shops."""

    plan: p.Plan
    world: World
    centre: AssembledCentre
    terminals: Mapping[str, SeenTerminal]
    shops: tuple[Shop, ...]
    people: KnownPeople
    began_s: float
    residents: tuple[Resident, ...] = RESIDENTS


def run(plan: p.Plan, home: Home, folder: Path | None = None) -> list[At]:
    """Run ``plan`` and return its history; ``home`` keeps the throw-away keys, ``folder`` the terminals' files.

    A terminal that breaks down on a programmer's error ends the run: its last line says so, and nothing is proved by it.
    """
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="honnin-run-")))
        stack.enter_context(without(plan.without))
        return played(stack.enter_context(staged(plan, home, folder)))


def played(stage: Stage) -> list[At]:
    """Play a run that is set up, to whatever end, and return its history."""
    history = stage.world.history
    try:
        _play(stage)
    except Exception as error:  # a crash of the terminal's own code is a result, and the worst
        history.see(s.RunEnded(complete=False, why=f"{type(error).__name__}: {error}"))
    else:
        history.see(s.RunEnded())
    return history.take()


@contextmanager
def staged(plan: p.Plan, home: Home, folder: Path) -> Iterator[Stage]:
    """Set a plan up; nothing has happened yet when the context is entered."""
    world = World(plan.start, plan.seed)
    people = KnownPeople()
    with ExitStack() as stack:
        ids = SeededIds(derived_seed(plan.seed, "centre"))
        listener = partial(tell_server, world)
        centre = assemble(home, PLAIN_MEMORY, world.clock, ids=ids, setups=plan.servers, listener=listener)
        stack.callback(centre.close)
        for code, mode in plan.modes.items():
            centre.registers.change_mode(code, mode)
        world.history.see(s.RunStarted(plan.seed, plan.name, tuple(each.terminal for each in plan.terminals)))
        world.history.see(s.PhaseBegan("safety"))
        terminals = {}
        tell_residents(world, centre, people)
        for each in plan.terminals:
            place = folder / each.terminal
            place.mkdir(parents=True, exist_ok=True)
            config = InlineConfig(
                terminal_id=each.terminal,
                cash=each.cash,
                evidence=Evidence.SERIAL if each.serial_alone else Evidence.SERIAL_AND_BASIC_FOUR,
            )
            read = partial(read_sheets, people=people)
            terminal = SeenTerminal(home, place, world, centre, config, names=people.called, read=read)
            terminals[each.terminal] = stack.enter_context(terminal)
        yield Stage(plan, world, centre, terminals, shops_of(plan, world, terminals), people, world.clock.now_s())


def _play(stage: Stage) -> None:
    """Both phases, from the first arrival to the last look."""
    plan, scheduler = stage.plan, stage.world.scheduler
    _schedule(stage)
    for shop in stage.shops:
        shop.open()
    scheduler.run_until(stage.began_s + plan.heal_at_s)
    for terminal in stage.terminals.values():
        arming.heal(terminal)
    stage.centre.model.faults.clear()
    stage.world.history.see(s.FaultHealed(""))
    stage.world.history.see(s.PhaseBegan("liveness", plan.bound_s))
    for shop in stage.shops:
        scheduler.spawn(partial(come_back, shop, plan.bound_s))
    scheduler.run_until(stage.began_s + plan.heal_at_s + plan.bound_s)
    for terminal in stage.terminals.values():
        _look_into(terminal, stage.residents)


def shops_of(plan: p.Plan, world: World, terminals: Mapping[str, Visited]) -> tuple[Shop, ...]:
    """A shop around each terminal, with the people whom the plan sends there."""
    numbers = itertools.count(1)
    by_terminal = {
        name: sorted((each for each in plan.arrivals if each.terminal == name), key=lambda each: each.at_s)
        for name in terminals
    }
    began_s = world.clock.now_s()
    return tuple(
        Shop(terminal, by_terminal[name], plan.staff, world.scheduler, began_s, lambda: next(numbers))
        for name, terminal in terminals.items()
    )


def _schedule(stage: Stage) -> None:
    scheduler, began_s = stage.world.scheduler, stage.began_s
    for fault in stage.plan.faults:
        scheduler.at(began_s + fault.at_s, partial(_arm, stage, fault))
    for misbehaviour in stage.plan.centre_faults:
        scheduler.at(began_s + misbehaviour.at_s, partial(_misbehave, stage, misbehaviour))
    for job in stage.plan.foreign_jobs:
        scheduler.at(began_s + job.at_s, partial(_print_foreign, stage, job))
    for change in stage.plan.changes:
        scheduler.at(began_s + change.at_s, partial(_change, stage, change))


def _arm(stage: Stage, fault: p.DeviceFault) -> None:
    stage.world.history.see(s.FaultArmed(fault.terminal, fault.device, fault.fault, str(fault.when)))
    arming.arm(stage.terminals[fault.terminal], fault)


def _misbehave(stage: Stage, misbehaviour: p.CentreMisbehaves) -> None:
    stage.world.history.see(s.FaultArmed("", "issuing server", str(misbehaviour.fault)))
    plan = stage.centre.model.faults
    (plan.until_cleared if misbehaviour.lasting else plan.next)(misbehaviour.fault)


def _print_foreign(stage: Stage, job: p.ForeignJob) -> None:
    stage.world.history.see(s.FaultArmed(job.terminal, "printer", "a job from elsewhere"))
    send_foreign_job(stage.world, stage.centre, stage.terminals[job.terminal], job.resident)


def _change(stage: Stage, change: p.Change) -> None:
    alter(stage.centre.registers, stage.world, stage.people, change)


def alter(registers: Registers, world: World, people: KnownPeople, change: p.Change) -> None:
    """Carry ``change`` out in the registers, and tell the history and whoever reads papers."""
    match change:
        case p.Moves():
            registers.move(change.resident, change.address)
        case p.Marries():
            registers.marry(change.resident, change.name)
        case p.CancelsSeal():
            registers.cancel_seal(change.resident)
        case p.AnnouncesMovingOut():
            registers.announce_moving_out(change.resident)
        case p.Dies():
            registers.record_death(change.resident, change.on)
        case _:
            assert_never(change)
    municipality = resident(change.resident).municipality_code
    tell_resident(world, people, registers.person(change.resident), municipality)


def tell_residents(world: World, centre: AssembledCentre, people: KnownPeople) -> None:
    """Everybody in the registers, as they are at the start."""
    for each in RESIDENTS:
        tell_resident(world, people, centre.registers.person(each.key), each.municipality_code)


def tell_resident(world: World, people: KnownPeople, person: Person, municipality_code: str) -> None:
    """The register's truth about ``person`` from now on goes into the history, and to whoever reads papers."""
    seal = person.seal
    restricted = next((words for field, words in _RESTRICTIONS if getattr(person, field)), "")
    known = s.ResidentKnown(
        resident=person.key,
        name=person.basic.name,
        address=person.basic.address,
        birth_date=person.basic.birth_date.isoformat(),
        sex=person.basic.sex.value,
        household=person.household,
        municipality=municipality_code,
        my_number=person.my_number,
        seal="none" if seal is None else ("registered" if seal.state is SealState.REGISTERED else "cancelled"),
        restricted="deceased" if person.deceased_on else restricted,
        seal_number=seal.number if seal is not None else "",
    )
    people.learn(known)
    world.history.see(known)


def tell_server(world: World, event: ServerEvent) -> None:
    """What an issuing server did goes into the history."""
    happening = event.happening
    stated, due = _whose(happening)
    world.history.see(
        s.ServerDid(
            server=event.municipality_code,
            what=type(happening).__name__,
            told=told(happening),
            request=getattr(happening, "order", 0),
            resident=stated or getattr(happening, "resident", ""),
            due=due,
        )
    )


def _whose(happening: Happening) -> tuple[str, str]:
    """Whose content was handed over and who asked, empty where none was; where only a part is another's, that other."""
    match happening:
        case FileHandedOver(resident=due, stated=stated):
            return next((each for each in stated if each != due), next(iter(stated), "")), due
        case AnswerSpoilt(resident=due, other=other) if other:
            return other, due
        case _:
            return "", ""


def come_back(shop: Shop, bound_s: float) -> None:
    """Healed: a coin that hung somewhere has dropped, and the terminal has to come back by itself, or by its staff's hands."""
    shop.terminal.take_money()
    shop.until_open(bound_s)
    shop.terminal.take_money()


def _look_into(terminal: SeenTerminal, residents: tuple[Resident, ...]) -> None:
    """The last look: books, journal, and whether anything personal is in it."""
    written = [recorded.entry for recorded in terminal.journal.entries()]
    terminal.read_books(written)
    seen = journal_read(terminal.config.terminal_id, terminal.folder, written, residents)
    terminal.observer.history.see(seen)


def journal_read(
    terminal: str, folder: Path, written: Sequence[JournalEntry], residents: tuple[Resident, ...] = RESIDENTS
) -> s.JournalRead:
    """The journal in ``folder``, which holds ``written``: verified, and searched for anything personal."""
    report = verify_journal(folder / "journal.sqlite")
    content = b"".join(path.read_bytes() for path in sorted(folder.glob("journal.sqlite*")))
    personal = whose_data(content, residents)
    return s.JournalRead(
        terminal=terminal,
        starts=sum(isinstance(entry, entries.CustomerStarted) for entry in written),
        ends=sum(isinstance(entry, entries.CustomerEnded) for entry in written),
        entries=len(written),
        breaches=tuple(str(breach) for breach in report.breaches),
        personal_data=personal,
    )
