"""What the devices for money tell, and where the money is in truth. Amounts are yen.

What a device gives back by itself before a collection has ended was never taken: it is not counted. ``untold`` marks a customer
whose device hung or told something else than it did, so that its word alone cannot balance the books.
"""

from collections.abc import Iterator
from typing import Final

from simulator.explore.faults import Fault, FaultKind, fault
from simulator.explore.people import Move
from simulator.explore.settings import OVER_YEN, Setting
from simulator.explore.stepping import Situation
from simulator.explore.telling import LIVE, told
from simulator.explore.world import CHANGE, COLLECT, REFUND, SILENT, World, name_of
from terminal.fsm import events as ev
from terminal.fsm.states import State

FIRST_COIN_YEN: Final = 100
LESS_YEN: Final = 50
UNBELIEVABLE_YEN: Final = 1_000_000
TENFOLD: Final = 10

_FAILS: Final = {command: fault(FaultKind.FAILS, name_of(command)) for command in (COLLECT, CHANGE, REFUND)}
_MISCOUNTS: Final = {command: fault(FaultKind.MISCOUNTS, name_of(command)) for command in (COLLECT, CHANGE, REFUND)}

CANCELED: Final = told(ev.PaymentCanceled(LIVE))
DECLINED: Final = told(ev.PaymentFailed(LIVE, "PAYMENT_DECLINED"))


def collect(at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """Coin by coin up to the fee or over it; stopped, or given up by the person at the device, or failed."""
    inside, done = world.inside, _answered(world, COLLECT)
    fails, miscounts = _unless_spent(world, COLLECT)
    if at.state in (State.PAYING, State.CANCELLING_PAYMENT) and inside < world.price:
        for total in (FIRST_COIN_YEN, world.price, world.price + OVER_YEN):
            if total > inside:
                yield told(ev.MoneyInserted(LIVE, total)), world.but(inside=total), None
    if at.state in (State.PAYING, State.CANCELLING_PAYMENT):
        yield told(ev.MoneyInserted(LIVE, UNBELIEVABLE_YEN)), world, miscounts
        # The device tells its total again: nothing new has come in.
        yield told(ev.MoneyInserted(LIVE, inside)), world, None
    if inside >= world.price > 0:
        yield told(ev.FeeCollected(LIVE, inside)), done, None
    if inside:
        yield told(ev.PaymentCanceled(LIVE, inside)), done, None
        yield told(ev.PaymentFailed(LIVE, "PAYMENT_MONEY_HELD", inside)), done, fails
    if 0 < inside < world.price:
        yield told(ev.FeeCollected(LIVE, inside)), done, miscounts
    returned = done.but(inside=0)
    yield CANCELED, returned, None
    yield DECLINED, returned, fails


def change(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """All of it, less, more, far more than there was; or a failure that tells what was kept, believably or not."""
    due, done = world.due, _answered(world, CHANGE)
    fails, miscounts = _unless_spent(world, CHANGE)
    yield told(ev.ChangePaid(LIVE, due)), _paid(done, due), None
    for amount in (due - LESS_YEN, due + LESS_YEN, TENFOLD * due):
        if amount > 0:
            yield told(ev.ChangePaid(LIVE, amount)), _paid(done, amount), miscounts
    yield told(ev.ChangeFailed(LIVE, "COINS_HOPPER_EMPTY", LESS_YEN)), _paid(done, due - LESS_YEN), fails
    for unbelievable in (0, TENFOLD * due):
        yield told(ev.ChangeFailed(LIVE, "COINS_HOPPER_EMPTY", unbelievable)), done, fails


def refund(_at: Situation, world: World, _setting: Setting) -> Iterator[Move]:
    """All of it or less; or a failure that tells what was kept, believably or not.

    A failure that is told late is dropped by the machine, whatever it says of what went back: the whole claim stands.
    """
    due, done, failed = world.due, _answered(world, REFUND), world.done(REFUND)
    fails, miscounts = _unless_spent(world, REFUND)
    yield told(ev.RefundDone(LIVE, due)), _paid(done, due), None
    if due > LESS_YEN:
        yield told(ev.RefundDone(LIVE, LESS_YEN)), _paid(done, LESS_YEN), miscounts
        kept = told(ev.RefundFailed(LIVE, "PAYMENT_REFUND_FAILED", LESS_YEN))
        yield kept, _paid(failed, due - LESS_YEN), fails
    for unbelievable in (0, TENFOLD * due):
        yield told(ev.RefundFailed(LIVE, "PAYMENT_REFUND_FAILED", unbelievable)), failed, fails


def _answered(world: World, command: int) -> World:
    """The device told in the end: its word is whole again."""
    done = world.done(command)
    return done.but(untold=0) if world.hung & command and world.untold == SILENT else done


def _unless_spent(world: World, command: int) -> tuple[Fault | None, Fault | None]:
    """What failing and miscounting cost; a device that hung has had its fault, whatever it tells in the end."""
    return (None, None) if world.hung & command else (_FAILS[command], _MISCOUNTS[command])


def _paid(done: World, amount: int) -> World:
    """What went back; what is beyond the customer's own money is the shop's loss and nobody's claim."""
    own = min(amount, done.inside)
    return done.but(inside=done.inside - own, gone=done.gone + own)
