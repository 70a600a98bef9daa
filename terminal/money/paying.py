"""Paying money out of the hoppers: each payout on record before the hopper turns, and its end by the hopper's own life counter.

A payout is never sent a second time on hope: after a lost answer the counter is read, and what it says was paid is paid.
"""

from collections.abc import Callable
from typing import Final

from terminal.clock import Clock
from terminal.devices.coins.api import CoinHopper, CoinsCode, CoinsFailed, DispenseOutcome, HopperLevel
from terminal.devices.payment.api import PaidOut, PaymentFailed, PayOutCompletion, Purpose
from terminal.money.catching_up import Trouble
from terminal.money.change import Parcel, Stock, StockLevel, payment_of
from terminal.money.movements import DispenserSeen, PayoutEnded, PayoutStarted
from terminal.money.movements import Purpose as RecordedPurpose
from terminal.money.till import Till

_PATIENCE_S: Final = 5.0
_LOOK_S: Final = 0.5
_UNITS_AT_ONCE: Final = 50


class PayOut:
    """Pays what is owed down to what is to stay inside; ``run`` blocks, bounded by the hoppers' own bounds."""

    def __init__(
        self, hoppers: tuple[CoinHopper, ...], till: Till, clock: Clock, wait: Callable[[float], None], stay_yen: int
    ) -> None:
        self._hoppers = {hopper.name: hopper for hopper in hoppers}
        self._till = till
        self._clock = clock
        self._wait = wait
        self._stay_yen = stay_yen
        self._out_of_use: dict[str, Trouble] = {}
        self._paid_yen = 0

    def run(self, purpose: Purpose) -> PayOutCompletion:
        """Pay; ``PaymentFailed.kept_yen`` is what of it could not be paid, and is still owed."""
        while (due_yen := self._due_yen()) > 0:
            parcel = self._next(due_yen)
            if parcel is None:
                return self._failed(due_yen)
            if not self._pay(parcel, purpose):
                return self._failed(self._due_yen())
        return PaidOut(self._paid_yen)

    def _due_yen(self) -> int:
        return max(0, self._till.state.unclaimed_yen - self._stay_yen)

    def _next(self, due_yen: int) -> Parcel | None:
        """The largest coins of a payment of everything; where that cannot be made, of as much as can."""
        stocks = [
            Stock(name, hopper.coin_yen, StockLevel.PLENTY)
            for name, hopper in self._hoppers.items()
            if name not in self._out_of_use and hopper.level() is not HopperLevel.EMPTY
        ]
        smallest_yen = min((stock.unit_yen for stock in stocks), default=0)
        if not smallest_yen:
            return None
        parcels = payment_of(due_yen - due_yen % smallest_yen, stocks)
        return parcels[0] if parcels else None

    def _pay(self, parcel: Parcel, purpose: Purpose) -> bool:
        """Whether payouts may go on: not while nobody knows what a hopper did."""
        hopper = self._hoppers[parcel.source]
        total = hopper.dispensed_total()
        if isinstance(total, CoinsFailed):
            self._out_of_use[hopper.name] = Trouble(total.code, total.text)
            return True
        if self._till.state.counters.dispensed_by(hopper.name) is None:
            self._till.record(DispenserSeen(source=hopper.name, total=total))
        units = min(parcel.units, _UNITS_AT_ONCE)
        recorded = RecordedPurpose(purpose.value)
        self._till.record(
            PayoutStarted(
                purpose=recorded, source=hopper.name, unit_yen=parcel.unit_yen, units=units, total_before=total
            )
        )
        outcome = self._settled(hopper, total, hopper.dispense(units))
        if isinstance(outcome, CoinsFailed):
            self._out_of_use[hopper.name] = Trouble(outcome.code, outcome.text)
            return False
        self._till.record(PayoutEnded(units=outcome.paid_coins))
        self._paid_yen += outcome.paid_coins * parcel.unit_yen
        if outcome.code is not None or outcome.paid_coins < units:
            code = outcome.code or CoinsCode.HOPPER_FAILED
            self._out_of_use[hopper.name] = Trouble(code, f"{hopper.name} did not pay everything; fill or free it")
        return True

    def _settled(
        self, hopper: CoinHopper, total_before: int, outcome: DispenseOutcome | CoinsFailed
    ) -> DispenseOutcome | CoinsFailed:
        """What the hopper's counter says, asked for a while where the line broke."""
        until_s = self._clock.now_s() + _PATIENCE_S
        while isinstance(outcome, CoinsFailed) and self._clock.now_s() < until_s:
            self._wait(_LOOK_S)
            outcome = hopper.settle(total_before)
        return outcome

    def _failed(self, due_yen: int) -> PaymentFailed:
        first = next(iter(self._out_of_use.values()), None)
        if first is None:
            first = Trouble(CoinsCode.HOPPER_EMPTY, "no hopper has the coins for it; fill the hoppers")
        return PaymentFailed(first.code, first.text, due_yen)
