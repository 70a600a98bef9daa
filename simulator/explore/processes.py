"""The customer's process: inline it is the session's end, for the supervisor it is everything it knows of a customer."""

from collections.abc import Iterator
from typing import Final

from simulator.explore.faults import FaultKind, fault
from simulator.explore.people import Move
from simulator.explore.stepping import Situation
from simulator.explore.telling import told
from simulator.explore.world import FOUND, FOUND_DEAD, FOUND_NOW, SERVES, STRANGERS, TELLING, VERIFY, World
from terminal.fsm import events as ev
from terminal.fsm.deeds.service import SHEETS_FORGOTTEN
from terminal.fsm.states import CUSTOMER_STATES, State
from terminal.fsm.values import Fault as Level
from terminal.fsm.values import MachineCode

DIES: Final = fault(FaultKind.DIES, "process")
DIES_WITH_SHEETS: Final = fault(FaultKind.DIES, "process with sheets in the tray")
HANGS: Final = fault(FaultKind.HANGS, "process")
IDLE_DIES: Final = fault(FaultKind.DIES, "idle process")
RACES: Final = fault(FaultKind.RACES, "process")

MONEY_OWED: Final = Level("payment", MachineCode.REFUND_TIMED_OUT, "Count the payment device")
_OWED_YEN: Final = 100

STARTED: Final = told(ev.CustomerProcessStarted())


def inline_ends(at: Situation, world: World) -> Iterator[Move]:
    """The session ends when the centre and the slip printer had their moment; the process may die at any time before."""
    if at.state not in CUSTOMER_STATES:
        return
    finding = at.memory.session is not None and at.memory.session.finding
    if at.state is State.ENDING:
        if world.over and not world.busy & ~world.hung & TELLING:
            yield told(ev.CustomerProcessEnded(clean=True, finding=finding)), world, None
        return
    yield told(ev.CustomerProcessEnded(clean=False, finding=finding)), world, DIES
    if world.busy & VERIFY and world.subject == STRANGERS and not finding:
        # A gate said "different" and journalled it; the machine never heard of it.
        yield (
            told(ev.CustomerProcessEnded(clean=False, finding=True)),
            world.but(finding=world.finding | FOUND_NOW),
            DIES,
        )


def supervised(at: Situation, world: World) -> Iterator[Move]:
    """What a supervisor hears of the processes of its customers."""
    if world.process == FOUND_DEAD:
        yield told(ev.FindingReopened()), world.but(process=0, finding=1), None
        return
    if at.state is State.IDLE:
        yield STARTED, world.but(process=SERVES, open=1), None
        yield told(ev.CustomerProcessEnded(clean=True)), world, IDLE_DIES
    elif world.process:
        yield from _serving(at, world)
    else:
        if at.state is not State.RESETTING:
            yield STARTED, world.but(process=SERVES, open=1), RACES
        yield told(ev.CustomerProcessEnded(clean=True)), world, RACES


def _serving(at: Situation, world: World) -> Iterator[Move]:
    """Its customer has a paper of somebody else's or not, forgets sheets or not, has money owed or not; it may die or hang."""
    found = world.process == FOUND
    if not found:
        yield None, world.but(process=FOUND), None
    gone = world.but(process=0, finding=1) if found else world.but(process=0)
    yield told(ev.CustomerProcessEnded(clean=True, finding=found)), gone.but(open=0), None
    yield told(ev.CustomerProcessEnded(clean=False, finding=found, owed_yen=_OWED_YEN)), gone, DIES
    yield told(ev.CustomerProcessEnded(clean=False, finding=found, sheets=True)), gone.but(left=1), DIES_WITH_SHEETS
    if not world.left:
        yield told(ev.FaultRaised(SHEETS_FORGOTTEN)), world.but(left=1), None
    yield told(ev.FaultRaised(MONEY_OWED)), world, None
    if at.state is State.SERVING and at.expiry is not None:
        yield at.expiry, world, HANGS
