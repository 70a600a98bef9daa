"""Bring the ledger up to what the devices know: coins, notes and payouts that were cut short before they were on record.

The devices' own counters are the truth: the acceptor's event counter and last five events, its life counter of accepted coins,
each hopper's life counter of coins paid, the validator's "vend valid" that stands until it is acknowledged. Asking them again
and again is harmless; each thing is recorded once. Used before a collection, and in the reset after every customer.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from terminal.devices.coins.api import CoinAcceptor, CoinHopper, CoinPoll, CoinsFailed
from terminal.money.desk import claim_number
from terminal.money.following import EVENTS_KEPT, NOBODY
from terminal.money.movements import (
    AcceptorSeen,
    AccountClosed,
    ClaimOpened,
    CoinInserted,
    DispenserSeen,
    MoneyUnknown,
    PayoutEnded,
    PayoutFound,
)
from terminal.money.till import Till

_TOTAL_END: Final = 1 << 24
_LOOKS: Final = 3
_UNITS_BELIEVED_MAX: Final = 1_000
"""A life counter that jumps further belongs to another hopper."""


FOUND_UNCLAIMED: Final = "LEDGER_FOUND_UNCLAIMED"
"""Money came in while nobody was asked for any: whose it is, staff have to find out."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A device that did not answer for the money in it: its code, and what it said."""

    code: StrEnum
    text: str


def catch_up_coins(till: Till, acceptor: CoinAcceptor) -> Trouble | None:
    """Record every coin the acceptor credited since the last one on record, and how many it took that nobody can value."""
    for look in range(1, _LOOKS + 1):
        poll = acceptor.poll(till.state.counters.acceptor)
        if isinstance(poll, CoinsFailed):
            return Trouble(poll.code, poll.text)
        record_events(till, poll)
        total = acceptor.accepted_total()
        if isinstance(total, CoinsFailed):
            return Trouble(total.code, total.text)
        known = till.state.counters.accepted_total
        missing_coins = 0 if known is None else (total - known) % _TOTAL_END
        if not 0 < missing_coins <= _UNITS_BELIEVED_MAX:
            if (poll.counter, total) != (till.state.counters.acceptor, known):
                till.record(AcceptorSeen(counter=poll.counter, accepted_total=total))
            return None
        # A coin may have been counted between the two questions; only what no event tells of at a last look is unknown.
        if look == _LOOKS:
            till.record(MoneyUnknown(coins=missing_coins, counter=poll.counter, accepted_total=total))
    return None


def claim_for_nobody(till: Till) -> None:
    """Put what came in while nobody was served on a claim of its own, before the next customer's account is opened."""
    account = till.state.account
    if account is None or account.customer != NOBODY or not account.at_rest:
        return
    if till.state.unclaimed_yen:
        number, amount_yen = claim_number(till.state), till.state.unclaimed_yen
        till.record(ClaimOpened(claim=number, amount_yen=amount_yen, code=FOUND_UNCLAIMED))
    till.record(AccountClosed())


def record_events(till: Till, poll: CoinPoll) -> None:
    """Record the credits of one poll; where events were lost, only those that the acceptor still knows."""
    counters = till.state.counters
    if poll.restarted or counters.acceptor is None:
        return
    if poll.lost_events:
        before = (poll.counter - EVENTS_KEPT - 1) % 255 + 1
        till.record(AcceptorSeen(counter=before, accepted_total=counters.accepted_total or 0))
    for credit in poll.credits:
        till.record(CoinInserted(coin_yen=credit.coin_yen, counter=credit.counter))


def catch_up_hoppers(till: Till, hoppers: tuple[CoinHopper, ...]) -> Trouble | None:
    """End the payout that was cut short with what the hopper really paid, and find coins paid without a start on record."""
    trouble = None
    account = till.state.account
    for hopper in hoppers:
        if account is not None and account.payout is not None and account.payout.source == hopper.name:
            outcome = hopper.settle(account.payout.total_before)
            if isinstance(outcome, CoinsFailed):
                trouble = trouble or Trouble(outcome.code, outcome.text)
                continue
            till.record(PayoutEnded(units=outcome.paid_coins))
        found = _compare(till, hopper)
        trouble = trouble or found
    return trouble


def _compare(till: Till, hopper: CoinHopper) -> Trouble | None:
    total = hopper.dispensed_total()
    if isinstance(total, CoinsFailed):
        return Trouble(total.code, total.text)
    known = till.state.counters.dispensed_by(hopper.name)
    if total == known:
        return None
    units = 0 if known is None else (total - known) % _TOTAL_END
    if 0 < units <= _UNITS_BELIEVED_MAX:
        till.record(PayoutFound(source=hopper.name, unit_yen=hopper.coin_yen, units=units, total=total))
    else:
        till.record(DispenserSeen(source=hopper.name, total=total))
    return None
