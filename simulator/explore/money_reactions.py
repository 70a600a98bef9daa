"""How the world takes what the machine asks for about money, and promise P4 at every step of it."""

from typing import Any, Final

from simulator.explore.broken import hold
from simulator.explore.taking import Reaction, Taken, give
from simulator.explore.world import (
    BABBLED,
    CHANGE,
    CLAIM_SLIP,
    COLLECT,
    OWN,
    PAYMENT_LANE,
    RECEIPT,
    REFUND,
    REFUND_SLIP,
    World,
)
from terminal.fsm import effects as fx
from terminal.fsm import events as ev
from terminal.fsm import notes
from terminal.fsm.deeds.money import MOST_OVER_FEE_YEN
from terminal.fsm.values import EndReason, Slip


def _collect(world: World, taken: Taken) -> World:
    hold(bool(world.proved and world.unsettled), "P4", "a fee is collected for a bundle that did not pass the gates")
    hold(world.subject == OWN, "P1", "a fee is collected for somebody else's bundle")
    hold(taken.effect.fee_yen == world.price > 0, "P4", "another fee is collected than was confirmed")
    hold(not world.inside, "P4", "a fee is collected with money inside")
    return give(world, COLLECT, PAYMENT_LANE, "P4")


def _cancel_collect(world: World, taken: Taken) -> World:
    stepped_back = isinstance(taken.told.event, ev.BackPressed)
    hold(
        not (stepped_back and world.inside),
        "P4",
        "a step back is possible with money inside: only cancelling gives it back",
    )
    return world.but(stopped=world.stopped | COLLECT)


def _pay_change(world: World, taken: Taken) -> World:
    amount = taken.effect.amount_yen
    hold(amount == world.inside - world.price > 0, "P4", "the change is not what was inserted over the fee")
    return give(world, CHANGE, PAYMENT_LANE, "P4").but(due=amount)


def _refund(world: World, taken: Taken) -> World:
    amount = taken.effect.amount_yen
    hold(amount > 0, "P4", "nothing is to be refunded")
    hold(not world.kept, "P4", "what was earned is refunded")
    due = world.inside - world.owed
    hold(amount == due or world.untold != 0, "P4", f"{amount} yen are refunded, {due} are inside and not claimed yet")
    return give(world, REFUND, PAYMENT_LANE, "P4").but(due=amount)


def _keep(world: World, taken: Taken) -> World:
    amount = taken.effect.amount_yen
    hold(bool(world.whole), "P4", "money is kept for sheets that are not all out")
    hold(amount == world.price and not world.kept, "P4", "money is kept twice, or another amount than the fee")
    hold(amount <= world.inside, "P4", "money is kept that is not there")
    return world.but(inside=world.inside - amount, kept=amount)


def _slip(world: World, taken: Taken) -> World:
    amount = taken.effect.amount_yen
    match taken.effect.slip:
        case Slip.RECEIPT:
            hold(bool(world.whole), "P5", "a receipt is printed for sheets that are not all out")
            return world.but(busy=world.busy | RECEIPT)
        case Slip.REFUND:
            hold(
                0 < amount <= world.gone or world.untold != 0,
                "P5",
                "a refund slip is printed over what did not go back",
            )
            return world.but(busy=world.busy | REFUND_SLIP)
        case _:
            hold(
                amount == world.owed and not world.claimed, "P4", "a claim ticket is over another amount, or the second"
            )
            return world.but(busy=world.busy | CLAIM_SLIP, claimed=amount)


def _owed(world: World, taken: Taken) -> World:
    if not world.open:
        return world
    amount = taken.effect.amount_yen
    hold(0 < amount <= world.price + MOST_OVER_FEE_YEN, "P4", f"{amount} yen are owed: nobody can have inserted that")
    return world.but(owed=world.owed + amount)


def _claim_settled(world: World, taken: Taken) -> World:
    amount = taken.effect.amount_yen
    hold(0 < amount <= world.owed, "P4", "a claim is settled that does not stand")
    return world.but(owed=world.owed - amount)


def _ended(world: World, taken: Taken) -> World:
    """The session's one end: what it says of the money is held against where the money is."""
    end = taken.effect
    hold(bool(world.open), "P8", "a customer's end is journalled without a start, or twice")
    if end.reason in (EndReason.COMPLETED, EndReason.SHEETS_FORGOTTEN):
        hold(bool(world.whole), "P5", f"the session's end says {end.reason}, and not every side is out")
    back = end.change_yen + end.refunded_yen
    hold(end.kept_yen == world.kept, "P4", f"{end.kept_yen} yen are journalled as kept, {world.kept} are")
    if world.untold == 0 and not taken.crashed:
        hold(back == world.gone, "P4", f"{back} yen are journalled as given back, {world.gone} were")
        hold(
            end.owed_yen == world.inside, "P4", f"{end.owed_yen} yen are journalled as owed, {world.inside} are inside"
        )
    elif world.untold < BABBLED:
        hold(back <= world.gone, "P4", f"{back} yen are journalled as given back, {world.gone} were")
        hold(end.owed_yen >= world.inside, "P4", f"{world.inside} yen are inside, only {end.owed_yen} are owed")
    return world.but(open=0)


MONEY_REACTIONS: Final[dict[type[Any], Reaction]] = {
    fx.CollectFee: _collect,
    fx.CancelCollect: _cancel_collect,
    fx.PayChange: _pay_change,
    fx.Refund: _refund,
    fx.KeepFee: _keep,
    fx.PrintSlip: _slip,
}

MONEY_NOTES: Final[dict[type[Any], Reaction]] = {
    notes.RefundOwed: _owed,
    notes.ClaimSettled: _claim_settled,
    notes.CustomerEnded: _ended,
}
