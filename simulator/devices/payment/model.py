"""The one simulated payment device: takes the fee, gives back, and keeps its till on disk as a real till keeps coins.

Faults are typed values, none by default. The till file is what a checker counts: yen in minus yen out is what the shop holds.
"""

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

from simulator.home import write_private
from terminal.devices.api import DeviceStatus, Fault, ProofLine, Readiness
from terminal.devices.payment.api import (
    CollectCompletion,
    Collected,
    Collecting,
    PaidOut,
    PaymentCanceled,
    PaymentCode,
    PaymentFailed,
    PayOutCompletion,
    Purpose,
)


class PaymentFault(StrEnum):
    """What the device can be told to do wrong; stays until told otherwise."""

    DECLINES = "declines"
    UNREACHABLE = "unreachable"
    CHANGE_FAILS = "change_fails"
    REFUND_FAILS = "refund_fails"


@dataclass(frozen=True, slots=True)
class Till:
    """All yen taken, given back (change and refunds), and earned by delivered sheets, since the till was new."""

    taken_yen: int = 0
    returned_yen: int = 0
    kept_yen: int = 0

    @property
    def held_yen(self) -> int:
        """What lies in the till."""
        return self.taken_yen - self.returned_yen


_WAYS_TO_FAIL = {
    Purpose.CHANGE: (PaymentCode.CHANGE_FAILED, PaymentFault.CHANGE_FAILS),
    Purpose.REFUND: (PaymentCode.REFUND_FAILED, PaymentFault.REFUND_FAILS),
}


class SimulatedPayment:
    """Implements ``terminal.devices.payment.api.Payment``; ``path`` is its till file, its present fault is in a file beside it.

    ``overpays_yen`` is what its customers insert over the fee.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.overpays_yen = 0

    @property
    def till(self) -> Till:
        """What the till holds now."""
        try:
            return Till(**json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Till()

    @property
    def fault(self) -> PaymentFault | None:
        """The fault that is in force."""
        try:
            return PaymentFault(self._fault_path.read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            return None

    def set_fault(self, fault: PaymentFault | None) -> None:
        """Put a fault in force (from any process), or heal it."""
        if fault is None:
            self._fault_path.unlink(missing_ok=True)
        else:
            write_private(self._fault_path, fault.value.encode())

    def collect(self, fee_yen: int, collecting: Collecting) -> CollectCompletion:
        """See ``Payment.collect``."""
        if fee_yen <= 0:
            raise ValueError(f"a fee is more than 0 yen, not {fee_yen}")
        if collecting.cancelled():
            return PaymentCanceled()
        if self.fault is PaymentFault.UNREACHABLE:
            return PaymentFailed(PaymentCode.UNREACHABLE, "the payment device does not answer; check its cable", 0)
        if self.fault is PaymentFault.DECLINES:
            return PaymentFailed(PaymentCode.DECLINED, "the payment was declined; try another way to pay", 0)
        amount_yen = fee_yen + self.overpays_yen
        self.take(amount_yen)
        collecting.inserted(amount_yen)
        return Collected(amount_yen)

    def pay_out(self, amount_yen: int, purpose: Purpose) -> PayOutCompletion:
        """See ``Payment.pay_out``."""
        if amount_yen <= 0:
            raise ValueError(f"what is paid out is more than 0 yen, not {amount_yen}")
        till = self.till
        code, fails = _WAYS_TO_FAIL[purpose]
        if self.fault in (fails, PaymentFault.UNREACHABLE):
            return PaymentFailed(code, "the device cannot give money back; call the staff", amount_yen)
        if amount_yen > till.held_yen:
            text = f"expected at least {amount_yen} yen in the till, it holds {till.held_yen}; call the staff"
            return PaymentFailed(code, text, amount_yen)
        self._write(replace(till, returned_yen=till.returned_yen + amount_yen))
        return PaidOut(amount_yen)

    def keep(self, fee_yen: int) -> None:
        """See ``Payment.keep``."""
        till = self.till
        self._write(replace(till, kept_yen=till.kept_yen + fee_yen))

    def take(self, amount_yen: int) -> None:
        """Somebody puts money in."""
        till = self.till
        self._write(replace(till, taken_yen=till.taken_yen + amount_yen))

    def readiness(self) -> Readiness:
        """See ``Resettable.readiness``."""
        if self.fault is PaymentFault.UNREACHABLE:
            fault = Fault("payment", PaymentCode.UNREACHABLE.value, "check the payment device's cable")
            return Readiness("payment", DeviceStatus.OFFLINE, "does not answer", (fault,))
        return Readiness("payment", DeviceStatus.ONLINE, "simulated, takes the exact fee")

    def clear(self) -> None:
        """Nothing to do: a fee is taken or not in one step, so nothing is ever held between the two."""

    def prove(self) -> ProofLine:
        """See ``Resettable.prove``."""
        if self.fault is PaymentFault.UNREACHABLE:
            code = PaymentCode.UNREACHABLE.value
            return ProofLine("payment", False, "the payment device does not answer", code, "check its cable")
        return ProofLine("payment", True, "nothing is held of a customer")

    @property
    def _fault_path(self) -> Path:
        return self._path.with_suffix(".fault")

    def _write(self, till: Till) -> None:
        write_private(self._path, json.dumps(asdict(till)).encode())
