"""What people, cards, clocks and staff can do next; each move is an event to tell the machine and the world after it.

A move without a fault is what happens anyway. A move may have no event: something happened that nobody told the machine.
"""

from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from simulator.explore.awaiting import AWAITED
from simulator.explore.faults import Fault, FaultKind, fault
from simulator.explore.settings import CHANGE_LOW, PIN_PAD_GONE, PRINTER_OUT
from simulator.explore.stepping import Situation
from simulator.explore.telling import DEAD, Told, told
from simulator.explore.world import (
    FRESH,
    LAST_TEXT_TRY,
    LAST_TRY,
    OWN,
    PAYMENT_LANE,
    PRINT,
    SCREENS,
    SILENT,
    STRANGERS,
    World,
    name_of,
)
from terminal.fsm import events as ev
from terminal.fsm.deeds.service import TRAY
from terminal.fsm.showing import Screen
from terminal.fsm.states import CARD_REMOVAL_STATES, CARD_STATES, State
from terminal.fsm.values import Fault as Level
from terminal.fsm.values import TimerId

Move: TypeAlias = tuple[Told | None, World, Fault | None]

CARD_INSERTED: Final = told(ev.CardInserted())
CARD_REMOVED: Final = told(ev.CardRemoved())
CARD_SWAPPED: Final = told(ev.CardSwapped())

SWAPPED: Final = fault(FaultKind.SWAPPED, "card")
STRAYS: Final = fault(FaultKind.STRAYS, "card")

_STANDING_STILL: Final = frozenset({State.OUT_OF_SERVICE, State.STOPPED_FOR_FINDING})
_WITH_CARD: Final = CARD_STATES | CARD_REMOVAL_STATES
_ASKING_PIN: Final = frozenset(SCREENS.index(screen) for screen in (Screen.ENTER_PIN, Screen.ENTER_TEXT_PIN))
_AGREED: Final = {
    SCREENS.index(Screen.CONFIRM_LAST_TRY): LAST_TRY,
    SCREENS.index(Screen.CONFIRM_LAST_TEXT_TRY): LAST_TEXT_TRY,
}

HANGS: Final = {command: fault(FaultKind.HANGS, name_of(command)) for command in dict.fromkeys(AWAITED.values())}
PROCESS_HANGS: Final = fault(FaultKind.HANGS, "process")


def fingers(at: Situation, world: World) -> Iterator[Move]:
    """Every key that does something here. Sheets that are said to be taken are taken: nobody can see it otherwise."""
    for key in at.keys:
        kind = key.kind
        if kind is ev.PinEntered:
            if world.screen in _ASKING_PIN:
                yield key, world.but(digits=FRESH), None
        elif kind is ev.ContinuePressed and world.screen in _AGREED:
            yield key, world.but(agreed=world.agreed | _AGREED[world.screen]), None
        elif kind is ev.SheetsTaken:
            yield key, world.but(tray=0, left=0), None
        else:
            yield key, world, None


def cards(at: Situation, world: World) -> Iterator[Move]:
    """A card is laid down, taken, swapped; the next person's may be laid down too early."""
    if world.card:
        yield CARD_REMOVED, world.but(card=0, powered=0), None
        if world.card == OWN and at.state in _WITH_CARD:
            yield CARD_SWAPPED, world.but(card=STRANGERS, powered=0), SWAPPED
    elif at.state is State.IDLE:
        yield CARD_INSERTED, world.but(card=OWN), None
    else:
        yield CARD_INSERTED, world.but(card=STRANGERS), STRAYS


def clocks(at: Situation, world: World) -> Iterator[Move]:
    """The situation's time is over: a person walked away, or what is waited for hangs."""
    if at.expiry is None:
        return
    if at.warning is not None:
        yield at.warning, world, None
    awaited = AWAITED.get(at.state, 0)
    if awaited & world.busy & ~world.hung:
        yield at.expiry, _hung(world, awaited), HANGS[awaited]
    elif at.state is State.ENDING:
        yield at.expiry, world, PROCESS_HANGS
    elif at.state is not State.SERVING:
        yield at.expiry, world, None
    # Of the same situation's timer before it was started over: it was posted already when that was stopped.
    yield told(ev.TimedOut(TimerId(at.state, DEAD))), world, None


def _hung(world: World, awaited: int) -> World:
    hung = world.but(hung=world.hung | awaited)
    if awaited & PAYMENT_LANE:
        return hung.but(untold=max(world.untold, SILENT))
    return hung.but(doubted=1) if awaited == PRINT else hung


# --- staff and levels

BOOTED: Final = told(ev.BootCompleted())
SELF_TEST_FAILED: Final = told(ev.SelfTestFailed("SELF_TEST_FILES"))
WITHDRAWN: Final = told(ev.ServiceWithdrawn())
RESTORED: Final = told(ev.ServiceRestored())
RELEASED: Final = told(ev.FindingReleased())
REOPENED: Final = told(ev.FindingReopened())

BREAKS: Final = {
    level: fault(FaultKind.BREAKS, f"{level.device} ({'blocking' if level.blocks_service else 'not blocking'})")
    for level in (PRINTER_OUT, CHANGE_LOW, PIN_PAD_GONE)
}
_SELF_TEST: Final = fault(FaultKind.FAILS, "self-test")
_SERVICE: Final = fault(FaultKind.WITHDRAWN, "service")
_FINDING: Final = fault(FaultKind.REOPENED, "finding")


def staff(at: Situation, world: World) -> Iterator[Move]:
    """What heals, for nothing: mended devices, counted money, a service restored, a terminal booted, a finding released."""
    levels = at.memory.levels
    for level in levels.faults:
        if level.device != TRAY:
            yield told(ev.FaultCleared(level.device, level.code)), world, None
        elif at.state in _STANDING_STILL:
            # Who reports the tray as settled has emptied it, while nothing can come out of the printer.
            yield told(ev.FaultCleared(level.device, level.code)), world.but(tray=0, left=0), None
    if levels.withdrawn:
        yield RESTORED, world, None
    if not levels.booted or levels.self_test_code:
        yield BOOTED, world, None
    if at.state in _STANDING_STILL:
        yield RELEASED, world.but(finding=0), None


def troubles(at: Situation, world: World, breakable: Iterable[Level]) -> Iterator[Move]:
    """What the surroundings inflict: levels go up, the service is withdrawn, a self-test fails, the journal holds a finding."""
    up = {(level.device, level.code) for level in at.memory.levels.faults}
    for level in breakable:
        if (level.device, level.code) not in up:
            yield told(ev.FaultRaised(level)), world, BREAKS[level]
    if not at.memory.levels.self_test_code:
        yield SELF_TEST_FAILED, world, _SELF_TEST
    if not at.memory.levels.withdrawn:
        yield WITHDRAWN, world, _SERVICE
    if not world.finding:
        yield REOPENED, world.but(finding=1), _FINDING
