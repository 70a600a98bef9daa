"""Plays a plan live: real services on emulators on their wires, visitors at their consoles, and the history that comes of it.

The same two phases as under virtual time (``simulator.run``), with waits by conditions: the safety phase is over when everybody
planned has gone and every fault has been armed, at ``heal_at_s`` at the latest; the liveness phase when every terminal is back.
"""

import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from honnin.demo.hardware import HeardOfDevice
from honnin.demo.world import Fitting, Watching, World
from honnin.live.faults import LiveFaults
from honnin.live.hub import Hub
from honnin.live.log import OrderLog
from honnin.live.place import LiveTerminal
from honnin.live.playable import demand_playable
from honnin.live.relay import Relay
from simulator import plan as p
from simulator import seen as s
from simulator.centre.ids import SeededIds
from simulator.centre.issuing.events import ServerEvent
from simulator.centre.registers import sqlite_url
from simulator.centre.server import CentreServer
from simulator.checkers.paper import read_sheets
from simulator.checkers.people import KnownPeople
from simulator.devices.card_reader.pcscd import PcscdError, require_private_pcscd
from simulator.devices.printer.control import Command
from simulator.devices.printer.tray import Delivery, SpoolTray
from simulator.history import At
from simulator.home import Home
from simulator.observer import Observer
from simulator.page_seen import PageSeen
from simulator.pdfium_lock import PDFIUM
from simulator.run import alter, come_back, journal_read, shops_of, tell_residents, tell_server
from simulator.shop import Shop
from simulator.world import World as Ground
from simulator.world import derived_seed
from terminal.clock import SystemClock

_BOOT_S: Final = 30.0
_LINGER_S: Final = 3.0
"""What was armed last has so long to show, where anything was."""


class _HeardTray(SpoolTray):
    """A folder whose sheets are told of, on the printer's own thread."""

    def __init__(self, directory: Path, heard: Callable[[Delivery], None]) -> None:
        super().__init__(directory)
        self._heard = heard

    def deliver(self, delivery: Delivery) -> None:
        """See ``Tray.deliver``."""
        super().deliver(delivery)
        self._heard(delivery)


@dataclass(slots=True)
class LiveStage:
    """A live run that is set up: terminals and what can go wrong there, by name; ``log`` is of keys and orders."""

    plan: p.Plan
    home: Home
    folder: Path
    hub: Hub
    speed: float
    people: KnownPeople = field(default_factory=KnownPeople)
    places: dict[str, LiveTerminal] = field(default_factory=dict)
    faults: dict[str, LiveFaults] = field(default_factory=dict)
    log: OrderLog = field(default_factory=OrderLog)
    listeners: list[HeardOfDevice] = field(default_factory=list)
    """Told of orders to emulators on serial lines, on the run's thread."""
    pending: int = 0


def has_pcscd() -> bool:
    """Whether this machine and user can run a private pcscd."""
    try:
        require_private_pcscd()
    except PcscdError:
        return False
    return True


def play(
    plan: p.Plan,
    home: Home,
    folder: Path,
    *,
    speed: float = 1.0,
    told: Callable[[Sequence[At]], None] = lambda lines: None,
    log: OrderLog | None = None,
) -> list[At]:
    """Play ``plan`` and return its history; ``folder`` takes the services' files. Raise ``NotPlayableError`` before it begins.

    ``log`` is handed every order to an emulator and every key, with the terminal's name. What breaks the run off stands in the
    history's last line.
    """
    demand_playable(plan, pcscd=has_pcscd())
    ground = Ground(SystemClock().wall(), plan.seed)
    stage = LiveStage(plan, home, folder, Hub(ground, speed, told), speed, log=log or OrderLog())
    with ExitStack() as stack:
        try:
            centre = stack.enter_context(open_stage(stage))
            _play(stage, centre)
            stack.close()
            look_into(stage)
        except Exception as error:  # a crash is a result, and the worst
            ground.history.see(s.RunEnded(complete=False, why=f"{type(error).__name__}: {error}"))
        else:
            ground.history.see(s.RunEnded())
    stage.hub.tell()
    return ground.history.take()


@contextmanager
def open_stage(stage: LiveStage) -> Iterator[CentreServer]:
    """Start centre, emulators and services, and wait until each takes customers or says why not."""
    plan, ground, hub = stage.plan, stage.hub.ground, stage.hub
    stage.folder.mkdir(parents=True, exist_ok=True)
    made_s = time.monotonic()
    with ExitStack() as stack:
        centre = stack.enter_context(_centre(stage))
        for code, mode in plan.modes.items():
            centre.centre.registers.change_mode(code, mode)
        ground.history.see(s.RunStarted(plan.seed, plan.name, tuple(each.terminal for each in plan.terminals)))
        ground.history.see(s.PhaseBegan("safety"))
        tell_residents(ground, centre.centre, stage.people)
        relays = {}
        for each in plan.terminals:
            host, port = centre.url.removeprefix("https://").rsplit(":", 1)
            relays[each.terminal] = stack.enter_context(Relay((host, int(port))))
            place = _place(stage, each, centre, relays[each.terminal])
            stack.enter_context(place.world)
            stack.enter_context(place.started())
            stage.places[each.terminal] = place
            hub.terminals.append(place)
        if not hub.run_for(lambda: all(each.is_up() for each in hub.terminals), _BOOT_S) and not all(
            each.is_up(ready=False) for each in hub.terminals
        ):
            raise RuntimeError(f"a service said nothing within {_BOOT_S:g} s: {hub.terminals[0].typist.errors()}")
        for each_place in hub.terminals:
            each_place.begin()
        shift_s = time.monotonic() - made_s
        stage.log.device_age_s = shift_s
        for name, place in stage.places.items():
            stage.faults[name] = LiveFaults(place.world, relays[name], stage.speed, shift_s)
        hub.begin()
        yield centre


def _centre(stage: LiveStage) -> CentreServer:
    plan, hub = stage.plan, stage.hub

    def listener(event: ServerEvent) -> None:
        hub.hear(partial(tell_server, hub.ground, event))

    ids = SeededIds(derived_seed(plan.seed, "centre"))
    database = sqlite_url(stage.folder / "registers.sqlite")
    return CentreServer(stage.home, database=database, ids=ids, setups=plan.servers, listener=listener)


def _place(stage: LiveStage, each: p.TerminalPlan, centre: CentreServer, relay: Relay) -> LiveTerminal:
    hub, folder = stage.hub, stage.folder / each.terminal
    folder.mkdir(parents=True, exist_ok=True)
    log = stage.log

    def now_s() -> float:
        return round(hub.ground.clock.now_s(), 3)  # as the history has it

    def delivered(delivery: Delivery) -> None:
        hub.hear(lambda: place.delivered(delivery))

    def device(name: str, order: Mapping[str, object], before: Mapping[str, object]) -> None:
        hub.hear(lambda: ordered(name, dict(order), before))

    def ordered(name: str, order: Mapping[str, object], before: Mapping[str, object]) -> None:
        log.order(now_s(), each.terminal, name, order, before)
        for listener in stage.listeners:
            listener(name, order, before)

    def printer(command: Command) -> None:
        hub.hear(lambda: log.order(now_s(), each.terminal, "printer", command.model_dump(), {}))

    fitting = Fitting(
        terminal_id=each.terminal,
        serial=(*each.cash, "receipt_printer") if each.cash else (),
        evidence="serial" if each.serial_alone else "",
        seed=stage.plan.seed,
        card_port=_free_port(),
    )
    watching = Watching(tray=_HeardTray(folder / "tray", delivered), device=device, printer=printer)
    world = World(
        folder,
        stage.home,
        fitting=fitting,
        watching=watching,
        centre=centre,
        centre_url=f"https://127.0.0.1:{relay.port}",
    )
    observer = Observer(
        hub.ground.history, each.terminal, stage.people.called, partial(_read, stage.people), hear=hub.hear
    )
    place = LiveTerminal(world, observer, hub.ground.scheduler, stage.speed)
    observer.on_pressed = lambda view, pressed: log.pressed(now_s(), each.terminal, observer.person, view, pressed)
    return place


def _read(people: KnownPeople, pdf: bytes) -> tuple[PageSeen, ...]:
    with PDFIUM:
        return read_sheets(pdf, people=people)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _play(stage: LiveStage, centre: CentreServer) -> None:
    """Both phases, from the first arrival until every terminal is back."""
    plan, hub, ground = stage.plan, stage.hub, stage.hub.ground
    began_s = ground.clock.now_s()
    shops = shops_of(plan, ground, stage.places)
    _schedule(stage, centre, began_s)
    for shop in shops:
        shop.open()
    heal_at_s = began_s + plan.heal_at_s
    if hub.run_until(lambda: stage.pending == 0 and all(shop.done for shop in shops), heal_at_s) and plan.faults:
        armed_s = began_s + max(fault.at_s for fault in plan.faults)
        hub.run_until(lambda: False, min(heal_at_s, armed_s + _LINGER_S * stage.speed))
    for faults in stage.faults.values():
        faults.heal()
    centre.faults.clear()
    ground.history.see(s.FaultHealed(""))
    ground.history.see(s.PhaseBegan("liveness", plan.bound_s))
    until_s = ground.clock.now_s() + plan.bound_s
    back: list[Shop] = []
    for shop in shops:
        ground.scheduler.spawn(partial(_back, shop, plan.bound_s, back))
    hub.run_until(lambda: len(back) == len(shops) and all(shop.done for shop in shops), until_s)


def _back(shop: Shop, bound_s: float, back: list[Shop]) -> None:
    come_back(shop, bound_s)
    shop.terminal.see_slips()
    back.append(shop)


def _schedule(stage: LiveStage, centre: CentreServer, began_s: float) -> None:
    plan, scheduler = stage.plan, stage.hub.ground.scheduler
    deeds: list[tuple[float, Callable[[], None]]] = [
        *((fault.at_s, partial(_arm, stage, fault)) for fault in plan.faults),
        *((each.at_s, partial(_misbehave, stage, centre, each)) for each in plan.centre_faults),
        *((each.at_s, partial(_change, stage, centre, each)) for each in plan.changes),
    ]
    for at_s, deed in deeds:
        if at_s < plan.heal_at_s:
            stage.pending += 1
            scheduler.at(began_s + at_s, partial(_do, stage, deed))


def _do(stage: LiveStage, deed: Callable[[], None]) -> None:
    stage.pending -= 1
    deed()


def _arm(stage: LiveStage, fault: p.DeviceFault) -> None:
    seen = s.FaultArmed(fault.terminal, fault.device, fault.fault, str(fault.when))
    stage.hub.ground.history.see(seen)
    stage.faults[fault.terminal].arm(fault)


def _misbehave(stage: LiveStage, centre: CentreServer, each: p.CentreMisbehaves) -> None:
    stage.hub.ground.history.see(s.FaultArmed("", "issuing server", str(each.fault)))
    (centre.faults.until_cleared if each.lasting else centre.faults.next)(each.fault)


def _change(stage: LiveStage, centre: CentreServer, change: p.Change) -> None:
    alter(centre.centre.registers, stage.hub.ground, stage.people, change)


def look_into(stage: LiveStage) -> None:
    """After the services' end: books and journals."""
    for name, place in stage.places.items():
        written = place.read_books()
        stage.hub.ground.history.see(journal_read(name, place.world.state_dir, written))
