"""The simulated payment device under virtual time: putting coins in takes a while, and the customer may think better of it."""

from collections.abc import Callable
from pathlib import Path

from simulator.devices.payment.model import SimulatedPayment
from terminal.devices.payment.api import CollectCompletion, PaymentCanceled

_STEP_S = 0.5


class UnhurriedPayment(SimulatedPayment):
    """The simulated payment device, into which people put their coins in ``takes_s`` seconds of virtual time."""

    def __init__(self, path: Path, wait: Callable[[float], None]) -> None:
        super().__init__(path)
        self._wait = wait
        self.takes_s = 1.0

    def collect(self, amount_yen: int, cancelled: Callable[[], bool]) -> CollectCompletion:
        """See ``Payment.collect``; the customer may think better of it until the last coin is in."""
        left_s = self.takes_s
        while left_s > 0:
            if cancelled():
                return PaymentCanceled()
            self._wait(min(_STEP_S, left_s))
            left_s -= _STEP_S
        return super().collect(amount_yen, cancelled)
