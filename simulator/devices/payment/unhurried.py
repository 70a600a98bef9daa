"""The simulated payment device under virtual time: putting coins in takes a while, and the customer may think better of it."""

from collections.abc import Callable
from pathlib import Path

from simulator.devices.payment.model import SimulatedPayment, Till
from terminal.devices.payment.api import CollectCompletion, Collecting, PaymentCanceled, PayOutCompletion, Purpose

_STEP_S = 0.5


class UnhurriedPayment(SimulatedPayment):
    """The simulated payment device, into which people put their coins in ``takes_s`` seconds of virtual time.

    ``first_coin_yen`` is put in at once, the rest at the end; ``pays_out_in_s`` is how long giving back takes.
    """

    def __init__(self, path: Path, wait: Callable[[float], None]) -> None:
        super().__init__(path)
        self._wait = wait
        self.takes_s = 1.0
        self.first_coin_yen = 0
        self.pays_out_in_s = 0.0
        self._memory = Till()

    @property
    def till(self) -> Till:
        """See ``SimulatedPayment.till``; in memory, for under virtual time no other process looks at it."""
        return self._memory

    def _write(self, till: Till) -> None:
        self._memory = till

    def collect(self, fee_yen: int, collecting: Collecting) -> CollectCompletion:
        """See ``Payment.collect``; the customer may think better of it until the last coin is in."""
        if self.first_coin_yen:
            self.take(self.first_coin_yen)
            collecting.inserted(self.first_coin_yen)
        left_s = self.takes_s
        while left_s > 0:
            if collecting.cancelled():
                return PaymentCanceled(self.first_coin_yen)
            self._wait(min(_STEP_S, left_s))
            left_s -= _STEP_S
        if self.first_coin_yen:
            self.take(-self.first_coin_yen)
        return super().collect(fee_yen, collecting)

    def pay_out(self, amount_yen: int, purpose: Purpose) -> PayOutCompletion:
        """See ``Payment.pay_out``."""
        if self.pays_out_in_s:
            self._wait(self.pays_out_in_s)
        return super().pay_out(amount_yen, purpose)
