"""What the card answers. ``tries`` and ``text_tries`` are its own counters: a wrong PIN takes a try whatever the line tells."""

from collections.abc import Iterator
from typing import Final

from simulator.explore.faults import Fault, FaultKind, fault
from simulator.explore.people import Move
from simulator.explore.settings import Setting
from simulator.explore.stepping import Situation
from simulator.explore.telling import LIVE, told
from simulator.explore.world import OPEN_SESSION, OWN, READ_CARD, READ_SUBJECT, VERIFY_PIN, World, name_of
from terminal.fsm import events as ev

ALL_TRIES: Final = 3

CARD_FAILED: Final = told(ev.CardFailed(LIVE, "CARD_HANGS"))
CARD_GONE: Final = told(ev.CardFailed(LIVE, "CARD_GONE"))
PIN_ACCEPTED: Final = told(ev.PinAccepted(LIVE))
PIN_BLOCKED: Final = told(ev.PinBlocked(LIVE))
SUBJECT_READ: Final = told(ev.SubjectRead(LIVE))
SUBJECT_FAILED: Final = told(ev.SubjectFailed(LIVE, "CARD_BAD_FILE"))
TEXT_PIN_BLOCKED: Final = told(ev.TextPinBlocked(LIVE))
SESSION_REFUSED: Final = told(ev.SessionRefused(LIVE, "REFUSED_UNDER_15"))
SESSION_FAILED: Final = told(ev.SessionFailed(LIVE, "CENTRE_UNREACHABLE"))
OUTCOME_UNKNOWN: Final = {tries: told(ev.PinOutcomeUnknown(LIVE, tries)) for tries in (None, 0, 1, 2, 3)}
CARD_READ: Final = {
    (tries, android): told(ev.CardRead(LIVE, tries, android)) for tries in range(4) for android in (False, True)
}
PIN_REFUSED: Final = {tries: told(ev.PinRefused(LIVE, tries)) for tries in range(4)}
TEXT_PIN_NEEDED: Final = {tries: told(ev.TextPinNeeded(LIVE, tries)) for tries in range(4)}
TEXT_PIN_REFUSED: Final = {tries: told(ev.TextPinRefused(LIVE, tries)) for tries in range(4)}

_FAILS: Final = {
    command: fault(FaultKind.FAILS, name_of(command)) for command in (READ_CARD, VERIFY_PIN, READ_SUBJECT, OPEN_SESSION)
}
_LOSES_LINE: Final = {command: fault(FaultKind.LOSES_LINE, name_of(command)) for command in (VERIFY_PIN, READ_SUBJECT)}


def _is_there(world: World) -> bool:
    return world.card == OWN and bool(world.powered)


def read_card(_at: Situation, world: World, setting: Setting) -> Iterator[Move]:
    """All tries left, the last one, none."""
    done = world.done(READ_CARD)
    if not _is_there(world):
        yield CARD_GONE, done, None
        return
    for tries in (3, 1, 0):
        yield CARD_READ[tries, False], done.but(tries=tries), None
    if setting.android:
        yield CARD_READ[3, True], done.but(tries=3), None
    yield CARD_FAILED, done, _FAILS[READ_CARD]


def verify_pin(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """Right, wrong, locked; or the line broke before or after the card had judged."""
    done = world.done(VERIFY_PIN)
    if not _is_there(world):
        yield CARD_GONE, done, None
        return
    left = max(world.tries - 1, 0)
    wrong = done.but(tries=left)
    yield PIN_ACCEPTED, done.but(tries=ALL_TRIES), None
    yield PIN_REFUSED[left], wrong, None
    if not left:
        yield PIN_BLOCKED, wrong, None
    yield from _line_lost(done, wrong, world.tries, left, _LOSES_LINE[VERIFY_PIN])
    yield CARD_FAILED, done, _FAILS[VERIFY_PIN]


def read_subject(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """With the same digits while all tries of the text PIN are left, else with its own."""
    done = world.done(READ_SUBJECT)
    if not _is_there(world):
        yield CARD_GONE, done, None
        return
    asked = world.text_tries
    left = (asked or ALL_TRIES) - 1
    wrong = done.but(text_tries=left)
    yield SUBJECT_READ, done, None
    yield TEXT_PIN_REFUSED[left], wrong, None
    if not asked:
        for tries in (2, 1, 0):
            yield TEXT_PIN_NEEDED[tries], done.but(text_tries=tries), None
    if not left or not asked:
        yield TEXT_PIN_BLOCKED, done.but(text_tries=0), None
    yield from _line_lost(done, wrong, asked or ALL_TRIES, left, _LOSES_LINE[READ_SUBJECT])
    yield SUBJECT_FAILED, done, _FAILS[READ_SUBJECT]
    yield CARD_FAILED, done, _FAILS[READ_SUBJECT]


def _line_lost(done: World, wrong: World, tries: int, left: int, loses_line: Fault) -> Iterator[Move]:
    yield OUTCOME_UNKNOWN[None], wrong, loses_line
    yield OUTCOME_UNKNOWN[left], wrong, loses_line
    yield (
        OUTCOME_UNKNOWN[tries],
        done if wrong.text_tries == done.text_tries else done.but(text_tries=tries),
        loses_line,
    )


def open_session(_at: Situation, world: World, setting: Setting) -> Iterator[Move]:
    """The centre offers, refuses, or cannot be asked."""
    done = world.done(OPEN_SESSION)
    if not _is_there(world):
        yield CARD_GONE, done, None
        return
    counted = done.but(tries=0, text_tries=0)
    for opened in setting.opened:
        yield opened, counted, None
    yield SESSION_REFUSED, counted, None
    yield SESSION_FAILED, counted, _FAILS[OPEN_SESSION]
    yield CARD_FAILED, counted, _FAILS[OPEN_SESSION]
