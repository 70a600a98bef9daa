"""How devices and centre answer what is under way: each in all of its ways, as late as they like, the truth beside what is told.

Every generator takes the situation and the world, and yields moves that answer one command (or tell how far it is).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from simulator.explore.card_answers import open_session, read_card, read_subject, verify_pin
from simulator.explore.faults import FaultKind, fault
from simulator.explore.money_answers import change, collect, refund
from simulator.explore.people import Move
from simulator.explore.print_answers import printing, unseen_sheet
from simulator.explore.settings import Setting
from simulator.explore.stepping import Situation
from simulator.explore.telling import DEAD, LIVE, Told, told
from simulator.explore.world import (
    CANCEL_REQUEST,
    CHANGE,
    CLAIM_SLIP,
    COLLECT,
    FOUND_NOW,
    OPEN_SESSION,
    OWN,
    PAGES,
    PRINT,
    READ_CARD,
    READ_SUBJECT,
    RECEIPT,
    REFUND,
    REFUND_SLIP,
    REPORT,
    REQUEST,
    RESET,
    STRANGERS,
    VERIFY,
    VERIFY_PIN,
    World,
    commands_in,
    name_of,
)
from terminal.fsm import events as ev
from terminal.fsm.values import Slip

Answers: TypeAlias = Callable[[Situation, World, Setting], Iterator[Move]]

BUNDLE: Final = told(ev.BundleReceived(LIVE))
ISSUANCE_REFUSED: Final = told(ev.IssuanceRefused(LIVE, "REFUSED_MAINTENANCE"))
ISSUANCE_FAILED: Final = told(ev.IssuanceFailed(LIVE, "CENTRE_UNREACHABLE"))
ISSUANCE_TIMED_OUT: Final = told(ev.IssuanceTimedOut(LIVE))
CANCELLED: Final = told(ev.RequestCancelled(LIVE))
CANCEL_FAILED: Final = told(ev.RequestCancelFailed(LIVE, "CENTRE_UNREACHABLE"))
PASSED: Final = told(ev.GatesPassed(LIVE, PAGES))
PASSED_NOTHING: Final = told(ev.GatesPassed(LIVE, 0))
UNDECIDED: Final = told(ev.GatesUndecided(LIVE, "GATE_CHARACTER_VARIANT"))
DIFFERED: Final = told(ev.GatesDiffered(LIVE, "GATE_OTHER_CARD"))
REPORTED: Final = told(ev.DeliveryReported(LIVE))
REPORT_FAILED: Final = told(ev.DeliveryReportFailed(LIVE, "CENTRE_UNREACHABLE"))
RESET_PROVED: Final = told(ev.ResetProved(LIVE))
RESET_CARD_LEFT: Final = told(ev.ResetNotProved(LIVE, "CARD_LEFT"))
RESET_NOT_PROVED: Final = told(ev.ResetNotProved(LIVE, "PRINTER_JOBS_LEFT"))

SLIPS: Final = {RECEIPT: Slip.RECEIPT, REFUND_SLIP: Slip.REFUND, CLAIM_SLIP: Slip.CLAIM}

_FAILS: Final = {command: fault(FaultKind.FAILS, name_of(command)) for command in (REQUEST, CANCEL_REQUEST, REPORT)}
_SLIP_FAILS: Final = fault(FaultKind.FAILS, "PrintSlip")
_MIXED_UP: Final = fault(FaultKind.MIXES_UP, "centre")
_DOUBTS: Final = fault(FaultKind.DOUBTS, "gate")
_NOTHING: Final = fault(FaultKind.MISCOUNTS, name_of(VERIFY))
_UNPROVED: Final = fault(FaultKind.UNPROVED, "reset")


def _request(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    done = world.done(REQUEST)
    yield BUNDLE, done.but(subject=OWN), None
    yield ISSUANCE_REFUSED, done, None
    yield BUNDLE, done.but(subject=STRANGERS), _MIXED_UP
    yield ISSUANCE_FAILED, done, _FAILS[REQUEST]
    yield ISSUANCE_TIMED_OUT, done, _FAILS[REQUEST]


def _cancel(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    done = world.done(CANCEL_REQUEST)
    yield CANCELLED, done, None
    yield CANCEL_FAILED, done, _FAILS[CANCEL_REQUEST]


def _verify(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """The gates tell the truth, or that they cannot tell; that they do is tried with the gates' own mutants."""
    done = world.done(VERIFY)
    if world.subject == STRANGERS:
        yield DIFFERED, done.but(finding=world.finding | FOUND_NOW), None
    else:
        yield PASSED, done.but(proved=1), None
        yield PASSED_NOTHING, done, _NOTHING
    yield UNDECIDED, done, _DOUBTS


def _report(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    done = world.done(REPORT)
    yield REPORTED, done, None
    yield REPORT_FAILED, done, _FAILS[REPORT]


def _slip(command: int) -> Answers:
    printed = told(ev.SlipPrinted(LIVE, SLIPS[command]))
    failed = told(ev.SlipFailed(LIVE, SLIPS[command], "RECEIPT_PAPER_OUT"))

    def answers(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
        done = world.done(command)
        yield printed, done, None
        yield failed, done, _SLIP_FAILS

    return answers


def _reset(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """The card reader answers for the card; no device answers for the tray, the machine has to know."""
    if world.process:
        return
    done = world.done(RESET)
    if world.card:
        yield RESET_CARD_LEFT, done, None
        return
    yield RESET_PROVED, done, None
    yield RESET_NOT_PROVED, done, _UNPROVED


ANSWERS: Final[Mapping[int, Answers]] = {
    READ_CARD: read_card,
    VERIFY_PIN: verify_pin,
    READ_SUBJECT: read_subject,
    OPEN_SESSION: open_session,
    COLLECT: collect,
    CHANGE: change,
    REFUND: refund,
    REQUEST: _request,
    CANCEL_REQUEST: _cancel,
    VERIFY: _verify,
    PRINT: printing,
    REPORT: _report,
    RECEIPT: _slip(RECEIPT),
    REFUND_SLIP: _slip(REFUND_SLIP),
    CLAIM_SLIP: _slip(CLAIM_SLIP),
    RESET: _reset,
}


def _late(command: int, *events: ev.Event) -> tuple[int, tuple[Told, ...]]:
    return command, tuple(told(event) for event in events)


LATE_ANSWERS: Final[Mapping[int, tuple[Told, ...]]] = dict(
    (
        _late(READ_CARD, ev.CardRead(DEAD, 3)),
        _late(VERIFY_PIN, ev.PinAccepted(DEAD), ev.PinRefused(DEAD, 1)),
        _late(READ_SUBJECT, ev.SubjectRead(DEAD)),
        _late(OPEN_SESSION, ev.SessionRefused(DEAD, "REFUSED_UNDER_15"), ev.SessionFailed(DEAD, "CENTRE_UNREACHABLE")),
        _late(COLLECT, ev.FeeCollected(DEAD, 300), ev.PaymentCanceled(DEAD)),
        _late(CHANGE, ev.ChangePaid(DEAD, 200)),
        _late(REFUND, ev.RefundDone(DEAD, 300)),
        _late(REQUEST, ev.BundleReceived(DEAD)),
        _late(CANCEL_REQUEST, ev.RequestCancelled(DEAD)),
        _late(VERIFY, ev.GatesPassed(DEAD, PAGES)),
        _late(PRINT, ev.PrintCompleted(DEAD, PAGES), ev.PrintStarted(DEAD)),
        _late(REPORT, ev.DeliveryReported(DEAD)),
        _late(RECEIPT, ev.SlipPrinted(DEAD, Slip.RECEIPT)),
        _late(REFUND_SLIP, ev.SlipPrinted(DEAD, Slip.REFUND)),
        _late(CLAIM_SLIP, ev.SlipPrinted(DEAD, Slip.CLAIM)),
        _late(RESET, ev.ResetProved(DEAD)),
    )
)
"""What a command of a former generation may still tell: the answer that would do the most harm."""


def answers(at: Situation, world: World, setting: Setting) -> Iterator[Move]:
    """Every answer to what is under way, and to what was under way when the former customer left."""
    for command in commands_in(world.busy):
        yield from ANSWERS[command](at, world, setting)
    for command in commands_in(world.dead):
        rest = world.but(dead=world.dead & ~command)
        for late in LATE_ANSWERS[command]:
            yield late, rest, None
    yield from unseen_sheet(at, world)
