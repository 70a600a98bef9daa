"""Where every yen is: the money that can be touched, counted by hand and held against the ledger (promise P4).

It knows nothing of how the terminal works: coins in hoppers, cashbox and tray, notes in the stacker, paper in the tray, and
what the ledger says of them.
"""

from dataclasses import dataclass

from simulator.devices.coins.model import CoinsModel
from simulator.devices.notes.model import NoteValidatorModel
from terminal.money.state import LedgerState


@dataclass(frozen=True, slots=True)
class Money:
    """What can be counted by hand, in yen. ``inside``: put in by customers and not given back; ``moving``: still on its way."""

    inside_yen: int
    moving_yen: int
    balanced: bool


def count(coins: CoinsModel, notes: NoteValidatorModel) -> Money:
    """Count it."""
    coins.work()
    notes.work()
    moving_yen = coins.acceptor.falling_yen + (notes.path_yen or 0) + (notes.escrow_yen or 0)
    return Money(coins.kept_yen + sum(notes.stacker_yen) + sum(notes.emptied_yen), moving_yen, coins.balanced)


def breaches(before: LedgerState, after: LedgerState, counted_before: Money, counted: Money, sheets: int) -> list[str]:
    """What is wrong when a customer is gone, in words; ``sheets`` is how many whole deliveries lay in the tray."""
    kept_yen = after.totals.kept_yen - before.totals.kept_yen
    owed_yen = after.totals.owed_yen - before.totals.owed_yen
    inside_yen = counted.inside_yen - counted_before.inside_yen
    claimed_yen = sum(claim.amount_yen for claim in after.claims)
    found = []
    if not counted.balanced:
        found.append("a coin vanished")
    if counted.moving_yen:
        found.append(f"{counted.moving_yen} yen hang in a device")
    if after.account is not None:
        found.append("the account is still open")
    if inside_yen != kept_yen + owed_yen:
        found.append(f"{inside_yen} yen more are inside, the ledger says kept {kept_yen} and owed {owed_yen}")
    if after.totals.owed_yen != claimed_yen:
        found.append(f"{after.totals.owed_yen} yen are owed, claims stand for {claimed_yen}")
    if kept_yen and not sheets:
        found.append(f"{kept_yen} yen are kept without a delivered sheet")
    if not after.totals.balanced:
        found.append("the ledger does not balance")
    if after.totals.overpaid_yen != before.totals.overpaid_yen:
        found.append(f"{after.totals.overpaid_yen - before.totals.overpaid_yen} yen were paid twice")
    if after.unknown_coins:
        found.append(f"{after.unknown_coins} coins are of unknown value")
    return found
