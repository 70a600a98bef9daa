"""What the printer tells of the one job, and what lies in the tray in truth.

Where nobody knows how many sides came out, one did or none. A job of which nobody can say that it has ended may put its sheets
into the tray unseen, up to the reset that purges it.
"""

from collections.abc import Iterator
from typing import Final

from simulator.explore.faults import Fault, FaultKind, fault
from simulator.explore.people import Move
from simulator.explore.settings import Setting
from simulator.explore.stepping import Situation
from simulator.explore.telling import LIVE, told
from simulator.explore.world import GIVEN, PAGES, PRINT, STARTED, World, name_of
from terminal.fsm import events as ev
from terminal.fsm.states import State

_AT_PRINTER: Final = frozenset({State.STARTING_PRINT, State.PRINTING, State.CANCELLING_PRINT})

PRINT_STARTED: Final = told(ev.PrintStarted(LIVE))
NOTHING_YET: Final = told(ev.PrintProgressed(LIVE, 0))
WAITS: Final = told(ev.PrintProgressed(LIVE, 0, "PRINTER_PAPER_OUT"))
PROGRESS: Final = {sides: told(ev.PrintProgressed(LIVE, sides)) for sides in range(PAGES + 1)}
UNBELIEVABLE: Final = told(ev.PrintProgressed(LIVE, 50))
COMPLETED: Final = {sides: told(ev.PrintCompleted(LIVE, sides)) for sides in range(PAGES + 2)}
CANCELED: Final = {sides: told(ev.PrintCanceled(LIVE, sides)) for sides in (None, *range(PAGES + 1))}
FAILED: Final = {
    sides: told(ev.PrintFailed(LIVE, "PRINTER_PAPER_JAMMED", sides)) for sides in (None, *range(PAGES + 1))
}
LOST: Final = {sides: told(ev.PrintTimedOut(LIVE, "PRINTER_JOB_LOST", sides)) for sides in (None, *range(PAGES + 1))}

_FAILS: Final = fault(FaultKind.FAILS, name_of(PRINT))
_WAITS: Final = fault(FaultKind.BREAKS, "printer (waits)")
_MISCOUNTS: Final = fault(FaultKind.MISCOUNTS, name_of(PRINT))
_LOSES_LINE: Final = fault(FaultKind.LOSES_LINE, name_of(PRINT))


def printing(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """From the job that was given to the job that ended, however it ended."""
    ended = world.done(PRINT, job=0)
    fails, miscounts = (None, None) if world.hung & PRINT else (_FAILS, _MISCOUNTS)
    stopped = None if world.stopped & PRINT else fails
    if world.job == GIVEN:
        yield PRINT_STARTED, world.but(job=STARTED), None
        yield NOTHING_YET, world, None
        yield WAITS, world, _WAITS
        yield PROGRESS[1], world.but(job=STARTED, tray=1), _LOSES_LINE
        yield from _completed(world, ended, _LOSES_LINE, _LOSES_LINE)
        yield from _unknown(world, ended, _LOSES_LINE, _LOSES_LINE)
    else:
        yield from _progressed(world, miscounts)
        yield from _completed(world, ended, None, miscounts)
        yield from _unknown(world, ended, stopped, fails)
    yield CANCELED[world.tray], ended, stopped
    yield FAILED[world.tray], ended, fails
    yield LOST[world.tray], ended, fails


def _progressed(world: World, miscounts: Fault | None) -> Iterator[Move]:
    out = world.tray
    yield PROGRESS[out], world, None
    if out < PAGES:
        yield PROGRESS[out + 1], world.but(tray=out + 1), None
    yield UNBELIEVABLE, world.but(tray=PAGES), miscounts


def _completed(world: World, ended: World, whole: Fault | None, miscounts: Fault | None) -> Iterator[Move]:
    yield COMPLETED[PAGES], ended.but(tray=PAGES, whole=1), whole
    for sides in (0, 1, PAGES + 1):
        if sides >= world.tray:
            yield COMPLETED[sides], ended.but(tray=min(sides, PAGES)), miscounts


def _unknown(world: World, ended: World, stopped: Fault | None, fails: Fault | None) -> Iterator[Move]:
    some = ended.but(tray=max(world.tray, 1))
    yield CANCELED[None], some, stopped
    # Nobody can say that it has ended: it is cancelled by the reset, and may print until then.
    for lost in (FAILED[None], LOST[None]):
        yield lost, some.but(job=STARTED, doubted=1), fails
        yield lost, ended.but(job=STARTED, doubted=1), fails


def unseen_sheet(at: Situation, world: World) -> Iterator[Move]:
    """Of a job that was given up on, and that nobody hears of any more."""
    if world.job == STARTED and world.tray < PAGES and at.state not in _AT_PRINTER:
        yield None, world.but(tray=PAGES), None
